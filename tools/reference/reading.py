"""Reads the library as griffe sees it, without importing it: signatures, docstrings, and who inherits from whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe
from griffe import DocstringSectionKind as Section

from tools.reference.model import Entry, Member, Option

PACKAGE = "cdk_aws_vpn"
SOURCE = Path(__file__).parents[2] / "constructs"
PLACE = ("self", "cls", "scope", "construct_id")
"""Parameters that every construct has: where it is put."""
RECEIVED = ("AmazonSideGateway", "VpnTunnel")
"""Classes whose objects the library makes, so that their parameters are no options of anybody's."""
DEFAULT = re.compile(r"\s*Default: (?P<default>.*?)(?:\.(?=\s|$)|$)\s*", re.DOTALL)
EXCEPTION = "ValueError"


def read_library() -> dict[str, Entry]:
    """Return every public name of the library."""
    package = griffe.load(PACKAGE, search_paths=[SOURCE], docstring_parser="google", resolve_aliases=True)
    exports = [str(name).strip("'\"") for name in package.exports or ()]
    return {name: _entry(name, _target(package[name]), set(exports)) for name in exports}


def _target(found: Any) -> Any:
    return found.final_target if found.is_alias else found


def _entry(name: str, found: Any, public: set[str]) -> Entry:
    module = found.module.path
    if found.is_attribute:
        return Entry(name, module, _text(found), is_value=True, fields=_fields(found.value))
    if found.is_function:
        return Entry(name, module, _text(found), _options(found.parameters, _described(found)), _raises(found))
    lineage = [found, *(_target(base) for base in found.mro() if str(_target(base).path).startswith(PACKAGE))]
    bases = tuple(base.name for base in lineage[1:] if base.name in public)
    if _is_error(lineage):
        return Entry(name, module, _text(found), bases=bases)
    options = () if name in RECEIVED else _options(found.parameters, _described(*lineage))
    members = tuple(_members(lineage, public, {option.name for option in options}))
    return Entry(name, module, _text(found), options, _raises(found), members, bases)


def _fields(value: Any) -> tuple[tuple[str, str], ...]:
    """What a value is made of, if it is an object made with keywords."""
    keywords = [one for one in getattr(value, "arguments", ()) if isinstance(one, griffe.ExprKeyword)]
    return tuple((one.name, str(one.value)) for one in keywords)


def _is_error(lineage: list[Any]) -> bool:
    return any(str(base) == EXCEPTION for one in lineage for base in one.bases)


def _sections(found: Any) -> list[Any]:
    return found.docstring.parsed if found.docstring else []


def _text(found: Any) -> str:
    return "\n\n".join(section.value for section in _sections(found) if section.kind is Section.text)


def _raises(found: Any) -> tuple[tuple[str, str], ...]:
    return tuple(
        (str(one.annotation), _line(one.description))
        for section in _sections(found)
        if section.kind is Section.raises
        for one in section.value
    )


def _described(*found: Any, kinds: tuple[Section, ...] = (Section.parameters, Section.attributes)) -> dict[str, str]:
    """The descriptions of parameters; what comes first counts."""
    descriptions: dict[str, str] = {}
    for one in reversed(found):
        for section in _sections(one):
            if section.kind in kinds:
                descriptions |= {part.name: _line(part.description) for part in section.value}
    return descriptions


def _options(parameters: Any, descriptions: dict[str, str]) -> tuple[Option, ...]:
    return tuple(
        _option(parameter, descriptions.get(parameter.name, ""))
        for parameter in parameters
        if parameter.name not in PLACE
    )


def _option(parameter: Any, description: str) -> Option:
    match = DEFAULT.search(description)
    text = " ".join(DEFAULT.sub(" ", description, count=1).split())
    if parameter.default is None or _is_variadic(parameter):
        return Option(parameter.name, _type(parameter.annotation), None, text)
    return Option(parameter.name, _type(parameter.annotation), match["default"] if match else "", text)


def _is_variadic(parameter: Any) -> bool:
    return parameter.kind is griffe.ParameterKind.var_positional


def _type(annotation: Any) -> str:
    parts = [part for part in str(annotation).split(" | ") if part != "None"]
    return " or ".join(parts)


def _members(lineage: list[Any], public: set[str], options: set[str]) -> Iterator[Member]:
    """Public members of a class and of its bases that are not public; options are readable as well, and left out."""
    seen = set(options)
    for one in [lineage[0], *(base for base in lineage[1:] if base.name not in public)]:
        for name, member in one.members.items():
            if name.startswith("_") or name in seen or member.is_alias:
                continue
            seen.add(name)
            # a member that a class only redefines is described where it was first defined
            versions = [base.members[name] for base in lineage if name in base.members]
            text = next((_line(_text(version)) for version in versions if _text(version)), "")
            text = text or _described(*lineage).get(name, "")
            if member.is_function:
                options_of = _options(member.parameters, _described(*versions))
                yield Member(name, f"{name}({_signature(member)})", text, options_of, _raises(member))
            else:
                yield Member(name, name, text, raises=_raises(member))
    # attributes that only the docstring names
    named = _described(lineage[0], kinds=(Section.attributes,))
    yield from (Member(name, name, text) for name, text in named.items() if name not in seen)


def _signature(function: Any) -> str:
    """The parameters as they are written in a call, without types."""
    written, named = [], False
    for parameter in function.parameters:
        if parameter.name in PLACE:
            continue
        if parameter.kind is griffe.ParameterKind.keyword_only and not named:
            named = True
            written.append("*")
        if _is_variadic(parameter):
            written.append(f"*{parameter.name}")
        else:
            written.append(parameter.name + (f"={parameter.default}" if parameter.default is not None else ""))
    return ", ".join(written)


def _line(text: str) -> str:
    return " ".join(text.split())

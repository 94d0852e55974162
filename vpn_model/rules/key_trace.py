"""Follows an expression to where its text comes from, and tells whether anybody who has the template can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.functions import is_unknown
from vpn_model.read_template.parameters import SSM, as_text, truth
from vpn_model.read_template.references import Reference
from vpn_model.read_template.resolver import HOLE, Resolver
from vpn_model.read_template.sections import section

MARK = "\0"
"""Stands in a text for what a function puts there."""
HIDDEN = re.compile(r"\{\{resolve:(secretsmanager|ssm-secure):[^{}\s]+\}\}")
"""A dynamic reference that shows nothing. It has to be the whole text: what is around it is a part of the key."""
READABLE = re.compile(r"\{\{resolve:ssm:[^{}\s]+\}\}")
SECRET_NAME = re.compile(r"(?i)psk|key|secret|password|passwd|token")
LITERAL = "it is in the template as plain text"
MOST_STEPS = 10_000


@dataclass(frozen=True)
class Scope:
    """One template: where names are looked up, and what the template around a nested stack passes to it."""

    body: Mapping[str, Any]
    resolver: Resolver
    given: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Values of parameters from the command line."""
    passed: Mapping[str, tuple[Scope, Any]] = field(default_factory=dict, repr=False)
    """What the parent passes for each parameter, with the parent."""
    steps: list[None] = field(default_factory=list, repr=False)
    """One member for each step that was taken."""


def problems(expression: Any, scope: Scope) -> list[str]:
    """The reasons why a key is readable, each once, in the order of the expression. None of them shows a value."""
    return list(dict.fromkeys(_trace(expression, scope)))


def text_problems(expression: Any, scope: Scope) -> list[str]:
    """The same for a text that holds a key, such as the JSON of a secret: text around the key is no problem."""
    text, holes = _flatten(expression, scope)
    if text is None:
        return problems(expression, scope)
    if HIDDEN.fullmatch(text.replace(MARK, "x")):
        return []
    found = [reason for hole in holes for reason in _trace(hole, scope)]
    rest = HIDDEN.sub(MARK, text)
    if MARK not in rest or _has_literal_secret(rest):
        found.append(LITERAL)
    return list(dict.fromkeys(found)) if text else []


def _has_literal_secret(text: str) -> bool:
    """Whether a JSON object has a literal under a name such as ``psk``."""
    pairs = re.findall(r'"((?:[^"\\]|\\.)*)"\s*:\s*"((?:[^"\\]|\\.)*)"', text)
    return any(SECRET_NAME.search(name) and value and MARK not in value for name, value in pairs)


def _trace(value: Any, scope: Scope) -> Iterator[str]:
    scope.steps.append(None)
    if len(scope.steps) > MOST_STEPS:
        raise TemplateError("the expressions of the keys refer to each other too often to follow them")
    if isinstance(value, list):
        for member in value:
            yield from _trace(member, scope)
        return
    if not isinstance(value, dict):
        yield from _literal(as_text(value))
        return
    for name, argument in value.items():
        yield from _function(name, argument, value, scope)


def _literal(text: str) -> Iterator[str]:
    shown = text.replace(MARK, "x")
    if text == "" or HIDDEN.fullmatch(shown):
        return
    if READABLE.fullmatch(shown):
        yield "it is in a Systems Manager parameter that is not encrypted"
    elif "{{resolve:" in shown:
        yield "text around the dynamic reference is a part of it, and is in the template"
    else:
        yield LITERAL


def _function(name: str, argument: Any, value: Any, scope: Scope) -> Iterator[str]:
    match name, argument:
        case "Ref", str():
            yield from _ref(argument, scope)
        case (("Fn::Sub" | "Fn::Join"), _):
            yield from _text(value, scope)
        case "Fn::If", [_, first, second]:
            yield from _trace(first, scope)
            yield from _trace(second, scope)
        case "Fn::Select", [index, [*members]] if str(index).isdecimal() and int(index) < len(members):
            yield from _trace(members[int(index)], scope)
        case (("Fn::Select" | "Fn::Split"), [_, text]):
            yield from _trace(text, scope)
        case "Fn::FindInMap", [*_]:
            yield from _map(argument, scope)
        case "Fn::GetAtt", _:
            yield from _attribute(value, scope)
        case "Fn::ImportValue", _:
            yield "it is the export of another stack, which everybody in the account can list"
        case (("Fn::Base64" | "Fn::ToJsonString"), _):
            yield from _trace(argument, scope)
        case _ if not name.startswith("Fn::"):
            yield from _trace(argument, scope)


def _ref(name: str, scope: Scope) -> Iterator[str]:
    if name == "AWS::NoValue":
        return
    if name.startswith("AWS::"):
        yield "it is made of public values, such as the Region"
        return
    declared = section(scope.body, "Parameters").get(name)
    if declared is None:
        return
    hidden = truth(declared.get("NoEcho", False))
    shown = [as_text(one) for one in (declared.get("Default"), scope.given.get(name)) if one is not None]
    if name in scope.passed:
        parent, expression = scope.passed[name]
        yield from (f"the stack above passes it: {one}" for one in _trace(expression, parent))
    if str(declared.get("Type", "")).startswith(SSM):
        yield f"the parameter {name} reads it from a Systems Manager parameter that is not encrypted"
        return
    if list(_literal(as_text(declared.get("Default", "")))):
        yield f"it is the default of the parameter {name}"
    if any(list(_literal(as_text(one))) for one in declared.get("AllowedValues") or ()):
        yield f"it is an allowed value of the parameter {name}"
    only_references = bool(shown) and all(one and not list(_literal(one)) for one in shown)
    if not hidden and not only_references:
        yield f"the parameter {name} has no NoEcho, so everybody who can describe the stack can read it"


def _text(value: Any, scope: Scope) -> Iterator[str]:
    text, holes = _flatten(value, scope)
    if text is None:
        yield from (reason for hole in holes for reason in _trace(hole, scope))
        return
    if HIDDEN.fullmatch(text.replace(MARK, "x")):
        return
    yield from _literal(text.replace(MARK, ""))
    yield from (reason for hole in holes for reason in _trace(hole, scope))


def _flatten(value: Any, scope: Scope) -> tuple[str | None, list[Any]]:
    """A text with a mark for each function in it, and these functions; None if nobody knows its parts."""
    match value:
        case {"Fn::Sub": str() as text}:
            return _filled(text, {}, scope)
        case {"Fn::Sub": [str() as text, dict() as variables]}:
            return _filled(text, variables, scope)
        case {"Fn::Join": [str() as separator, [*parts]]}:
            flat = [_flatten(part, scope) for part in parts]
            holes = [hole for _, found in flat for hole in found]
            return separator.join(MARK if text is None else text for text, _ in flat), holes
        case {"Fn::Join": [_, parts]}:
            return None, [parts]
    if not isinstance(value, dict):
        return (None, [value]) if isinstance(value, list) else (as_text(value), [])
    # such as a map's value: known, and traced for where it is
    resolved = None if "Ref" in value else _resolved(value, scope)
    return resolved if isinstance(resolved, str) else MARK, [value]


def _filled(text: str, variables: Mapping[str, Any], scope: Scope) -> tuple[str, list[Any]]:
    found, holes = "", []
    for position, piece in enumerate(HOLE.split(text)):
        if position % 2 == 0:
            found += piece
        elif piece.startswith("!"):
            found += f"${{{piece[1:]}}}"
        else:
            attribute = "." in piece and not piece.startswith("AWS::")
            name: Any = {"Fn::GetAtt": piece.split(".", 1)} if attribute else {"Ref": piece}
            inner, more = _flatten(variables.get(piece, name), scope)
            found += MARK if inner is None else inner
            holes += more
    return found, holes


def _map(argument: list[Any], scope: Scope) -> Iterator[str]:
    """Every value that the lookup can give: all of a level whose key is not known."""
    keys = [_resolved(key, scope) for key in argument[:3]]
    level: list[Any] = [section(scope.body, "Mappings")]
    for key in keys:
        known = not is_unknown(key)
        level = [
            inner
            for one in level
            if isinstance(one, dict)
            for name, inner in one.items()
            if not known or name == as_text(key)
        ]
    if any(list(_trace(one, scope)) for one in level):
        name = "a mapping" if is_unknown(keys[0]) else f"the mapping {as_text(keys[0])}"
        yield f"it is in {name} of the template"
    if len(argument) == 4 and isinstance(argument[3], dict):
        yield from _trace(argument[3].get("DefaultValue", ""), scope)


def _attribute(value: Any, scope: Scope) -> Iterator[str]:
    resolved = _resolved(value, scope)
    if isinstance(resolved, Reference):
        if not resolved.type.startswith("AWS::"):
            yield f"it is an attribute of {resolved.logical_id}, and the template does not tell whether that is hidden"
        return
    argument = value["Fn::GetAtt"]
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    entry = section(scope.body, "Resources").get(parts[0]) if isinstance(parts[0], str) else None
    properties = entry.get("Properties") if isinstance(entry, dict) else None
    written = properties.get(parts[1]) if isinstance(properties, dict) and isinstance(parts[1], str) else None
    yield from (f"the resource {parts[0]} repeats it: {one}" for one in _trace(written or "", scope))


def _resolved(value: Any, scope: Scope) -> Any:
    try:
        return scope.resolver.resolve(value)
    except TemplateError:
        return None

"""Loops of the transform ``AWS::LanguageExtensions``: ``Fn::ForEach`` over resources, outputs or properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.functions import is_unknown
from vpn_model.read_template.parameters import as_text
from vpn_model.read_template.resolver import Resolver

FOR_EACH = "Fn::ForEach::"
MOST_REPETITIONS = 10_000
"""The most repetitions of all loops together. CloudFormation takes 500 resources."""
NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]")


def expand_loops(body: Mapping[str, Any], environment: Environment, *, guess: bool = False) -> Mapping[str, Any]:
    """Return a template with its loops written out. A loop over a collection that is not known stays as it is.

    Args:
        body: A parsed template.
        environment: What is known of the deployment.
        guess: Whether to write out a loop over an unknown collection once, with the loop's variable as its member.

    Raises:
        TemplateError: A loop is malformed, makes a key twice, or the loops repeat more often than any template could.
    """
    if not _has_loop(body):
        return body
    return _Expansion(Resolver(body, environment).resolve, guess).of(body)  # type: ignore[no-any-return]


def _has_loop(value: Any) -> bool:
    if isinstance(value, dict):
        return any(key.startswith(FOR_EACH) or _has_loop(inner) for key, inner in value.items())
    return isinstance(value, list) and any(map(_has_loop, value))


class _Expansion:
    def __init__(self, resolve: Callable[[Any], Any], guess: bool) -> None:
        self._resolve, self._guess = resolve, guess
        self._repetitions = 0

    def of(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.of(member) for member in value]
        if not isinstance(value, dict):
            return value
        found: dict[str, Any] = {}
        for key, inner in value.items():
            made = self._loop(key, inner) if key.startswith(FOR_EACH) else {key: self.of(inner)}
            for name, content in made.items():
                if name in found:
                    raise TemplateError(f"{key}: the key {name!r} appears twice; use the loop's variable in the key")
                found[name] = content
        return found

    def _loop(self, key: str, argument: Any) -> dict[str, Any]:
        match argument:
            case [str() as variable, collection, {**content}]:
                pass
            case _:
                raise TemplateError(f"{key} takes a variable, a collection and a mapping")
        members = self._members(collection)
        if members is None:
            if not self._guess:
                return {key: argument}
            members = [f"${{{variable}}}"]
        found: dict[str, Any] = {}
        for member in members:
            self._repetitions += 1
            if self._repetitions > MOST_REPETITIONS:
                raise TemplateError(f"{key}: the loops repeat more than {MOST_REPETITIONS} times; split the template")
            made = self.of(_replaced(content, variable, member))
            again = found.keys() & made.keys()
            if again:
                raise TemplateError(f"{key}: {min(again)!r} is made twice; use ${{{variable}}} in the key")
            found |= made
        return found

    def _members(self, collection: Any) -> list[str] | None:
        resolved = self._resolve(collection)
        if is_unknown(resolved):
            return None
        members = resolved if isinstance(resolved, list) else [resolved]
        flat = [one for member in members for one in (member if isinstance(member, list) else [member])]
        return list(dict.fromkeys(map(as_text, flat)))


def _replaced(value: Any, variable: str, member: str) -> Any:
    """A value in which a member of the collection has replaced the loop's variable."""
    if isinstance(value, str):
        plain = value.replace(f"${{{variable}}}", member)
        return plain.replace(f"&{{{variable}}}", NOT_ALPHANUMERIC.sub("", member))
    if isinstance(value, list):
        return [_replaced(inner, variable, member) for inner in value]
    if not isinstance(value, dict):
        return value
    if value == {"Ref": variable}:
        return member
    return {_replaced(key, variable, member): _replaced(inner, variable, member) for key, inner in value.items()}

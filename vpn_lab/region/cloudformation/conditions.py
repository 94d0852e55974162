"""The Conditions section of a template.

ministack compares ``Ref`` and ``Fn::Select`` in a condition but leaves any other function unresolved, and the CDK's
bootstrap template compares a ``Fn::Join``. Here the operands are resolved as anywhere else in a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vpn_lab.region import ministack

ENGINE = "services.cloudformation.engine"
USERS = tuple(f"services.cloudformation.{name}" for name in ("engine", "stacks", "handlers", "changesets"))


def install() -> None:
    for module in USERS:
        ministack.replace(module, "_evaluate_conditions", evaluate)


def evaluate(template: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, bool]:
    """The value of every condition of a template, by name."""
    definitions: Mapping[str, Any] = template.get("Conditions") or {}
    found: dict[str, bool] = {}

    def named(name: str) -> bool:
        if name not in definitions:
            raise ValueError(f"Template format error: Unresolved condition dependency {name}")
        if name not in found:
            found[name] = truth(definitions[name])
        return found[name]

    def truth(expression: Any) -> bool:
        match expression:
            case {"Condition": name}:
                return named(name)
            case {"Fn::Equals": [left, right]}:
                return _text(value(left)) == _text(value(right))
            case {"Fn::Not": [operand]}:
                return not truth(operand)
            case {"Fn::And": operands}:
                return all(truth(operand) for operand in operands)
            case {"Fn::Or": operands}:
                return any(truth(operand) for operand in operands)
        return _text(value(expression)).lower() == "true"

    def value(operand: Any) -> Any:
        resolve = ministack.module(ENGINE)._resolve_refs
        return resolve(operand, {}, parameters, found, template.get("Mappings") or {}, "", "")

    for name in definitions:
        named(name)
    return found


def _text(value: Any) -> str:
    """A value as Fn::Equals compares it; a list parameter is its members with commas."""
    if isinstance(value, list):
        return ",".join(_text(member) for member in value)
    return str(value).lower() if isinstance(value, bool) else str(value)

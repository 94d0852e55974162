"""The conditions of a template: true, false, or not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.functions import is_unknown
from vpn_model.read_template.parameters import as_text
from vpn_model.unknown import Flag, Unknown


class Conditions:
    """Evaluates conditions by name; each once."""

    def __init__(
        self,
        declared: Mapping[str, Any],
        resolve: Callable[[Any], Any],
        assumed: Mapping[str, bool] | None = None,
    ) -> None:
        """Take the section ``Conditions``, and the truth of the conditions that the caller assumes."""
        self._declared, self._resolve = declared, resolve
        self._found: dict[str, Flag] = dict(assumed or {})
        self._open: list[str] = []

    def truth(self, name: Any) -> Flag:
        """Whether a condition holds.

        Raises:
            TemplateError: The template has no such condition, or it depends on itself.
        """
        if not isinstance(name, str):
            raise TemplateError("the name of a condition must be a text")
        if name not in self._declared:
            raise TemplateError(f"the template has no condition {name!r}")
        if name in self._open:
            raise TemplateError(f"the condition {name!r} depends on itself")
        if name not in self._found:
            self._open.append(name)
            self._found[name] = self.evaluate(self._declared[name])
            self._open.pop()
        return self._found[name]

    def evaluate(self, expression: Any) -> Flag:
        """Whether an expression holds. And and Or are known if one operand decides.

        Raises:
            TemplateError: A function has arguments that it does not take.
        """
        match expression:
            case {"Condition": name}:
                return self.truth(name)
            case {"Fn::Not": [operand]}:
                inner = self.evaluate(operand)
                return inner if isinstance(inner, Unknown) else not inner
            case {"Fn::And": [*operands]}:
                return _decided(False, [self.evaluate(one) for one in operands])
            case {"Fn::Or": [*operands]}:
                return _decided(True, [self.evaluate(one) for one in operands])
            case {"Fn::Equals": [left, right]}:
                return self._equal(self._resolve(left), self._resolve(right))
        raise TemplateError("a condition is made of Condition, Fn::Equals, Fn::And, Fn::Or and Fn::Not")

    def _equal(self, left: Any, right: Any) -> Flag:
        if is_unknown([left, right]) and left != right:
            return Unknown("${Equals}", "compares a value that is not known")
        return left == right or _text(left) == _text(right)


def _decided(deciding: bool, values: list[Flag]) -> Flag:
    """The value that decides, if one operand has it; otherwise the first one that is not known, or the other value."""
    unknown = [one for one in values if isinstance(one, Unknown)]
    if any(one is deciding for one in values):
        return deciding
    return unknown[0] if unknown else not deciding


def _text(value: Any) -> str:
    return ",".join(map(_text, value)) if isinstance(value, list) else as_text(value)

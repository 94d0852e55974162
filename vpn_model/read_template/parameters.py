"""The values of a template's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.unknown import Unknown

SSM = "AWS::SSM::Parameter::Value<"
LISTS = ("CommaDelimitedList", "List<")


class Parameters:
    """Resolves references to parameters."""

    def __init__(self, declared: Mapping[str, Mapping[str, Any]], environment: Environment) -> None:
        """Take the section ``Parameters`` of a template.

        Raises:
            TemplateError: A value is given for a parameter that the template does not have.
        """
        self._declared, self._environment = declared, environment
        surplus = sorted(name for name in environment.parameters if name not in declared)
        if surplus:
            there = ", ".join(declared) or "none"
            raise TemplateError(f"the template has no parameter {', '.join(surplus)}; it has: {there}")

    def __contains__(self, name: str) -> bool:
        return name in self._declared

    def value(self, name: str) -> str | list[str] | Unknown:
        """The value of a parameter: what is given, or its default, as CloudFormation hands it on: always text.

        A parameter with ``NoEcho`` is always unknown, so that no secret gets into the model.
        """
        declared = self._declared[name]
        expression = f"${{{name}}}"
        if truth(declared.get("NoEcho", False)):
            return Unknown(expression, "parameter with NoEcho")
        value = self._environment.parameters.get(name, declared.get("Default"))
        if value is None:
            return Unknown(expression, "parameter without a value")
        kind = str(declared.get("Type", "String"))
        if kind.startswith(SSM):
            stored = self._environment.ssm.get(str(value))
            if stored is None:
                return Unknown(expression, f"Systems Manager parameter {value}")
            value, kind = stored, kind.removeprefix(SSM)
        return as_list(value) if kind.startswith(LISTS) else as_text(value)


def as_text(value: Any) -> str:
    """A scalar as CloudFormation writes it: a boolean is ``true`` or ``false``."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_list(value: Any) -> list[str]:
    """The members of a list parameter, without spaces around them."""
    return [one.strip() for one in as_text(value).split(",")] if value != "" else []


def truth(value: Any) -> bool:
    """Whether a literal is true, as a boolean or as text."""
    return as_text(value).lower() == "true"

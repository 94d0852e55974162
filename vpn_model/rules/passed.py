"""What a template passes to the parameters of one that is nested in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from vpn_model.read_template.environment import Environment
from vpn_model.read_template.functions import is_unknown
from vpn_model.read_template.parameters import as_text
from vpn_model.rules.key_trace import Scope

Passed: TypeAlias = tuple[Scope, Any]
"""An expression for a parameter of a nested stack, with the template that it is in."""


def known_here(environment: Environment, declared: Mapping[str, Any], passed: Mapping[str, Passed]) -> Environment:
    """The environment with the values that this template has parameters for: several templates may get the same."""
    given = {name: value for name, value in environment.parameters.items() if name in declared}
    literal = {name: as_text(value) for name, (_, value) in passed.items() if isinstance(value, str | int | float)}
    return replace(environment, parameters={**given, **literal})


def defaults_from(declared: Mapping[str, Any], passed: Mapping[str, Passed]) -> dict[str, Any]:
    """The parameters for which the stack above passes an expression: its value stands for the default."""
    found = {}
    for name, (parent, expression) in passed.items():
        resolved = parent.resolver.resolve(expression)
        members = resolved if isinstance(resolved, list) else [resolved]
        found[name] = {key: value for key, value in declared[name].items() if key != "Default"}
        if not is_unknown(resolved):
            found[name]["Default"] = ",".join(map(as_text, members))
    return found

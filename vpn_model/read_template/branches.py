"""Which branches of ``Fn::If`` a template can take: the truths that its conditions can have together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.parameters import as_text
from vpn_model.read_template.resolver import Resolver
from vpn_model.read_template.sections import section
from vpn_model.unknown import Unknown

MOST_BRANCHES = 128
"""The most truths that are tried for one resource; behind that, each condition changes alone."""
PSEUDO = {"AWS::Region": "region", "AWS::AccountId": "account", "AWS::StackName": "stack_name"}
SUB_NAME = re.compile(r"\$\{([^!}][^}]*)\}")
OTHER = "another value"
Truths = Mapping[str, bool]


def condition_names(value: Any) -> Iterator[str]:
    """The conditions that decide between the branches inside a value."""
    if isinstance(value, dict):
        match value.get("Fn::If"):
            case [str() as name, *_]:
                yield name
        for inner in value.values():
            yield from condition_names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from condition_names(inner)


class Branches:
    """The truths that conditions can have. A parameter that the caller did not set can have any allowed value."""

    def __init__(self, body: Mapping[str, Any], environment: Environment) -> None:
        """Take a template without loops, and what is known of its deployment."""
        self._body, self._environment = body, environment
        self._declared = section(body, "Conditions")
        self._parameters = section(body, "Parameters")
        self._found: dict[frozenset[str], list[Truths]] = {}

    def truths(self, names: frozenset[str]) -> list[Truths]:
        """All truths that these conditions can have together, each once.

        Raises:
            TemplateError: There is no such condition, or it is malformed.
        """
        if names not in self._found:
            found = {tuple(sorted(one.items())): one for one in self._all(sorted(names))}
            self._found[names] = list(found.values())
        return self._found[names]

    def _all(self, names: list[str]) -> Iterator[Truths]:
        if not names:
            yield {}
            return
        as_given = Resolver(self._body, self._environment).conditions
        for name in names:
            as_given.truth(name)  # an error here is one of the template, and not of a value that is tried
        variables = {name: self._candidates(name, names) for name in sorted(self._open_names(names))}
        number = 1
        for values in variables.values():
            number *= len(values)
        chosen = product(*variables.values()) if number <= MOST_BRANCHES else self._one_by_one(variables)
        for one in chosen:
            yield from self._settled(names, self._with(dict(zip(variables, one, strict=True))), {})

    def _one_by_one(self, variables: Mapping[str, list[str]]) -> Iterator[tuple[str, ...]]:
        """The first value of every variable, and all its values while the others keep their first one."""
        first = [values[0] for values in variables.values()]
        yield tuple(first)
        for position, values in enumerate(variables.values()):
            for value in values[1:MOST_BRANCHES]:
                yield (*first[:position], value, *first[position + 1 :])

    def _with(self, values: Mapping[str, str]) -> Environment:
        known = {PSEUDO[name]: value for name, value in values.items() if name in PSEUDO}
        given = {name: value for name, value in values.items() if name not in PSEUDO}
        return replace(self._environment, parameters={**self._environment.parameters, **given}, **known)  # type: ignore[arg-type]

    def _settled(self, names: list[str], environment: Environment, assumed: dict[str, bool]) -> Iterator[Truths]:
        """The truths in one environment; a condition that is not known there counts as true and as false."""
        conditions = Resolver(self._body, environment, assumed).conditions
        found: dict[str, bool] = {}
        for name in names:
            truth = self._truth(conditions.truth, name)
            if truth is None:
                if len(assumed) < MOST_BRANCHES.bit_length():
                    open_name = self._innermost(conditions.truth, name)
                    for value in (True, False):
                        yield from self._settled(names, environment, {**assumed, open_name: value})
                    return
                truth = True
            found[name] = truth
        yield found

    def _truth(self, truth_of: Any, name: str) -> bool | None:
        try:
            truth = truth_of(name)
        except TemplateError:
            return None  # such as a map that has nothing for another Region
        return None if isinstance(truth, Unknown) else truth

    def _innermost(self, truth_of: Any, name: str) -> str:
        """The first condition, from the inside, that is not known."""
        seen = {name}
        while True:
            inner = [
                one
                for one in _conditions_within(self._declared.get(name))
                if one in self._declared and one not in seen and self._truth(truth_of, one) is None
            ]
            if not inner:
                return name
            name = inner[0]
            seen.add(name)

    def _closure(self, names: list[str]) -> list[Any]:
        """The expressions of these conditions and of those that they name."""
        todo, seen = list(names), set(names)
        for name in todo:
            for inner in _conditions_within(self._declared.get(name)):
                if inner not in seen:
                    seen.add(inner)
                    todo.append(inner)
        return [self._declared.get(name) for name in todo]

    def _open_names(self, names: list[str]) -> set[str]:
        """The parameters, of the template and of AWS, whose values can change these conditions."""
        found = set(_references(self._closure(names)))
        unset = {
            name
            for name, attribute in PSEUDO.items()
            if name in found and getattr(self._environment, attribute) is None
        }
        given = self._environment.parameters
        return unset | {name for name in found if name in self._parameters and name not in given}

    def _candidates(self, name: str, names: list[str]) -> list[str]:
        declared = self._parameters.get(name, {})
        default = [as_text(declared["Default"])] if "Default" in declared else []
        allowed = declared.get("AllowedValues")
        if isinstance(allowed, list) and allowed:
            return list(dict.fromkeys([*default, *map(as_text, allowed)]))
        return list(dict.fromkeys([*default, OTHER, *_compared(self._closure(names))]))


def _conditions_within(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("Condition"), str):
            yield value["Condition"]
        for inner in value.values():
            yield from _conditions_within(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _conditions_within(inner)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("Ref"), str):
            yield value["Ref"]
        match value.get("Fn::Sub"):
            case str() as text:
                yield from SUB_NAME.findall(text)
            case [str() as text, *_]:
                yield from SUB_NAME.findall(text)
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _compared(value: Any) -> Iterator[str]:
    """The literals that ``Fn::Equals`` compares with something."""
    if isinstance(value, dict):
        for one in value.get("Fn::Equals") or ():
            if isinstance(one, str | int | float | bool):
                yield as_text(one)
        for inner in value.values():
            yield from _compared(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _compared(inner)

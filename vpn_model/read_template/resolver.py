"""The one resolver of CloudFormation's intrinsic functions.

It makes a property's value of JSON: texts, numbers, booleans, lists and mappings, in which a ``Reference`` stands for
a resource and an ``Unknown`` for what only the deployment tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial
from typing import Any, Final

from vpn_model.read_template.conditions import Conditions
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.functions import FUNCTIONS, is_unknown, joined
from vpn_model.read_template.parameters import Parameters, as_text
from vpn_model.read_template.references import Reference, repeated_property, text_of
from vpn_model.read_template.sections import section
from vpn_model.unknown import Unknown

HOLE = re.compile(r"\$\{([^}]*)\}")
DYNAMIC = "{{resolve:"


class _NoValue(Enum):
    """What ``AWS::NoValue`` gives: the property or list member that holds it is not there."""

    NO_VALUE = 0


NO_VALUE: Final = _NoValue.NO_VALUE


class Resolver:
    """Resolves the values of one template in one environment."""

    def __init__(
        self, body: Mapping[str, Any], environment: Environment, assumed: Mapping[str, bool] | None = None
    ) -> None:
        """Take a parsed template, and the truth of the conditions that the caller assumes.

        Raises:
            TemplateError: A section is malformed, or a value is given for a parameter that the template does not have.
        """
        self._environment = environment
        self._parameters = Parameters(section(body, "Parameters"), environment)
        self._mappings = section(body, "Mappings")
        self._resources = section(body, "Resources")
        self._looked_up: list[tuple[str, str]] = []
        self._attributes: dict[tuple[str, str], Any] = {}
        self.conditions = Conditions(section(body, "Conditions"), self.resolve, assumed)
        # these need more than their resolved arguments
        self._unresolved: dict[str, Callable[[Any], Any]] = {
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._sub,
            "Fn::If": self._if,
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAZs": self._zones,
            "Fn::ImportValue": self._import,
            **{name: partial(self._condition, name) for name in ("Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not")},
        }

    def resolve(self, value: Any) -> Any:
        """Resolve all functions inside a value.

        Raises:
            TemplateError: A function has arguments that it does not take.
        """
        if isinstance(value, str) and DYNAMIC in value:
            return Unknown(value, "dynamic reference")
        if isinstance(value, list):
            members = (self.resolve(member) for member in value)
            return [member for member in members if member is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name == "Ref":
                # with AWS::LanguageExtensions, the name may come from a function
                target = argument if isinstance(argument, str) else self.resolve(argument)
                return self._ref(target) if isinstance(target, str) else Unknown("${Ref}", "a name that is not known")
            if name.startswith("Fn::"):
                return self._function(name, argument)
        resolved = {name: self.resolve(inner) for name, inner in value.items()}
        return {name: inner for name, inner in resolved.items() if inner is not NO_VALUE}

    def _function(self, name: str, argument: Any) -> Any:
        if name in self._unresolved:
            return self._unresolved[name](argument)
        if name in FUNCTIONS:
            return FUNCTIONS[name](self.resolve(argument))
        return Unknown(f"${{{name}}}", "a function that this reader does not know")

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name.startswith("AWS::"):
            return self._environment.pseudo_parameter(name)
        return self._parameters.value(name) if name in self._parameters else self._resource(name, None)

    def _resource(self, name: str, attribute: str | None) -> Reference | Unknown:
        entry = self._resources.get(name)
        if not isinstance(entry, dict):
            shown = name if attribute is None else f"{name}.{attribute}"
            return Unknown(f"${{{shown}}}", "neither a parameter nor a resource of the template")
        return Reference(name, attribute, str(entry.get("Type", "")))

    def _attribute(self, argument: Any) -> Any:
        parts = argument.split(".", 1) if isinstance(argument, str) else argument
        if isinstance(parts, list) and len(parts) >= 2 and isinstance(parts[0], dict):
            parts = [self.resolve(parts[0]), *parts[1:]]
            if is_unknown(parts[0]):
                return Unknown("${GetAtt}", "a name that is not known")
        if not isinstance(parts, list) or len(parts) < 2 or not isinstance(parts[0], str):
            raise TemplateError("Fn::GetAtt takes a logical id and an attribute")
        name, attribute = parts[0], ".".join(text_of(self.resolve(part)) for part in parts[1:])
        found = self._resource(name, attribute)
        prop = repeated_property(found.type, attribute) if isinstance(found, Reference) else None
        properties = self._resources[name].get("Properties") if prop else None
        if prop is None or not isinstance(properties, dict) or prop not in properties:
            return found
        key = (name, attribute)
        if key in self._looked_up:
            raise TemplateError(f"Fn::GetAtt: {name}.{attribute} depends on itself")
        if key not in self._attributes:
            self._looked_up.append(key)
            value = self.resolve(properties[prop])
            self._looked_up.pop()
            self._attributes[key] = found if value is NO_VALUE else value
        return self._attributes[key]

    def _sub(self, argument: Any) -> Any:
        text, variables = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        if not isinstance(text, str) or not isinstance(variables, dict):
            raise TemplateError("Fn::Sub takes a text, or a text and a mapping of variables")
        if DYNAMIC in text:
            return Unknown(text, "dynamic reference")
        # an odd member is what stood in braces
        pieces = HOLE.split(text)
        parts = [self._hole(piece, variables) if index % 2 else piece for index, piece in enumerate(pieces)]
        return joined([part for part in parts if part != ""] or [""])

    def _hole(self, name: str, variables: Mapping[str, Any]) -> Any:
        if name.startswith("!"):
            return f"${{{name[1:]}}}"
        if name in variables:
            return self.resolve(variables[name])
        if "." in name and not name.startswith("AWS::"):
            return self._attribute(name)
        value = self._ref(name)
        return ",".join(value) if isinstance(value, list) else value

    def _if(self, argument: Any) -> Any:
        if not isinstance(argument, list) or len(argument) != 3:
            raise TemplateError("Fn::If takes a condition and two values")
        truth = self.conditions.truth(argument[0])
        if isinstance(truth, bool):
            return self.resolve(argument[1] if truth else argument[2])
        first, second = self.resolve(argument[1]), self.resolve(argument[2])
        return (
            first if first == second else Unknown(f"${{If:{argument[0]}}}", "depends on a condition that is not known")
        )

    def _find_in_map(self, argument: Any) -> Any:
        if not isinstance(argument, list) or not 3 <= len(argument) <= 4:
            raise TemplateError("Fn::FindInMap takes a mapping and two keys")
        keys = [self.resolve(key) for key in argument[:3]]
        if any(is_unknown(key) for key in keys):
            return Unknown(f"${{FindInMap:{'.'.join(text_of(key) for key in keys)}}}", "a key is not known")
        found: Any = self._mappings
        for key in map(as_text, keys):
            found = found.get(key) if isinstance(found, dict) else None
        if found is not None:
            return found
        if len(argument) == 4 and isinstance(argument[3], dict) and "DefaultValue" in argument[3]:
            return self.resolve(argument[3]["DefaultValue"])
        raise TemplateError(f"Fn::FindInMap: the template has no {'.'.join(map(as_text, keys))} in its Mappings")

    def _condition(self, name: str, argument: Any) -> Any:
        return self.conditions.evaluate({name: argument})

    def _zones(self, argument: Any) -> Any:
        region = self.resolve(argument)
        own = region in ("", self._environment.region) or region == self._environment.pseudo_parameter("AWS::Region")
        if own and self._environment.zones:
            return list(self._environment.zones)
        name = "GetAZs" if own else f"GetAZs:{text_of(region).strip('${}')}"
        return Unknown(f"${{{name}}}", "the Availability Zones of the Region")

    def _import(self, argument: Any) -> Any:
        name = self.resolve(argument)
        if isinstance(name, str) and name in self._environment.imports:
            return self._environment.imports[name]
        return Unknown(f"${{Import:{text_of(name)}}}", "export of another stack")

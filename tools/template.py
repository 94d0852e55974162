"""Reads a synthesized CloudFormation template as a graph of resources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASSEMBLY = Path("cdk.out")
"""Where ``make synth`` puts the templates."""


@dataclass(frozen=True)
class Resource:
    """One resource of a template."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]

    def __getitem__(self, prop: str) -> Any:
        return self.properties.get(prop)

    @property
    def name(self) -> str:
        """The Name tag, which is what a console shows; without one, the logical id."""
        for tag in self["Tags"] or ():
            if tag["Key"] == "Name" and isinstance(tag["Value"], str):
                return str(tag["Value"])
        return self.logical_id


class Template:
    """The resources of one stack, and what their properties point at."""

    def __init__(self, name: str, body: Mapping[str, Any]) -> None:
        self.name = name
        self.description = str(body.get("Description", ""))
        self.parameters: Mapping[str, Any] = body.get("Parameters", {})
        self._resources = {
            logical_id: Resource(logical_id, entry["Type"], entry.get("Properties", {}))
            for logical_id, entry in body.get("Resources", {}).items()
        }

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._resources.values())

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types (``EC2::VPC``), in the template's order."""
        wanted = {f"AWS::{kind}" for kind in types}
        return [resource for resource in self if resource.type in wanted]

    def target(self, value: Any) -> Resource | None:
        """The resource that a ``Ref`` or ``Fn::GetAtt`` points at; None for a literal and for anything else."""
        if not isinstance(value, Mapping):
            return None
        if "Ref" in value:
            return self._resources.get(value["Ref"])
        attribute = value.get("Fn::GetAtt")
        if isinstance(attribute, str):
            attribute = attribute.split(".")
        return self._resources.get(attribute[0]) if attribute else None

    def targets_within(self, value: Any) -> Iterator[Resource]:
        """Every resource that is mentioned anywhere inside ``value``."""
        found = self.target(value)
        if found is not None:
            yield found
        elif isinstance(value, Mapping):
            for inner in value.values():
                yield from self.targets_within(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from self.targets_within(inner)

    def text(self, value: Any) -> str:
        """A value as a reader would say it: a VPC's CIDR block for a reference to it, a name for a resource."""
        if not isinstance(value, Mapping):
            return str(value)
        resource = self.target(value)
        if resource is None:
            return self._parameter_default(value)
        attribute = value.get("Fn::GetAtt", ["", ""])[1]
        if attribute == "CidrBlock" and resource["CidrBlock"]:
            return self.text(resource["CidrBlock"])
        return resource.name

    def joined(self, value: Any) -> str:
        """The text of a value such as user-data, with a reference left where only CloudFormation knows the rest."""
        if isinstance(value, Mapping):
            if "Fn::Base64" in value:
                return self.joined(value["Fn::Base64"])
            if "Fn::Join" in value:
                separator, parts = value["Fn::Join"]
                return str(separator).join(self.joined(part) for part in parts)
            return json.dumps(value)
        return str(value or "")

    def _parameter_default(self, value: Mapping[str, Any]) -> str:
        parameter = self.parameters.get(str(value.get("Ref")), {})
        return str(parameter.get("Default", value.get("Ref", "?")))


def read_template(path: Path) -> Template:
    """Read one template file; its stack is named after the file."""
    return Template(path.name.removesuffix(".template.json"), json.loads(path.read_text()))


def scenario_names(assembly: Path = ASSEMBLY) -> list[str]:
    """The stacks of an assembly in the order in which the app made them."""
    manifest = json.loads((assembly / "manifest.json").read_text())
    return [key for key, value in manifest["artifacts"].items() if value["type"] == "aws:cloudformation:stack"]


def template_paths(assembly: Path = ASSEMBLY) -> list[Path]:
    """The templates of all stacks of an assembly. Others may lie beside them, left from an earlier synthesis."""
    if not (assembly / "manifest.json").exists():
        raise SystemExit(f"no templates in {assembly}; run: make synth")
    return [assembly / f"{name}.template.json" for name in scenario_names(assembly)]


def read_scenarios(assembly: Path = ASSEMBLY) -> list[Template]:
    """Read the templates of all stacks of an assembly."""
    return [read_template(path) for path in template_paths(assembly)]

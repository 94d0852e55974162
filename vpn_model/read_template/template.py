"""A template in an environment: the resources that it makes, and what their properties point at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vpn_model.read_template.document import read_document
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.loops import expand_loops
from vpn_model.read_template.references import Reference, text_of
from vpn_model.read_template.resolver import NO_VALUE, Resolver
from vpn_model.unknown import Text, Unknown

FOR_EACH, MACRO = "Fn::ForEach", "Fn::Transform"


@dataclass(frozen=True)
class Resource:
    """One resource of a template."""

    logical_id: str
    type: str
    properties: Mapping[str, Any] = field(repr=False)
    """As they are written; ``Template.fields`` resolves them."""


class Template:
    """A template in an environment. Its ``repr`` shows no value, since a template may hold a secret."""

    def __init__(self, body: Mapping[str, Any], environment: Environment | None = None) -> None:
        """Take a parsed template, and what is known of its deployment: by default nothing.

        Raises:
            TemplateError: A section is malformed, or a value is given for a parameter that is not there.
        """
        self.environment = environment or Environment()
        self.description = str(body.get("Description", ""))
        body = expand_loops(body, self.environment)
        self._body = body
        self._resolver = Resolver(body, self.environment)
        self._resources: dict[str, Resource] = {}
        self._fields: dict[str, Fields] = {}
        self._uncertain: list[str] = []
        for logical_id, entry in body["Resources"].items():
            self._add(logical_id, entry)

    def __repr__(self) -> str:
        return f"Template({self.name!r}, {len(self._resources)} resources)"

    def __iter__(self) -> Iterator[Resource]:
        return iter(self._resources.values())

    @property
    def name(self) -> str:
        """The name of the stack; empty if it is not given."""
        return self.environment.stack_name or ""

    @property
    def uncertain_ids(self) -> tuple[str, ...]:
        """The resources with a condition that is not known. They count as existing."""
        return tuple(self._uncertain)

    @property
    def transforms(self) -> tuple[str, ...]:
        """The macros that CloudFormation runs on the template first, and which this reader does not."""
        named = self._body.get("Transform") or []
        macros = named if isinstance(named, list) else [named]
        return tuple(str(one.get("Name", "")) if isinstance(one, dict) else str(one) for one in macros)

    @property
    def parameters(self) -> dict[str, Mapping[str, Any]]:
        """The parameters as the template declares them, by their names."""
        return {name: one for name, one in (self._body.get("Parameters") or {}).items() if isinstance(one, dict)}

    @property
    def rules(self) -> dict[str, Any]:
        """The rules for parameters as the template writes them, by their names."""
        return dict(self._body.get("Rules") or {})

    @property
    def parameter_names(self) -> frozenset[str]:
        return frozenset(self._body.get("Parameters") or {})

    @property
    def outputs(self) -> dict[str, Text]:
        """The outputs that exist, resolved. An output of a resource is unknown."""
        found: dict[str, Text] = {}
        for name, entry in (self._body.get("Outputs") or {}).items():
            if isinstance(entry, dict) and self._exists(entry) is not False:
                found[name] = self.text(entry.get("Value", ""))
        return found

    def get(self, logical_id: str) -> Resource | None:
        """The resource of a logical id; None if there is none."""
        return self._resources.get(logical_id)

    def of_type(self, *types: str) -> list[Resource]:
        """The resources of these types (``AWS::EC2::VPC``), in the template's order."""
        return [resource for resource in self if resource.type in types]

    def fields(self, resource: Resource) -> Fields:
        """The properties of a resource, resolved.

        Raises:
            TemplateError: A function has arguments that it does not take. The message names the resource.
        """
        if resource.logical_id not in self._fields:
            try:
                resolved = self._resolver.resolve(dict(resource.properties))
            except TemplateError as problem:
                raise TemplateError(f"{resource.logical_id}: {problem}") from None
            self._fields[resource.logical_id] = Fields(resolved, resource.logical_id)
        return self._fields[resource.logical_id]

    def resolve(self, value: Any) -> Any:
        """A value of the template, resolved as ``resolver`` says.

        Raises:
            TemplateError: A function has arguments that it does not take.
        """
        return self._resolver.resolve(value)

    def text(self, value: Any) -> Text:
        """A value of the template as text: with ``${...}`` in it, as an ``Unknown``, where it is not known."""
        resolved = self._resolver.resolve(value)
        if isinstance(resolved, Reference):
            return resolved.unknown
        return "" if resolved is NO_VALUE else resolved if isinstance(resolved, Unknown) else text_of(resolved)

    def target(self, value: Any) -> Resource | None:
        """The resource that a ``Ref`` or ``Fn::GetAtt`` points at; None for anything else."""
        if not isinstance(value, dict) or len(value) != 1:
            return None
        attribute = value.get("Fn::GetAtt")
        if isinstance(attribute, str):
            attribute = attribute.split(".", 1)
        name = value.get("Ref") or (attribute[0] if attribute else None)
        return self._resources.get(name) if isinstance(name, str) else None

    def targets_within(self, value: Any) -> Iterator[Resource]:
        """Every resource that a ``Ref`` or ``Fn::GetAtt`` anywhere inside a value points at."""
        found = self.target(value)
        if found is not None:
            yield found
        elif isinstance(value, dict):
            for inner in value.values():
                yield from self.targets_within(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from self.targets_within(inner)

    def tag_name(self, resource: Resource) -> str:
        """The Name tag of a resource, with ``${...}`` for what is not known; empty without one."""
        fields = self.fields(resource)
        tags = [*fields.items("Tags"), *(tag for one in fields.items("TagSpecifications") for tag in one.items("Tags"))]
        return next((str(tag.text("Value")) for tag in tags if tag.text("Key") == "Name"), "")

    def user_data(self, instance: Resource) -> str:
        """The user data of an instance as plain text, with ``${...}`` for what is not known; empty without one."""
        value = instance.properties.get("UserData", "")
        if isinstance(value, dict) and "Fn::Base64" in value:
            value = value["Fn::Base64"]
        return str(self.text(value))

    def _add(self, logical_id: str, entry: Any) -> None:
        made_later = kind_of_unexpanded(logical_id, entry)
        if made_later:
            # nobody knows the resources, but that there are some stays visible
            self._resources[logical_id] = Resource(logical_id, made_later, {})
            return
        if not isinstance(entry, dict) or not isinstance(entry.get("Type"), str):
            raise TemplateError(f"{logical_id}: a resource must be a mapping with a text 'Type' in it")
        exists = self._exists(entry)
        if exists is False:
            return
        properties = entry.get("Properties")
        if properties is None:
            properties = {}
        if not isinstance(properties, dict):
            raise TemplateError(f"{logical_id}: 'Properties' must be a mapping")
        self._resources[logical_id] = Resource(logical_id, entry["Type"], properties)
        if exists is not True:
            self._uncertain.append(logical_id)

    def _exists(self, entry: Mapping[str, Any]) -> Any:
        return self._resolver.conditions.truth(entry["Condition"]) if "Condition" in entry else True


def kind_of_unexpanded(logical_id: str, entry: Any) -> str | None:
    """``Fn::ForEach`` or ``Fn::Transform`` if this member of ``Resources`` is not a resource, but makes some."""
    if logical_id.startswith(FOR_EACH):
        return FOR_EACH
    macro = logical_id == MACRO or (isinstance(entry, dict) and MACRO in entry and "Type" not in entry)
    return MACRO if macro else None


def read_template(path: Path, environment: Environment | None = None) -> Template:
    """Read a template file. Without another name the stack is named after the file.

    Raises:
        TemplateError: The file is not a template that CloudFormation accepts.
        OSError: The file cannot be read.
    """
    name = path.name.removesuffix(".template.json") if path.name.endswith(".template.json") else path.stem
    return Template(read_document(path), environment or Environment(stack_name=name))

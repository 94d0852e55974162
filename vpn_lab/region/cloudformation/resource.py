# ruff: noqa: ARG002 -- every type has the same signatures
"""The base of a resource type: four plain functions over boto3, and a name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from vpn_lab.region.clients import own_client

Properties = Mapping[str, Any]
Attributes = dict[str, Any]
Tags = list[dict[str, str]]

REGISTRY: dict[str, ResourceType] = {}


@dataclass(frozen=True)
class Place:
    """The place of a resource in a stack."""

    stack_name: str
    logical_id: str

    def generated_name(self) -> str:
        return f"{self.stack_name}-{self.logical_id}"

    def random_name(self) -> str:
        """A name as CloudFormation generates it: a different one at every creation."""
        return f"{self.logical_id}-{token_hex(6)}"


class ResourceType(ABC):
    """One CloudFormation type. Properties arrive validated, with the schema's types and the stack's tags."""

    name: ClassVar[str]

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "name" in cls.__dict__:
            REGISTRY[cls.name] = cls()

    @property
    def ec2(self) -> Any:
        return own_client("ec2")

    @abstractmethod
    def create(self, properties: Properties, place: Place) -> str:
        """Create the resource with one call and return its physical id."""

    def settle(self, physical_id: str, properties: Properties) -> None:
        """Do what follows the creation; if it fails, the engine deletes the resource."""
        tag(physical_id, properties)

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        """The attributes for ``Fn::GetAtt``; any other attribute fails the stack."""
        return {"Id": physical_id}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        """Change the resource in place; called only if no create-only property changed."""
        changed = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
        raise NotImplementedError(f"{self.name}: the region cannot change {', '.join(changed)} of {physical_id}")

    @abstractmethod
    def delete(self, physical_id: str, properties: Properties) -> None:
        """Delete the resource; it is not an error if it is already gone."""

    def needs_replacement(self, old: Properties, new: Properties) -> bool:
        """Tell whether a property that the schema calls conditionally create-only replaces the resource."""
        return False


def changed(old: Properties, new: Properties, *names: str) -> bool:
    return any(old.get(name) != new.get(name) for name in names)


def picked(properties: Properties, *names: str) -> dict[str, Any]:
    return {name: properties[name] for name in names if properties.get(name) is not None}


def tag(identifier: str, properties: Properties) -> None:
    tags: Tags = list(properties.get("Tags") or [])
    if tags:
        own_client("ec2").create_tags(Resources=[identifier], Tags=tags)


def retag(identifier: str, old: Properties, new: Properties) -> None:
    """Change the tags of a resource to those of its new properties; other tags stay."""
    before = {one["Key"]: one["Value"] for one in old.get("Tags") or []}
    after = {one["Key"]: one["Value"] for one in new.get("Tags") or []}
    gone = [{"Key": key} for key in before if key not in after]
    if gone:
        own_client("ec2").delete_tags(Resources=[identifier], Tags=gone)
    if after and after != before:
        own_client("ec2").create_tags(
            Resources=[identifier], Tags=[{"Key": key, "Value": value} for key, value in after.items()]
        )


def is_gone(problem: ClientError) -> bool:
    code = problem.response["Error"]["Code"]
    return code.endswith((".NotFound", ".Unknown", "NotFoundException", "NoSuchEntity", ".Malformed"))


def described(problem: ClientError) -> str:
    """An error of the service, in the form of CloudFormation's events."""
    error = problem.response["Error"]
    return f'Resource handler returned message: "{error["Message"]} (Error Code: {error["Code"]})"'

"""What CloudFormation does with the difference of two templates, by the provider schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from vpn_lab.region.cloudformation import schema

Template = dict[str, Any]
NOTICED_BY_NOBODY = (
    "AWS::CloudFormation::WaitCondition",
    "AWS::EC2::Route",
    "AWS::EC2::SecurityGroupEgress",
    "AWS::EC2::SecurityGroupIngress",
    "AWS::EC2::VPNConnectionRoute",
    "AWS::Logs::LogStream",
)
"""Types of which an option has many, or that hold nothing: another one takes the place and nothing is lost."""


def replaced(before: Template, after: Template) -> dict[str, str]:
    """Return the resources that a deployment replaces: logical id → type."""
    old, new = before["Resources"], after["Resources"]
    both = [name for name in old if name in new and old[name]["Type"] == new[name]["Type"]]
    found = {
        name
        for name in both
        if schema.replacing_changes(old[name]["Type"], old[name].get("Properties", {}), new[name].get("Properties", {}))
    }
    while True:
        more = {name for name in both if name not in found and _needs(new[name], found)}
        if not more:
            return {name: new[name]["Type"] for name in found if new[name]["Type"] not in NOTICED_BY_NOBODY}
        found |= more


def _needs(resource: dict[str, Any], found: set[str]) -> bool:
    """Tell whether a create-only property refers to a resource that is replaced."""
    properties = resource.get("Properties", {})
    mentioned = {path[0] for path in schema.create_only(resource["Type"])}
    return any(name in found for each in mentioned if each in properties for name in _references(properties[each]))


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _references(one)
    elif isinstance(value, dict):
        if set(value) == {"Ref"}:
            yield value["Ref"]
        elif set(value) == {"Fn::GetAtt"}:
            yield value["Fn::GetAtt"][0]
        else:
            for one in value.values():
                yield from _references(one)

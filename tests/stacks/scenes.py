"""The scenarios, synthesized once for each set of arguments, and short ways to look into a template."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from aws_cdk import App
from aws_cdk.assertions import Template

import stacks
from stacks.scenario import Scenario
from stacks.settings import ScenarioSettings

SCENARIOS: dict[str, type[Scenario]] = {scenario.__name__: scenario for scenario in stacks.SCENARIOS}
TRANSIT = "ScenarioTransitGatewayEcmp"
TWO_DEVICES = ("ScenarioCgwCluster", "ScenarioDualCgwStatic", "ScenarioDualCgwBgp", TRANSIT)


class Scene:
    """A template, read as in the console: by type and by name."""

    def __init__(self, template: dict[str, Any]) -> None:
        self.template = template
        self.resources: dict[str, dict[str, Any]] = template["Resources"]

    def ids(self, resource_type: str) -> list[str]:
        """Logical ids of every resource of a type."""
        return [name for name, resource in self.resources.items() if resource["Type"] == resource_type]

    def all(self, resource_type: str) -> list[dict[str, Any]]:
        """Properties of every resource of a type."""
        return [self.resources[name].get("Properties", {}) for name in self.ids(resource_type)]

    def one(self, resource_type: str) -> dict[str, Any]:
        """Properties of the only resource of a type."""
        (found,) = self.all(resource_type)
        return found

    def named(self, resource_type: str) -> dict[str, str]:
        """Logical ids by Name tag, without the scenario's name."""
        found = {}
        for name in self.ids(resource_type):
            tags = {tag["Key"]: tag["Value"] for tag in self.resources[name]["Properties"]["Tags"]}
            found[re.split(r"(?:^|[/-])Scenario\w+/", tags["Name"])[-1]] = name
        return found

    @property
    def devices(self) -> dict[str, dict[str, Any]]:
        """The customer gateway devices by name, each as a complete resource."""
        instances = self.named("AWS::EC2::Instance")
        return {name: self.resources[each] for name, each in instances.items() if name.startswith("Cgw")}

    def user_data(self, device: str) -> str:
        """The user-data of a device, references as JSON."""
        return json.dumps(self.devices[device]["Properties"]["UserData"])

    def permissions(self, device: str) -> dict[str, str]:
        """The permissions of a device: resources, as JSON, by action."""
        wanted = f"/{device} may do"
        policies = [one for one in self.all("AWS::IAM::ManagedPolicy") if one["Description"].endswith(wanted)]
        (policy,) = policies
        return {str(one["Action"]): json.dumps(one["Resource"]) for one in policy["PolicyDocument"]["Statement"]}


def new_app(**arguments: Any) -> App:
    """An app without the CDK's own template validation, which the policy's tests run."""
    return App(builtin_cloud_formation_validation=False, analytics_reporting=False, **arguments)


def synthesize(name: str, *, context: dict[str, Any] | None = None, **arguments: Any) -> Scene:
    """Synthesize a scenario in its own app."""
    stack = SCENARIOS[name](new_app(context=context), **arguments)
    return Scene(dict(Template.from_stack(stack).to_json()))


@cache
def scene(name: str, settings: ScenarioSettings | None = None) -> Scene:
    """A scenario with given settings, synthesized once for the whole run."""
    return synthesize(name, settings=settings)

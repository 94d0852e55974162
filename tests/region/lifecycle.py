"""Takes all scenarios in parallel through the phases of their life, and records the state after each phase."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import stacks
from vpn_lab.region import Region
from vpn_model.network import Network
from vpn_model.read_api.inventory import Inventory, read_inventory
from vpn_model.read_api.network import read_network

PROJECT = Path(__file__).parents[2]
PEM_LINE = 64
SCENARIOS = tuple(scenario.__name__ for scenario in stacks.SCENARIOS)


@dataclass(frozen=True)
class Snapshot:
    """One stack at the end of a phase."""

    status: str
    events: str
    network: Network
    boots: dict[str, int]
    user_data: dict[str, str]
    template: str

    @property
    def instances(self) -> dict[str, str]:
        """Name → instance id."""
        return {one.name: one.id for one in self.network.instances.values()}


@dataclass(frozen=True)
class Phase:
    exit_code: int
    output: str
    stacks: dict[str, Snapshot]
    exists: Inventory


class Life:
    """Takes all scenarios from phase to phase and records each."""

    def __init__(self, region: Region, assemblies: Path) -> None:
        self.region, self.assemblies = region, assemblies
        self.keys: set[str] = set()
        self.certificate = self.make_certificate(assemblies.parent / f"{assemblies.name}-keys")
        self.before = read_inventory(region.client)
        self.broken = self.deploy("broken")
        self.base = self.deploy("base")
        self.again = self.deploy("base")
        self.changed = self.deploy("changed")
        self.restored = self.deploy("broken")
        self.destroyed = self.phase("destroy", "--all", "--force", app="changed")

    def deploy(self, variant: str) -> Phase:
        parameter = ("--parameters", f"ScenarioClientVpn:ServerCertificateArn={self.certificate}")
        options = ("--all", "--concurrency", str(len(SCENARIOS)), "--require-approval", "never")
        return self.phase("deploy", *options, *parameter, app=variant)

    def make_certificate(self, folder: Path) -> str:
        """Create a certificate with our own command, as a user does before the deployment."""
        command = [sys.executable, "-m", "vpn_ops", "client-vpn", "certificates", "--json", "--folder", str(folder)]
        made = subprocess.run(
            command, env=self.region.environment(), cwd=PROJECT, capture_output=True, text=True, check=True
        )
        for file in folder.rglob("*.key"):
            self.keys |= {line for line in file.read_text().splitlines() if len(line) == PEM_LINE}
        return str(json.loads(made.stdout)["server_certificate_arn"])

    def phase(self, *command: str, app: str) -> Phase:
        result = self.region.cdk(*command, app=str(self.assemblies / app), check=False)
        self.keys |= self.pre_shared_keys()
        living = self.region.client("cloudformation").describe_stacks()["Stacks"]
        stacks = {one["StackName"]: self.snapshot(one) for one in living if one["StackName"] in SCENARIOS}
        return Phase(result.returncode, result.stdout + result.stderr, stacks, read_inventory(self.region.client))

    def pre_shared_keys(self) -> set[str]:
        """Every secret value, and every value inside one."""
        secrets = self.region.client("secretsmanager")
        found: set[str] = set()
        for page in secrets.get_paginator("list_secrets").paginate():
            for one in page["SecretList"]:
                value = secrets.get_secret_value(SecretId=one["ARN"])["SecretString"]
                found |= {value} if not value.startswith("{") else {str(part) for part in json.loads(value).values()}
        return {value for value in found if len(value) >= 8}

    def snapshot(self, stack: dict[str, Any]) -> Snapshot:
        name = stack["StackName"]
        network = read_network(self.region.client, self.region.settings.region, stack=name)
        instances = network.instances.values()
        boots = self.region.boots()
        template = self.region.client("cloudformation").get_template(StackName=name)["TemplateBody"]
        return Snapshot(
            stack["StackStatus"],
            json.dumps(self.events(name), default=str),
            network,
            {one.name: boots[one.id] for one in instances},
            {one.name: self.user_data(one.id) for one in instances},
            json.dumps(template),
        )

    def events(self, stack: str) -> list[dict[str, Any]]:
        pages = self.region.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack)
        return [event for page in pages for event in page["StackEvents"]]

    def user_data(self, identifier: str) -> str:
        attribute = self.region.client("ec2").describe_instance_attribute(InstanceId=identifier, Attribute="userData")
        return base64.b64decode(attribute["UserData"].get("Value", "")).decode()


def traces(life: Life, scenario: str) -> str:
    """Everything that a stack shows to people with read access."""
    parts: list[str] = []
    for phase in (life.broken, life.base, life.again, life.changed, life.restored, life.destroyed):
        parts.append(phase.output)
        if scenario in phase.stacks:
            snapshot = phase.stacks[scenario]
            parts += [snapshot.events, snapshot.template, repr(snapshot.network), *snapshot.user_data.values()]
    parts.append(life.region.settings.log_file.read_text())
    return "\n".join(parts)


def without_times(network: Network) -> Network:
    """Leave out when each tunnel last changed its status, which a failed update changes too."""
    connections = {
        identifier: replace(one, tunnels=tuple(replace(tunnel, telemetry=None) for tunnel in one.tunnels))
        for identifier, one in network.vpn_connections.items()
    }
    return replace(network, vpn_connections=connections)


def of(phase: Phase, scenario: str) -> Snapshot:
    assert scenario in phase.stacks, f"{scenario} is not there:\n{phase.output[-3000:]}"
    return phase.stacks[scenario]


def updates(snapshot: Snapshot, *types: str) -> list[tuple[str, str]]:
    """Return the beginnings and ends of updates of resources of some types, the first one first."""
    return [
        (event["ResourceType"].rpartition("::")[2], event["ResourceStatus"])
        for event in json.loads(snapshot.events)[::-1]
        if event["ResourceStatus"].startswith("UPDATE_") and event["ResourceType"] in types
    ]

"""Takes all scenarios in parallel through the phases of their life, and records the state after each phase."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vpn_lab import inventory
from vpn_lab.inventory import Inventory
from vpn_lab.readback import STACK_TAG, StackView, name_of, read_stack
from vpn_lab.region import Region
from vpn_model.network import Network
from vpn_model.read_api.network import read_network

PROJECT = Path(__file__).parents[2]
PEM_LINE = 64
SCENARIOS = (
    "ScenarioSingleTunnel",
    "ScenarioDualTunnel",
    "ScenarioCgwCluster",
    "ScenarioDualCgwStatic",
    "ScenarioDualCgwBgp",
    "ScenarioTransitGatewayEcmp",
    "ScenarioClientVpn",
)


@dataclass(frozen=True)
class TransitTable:
    """A route table of a transit gateway: kinds of what is associated and of what it learns from, and its routes."""

    associated: tuple[str, ...]
    learns_from: tuple[str, ...]
    routes: tuple[str, ...]


@dataclass(frozen=True)
class Snapshot:
    """One stack at the end of a phase."""

    status: str
    events: str
    view: StackView
    instances: dict[str, str]
    """Name → instance id."""
    boots: dict[str, int]
    user_data: dict[str, str]
    template: str
    transit: dict[str, TransitTable]
    client_vpn: dict[str, Any]


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
        self.before = inventory.take(region.client)
        self.broken = self.deploy("broken")
        self.base = self.deploy("base")
        self.networks = self.read_networks()
        self.again = self.deploy("base")
        self.changed = self.deploy("changed")
        self.restored = self.deploy("broken")
        self.destroyed = self.phase("destroy", "--all", "--force", app="changed")

    def deploy(self, variant: str) -> Phase:
        parameter = ("--parameters", f"ScenarioClientVpn:ServerCertificateArn={self.certificate}")
        options = ("--all", "--concurrency", str(len(SCENARIOS)), "--require-approval", "never")
        return self.phase("deploy", *options, *parameter, app=variant)

    def read_networks(self) -> dict[str, Network]:
        """The network of each stack, read from the APIs."""
        name = self.region.settings.region
        return {stack: read_network(self.region.client, name, stack=stack) for stack in self.base.stacks}

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
        return Phase(result.returncode, result.stdout + result.stderr, stacks, inventory.take(self.region.client))

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
        name, ec2 = stack["StackName"], self.region.client("ec2")
        cloudformation = self.region.client("cloudformation")
        filters = [
            {"Name": f"tag:{STACK_TAG}", "Values": [name]},
            {"Name": "instance-state-name", "Values": ["running"]},
        ]
        reservations = ec2.describe_instances(Filters=filters)["Reservations"]
        instances = {
            next(tag["Value"] for tag in one["Tags"] if tag["Key"] == "Name"): one["InstanceId"]
            for group in reservations
            for one in group["Instances"]
        }
        boots = self.region.boots()
        return Snapshot(
            stack["StackStatus"],
            json.dumps(self.events(name), default=str),
            read_stack(self.region.client, name),
            instances,
            {device: boots[identifier] for device, identifier in instances.items()},
            {device: self.user_data(identifier) for device, identifier in instances.items()},
            json.dumps(cloudformation.get_template(StackName=name)["TemplateBody"]),
            self.transit_tables(name),
            self.client_vpn(name),
        )

    def transit_tables(self, stack: str) -> dict[str, TransitTable]:
        """The route tables of a stack's transit gateways, by name."""
        ec2, found = self.region.client("ec2"), {}
        mine = [{"Name": f"tag:{STACK_TAG}", "Values": [stack]}]
        for table in ec2.describe_transit_gateway_route_tables(Filters=mine)["TransitGatewayRouteTables"]:
            named = {"TransitGatewayRouteTableId": table["TransitGatewayRouteTableId"]}
            associations = ec2.get_transit_gateway_route_table_associations(**named)["Associations"]
            answer = ec2.get_transit_gateway_route_table_propagations(**named)
            active = [{"Name": "state", "Values": ["active"]}]
            routes = ec2.search_transit_gateway_routes(**named, Filters=active)["Routes"]
            found[name_of(table)] = TransitTable(
                tuple(one["ResourceType"] for one in associations),
                tuple(one["ResourceType"] for one in answer["TransitGatewayRouteTablePropagations"]),
                tuple(one["DestinationCidrBlock"] for one in routes),
            )
        return found

    def client_vpn(self, stack: str) -> dict[str, Any]:
        """The API's view of a stack's Client VPN endpoint; nothing if there is none."""
        ec2 = self.region.client("ec2")
        for one in ec2.describe_client_vpn_endpoints()["ClientVpnEndpoints"]:
            if not one["Description"].startswith(f"{stack}/"):
                continue
            identifier = {"ClientVpnEndpointId": one["ClientVpnEndpointId"]}
            routes = ec2.describe_client_vpn_routes(**identifier)["Routes"]
            rules = ec2.describe_client_vpn_authorization_rules(**identifier)["AuthorizationRules"]
            return {
                **identifier,
                "status": one["Status"]["Code"],
                "networks": len(ec2.describe_client_vpn_target_networks(**identifier)["ClientVpnTargetNetworks"]),
                "routes": Counter((route["DestinationCidr"], route["Origin"]) for route in routes),
                "rules": sorted(rule["DestinationCidr"] for rule in rules if rule["AccessAll"]),
            }
        return {}

    def events(self, stack: str) -> list[dict[str, Any]]:
        pages = self.region.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack)
        return [event for page in pages for event in page["StackEvents"]]

    def user_data(self, identifier: str) -> str:
        attribute = self.region.client("ec2").describe_instance_attribute(InstanceId=identifier, Attribute="userData")
        return base64.b64decode(attribute["UserData"].get("Value", "")).decode()

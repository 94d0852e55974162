"""Each scenario's network as readable text, so that a change shows as a readable diff.

Update it with ``pytest tests/stacks/test_snapshots.py --snapshot-update`` and read the diff.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.stacks.scenes import Scene

HASH = re.compile(r"(?<=[A-Za-z0-9])([0-9A-F]{8}|[0-9a-f]{8})$")
# The types that make up the network; roles, logs and functions have their own tests.
NETWORK = {
    "AWS::EC2::VPC": ("CidrBlock",),
    "AWS::EC2::Subnet": ("CidrBlock", "AvailabilityZone"),
    "AWS::EC2::Route": (
        *("RouteTableId", "DestinationCidrBlock"),
        *("NetworkInterfaceId", "GatewayId", "TransitGatewayId"),
    ),
    "AWS::EC2::VPNGateway": ("AmazonSideAsn",),
    "AWS::EC2::VPNGatewayRoutePropagation": ("RouteTableIds",),
    "AWS::EC2::TransitGateway": (
        *("AmazonSideAsn", "VpnEcmpSupport"),
        *("DefaultRouteTableAssociation", "DefaultRouteTablePropagation"),
    ),
    "AWS::EC2::TransitGatewayAttachment": ("TransitGatewayId", "VpcId", "SubnetIds", "Options"),
    "AWS::EC2::TransitGatewayRouteTable": ("TransitGatewayId",),
    "AWS::EC2::TransitGatewayRouteTableAssociation": ("TransitGatewayRouteTableId", "TransitGatewayAttachmentId"),
    "AWS::EC2::TransitGatewayRouteTablePropagation": ("TransitGatewayRouteTableId", "TransitGatewayAttachmentId"),
    "AWS::EC2::CustomerGateway": ("IpAddress", "BgpAsn"),
    "AWS::EC2::VPNConnection": (
        *("CustomerGatewayId", "VpnGatewayId", "TransitGatewayId"),
        *("StaticRoutesOnly", "PreSharedKeyStorage"),
    ),
    "AWS::EC2::VPNConnectionRoute": ("VpnConnectionId", "DestinationCidrBlock"),
    "AWS::EC2::Instance": ("InstanceType", "PrivateIpAddress", "SubnetId"),
    "AWS::EC2::NetworkInterface": ("SubnetId", "PrivateIpAddress", "PrivateIpAddresses", "SourceDestCheck"),
    "AWS::EC2::SecurityGroupIngress": ("CidrIp", "IpProtocol", "FromPort"),
    "AWS::CloudFormation::WaitCondition": ("Timeout", "Count"),
}


class Yaml(SingleFileSnapshotExtension):
    """One file for each scenario."""

    file_extension = "yaml"
    _write_mode = WriteMode.TEXT


def readable(value: Any) -> Any:
    """References as ``(Name)`` or ``(Name.Attribute)``, without the hashes that the CDK puts behind names."""
    if isinstance(value, list):
        return [readable(item) for item in value]
    if not isinstance(value, dict):
        return value
    (form, content), *others = value.items()
    if others or form not in FORMS:
        return {key: readable(item) for key, item in value.items()}
    return FORMS[form](content)


FORMS: dict[str, Callable[[Any], str]] = {
    "Ref": lambda name: f"({HASH.sub('', name)})",
    "Fn::GetAtt": lambda parts: f"({HASH.sub('', parts[0])}.{parts[1]})",
    "Fn::Join": lambda parts: parts[0].join(str(readable(item)) for item in parts[1]),
    "Fn::Select": lambda parts: f"number {parts[0]} of {readable(parts[1])}",
    "Fn::GetAZs": lambda _: "the zones",
}


def tunnels(connection: dict[str, Any]) -> list[dict[str, Any]]:
    """What each tunnel may negotiate; the key is a reference, with the hash of its secret."""
    return [
        {
            name: " ".join(str(one["Value"]) for one in value) if isinstance(value, list) else readable(value)
            for name, value in tunnel.items()
            if name != "PreSharedKey"
        }
        for tunnel in connection["VpnTunnelOptionsSpecifications"]
    ]


def network(scene: Scene) -> str:
    """The network of a scenario as YAML."""
    kinds: dict[str, dict[str, Any]] = {}
    for kind, shown in NETWORK.items():
        for name in scene.ids(kind):
            properties = scene.resources[name]["Properties"]
            text = {prop: readable(properties[prop]) for prop in shown if prop in properties}
            if kind == "AWS::EC2::VPNConnection":
                text["tunnels"] = tunnels(properties)
            if kind in {"AWS::EC2::Instance", "AWS::CloudFormation::WaitCondition"}:
                after = scene.resources[name].get("DependsOn", [])
                text["after"] = sorted(HASH.sub("", each) for each in after)
            kinds.setdefault(kind.removeprefix("AWS::"), {})[HASH.sub("", name)] = text
    outputs = {name: readable(output["Value"]) for name, output in scene.template["Outputs"].items()}
    described = {"description": scene.template["Description"], **kinds, "outputs": outputs}
    return yaml.safe_dump(described, sort_keys=False, width=160)


def test_the_network_is_the_one_that_was_reviewed(scene: Scene, snapshot: SnapshotAssertion) -> None:
    assert network(scene) == snapshot(extension_class=Yaml)

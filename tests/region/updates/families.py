"""Small stacks that contain every construct of the library, with any option changed.

A family is built twice or more: as it is, and with some options changed. What an option can be changed to, such as a
second VPC, is part of the family from the beginning, so that only the option differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType
from typing import Any

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs

import cdk_aws_vpn as vpn

Change = Mapping[str, Any]
"""``Construct.option`` → its new value, or a function that gets the family."""

CLOUD, IDC = "10.50.0.0/16", "10.60.0.0/16"
STATIC = ["169.254.104.0/30", "169.254.105.0/30"]
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"


class Family:
    """One stack. Subclasses build what belongs together."""

    def __init__(self, stack: Stack, change: Change, given: Mapping[str, str]) -> None:
        self.stack, self.given = stack, given
        self._change = dict(change)
        self._used: set[str] = set()
        self.build()
        unused = set(self._change) - self._used
        assert not unused, f"{type(self).__name__} has no {unused}"

    def build(self) -> None:
        raise NotImplementedError

    def options(self, owner: str, **defaults: Any) -> dict[str, Any]:
        """The arguments of a construct or of a value: the defaults, and what is to be changed."""
        found = dict(defaults)
        for name, value in self._change.items():
            kind, option = name.split(".")
            if kind == owner:
                self._used.add(name)
                found[option] = value(self) if isinstance(value, FunctionType) else value
        return found

    def vpc(self, name: str, cidr: str) -> ec2.Vpc:
        tiers = [ec2.SubnetConfiguration(name="In", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)]
        return ec2.Vpc(
            self.stack,
            name,
            ip_addresses=ec2.IpAddresses.cidr(cidr),
            availability_zones=["us-east-1a", "us-east-1b"],
            subnet_configuration=tiers,
            restrict_default_security_group=False,
        )

    def log_group(self, name: str) -> logs.LogGroup:
        return logs.LogGroup(self.stack, name, removal_policy=RemovalPolicy.DESTROY)

    def security_group(self, name: str, vpc: ec2.IVpc) -> ec2.SecurityGroup:
        return ec2.SecurityGroup(self.stack, name, vpc=vpc, description=name)


class OnVirtualPrivateGateway(Family):
    """A connection on a virtual private gateway, to a firewall."""

    def build(self) -> None:
        stack = self.stack
        self.cloud, self.other_cloud = self.vpc("Cloud", CLOUD), self.vpc("Other", "10.52.0.0/16")
        self.key = kms.Key.from_key_arn(stack, "Key", KEY)
        self.groups = [self.log_group(f"Log{number}") for number in range(4)]
        options = self.options("VirtualPrivateGateway", vpc=self.cloud, amazon_side_asn=64512)
        self.gateway = vpn.VirtualPrivateGateway(stack, "Gateway", **options)
        self.other_gateway = vpn.VirtualPrivateGateway(stack, "OtherGateway", vpc=self.vpc("Third", "10.53.0.0/16"))
        self.other_firewall = vpn.CustomerGateway(stack, "OtherFirewall", address="198.51.100.201", bgp_asn=65020)
        firewall = self.options("CustomerGateway", address="198.51.100.200", bgp_asn=65010)
        self.firewall = vpn.CustomerGateway(stack, "Firewall", **firewall)
        log_options = vpn.TunnelLogOptions(
            **self.options("TunnelLogOptions", log_group=self.groups[0], bgp_log_group=self.groups[1])
        )
        tunnel = self.options("TunnelOptions", inside_cidr="169.254.100.0/30", log_options=log_options)
        profile = self.options("SecurityProfile")
        chosen = {"security_profile": _profile(**profile)} if profile else {}
        connection = self.options(
            "VpnConnection",
            gateway=self.gateway,
            customer_gateway=self.firewall,
            routing=vpn.Bgp(),
            tunnels=(vpn.TunnelOptions(**tunnel), vpn.TunnelOptions(inside_cidr="169.254.101.0/30")),
            **chosen,
        )
        self.connection = vpn.VpnConnection(stack, "Vpn", **connection)
        self.static = vpn.VpnConnection(
            stack,
            "Static",
            gateway=self.other_gateway,
            customer_gateway=self.other_firewall,
            routing=vpn.Static(**self.options("Static", prefixes=["10.90.0.0/16"])),
            tunnels=(vpn.TunnelOptions(inside_cidr=STATIC[0]), vpn.TunnelOptions(inside_cidr=STATIC[1])),
        )
        endpoints = self.options(
            "TunnelEndpoints", vpn_connection_id=self.connection.vpn_connection_id, inside_cidrs=self.inside(connection)
        )
        vpn.TunnelEndpoints(stack, "Endpoints", **endpoints)

    def inside(self, connection: Mapping[str, Any]) -> list[str]:
        return [tunnel.inside_cidr for tunnel in connection["tunnels"]]


def _profile(**changes: Any) -> vpn.SecurityProfile:
    recommended = vpn.RECOMMENDED
    names = ("name", "gives_up", "ike_versions", "encryption_algorithms", "integrity_algorithms", "dh_group_numbers")
    return vpn.SecurityProfile(**{name: getattr(recommended, name) for name in names} | changes)

"""A stack under test, with the neighbours that a construct needs; each is made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any

from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from cdk_aws_vpn import (
    Bgp,
    CgwInstance,
    CustomerGateway,
    IdcVpc,
    Static,
    TransitGateway,
    VirtualPrivateGateway,
    VpnConnection,
)
from cdk_aws_vpn.gateways.transit_gateway import ExistingTransitGateway

IDC = "10.60.0.0/16"
CLOUD = "10.50.0.0/16"


class Site:
    """One app with one stack. The CDK's own template validation is left out: the policy has tests of its own."""

    def __init__(self, *, context: dict[str, Any] | None = None, **stack_arguments: Any) -> None:
        self.app = App(builtin_cloud_formation_validation=False, analytics_reporting=False, context=context)
        self.stack = Stack(self.app, "Stack", **stack_arguments)

    def make(self, kind: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """A construct of any kind in the stack; options of any type, right or wrong."""
        return kind(self.stack, "X", *arguments, **options)

    @cached_property
    def vpc(self) -> ec2.IVpc:
        """An existing VPC."""
        return ec2.Vpc.from_vpc_attributes(
            self.stack,
            "ExistingVpc",
            vpc_id="vpc-0123456789abcdef0",
            vpc_cidr_block=IDC,
            availability_zones=["eu-west-1a"],
            public_subnet_ids=["subnet-0123456789abcdef0"],
            public_subnet_route_table_ids=["rtb-0123456789abcdef0"],
            isolated_subnet_ids=["subnet-0123456789abcdef1"],
            isolated_subnet_route_table_ids=["rtb-0123456789abcdef1"],
        )

    @cached_property
    def idc(self) -> IdcVpc:
        """A data centre in two zones."""
        return IdcVpc(self.stack, "Idc", max_azs=2)

    @cached_property
    def vgw(self) -> Any:
        """An existing virtual private gateway."""
        return VirtualPrivateGateway.from_id(self.stack, "Vgw", "vgw-0123456789abcdef0", amazon_side_asn=64512)

    @cached_property
    def tgw(self) -> ExistingTransitGateway:
        """An existing transit gateway."""
        return TransitGateway.from_id(self.stack, "Tgw", "tgw-0123456789abcdef0", amazon_side_asn=64512)

    @cached_property
    def firewall(self) -> CustomerGateway:
        """A real device on premises."""
        return CustomerGateway(self.stack, "Firewall", address="203.0.113.7", bgp_asn=65010)

    def connection(self, construct_id: str = "Vpn", **arguments: Any) -> VpnConnection:
        """A BGP connection between the gateway and the real device, unless told otherwise."""
        defaults = {"gateway": self.vgw, "customer_gateway": self.firewall, "routing": Bgp()}
        return VpnConnection(self.stack, construct_id, **{**defaults, **arguments})

    def device(self, construct_id: str = "Cgw", **arguments: Any) -> CgwInstance:
        """A device in the data centre."""
        defaults = {"vpc": self.idc.vpc, "subnet": self.idc.public_subnets[0], "remote_prefixes": [CLOUD]}
        return CgwInstance(self.stack, construct_id, **{**defaults, **arguments})

    def connected(self, construct_id: str = "Cgw", *, bgp: bool = True, **arguments: Any) -> CgwInstance:
        """A device with a connection of its own."""
        device = self.device(construct_id, **arguments)
        routing = Bgp() if bgp else Static([IDC])
        vpn = self.connection(f"{construct_id}Vpn", customer_gateway=device.customer_gateway, routing=routing)
        device.connect(vpn)
        return device

    def pair(self, *, bgp: bool = True, **standby_arguments: Any) -> dict[str, CgwInstance]:
        """The arguments ``active`` and ``standby`` of a pair."""
        return {
            "active": self.connected("Active", bgp=bgp, private_address="10.60.0.100"),
            "standby": self.connected(
                "Standby",
                **{
                    "bgp": bgp,
                    "subnet": self.idc.public_subnets[1],
                    "private_address": "10.60.2.100",
                    **standby_arguments,
                },
            ),
        }

    def member(self, construct_id: str = "Active", zone: int = 0, **arguments: Any) -> CgwInstance:
        """A device without a connection, for a cluster."""
        address = f"10.60.{2 * zone}.100"
        return self.device(construct_id, subnet=self.idc.public_subnets[zone], private_address=address, **arguments)

    @cached_property
    def template(self) -> Template:
        """The stack's template. Ask for it last."""
        return Template.from_stack(self.stack)


def resources(template: Template, resource_type: str) -> list[dict[str, Any]]:
    """The properties of every resource of a type."""
    found = template.find_resources(resource_type)
    return [resource.get("Properties", {}) for resource in found.values()]


def most_at_once(waits_for: Mapping[str, Collection[str]]) -> int:
    """How many resources CloudFormation works on at once, if each takes equally long.

    Args:
        waits_for: For each resource, the names in its ``DependsOn``; those of other resources are left out.
    """
    done: set[str] = set()
    most = 0
    while len(done) < len(waits_for):
        ready = {name for name, names in waits_for.items() if not (set(names) & waits_for.keys()) - done} - done
        assert ready, "the resources wait for each other"
        most = max(most, len(ready))
        done |= ready
    return most

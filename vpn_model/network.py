"""The root of the model: everything of a network, by its id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vpn_model.client_vpn import ClientVpnEndpoint
from vpn_model.connection import VpnConnection
from vpn_model.filters import NetworkAcl, SecurityGroup
from vpn_model.gateways import CustomerGateway, VpnGateway
from vpn_model.hosts import ElasticIp, Instance, Interface
from vpn_model.routing import RouteTable
from vpn_model.transit import TransitGateway
from vpn_model.unknown import Text
from vpn_model.vpc import InstanceConnectEndpoint, InternetGateway, NatGateway, Subnet, Vpc


@dataclass(frozen=True)
class Other:
    """Something that was read and is not modelled."""

    id: str
    type: str
    """The CloudFormation type, such as ``AWS::EC2::FlowLog``."""
    name: str = ""


@dataclass(frozen=True)
class Unreadable:
    """A part that was not read, because a permission is missing."""

    call: str
    """The call that was refused, as IAM writes it: ``ec2:DescribeVpcs``."""
    code: str
    """The error's code, such as ``UnauthorizedOperation``."""


@dataclass(frozen=True)
class StackResource:
    """One resource of a CloudFormation stack."""

    logical_id: str
    id: str
    """The physical id; in a template the logical one."""
    type: str


@dataclass(frozen=True)
class Stack:
    """The CloudFormation stack that a network was read from."""

    name: str
    resources: tuple[StackResource, ...]
    outputs: Mapping[str, Text] = field(default_factory=dict)
    description: str = ""


@dataclass(frozen=True)
class Network:
    """A network at one moment, deployed or planned."""

    region: Text
    vpcs: Mapping[str, Vpc] = field(default_factory=dict)
    subnets: Mapping[str, Subnet] = field(default_factory=dict)
    route_tables: Mapping[str, RouteTable] = field(default_factory=dict)
    security_groups: Mapping[str, SecurityGroup] = field(default_factory=dict)
    network_acls: Mapping[str, NetworkAcl] = field(default_factory=dict)
    interfaces: Mapping[str, Interface] = field(default_factory=dict)
    instances: Mapping[str, Instance] = field(default_factory=dict)
    elastic_ips: Mapping[str, ElasticIp] = field(default_factory=dict)
    internet_gateways: Mapping[str, InternetGateway] = field(default_factory=dict)
    nat_gateways: Mapping[str, NatGateway] = field(default_factory=dict)
    instance_connect_endpoints: Mapping[str, InstanceConnectEndpoint] = field(default_factory=dict)
    vpn_gateways: Mapping[str, VpnGateway] = field(default_factory=dict)
    customer_gateways: Mapping[str, CustomerGateway] = field(default_factory=dict)
    vpn_connections: Mapping[str, VpnConnection] = field(default_factory=dict)
    transit_gateways: Mapping[str, TransitGateway] = field(default_factory=dict)
    client_vpn_endpoints: Mapping[str, ClientVpnEndpoint] = field(default_factory=dict)
    others: tuple[Other, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    uncertain_ids: tuple[str, ...] = ()
    """The resources of a template that exist only if a condition holds that is not known."""
    stack: Stack | None = None
    """The stack, if it was read from one or from a template."""

    def route_table_of(self, subnet_id: str) -> RouteTable | None:
        """The route table that a subnet uses: its own, or the main one of its VPC. None if neither was read."""
        for table in self.route_tables.values():
            if subnet_id in table.subnet_ids:
                return table
        subnet = self.subnets.get(subnet_id)
        main = (one for one in self.route_tables.values() if one.is_main and subnet and one.vpc_id == subnet.vpc_id)
        return next(main, None)

    def network_acl_of(self, subnet_id: str) -> NetworkAcl | None:
        """The network ACL that a subnet uses: its own, or the default one of its VPC. None if neither was read."""
        for acl in self.network_acls.values():
            if subnet_id in acl.subnet_ids:
                return acl
        subnet = self.subnets.get(subnet_id)
        default = (one for one in self.network_acls.values() if one.is_default and subnet)
        return next((one for one in default if subnet and one.vpc_id == subnet.vpc_id), None)

    def internet_gateway_of(self, vpc_id: str) -> InternetGateway | None:
        """The Internet gateway of a VPC; None if it has none."""
        return next((one for one in self.internet_gateways.values() if one.vpc_id == vpc_id), None)

    def is_public(self, subnet_id: str) -> bool:
        """Whether the route table of a subnet has a route to an Internet gateway."""
        table = self.route_table_of(subnet_id)
        return table is not None and any(one.target_kind == "internet gateway" for one in table.routes)

    def interfaces_of(self, instance_id: str) -> tuple[Interface, ...]:
        """The interfaces of an instance in the order of their device index."""
        mine = (one for one in self.interfaces.values() if one.instance_id == instance_id)
        return tuple(sorted(mine, key=lambda one: one.device_index))

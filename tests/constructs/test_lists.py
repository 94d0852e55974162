"""A list in another order is no change, and a shorter one leaves the other resources as they are.

CloudFormation creates before it deletes. A resource whose logical id follows from its position in a list collides with
itself as soon as another element of the list goes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import pytest
from aws_cdk import App, CfnParameter, Fn, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from cdk_aws_vpn import (
    Bgp,
    CgwCluster,
    CgwInstance,
    CgwPair,
    ClientVpn,
    CustomerGateway,
    Host,
    MutualTls,
    Saml,
    Static,
    TransitGateway,
    TransitGatewayRouteTable,
    TransitGatewayVpcAttachment,
    VirtualPrivateGateway,
    VpnConnection,
)
from cdk_aws_vpn.network.cloud_vpc import CloudVpc
from cdk_aws_vpn.network.idc_vpc import IdcVpc

Element = TypeVar("Element")
Order = Callable[[Sequence[Any]], list[Any]]
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/x"
ORDERS: dict[str, Order] = {
    "as given": list,
    "reversed": lambda elements: list(elements)[::-1],
    "without the first": lambda elements: list(elements)[1:],
    "without the last": lambda elements: list(elements)[:-1],
}


@dataclass
class Network:
    """All constructs that take a list, in one stack; every list passes through ``order``."""

    order: Order
    stack: Stack = field(default_factory=lambda: Stack(App(analytics_reporting=False), "Stack"))

    def build(self) -> dict[str, Any]:
        self.idc = IdcVpc(self.stack, "Idc", max_azs=2)
        self.cloud = CloudVpc(self.stack, "Cloud", max_azs=2)
        other = [ec2.Vpc(self.stack, f"Other{n}", max_azs=1).vpc_cidr_block for n in range(2)]
        parameter = CfnParameter(self.stack, "Network").value_as_string
        self.prefixes = ["10.9.0.0/16", "10.10.0.0/16", *other, Fn.import_value("network"), parameter]
        self._gateways()
        self._devices()
        self._client_vpn()
        Host(
            self.stack,
            "Host",
            vpc=self.cloud.vpc,
            subnet=self.cloud.private_subnets[0],
            reachable_from=self.order(["10.9.0.0/16", "10.10.0.0/16"]),
        )
        return dict(Template.from_stack(self.stack).to_json()["Resources"])

    def _gateways(self) -> None:
        self.vgw = VirtualPrivateGateway(self.stack, "Vgw", vpc=self.cloud.vpc)
        self.vgw.propagate_routes_to(self.order(self.cloud.route_tables))
        blocks = self.order(["10.201.0.0/24", "10.202.0.0/24"])
        tgw = TransitGateway(self.stack, "Tgw", cidr_blocks=blocks)
        firewall = CustomerGateway(self.stack, "Firewall", address="203.0.113.7")
        vpns = [
            VpnConnection(self.stack, f"Bgp{n}", gateway=tgw, customer_gateway=firewall, routing=Bgp())
            for n in range(2)
        ]
        static = Static(self.order(self.prefixes))
        VpnConnection(self.stack, "Static", gateway=self.vgw, customer_gateway=firewall, routing=static)
        routed = VpnConnection(self.stack, "Routed", gateway=tgw, customer_gateway=firewall, routing=static)
        attachment = TransitGatewayVpcAttachment(
            self.stack,
            "Attachment",
            transit_gateway=tgw,
            vpc=self.cloud.vpc,
            subnets=self.order(self.cloud.private_subnets),
        )
        attachment.route_from(self.order(self.cloud.route_tables), self.order(self.prefixes))
        table = TransitGatewayRouteTable(self.stack, "Table", transit_gateway=tgw)
        table.associate(*self.order(vpns))
        table.propagate_from(*self.order([*vpns, attachment]))
        table.route_to(routed)

    def _devices(self) -> None:
        devices = {}
        for zone, name in enumerate(("Active", "Standby", "First", "Second")):
            devices[name] = CgwInstance(
                self.stack,
                name,
                vpc=self.idc.vpc,
                subnet=self.idc.public_subnets[zone % 2],
                private_address=f"10.60.{2 * (zone % 2)}.{100 + zone}",
                remote_prefixes=self.order(["10.50.0.0/16", "10.9.0.0/16", "10.10.0.0/16"]),
                local_prefixes=self.order(["10.60.0.0/16", "10.61.0.0/16"]),
            )
        for name in ("Active", "Standby"):
            gateway = devices[name].customer_gateway
            devices[name].connect(
                VpnConnection(self.stack, f"{name}Vpn", gateway=self.vgw, customer_gateway=gateway, routing=Bgp())
            )
        tables = self.order(self.idc.private_route_tables)
        CgwPair(self.stack, "Pair", active=devices["Active"], standby=devices["Standby"], idc_route_tables=tables)
        cluster = CgwCluster(
            self.stack,
            "Cluster",
            active=devices["First"],
            standby=devices["Second"],
            active_shared_address="10.60.0.200",
            standby_shared_address="10.60.2.200",
            idc_route_tables=tables,
        )
        gateway = cluster.customer_gateway
        cluster.connect(
            VpnConnection(self.stack, "ClusterVpn", gateway=self.vgw, customer_gateway=gateway, routing=Bgp())
        )

    def _client_vpn(self) -> None:
        endpoint = ClientVpn(
            self.stack,
            "Users",
            vpc=self.cloud.vpc,
            subnets=self.order(self.cloud.private_subnets),
            client_cidr="10.70.0.0/22",
            split_tunnel=True,
            authentication=[MutualTls(), Saml(provider_arn="arn:aws:iam::111122223333:saml-provider/x")],
            server_certificate_arn=CERTIFICATE,
            security_groups=self.order(
                [ec2.SecurityGroup(self.stack, f"Group{n}", vpc=self.cloud.vpc) for n in range(2)]
            ),
        )
        for network in self.order(self.prefixes):
            endpoint.route_to(network)
        for group in self.order(["admins", "developers"]):
            endpoint.authorize("10.9.0.0/16", group_id=group)


@cache
def built(order: str) -> dict[str, Any]:
    """The resources of the stack; the CDK's metadata holds no resource of the network."""
    return Network(ORDERS[order]).build()


def identity(resource: dict[str, Any]) -> str:
    """What a resource of a list is, by the properties that AWS tells it from others by."""
    found = resource.get("Properties", {})
    keys = ("RouteTableId", "TransitGatewayRouteTableId", "SubnetId", "TargetVpcSubnetId", "DestinationCidrBlock",
            "TargetNetworkCidr", "AccessGroupId", "CidrIp", "FromPort", "TransitGatewayAttachmentId",
            "VpnConnectionId", "GroupId", "ClientVpnEndpointId")  # fmt: skip
    return repr([resource["Type"], *(found.get(key) for key in keys)])


def test_another_order_changes_nothing() -> None:
    before, after = built("as given"), built("reversed")
    assert after.keys() == before.keys()
    assert {name for name in before if before[name] != after[name]} == set()


LISTED = (
    ("AWS::EC2::Route", 4),
    ("AWS::EC2::TransitGatewayRoute", 1),
    ("AWS::EC2::VPNConnectionRoute", 1),
    ("AWS::EC2::TransitGatewayRouteTableAssociation", 1),
    ("AWS::EC2::TransitGatewayRouteTablePropagation", 1),
    ("AWS::EC2::ClientVpnTargetNetworkAssociation", 1),
    ("AWS::EC2::ClientVpnRoute", 1),
    ("AWS::EC2::ClientVpnAuthorizationRule", 1),
    ("AWS::EC2::SecurityGroupIngress", 1),
)


@pytest.mark.parametrize("order", ["without the first", "without the last"])
@pytest.mark.parametrize(("resource_type", "least_gone"), LISTED)
def test_a_shorter_list_keeps_the_ids_of_what_remains(order: str, resource_type: str, least_gone: int) -> None:
    before, after = (
        {name: identity(one) for name, one in built(which).items() if one["Type"] == resource_type}
        for which in ("as given", order)
    )
    assert len(before) - len(after) >= least_gone
    assert {name: before.get(name) for name in after} == after

"""VPCs, subnets and route tables that were made elsewhere: little is known of them, and no more is asked for."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template
from constructs import Construct

from cdk_aws_vpn import (
    Bgp,
    CgwInstance,
    ClientVpn,
    Host,
    MutualTls,
    TransitGateway,
    TransitGatewayVpcAttachment,
    VirtualPrivateGateway,
    VpnConfigurationError,
    VpnConnection,
)
from tests.constructs.site import CLOUD, resources

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/0b1c2d3e"


def identifier(kind: str, number: int) -> str:
    return f"{kind}-{number:017x}"


class Imports:
    """A stack with VPCs that were imported with much information and with little, and one of its own."""

    def __init__(self) -> None:
        self.stack = Stack(App(builtin_cloud_formation_validation=False, analytics_reporting=False), "Stack")
        self.tgw = TransitGateway.from_id(self.stack, "Tgw", identifier("tgw", 1))
        self.full, self.second = (
            ec2.Vpc.from_vpc_attributes(
                self.stack,
                f"Full{number}",
                vpc_id=identifier("vpc", number),
                vpc_cidr_block="10.90.0.0/16",
                availability_zones=["eu-west-1a"],
                public_subnet_ids=[identifier("subnet", number)],
                public_subnet_route_table_ids=[identifier("rtb", number)],
                isolated_subnet_ids=[identifier("subnet", 10 + number)],
                isolated_subnet_route_table_ids=[identifier("rtb", 10 + number)],
            )
            for number in (1, 2)
        )
        self.little = ec2.Vpc.from_vpc_attributes(
            self.stack,
            "Little",
            vpc_id=identifier("vpc", 3),
            availability_zones=["eu-west-1a"],
            private_subnet_ids=[identifier("subnet", 3)],
        )
        self.own = ec2.Vpc(self.stack, "Own", max_azs=2, nat_gateways=0)
        self.alone = ec2.Subnet.from_subnet_id(self.stack, "Alone", identifier("subnet", 4))
        self.numbers = itertools.count()

    def scope(self) -> Construct:
        return Construct(self.stack, f"Scope{next(self.numbers)}")

    def device(self, vpc: ec2.IVpc, subnet: ec2.ISubnet, **options: Any) -> CgwInstance:
        return CgwInstance(self.scope(), "Device", vpc=vpc, subnet=subnet, remote_prefixes=[CLOUD], **options)

    def attachment(self, vpc: ec2.IVpc, *subnets: ec2.ISubnet) -> TransitGatewayVpcAttachment:
        options = {"transit_gateway": self.tgw, "vpc": vpc, "subnets": list(subnets)}
        return TransitGatewayVpcAttachment(self.scope(), "Attachment", **options)  # type: ignore[arg-type]

    def clients(self, vpc: ec2.IVpc, *subnets: ec2.ISubnet) -> ClientVpn:
        return ClientVpn(
            self.scope(),
            "Clients",
            vpc=vpc,
            subnets=subnets,
            client_cidr="10.70.0.0/22",
            server_certificate_arn=CERTIFICATE,
            authentication=[MutualTls()],
            split_tunnel=True,
        )

    def host(self, vpc: ec2.IVpc, subnet: ec2.ISubnet) -> Host:
        return Host(self.scope(), "Host", vpc=vpc, subnet=subnet, reachable_from=[CLOUD])

    def vgw(self, vpc: ec2.IVpc) -> VirtualPrivateGateway:
        return VirtualPrivateGateway(self.scope(), "Vgw", vpc=vpc)


@pytest.fixture(scope="module")
def imports() -> Imports:
    return Imports()


def tables(vpc: ec2.IVpc) -> list[ec2.IRouteTable]:
    return [subnet.route_table for subnet in (*vpc.private_subnets, *vpc.isolated_subnets)]


def test_a_subnet_that_is_known_by_its_id_alone_is_enough() -> None:
    imports = Imports()
    imports.attachment(imports.little, imports.alone)
    imports.clients(imports.little, imports.alone)
    imports.host(imports.little, imports.alone)
    device = imports.device(imports.little, imports.alone, local_prefixes=["10.60.0.0/16"])
    device.connect(
        VpnConnection(
            device,
            "Vpn",
            gateway=TransitGateway(imports.stack, "NewTgw"),
            customer_gateway=device.customer_gateway,
            routing=Bgp(),
        )
    )
    template = Template.from_stack(imports.stack)
    (attachment,) = resources(template, "AWS::EC2::TransitGatewayAttachment")
    (association,) = resources(template, "AWS::EC2::ClientVpnTargetNetworkAssociation")
    assert attachment["SubnetIds"] == [association["SubnetId"]] == [identifier("subnet", 4)]


def test_tables_of_the_vpc_itself_are_accepted(imports: Imports) -> None:
    for vpc in (imports.full, imports.own):
        imports.vgw(vpc).propagate_routes_to(tables(vpc))
        private = [*vpc.private_subnets, *vpc.isolated_subnets][0]
        imports.attachment(vpc, private).route_from(tables(vpc), [CLOUD])
        imports.device(vpc, vpc.public_subnets[0]).route_from(tables(vpc))


OF_THE_VPC = "of the VPC"
WRONG: dict[str, tuple[Callable[[Imports], Any], str, str]] = {
    "routes from a subnet without a table": (
        lambda i: i.vgw(i.little).propagate_routes_to(tables(i.little)),
        "route_tables",
        "give route_table_id",
    ),
    "a device in a vpc without a network": (
        lambda i: i.device(i.little, i.alone),
        "local_prefixes",
        "give local_prefixes, or give vpc_cidr_block",
    ),
    "a device in an imported isolated subnet": (
        lambda i: i.device(i.full, i.full.isolated_subnets[0]),
        "subnet",
        "vpc.public_subnets",
    ),
    "a device in an isolated subnet": (
        lambda i: i.device(i.own, [*i.own.private_subnets, *i.own.isolated_subnets][0]),
        "subnet",
        "vpc.public_subnets",
    ),
    "a device in another imported vpc": (lambda i: i.device(i.full, i.second.public_subnets[0]), "subnet", OF_THE_VPC),
    "a device in another vpc": (lambda i: i.device(i.full, i.own.public_subnets[0]), "subnet", OF_THE_VPC),
    "a host in another vpc": (lambda i: i.host(i.own, i.full.isolated_subnets[0]), "subnet", OF_THE_VPC),
    "clients in another vpc": (lambda i: i.clients(i.full, i.second.isolated_subnets[0]), "subnets", OF_THE_VPC),
    "an attachment in another vpc": (
        lambda i: i.attachment(i.second, i.full.isolated_subnets[0]),
        "subnets",
        OF_THE_VPC,
    ),
    "propagation to another vpc": (
        lambda i: VirtualPrivateGateway(i.scope(), "X", vpc=i.second).propagate_routes_to(tables(i.own)),
        "route_tables",
        OF_THE_VPC,
    ),
    "routes of a device from another imported vpc": (
        lambda i: i.device(i.full, i.full.public_subnets[0]).route_from(tables(i.second)),
        "route_tables",
        OF_THE_VPC,
    ),
    "routes of an attachment from another vpc": (
        lambda i: i.attachment(i.second, i.second.isolated_subnets[0]).route_from(tables(i.own), [CLOUD]),
        "route_tables",
        OF_THE_VPC,
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_an_import_lacks_and_what_belongs_elsewhere_is_named(imports: Imports, case: str) -> None:
    write, prop, message = WRONG[case]
    with pytest.raises(VpnConfigurationError) as raised:
        write(imports)
    assert raised.value.property == prop
    assert message in str(raised.value)

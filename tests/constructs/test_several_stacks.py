"""Several stacks of one app: what they may share, and mistakes that no single stack contains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Environment, NestedStack, Stack, Stage
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.assertions import Template
from constructs import Construct

from cdk_aws_vpn import (
    AddressingError,
    Bgp,
    CustomerGateway,
    QuotaError,
    Static,
    TransitGateway,
    TransitGatewayRouteTable,
    TransitGatewayVpcAttachment,
    TunnelOptions,
    TunnelOptionsError,
    VirtualPrivateGateway,
    VpnConfigurationError,
    VpnConnection,
)
from tests.constructs.site import resources

TGW, VGW, VPC, TABLE = (f"{kind}-0123456789abcdef0" for kind in ("tgw", "vgw", "vpc", "tgw-rtb"))
KEY_ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-AbCdEf"
BLOCKS = ("169.254.10.0/30", "169.254.11.0/30")
HERE = Environment(account="111122223333", region="eu-west-1")
Stacks = tuple[Stack, Stack]


def app_of(stack: Stack) -> App:
    root = stack.node.root
    assert isinstance(root, App)
    return root


def two_stacks(**options: Any) -> Stacks:
    app = App(analytics_reporting=False)
    return Stack(app, "One", **options), Stack(app, "Two", **options)


def connection(scope: Construct, gateway: Any, **options: Any) -> VpnConnection:
    device = CustomerGateway.from_id(scope, "Device", "cgw-0123456789abcdef0", bgp_asn=65000)
    return VpnConnection(scope, "Vpn", **{"gateway": gateway, "customer_gateway": device, "routing": Bgp(), **options})


def vpc(scope: Construct, vpc_id: str = VPC) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        scope,
        "Vpc",
        vpc_id=vpc_id,
        availability_zones=["eu-west-1a"],
        private_subnet_ids=["subnet-0123456789abcdef0"],
        private_subnet_route_table_ids=["rtb-0123456789abcdef0"],
    )


def attachment(scope: Construct, gateway: Any, **options: str) -> TransitGatewayVpcAttachment:
    network = vpc(scope, **options)
    return TransitGatewayVpcAttachment(
        scope, "Attachment", transit_gateway=gateway, vpc=network, subnets=network.private_subnets
    )


def same_inside_cidrs(scope: Construct) -> None:
    tunnels = [TunnelOptions(inside_cidr=block) for block in BLOCKS]
    connection(scope, VirtualPrivateGateway.from_id(scope, "Vgw", VGW), tunnels=tunnels)


def same_customer_gateway(scope: Construct) -> None:
    CustomerGateway(scope, "Device", address="203.0.113.7", bgp_asn=65010)


def same_vpc_for_a_vgw(scope: Construct) -> None:
    VirtualPrivateGateway(scope, "Vgw", vpc=vpc(scope))


def same_vpc_attachment(scope: Construct) -> None:
    attachment(scope, TransitGateway.from_id(scope, "Tgw", TGW))


def same_route(scope: Construct) -> None:
    gateway = TransitGateway.from_id(scope, "Tgw", TGW)
    table = TransitGatewayRouteTable.from_id(scope, "Table", TABLE, transit_gateway=gateway)
    table.add_blackhole("10.60.0.0/16")


TWICE: dict[str, tuple[Callable[[Construct], None], type[Exception], str]] = {
    "inside CIDR block": (same_inside_cidrs, AddressingError, "a block that no other tunnel of the gateway uses"),
    "customer gateway": (same_customer_gateway, AddressingError, "One/Device already has these"),
    "virtual private gateway of a VPC": (same_vpc_for_a_vgw, VpnConfigurationError, "One/Vgw is attached to this one"),
    "attachment of a VPC": (same_vpc_attachment, VpnConfigurationError, "one attachment per VPC"),
    "route of a table": (same_route, AddressingError, "one route per network in a route table"),
}


@pytest.mark.parametrize("twice", TWICE)
@pytest.mark.parametrize("options", [{}, {"env": HERE}], ids=["environment-agnostic", "in an account"])
def test_what_an_account_has_once_is_seen_in_two_stacks(twice: str, options: dict[str, Any]) -> None:
    make, error, allowed = TWICE[twice]
    first, second = two_stacks(**options)
    make(first)
    with pytest.raises(error, match=allowed):
        make(second)


@pytest.mark.parametrize("twice", TWICE)
def test_two_regions_and_two_stages_have_each_their_own(twice: str) -> None:
    make, _, _ = TWICE[twice]
    app = App(analytics_reporting=False)
    make(Stack(app, "Here", env=HERE))
    make(Stack(app, "There", env=Environment(account="111122223333", region="eu-west-3")))
    for name in ("Dev", "Prod"):
        make(Stack(Stage(app, name), "Vpn"))


def test_the_placeholders_of_two_look_ups_are_not_one_vpc() -> None:
    """The CDK supplies the same placeholder for every VPC that it has not looked up yet."""
    first, second = two_stacks(env=HERE)
    for stack in (first, second):
        VirtualPrivateGateway(stack, "Vgw", vpc=vpc(stack, vpc_id="vpc-12345"))


@pytest.mark.parametrize("wrapped", ["a literal", "a reference"])
def test_the_connections_of_one_gateway_are_counted_over_its_constructs(wrapped: str) -> None:
    first, second = two_stacks()
    gateway = VirtualPrivateGateway(first, "Vgw", vpc=vpc(first)) if wrapped == "a reference" else None
    gateway_id = gateway.vpn_gateway_id if gateway else VGW
    for number in range(10):
        scope = Construct((first, second)[number % 2], f"Site{number}")
        connection(scope, VirtualPrivateGateway.from_id(scope, "Same", gateway_id))
    last = Construct(second, "Last")
    with pytest.raises(QuotaError, match="VPN connections per virtual private gateway"):
        connection(last, VirtualPrivateGateway.from_id(last, "Same", gateway_id))


def test_one_secret_under_two_names_is_one_key() -> None:
    stack, _ = two_stacks()
    one, two = (secretsmanager.Secret.from_secret_complete_arn(stack, name, KEY_ARN) for name in ("One", "Two"))
    tunnels = [TunnelOptions(pre_shared_key=one), TunnelOptions(pre_shared_key=two)]
    with pytest.raises(TunnelOptionsError, match="a different one for each tunnel"):
        connection(stack, VirtualPrivateGateway.from_id(stack, "Vgw", VGW), tunnels=tunnels)


def test_two_constructs_of_one_transit_gateway_are_one() -> None:
    first, second = two_stacks()
    table = TransitGatewayRouteTable(second, "Table", transit_gateway=TransitGateway.from_id(second, "Tgw", TGW))
    vpn = connection(first, TransitGateway.from_id(first, "Tgw", TGW))
    table.associate(vpn)
    assert len(resources(Template.from_stack(second), "AWS::EC2::TransitGatewayRouteTableAssociation")) == 1
    other = TransitGatewayRouteTable.from_id(
        first, "Other", TABLE, transit_gateway=TransitGateway.from_id(first, "Tgw2", TGW)
    )
    with pytest.raises(VpnConfigurationError, match="Two/Table has this one"):
        other.associate(vpn)


def hub_and_sites() -> tuple[TransitGateway, list[Stack], list[VpnConnection]]:
    """A hub's transit gateway, and two stacks with equal ids that end their connection on it."""
    app = App(analytics_reporting=False)
    gateway = TransitGateway(Stack(app, "Hub"), "Tgw")
    sites = [Stack(app, f"Site{number}") for number in (1, 2)]
    return (
        gateway,
        sites,
        [connection(site, gateway, routing=Static([f"10.{n}.0.0/16"])) for n, site in enumerate(sites)],
    )


def test_a_stack_of_its_own_routes_between_stacks_with_equal_ids() -> None:
    gateway, sites, vpns = hub_and_sites()
    routing = Stack(app_of(sites[0]), "Routing")
    table = TransitGatewayRouteTable(routing, "Table", transit_gateway=gateway)
    table.associate(*vpns)
    for vpn in vpns:
        table.route_to(vpn)
    template = Template.from_stack(routing)
    found = template.find_resources("AWS::EC2::TransitGatewayRouteTableAssociation")
    assert sorted(name[: len("TableAssociationSite1Vpn")] for name in found) == [
        "TableAssociationSite1Vpn",
        "TableAssociationSite2Vpn",
    ]
    assert len(template.find_resources("AWS::EC2::TransitGatewayRoute")) == 2


def test_each_site_routes_itself_into_the_table_of_the_hub() -> None:
    gateway, sites, vpns = hub_and_sites()
    table = TransitGatewayRouteTable(Stack.of(gateway), "Table", transit_gateway=gateway)
    for site, vpn in zip(sites, vpns, strict=True):
        mine = TransitGatewayRouteTable.from_id(
            site, "Table", table.transit_gateway_route_table_id, transit_gateway=gateway
        )
        mine.associate(vpn)
        mine.route_to(vpn)
    assert len(resources(Template.from_stack(sites[1]), "AWS::EC2::TransitGatewayRoute")) == 1


@pytest.mark.parametrize("method", ["associate", "propagate_from", "route_to"])
def test_a_table_in_the_stack_of_the_gateway_names_the_way_out_of_the_circle(method: str) -> None:
    gateway, _, vpns = hub_and_sites()
    hub = Stack.of(gateway)
    own = TransitGatewayRouteTable(hub, "Table", transit_gateway=gateway)
    wrapped = TransitGatewayRouteTable.from_id(hub, "Same", own.transit_gateway_route_table_id, transit_gateway=gateway)
    for table in (own, wrapped):
        with pytest.raises(VpnConfigurationError, match=r"in Site1, on TransitGatewayRouteTable.from_id\(") as problem:
            getattr(table, method)(vpns[0])
        assert "would depend on each other" in problem.value.allowed


def test_a_nested_stack_is_deployed_with_its_parent_and_needs_no_way_out() -> None:
    hub = Stack(App(analytics_reporting=False), "Hub")
    gateway = TransitGateway(hub, "Tgw")
    vpn = connection(NestedStack(hub, "Site"), gateway)
    TransitGatewayRouteTable(hub, "Table", transit_gateway=gateway).associate(vpn)
    (found,) = resources(Template.from_stack(hub), "AWS::EC2::TransitGatewayRouteTableAssociation")
    assert "Outputs" in str(found["TransitGatewayAttachmentId"])


@pytest.mark.parametrize("own", ["vpn_gateway=True", "an import"])
def test_a_vpc_with_a_gateway_of_its_own_gets_no_second_one(own: str) -> None:
    stack, _ = two_stacks()
    network = (
        ec2.Vpc(stack, "Vpc", max_azs=1, nat_gateways=0, vpn_gateway=True)
        if own == "vpn_gateway=True"
        else ec2.Vpc.from_vpc_attributes(
            stack, "Vpc", vpc_id=VPC, availability_zones=["eu-west-1a"], vpn_gateway_id=VGW
        )
    )
    with pytest.raises(VpnConfigurationError, match=r"VirtualPrivateGateway.from_id\(scope, id, vpc.vpn_gateway_id\)"):
        VirtualPrivateGateway(stack, "Vgw", vpc=network)


def test_a_gateway_that_the_vpc_gets_later_stops_the_synthesis() -> None:
    stack, _ = two_stacks()
    network = ec2.Vpc(stack, "Vpc", max_azs=1, nat_gateways=0)
    VirtualPrivateGateway(stack, "Vgw", vpc=network)
    network.enable_vpn_gateway(type="ipsec.1")
    with pytest.raises(RuntimeError, match=r"enable_vpn_gateway\(…\) made another"):
        app_of(stack).synth()

"""Transit gateways: reachability, learned routes, and what EC2 rejects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from vpn_lab.region import Region

IDC = "10.60.0.0/16"


class Hub:
    """A transit gateway, a VPC and a VPN connection; everything is deleted at the end."""

    def __init__(self, region: Region, **options: Any) -> None:
        self.region, self.ec2 = region, region.client("ec2")
        off = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
        made = self.ec2.create_transit_gateway(Options={**off, **options})
        self.gateway = made["TransitGateway"]["TransitGatewayId"]
        self.vpc = self.ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [self.subnet(f"10.50.{number}.0/24", zone) for number, zone in enumerate("aab")]
        self.customers: list[str] = []
        self.connections: list[str] = []

    def subnet(self, cidr: str, zone: str) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=f"us-east-1{zone}")
        return str(made["Subnet"]["SubnetId"])

    def request(self, **changed: Any) -> dict[str, Any]:
        return {"TransitGatewayId": self.gateway, "VpcId": self.vpc, "SubnetIds": self.subnets[:1], **changed}

    def attach(self) -> str:
        made = self.ec2.create_transit_gateway_vpc_attachment(**self.request())
        return str(made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"])

    def connect(self, *tunnels: dict[str, Any], **options: Any) -> dict[str, Any]:
        address = f"203.0.113.{150 + len(self.customers)}"
        customer = self.ec2.create_customer_gateway(Type="ipsec.1", IpAddress=address, BgpAsn=65000)
        self.customers.append(customer["CustomerGateway"]["CustomerGatewayId"])
        made = self.ec2.create_vpn_connection(
            Type="ipsec.1",
            CustomerGatewayId=self.customers[-1],
            TransitGatewayId=self.gateway,
            Options={"TunnelOptions": list(tunnels), **options},
        )["VpnConnection"]
        self.connections.append(made["VpnConnectionId"])
        return dict(made)

    def attachment_of(self, connection: str) -> str:
        """The attachment, once it is available."""
        self.ec2.get_waiter("vpn_connection_available").wait(
            VpnConnectionIds=[connection], WaiterConfig={"Delay": 1, "MaxAttempts": 20}
        )
        mine = [{"Name": "resource-id", "Values": [connection]}]
        (found,) = self.ec2.describe_transit_gateway_attachments(Filters=mine)["TransitGatewayAttachments"]
        return str(found["TransitGatewayAttachmentId"])

    def table(self) -> str:
        made = self.ec2.create_transit_gateway_route_table(TransitGatewayId=self.gateway)
        return str(made["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"])

    def routes(self, table: str) -> list[tuple[str, str, str, list[str]]]:
        both = [{"Name": "state", "Values": ["active", "blackhole"]}]
        found = self.ec2.search_transit_gateway_routes(TransitGatewayRouteTableId=table, Filters=both)["Routes"]
        return [
            (
                one["DestinationCidrBlock"],
                one["Type"],
                one["State"],
                [each["ResourceType"] for each in one.get("TransitGatewayAttachments", [])],
            )
            for one in found
        ]

    def report(self, connection: dict[str, Any], status: str = "UP") -> None:
        for tunnel in connection["Options"]["TunnelOptions"]:
            self.region.report_tunnel(
                connection["VpnConnectionId"], tunnel["OutsideIpAddress"], status=status, learned_prefixes=[IDC]
            )

    def remove(self) -> None:
        for connection in self.connections:
            self.ec2.delete_vpn_connection(VpnConnectionId=connection)
        for customer in self.customers:
            self.ec2.delete_customer_gateway(CustomerGatewayId=customer)
        mine = [{"Name": "transit-gateway-id", "Values": [self.gateway]}]
        for one in self.ec2.describe_transit_gateway_attachments(Filters=mine)["TransitGatewayAttachments"]:
            attachment = one["TransitGatewayAttachmentId"]
            self.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)
        self.ec2.delete_transit_gateway(TransitGatewayId=self.gateway)
        for subnet in self.subnets:
            self.ec2.delete_subnet(SubnetId=subnet)
        self.ec2.delete_vpc(VpcId=self.vpc)


@pytest.fixture
def hub(region: Region) -> Iterator[Hub]:
    made = Hub(region)
    yield made
    made.remove()


def relate(hub: Hub, call: str, table: str, attachment: str) -> Callable[[], Any]:
    names = {"TransitGatewayRouteTableId": table, "TransitGatewayAttachmentId": attachment}
    return lambda: getattr(hub.ec2, call)(**names)


def test_a_table_learns_a_vpcs_network_at_once_and_a_devices_when_its_tunnel_is_up(hub: Hub) -> None:
    table, vpc, connection = hub.table(), hub.attach(), hub.connect()
    vpn = hub.attachment_of(connection["VpnConnectionId"])
    for attachment in (vpc, vpn):
        relate(hub, "enable_transit_gateway_route_table_propagation", table, attachment)()
    assert hub.routes(table) == [("10.50.0.0/16", "propagated", "active", ["vpc"])]
    hub.report(connection)
    assert (IDC, "propagated", "active", ["vpn"]) in hub.routes(table)
    hub.report(connection, status="DOWN")
    assert hub.routes(table) == [("10.50.0.0/16", "propagated", "active", ["vpc"])]


@pytest.mark.parametrize(("ecmp", "expected"), [("enable", ["vpn", "vpn"]), ("disable", ["vpn"])])
def test_two_connections_with_the_same_network_share_a_route_where_ecmp_is_on(
    region: Region, ecmp: str, expected: list[str]
) -> None:
    hub = Hub(region, VpnEcmpSupport=ecmp)
    table, connections = hub.table(), [hub.connect(), hub.connect()]
    for connection in connections:
        attachment = hub.attachment_of(connection["VpnConnectionId"])
        relate(hub, "enable_transit_gateway_route_table_propagation", table, attachment)()
        hub.report(connection)
    assert hub.routes(table) == [(IDC, "propagated", "active", expected)]
    hub.remove()


def test_a_static_route_wins_over_a_learned_one_and_outlives_its_attachment_as_a_blackhole(hub: Hub) -> None:
    table, vpc = hub.table(), hub.attach()
    relate(hub, "enable_transit_gateway_route_table_propagation", table, vpc)()
    route = {"TransitGatewayRouteTableId": table, "DestinationCidrBlock": "10.50.0.0/16"}
    hub.ec2.create_transit_gateway_route(**route, TransitGatewayAttachmentId=vpc)
    assert hub.routes(table) == [("10.50.0.0/16", "static", "active", ["vpc"])]
    hub.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=vpc)
    assert hub.routes(table) == [("10.50.0.0/16", "static", "blackhole", [])]


def test_a_static_connection_propagates_nothing(hub: Hub) -> None:
    table, connection = hub.table(), hub.connect(StaticRoutesOnly=True)
    vpn = hub.attachment_of(connection["VpnConnectionId"])
    relate(hub, "enable_transit_gateway_route_table_propagation", table, vpn)()
    hub.report(connection)
    assert hub.routes(table) == []


def test_the_default_route_table_takes_each_attachment_where_it_is_on(region: Region) -> None:
    on = {"DefaultRouteTableAssociation": "enable", "DefaultRouteTablePropagation": "enable"}
    hub = Hub(region, **on)
    options = hub.ec2.describe_transit_gateways(TransitGatewayIds=[hub.gateway])["TransitGateways"][0]["Options"]
    table = options["AssociationDefaultRouteTableId"]
    assert table == options["PropagationDefaultRouteTableId"]
    hub.attach()
    named = {"TransitGatewayRouteTableId": table}
    assert len(hub.ec2.get_transit_gateway_route_table_associations(**named)["Associations"]) == 1
    assert hub.routes(table) == [("10.50.0.0/16", "propagated", "active", ["vpc"])]
    hub.remove()


def test_an_attachment_goes_with_its_connection_and_moves_with_it(hub: Hub, region: Region) -> None:
    connection = hub.connect()["VpnConnectionId"]
    first, other = hub.attachment_of(connection), Hub(region)
    hub.ec2.modify_vpn_connection(VpnConnectionId=connection, TransitGatewayId=other.gateway)
    second = hub.attachment_of(connection)
    assert first != second
    hub.ec2.delete_vpn_connection(VpnConnectionId=hub.connections.pop())
    mine = [{"Name": "resource-id", "Values": [connection]}]
    assert hub.ec2.describe_transit_gateway_attachments(Filters=mine)["TransitGatewayAttachments"] == []
    other.remove()


def test_ipv6_tunnels_get_a_block_when_they_ask_for_none(hub: Hub) -> None:
    tunnels = hub.connect(TunnelInsideIpVersion="ipv6")["Options"]["TunnelOptions"]
    blocks = [one["TunnelInsideIpv6Cidr"] for one in tunnels]
    assert all(block.startswith("fd") and block.endswith("/126") for block in blocks)
    assert blocks[0] != blocks[1]


def test_an_attachment_has_one_route_table(hub: Hub, refusal: Callable[..., str]) -> None:
    vpc, first, second = hub.attach(), hub.table(), hub.table()
    relate(hub, "associate_transit_gateway_route_table", first, vpc)()
    for table in (first, second):
        assert refusal(relate(hub, "associate_transit_gateway_route_table", table, vpc)) == "Resource.AlreadyAssociated"
    wrong = relate(hub, "disassociate_transit_gateway_route_table", second, vpc)
    assert refusal(wrong) == "InvalidAssociation.NotFound"


def test_a_table_learns_from_an_attachment_once(hub: Hub, refusal: Callable[..., str]) -> None:
    vpc, table = hub.attach(), hub.table()
    enable = relate(hub, "enable_transit_gateway_route_table_propagation", table, vpc)
    enable()
    assert refusal(enable) == "TransitGatewayRouteTablePropagation.Duplicate"
    disable = relate(hub, "disable_transit_gateway_route_table_propagation", table, vpc)
    disable()
    assert refusal(disable) == "TransitGatewayRouteTablePropagation.NotFound"


def test_what_belongs_to_another_gateway_is_refused(hub: Hub, region: Region, refusal: Callable[..., str]) -> None:
    other = Hub(region)
    wrong = relate(hub, "associate_transit_gateway_route_table", other.table(), hub.attach())
    assert refusal(wrong) == "InvalidParameterValue"
    other.remove()


def test_an_attachment_has_a_subnet_in_each_zone_once(hub: Hub, refusal: Callable[..., str]) -> None:
    create = hub.ec2.create_transit_gateway_vpc_attachment
    assert refusal(create, **hub.request(SubnetIds=hub.subnets[:2])) == "DuplicateSubnetsInSameZone"
    hub.ec2.create_transit_gateway_vpc_attachment(**hub.request(SubnetIds=hub.subnets[1:]))
    assert refusal(create, **hub.request()) == "DuplicateTransitGatewayAttachment"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"TransitGatewayId": "tgw-00000000000000000"}, "InvalidTransitGatewayID.NotFound"),
        ({"VpcId": "vpc-00000000000000000"}, "InvalidVpcID.NotFound"),
        ({"SubnetIds": ["subnet-00000000000000000"]}, "InvalidSubnetID.NotFound"),
    ],
)
def test_an_attachment_of_what_does_not_exist_is_refused(
    hub: Hub, refusal: Callable[..., str], changed: dict[str, Any], code: str
) -> None:
    assert refusal(hub.ec2.create_transit_gateway_vpc_attachment, **hub.request(**changed)) == code


def test_a_vpc_routes_to_a_gateway_only_while_it_is_attached(hub: Hub, refusal: Callable[..., str]) -> None:
    (table,) = hub.ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [hub.vpc]}])["RouteTables"]
    route = {"RouteTableId": table["RouteTableId"], "DestinationCidrBlock": IDC, "TransitGatewayId": hub.gateway}
    assert refusal(hub.ec2.create_route, **route) == "InvalidTransitGatewayID.NotFound"
    attachment = hub.attach()
    hub.ec2.create_route(**route)

    def state() -> str:
        shown = hub.ec2.describe_route_tables(RouteTableIds=[table["RouteTableId"]])["RouteTables"][0]["Routes"]
        return next(str(one["State"]) for one in shown if one["DestinationCidrBlock"] == IDC)

    assert state() == "active"
    hub.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)
    assert state() == "blackhole"
    hub.ec2.delete_route(RouteTableId=table["RouteTableId"], DestinationCidrBlock=IDC)


def test_what_is_attached_cannot_be_deleted(hub: Hub, refusal: Callable[..., str]) -> None:
    vpc, table = hub.attach(), hub.table()
    relate(hub, "associate_transit_gateway_route_table", table, vpc)()
    assert refusal(hub.ec2.delete_transit_gateway, TransitGatewayId=hub.gateway) == "IncorrectState"
    assert refusal(hub.ec2.delete_subnet, SubnetId=hub.subnets[0]) == "DependencyViolation"
    assert refusal(hub.ec2.delete_vpc, VpcId=hub.vpc) == "DependencyViolation"
    delete = hub.ec2.delete_transit_gateway_route_table
    assert refusal(delete, TransitGatewayRouteTableId=table) == "IncorrectState"


def test_a_route_is_made_once_and_removed_once(hub: Hub, refusal: Callable[..., str]) -> None:
    route = {"TransitGatewayRouteTableId": hub.table(), "DestinationCidrBlock": IDC}
    create, delete = hub.ec2.create_transit_gateway_route, hub.ec2.delete_transit_gateway_route
    assert refusal(create, **route) == "InvalidParameterCombination"
    create(**route, Blackhole=True)
    assert refusal(create, **route, Blackhole=True) == "RouteAlreadyExists"
    delete(**route)
    assert refusal(delete, **route) == "InvalidRoute.NotFound"


def test_inside_cidrs_are_unique_on_a_gateway(hub: Hub, refusal: Callable[..., str]) -> None:
    hub.connect({"TunnelInsideCidr": "169.254.10.0/30"})
    assert refusal(lambda: hub.connect({"TunnelInsideCidr": "169.254.10.0/30"})) == "InvalidParameterValue"


def test_routes_of_a_connection_stand_in_the_gateways_tables(hub: Hub, refusal: Callable[..., str]) -> None:
    connection = hub.connect(StaticRoutesOnly=True)["VpnConnectionId"]
    create = hub.ec2.create_vpn_connection_route
    assert refusal(create, VpnConnectionId=connection, DestinationCidrBlock=IDC) == "InvalidParameterValue"


@pytest.mark.parametrize(
    "options",
    [
        {"TunnelBandwidth": "large", "EnableAcceleration": True},
        {"TunnelInsideIpVersion": "ipv6", "LocalIpv4NetworkCidr": IDC},
        {"OutsideIpAddressType": "PrivateIpv4"},
        {"TransportTransitGatewayAttachmentId": "tgw-attach-00000000000000000"},
    ],
)
def test_options_that_exclude_each_other_are_refused(
    hub: Hub, refusal: Callable[..., str], options: dict[str, Any]
) -> None:
    assert refusal(hub.connect, **options) == "InvalidParameterCombination"


def test_a_private_connection_runs_over_a_direct_connect_gateway_only(hub: Hub, refusal: Callable[..., str]) -> None:
    private = {"OutsideIpAddressType": "PrivateIpv4", "TransportTransitGatewayAttachmentId": hub.attach()}
    assert refusal(hub.connect, **private) == "InvalidParameterValue"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"AmazonSideAsn": 3356}, "InvalidParameterValue"),
        ({"VpnEcmpSupport": "on"}, "InvalidParameterValue"),
        ({"TransitGatewayCidrBlocks": ["10.0.0.0/25"]}, "InvalidParameterValue"),
        ({"TransitGatewayCidrBlocks": [f"10.{n}.0.0/24" for n in range(6)]}, "TransitGatewayCidrBlockLimitExceeded"),
    ],
)
def test_a_gateway_with_options_out_of_range_is_refused(
    region: Region, refusal: Callable[..., str], options: dict[str, Any], code: str
) -> None:
    assert refusal(region.client("ec2").create_transit_gateway, Options=options) == code


def test_routes_are_searched_with_a_filter_that_exists(hub: Hub, refusal: Callable[..., str]) -> None:
    search, table = hub.ec2.search_transit_gateway_routes, hub.table()
    wrong = [{"Name": "colour", "Values": ["blue"]}]
    assert refusal(search, TransitGatewayRouteTableId=table, Filters=wrong) == "InvalidParameterValue"
    assert refusal(search, TransitGatewayRouteTableId=table, Filters=[]) == "MissingParameter"

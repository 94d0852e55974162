"""What EC2 refuses for transit gateways, their attachments and their route tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.region.hub import IDC, Hub, relate
from vpn_lab.region import Region


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

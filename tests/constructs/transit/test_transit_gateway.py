"""What a transit gateway, its attachments and its route tables put into the template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import Fn, Token

from cdk_aws_vpn import (
    CgwPair,
    CustomerGateway,
    Static,
    TransitGateway,
    TransitGatewayRouteTable,
    TransitGatewayVpcAttachment,
    TunnelOptions,
    VpnConfigurationError,
)
from tests.constructs.site import CLOUD, IDC, Site, resources

TRANSPORT = "tgw-attach-0123456789abcdef0"


@pytest.fixture
def site() -> Site:
    return Site()


def attached(site: Site, gateway: Any) -> TransitGatewayVpcAttachment:
    subnets = site.vpc.isolated_subnets
    return TransitGatewayVpcAttachment(site.stack, "Attachment", transit_gateway=gateway, vpc=site.vpc, subnets=subnets)


def test_by_default_ecmp_is_on_and_nothing_is_reached_without_a_route_table(site: Site) -> None:
    TransitGateway(site.stack, "Gateway")
    (found,) = resources(site.template, "AWS::EC2::TransitGateway")
    assert found == {
        "AmazonSideAsn": 64512,
        "AutoAcceptSharedAttachments": "disable",
        "DefaultRouteTableAssociation": "disable",
        "DefaultRouteTablePropagation": "disable",
        "DnsSupport": "enable",
        "VpnEcmpSupport": "enable",
        "Tags": [{"Key": "Name", "Value": "Stack/Gateway"}],
    }


def test_everything_about_a_gateway_can_be_chosen(site: Site) -> None:
    TransitGateway(
        site.stack,
        "Gateway",
        amazon_side_asn=4200000000,
        vpn_ecmp_support=False,
        default_route_table_association=True,
        default_route_table_propagation=True,
        cidr_blocks=["10.200.0.0/24", Token.as_string({"Fn::ImportValue": "block"})],
        name="hub",
    )
    (found,) = resources(site.template, "AWS::EC2::TransitGateway")
    assert found["VpnEcmpSupport"] == "disable"
    assert found["DefaultRouteTableAssociation"] == found["DefaultRouteTablePropagation"] == "enable"
    assert found["TransitGatewayCidrBlocks"] == ["10.200.0.0/24", {"Fn::ImportValue": "block"}]


def test_the_routes_of_a_vpc_wait_for_its_attachment(site: Site) -> None:
    attached(site, site.tgw).route_from([site.vpc.isolated_subnets[0].route_table] * 2, [CLOUD])
    (attachment,) = site.template.find_resources("AWS::EC2::TransitGatewayAttachment")
    (route,) = site.template.find_resources("AWS::EC2::Route").values()
    assert route["DependsOn"] == [attachment]
    assert route["Properties"]["TransitGatewayId"] == "tgw-0123456789abcdef0"
    assert route["Properties"]["DestinationCidrBlock"] == CLOUD


def test_a_route_table_takes_vpcs_and_connections_alike(site: Site) -> None:
    gateway = TransitGateway(site.stack, "Gateway")
    vpn, vpc = site.connection(gateway=gateway), attached(site, gateway)
    table = TransitGatewayRouteTable(site.stack, "Table", transit_gateway=gateway)
    table.associate(vpc, vpn)
    table.propagate_from(vpc, vpn)
    table.add_route("10.9.0.0/16", vpc)
    table.add_blackhole("fd00:9::/64")
    for kind in ("Association", "Propagation"):
        found = resources(site.template, f"AWS::EC2::TransitGatewayRouteTable{kind}")
        ends = [json.dumps(one["TransitGatewayAttachmentId"]) for one in found]
        assert "TransitGatewayAttachmentId" in ends[1]
        assert '"Ref": "Attachment' in ends[0]
    routes = resources(site.template, "AWS::EC2::TransitGatewayRoute")
    assert [route.get("Blackhole") for route in routes] == [None, True]


def test_the_attachment_of_a_connection_is_looked_up_once_for_its_gateway(site: Site) -> None:
    gateway = TransitGateway(site.stack, "Gateway")
    vpn = site.connection(gateway=gateway)
    assert vpn.transit_gateway_attachment_id == vpn.transit_gateway_attachment_id
    (lookup,) = site.template.find_resources("Custom::VpnTransitGatewayAttachment").values()
    asked = lookup["Properties"]
    assert set(asked) == {"ServiceToken", "VpnConnectionId", "TransitGatewayId"}
    # another gateway is another attachment, so it must make CloudFormation ask again
    assert asked["TransitGatewayId"] == site.stack.resolve(gateway.transit_gateway_id)


def test_a_connection_whose_attachment_nobody_asks_for_is_not_looked_up(site: Site) -> None:
    site.connection(gateway=site.tgw)
    assert not site.template.find_resources("Custom::VpnTransitGatewayAttachment")


def test_static_routes_stand_in_the_route_table_and_not_on_the_connection(site: Site) -> None:
    vpn = site.connection(gateway=site.tgw, routing=Static([IDC, "10.61.0.0/16"]))
    table = TransitGatewayRouteTable.from_id(site.stack, "Table", "tgw-rtb-0123456789abcdef0", transit_gateway=site.tgw)
    table.route_to(vpn)
    routes = resources(site.template, "AWS::EC2::TransitGatewayRoute")
    assert [route["DestinationCidrBlock"] for route in routes] == [IDC, "10.61.0.0/16"]
    assert not site.template.find_resources("AWS::EC2::VPNConnectionRoute")
    assert resources(site.template, "AWS::EC2::VPNConnection")[0]["StaticRoutesOnly"] is True


def test_a_private_connection_runs_over_a_given_attachment(site: Site) -> None:
    gateway = TransitGateway(site.stack, "Gateway", cidr_blocks=["10.200.0.0/24"])
    private = CustomerGateway(site.stack, "Private", address="10.0.0.7", outside_ip_address_type="PrivateIpv4")
    site.connection(
        gateway=gateway,
        customer_gateway=private,
        outside_ip_address_type="PrivateIpv4",
        transport_transit_gateway_attachment_id=TRANSPORT,
    )
    (found,) = resources(site.template, "AWS::EC2::VPNConnection")
    assert found["OutsideIpAddressType"] == "PrivateIpv4"
    assert found["TransportTransitGatewayAttachmentId"] == TRANSPORT


def test_large_tunnels_and_ipv6_inside_go_together(site: Site) -> None:
    blocks = (TunnelOptions(inside_ipv6_cidr="fd00::/126"), TunnelOptions(inside_ipv6_cidr="fd00::4/126"))
    site.connection(gateway=site.tgw, tunnel_bandwidth="large", tunnel_inside_ip_version="ipv6", tunnels=blocks)
    (found,) = resources(site.template, "AWS::EC2::VPNConnection")
    assert (found["TunnelBandwidth"], found["TunnelInsideIpVersion"]) == ("large", "ipv6")


def test_a_transit_gateway_announces_and_learns_more_networks_than_a_virtual_private_one(site: Site) -> None:
    device = site.device(private_address="10.60.0.100")
    device.connect(site.connection(gateway=site.tgw, customer_gateway=device.customer_gateway))
    assert "maximum-prefix 5000" in device.user_data
    other = site.connected("Other", private_address="10.60.0.101")
    assert "maximum-prefix 100\n" in other.user_data


@pytest.mark.parametrize("active_active", [True, False])
def test_a_device_knows_its_partner_and_whether_both_announce_equal_paths(site: Site, active_active: bool) -> None:
    devices = []
    for name, subnet in zip(("Active", "Standby"), site.idc.public_subnets, strict=True):
        one = site.device(name, private_address=site.idc.address(subnet), subnet=subnet)
        vpn = site.connection(f"{name}Vpn", gateway=site.tgw, customer_gateway=one.customer_gateway)
        one.connect(vpn)
        devices.append(one)
    CgwPair(
        site.stack,
        "Pair",
        active=devices[0],
        standby=devices[1],
        idc_route_tables=site.idc.private_route_tables,
        active_active=active_active,
    )
    assert '"partner_address": "10.60.2.100"' in devices[0].user_data
    assert ('"active_active": true' in devices[0].user_data) is active_active


def test_an_attachment_that_the_app_does_not_contain_is_named_by_its_id(site: Site) -> None:
    other = "tgw-attach-0123456789abcdef1"
    table = TransitGatewayRouteTable(site.stack, "Table", transit_gateway=site.tgw)
    table.associate(other)
    table.propagate_from(other, Fn.import_value("attachment"))
    table.add_route("10.9.0.0/16", other)
    for kind in ("RouteTableAssociation", "Route"):
        (found,) = resources(site.template, f"AWS::EC2::TransitGateway{kind}")
        assert found["TransitGatewayAttachmentId"] == other
    assert len(resources(site.template, "AWS::EC2::TransitGatewayRouteTablePropagation")) == 2
    with pytest.raises(VpnConfigurationError, match="Stack/Table has this one"):
        TransitGatewayRouteTable(site.stack, "Other", transit_gateway=site.tgw).associate(other)

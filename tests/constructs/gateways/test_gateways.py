"""What the gateways put into the template."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Token
from aws_cdk.assertions import Match

from cdk_aws_vpn import (
    CustomerGateway,
    TransitGateway,
    TransitGatewayRouteTable,
    VirtualPrivateGateway,
    VpnConfigurationError,
)
from tests.constructs.site import Site, resources

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0123"


@pytest.fixture
def site() -> Site:
    return Site()


def test_a_virtual_private_gateway_is_attached_to_its_vpc_with_its_asn(site: Site) -> None:
    VirtualPrivateGateway(site.stack, "Gateway", vpc=site.vpc, amazon_side_asn=64600)
    site.template.has_resource_properties(
        "AWS::EC2::VPNGateway",
        {"Type": "ipsec.1", "AmazonSideAsn": 64600, "Tags": [{"Key": "Name", "Value": "Stack/Gateway"}]},
    )
    site.template.has_resource_properties(
        "AWS::EC2::VPCGatewayAttachment",
        {"VpcId": "vpc-0123456789abcdef0", "VpnGatewayId": {"Ref": Match.any_value()}},
    )


def test_propagation_waits_for_the_attachment_and_takes_a_shared_table_once(site: Site) -> None:
    gateway = VirtualPrivateGateway(site.stack, "Gateway", vpc=site.vpc)
    tables = [site.vpc.isolated_subnets[0].route_table, site.vpc.public_subnets[0].route_table]
    gateway.propagate_routes_to([*tables, tables[0]])
    attachment = next(iter(site.template.find_resources("AWS::EC2::VPCGatewayAttachment")))
    site.template.has_resource(
        "AWS::EC2::VPNGatewayRoutePropagation",
        {
            "Properties": {"RouteTableIds": ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"]},
            "DependsOn": [attachment],
        },
    )


def test_existing_gateways_add_nothing_to_the_template(site: Site) -> None:
    VirtualPrivateGateway.from_id(site.stack, "Vgw2", "vgw-01234567")
    TransitGateway.from_id(site.stack, "Tgw2", "tgw-01234567")
    CustomerGateway.from_id(site.stack, "Cgw2", "cgw-01234567", bgp_asn=65010)
    assert "Resources" not in site.template.to_json()


def test_the_id_of_an_existing_gateway_may_be_known_only_at_deployment(site: Site) -> None:
    token = Token.as_string({"Fn::ImportValue": "shared-vgw"})
    site.connection(gateway=VirtualPrivateGateway.from_id(site.stack, "Imported", token))
    site.template.has_resource_properties(
        "AWS::EC2::VPNConnection", {"VpnGatewayId": {"Fn::ImportValue": "shared-vgw"}}
    )


def test_a_customer_gateway_has_the_devices_address_asn_and_name(site: Site) -> None:
    CustomerGateway(site.stack, "Cgw", address="203.0.113.8", bgp_asn=65010, device_name="edge-1", name="Branch")
    assert resources(site.template, "AWS::EC2::CustomerGateway") == [
        {
            "Type": "ipsec.1",
            "IpAddress": "203.0.113.8",
            "BgpAsn": 65010,
            "DeviceName": "edge-1",
            "Tags": [{"Key": "Name", "Value": "Branch"}],
        }
    ]


@pytest.mark.parametrize(
    ("asn", "prop", "other"),
    [(2147483647, "BgpAsn", "BgpAsnExtended"), (2147483648, "BgpAsnExtended", "BgpAsn")],
)
def test_an_asn_of_32_bits_goes_into_the_property_for_large_ones(site: Site, asn: int, prop: str, other: str) -> None:
    CustomerGateway(site.stack, "Cgw", address="203.0.113.8", bgp_asn=asn)
    (found,) = resources(site.template, "AWS::EC2::CustomerGateway")
    assert found[prop] == asn
    assert other not in found


def test_a_customer_gateway_may_prove_itself_with_a_certificate(site: Site) -> None:
    made = CustomerGateway(site.stack, "Cgw", address="203.0.113.8", certificate_arn=CERTIFICATE)
    assert made.uses_certificate
    site.template.has_resource_properties("AWS::EC2::CustomerGateway", {"CertificateArn": CERTIFICATE})


def test_ten_connections_fit_on_a_gateway_and_more_when_the_account_was_granted_more() -> None:
    granted = Site(context={"cdk-aws-vpn:quotas": {"vpn-connections-per-vgw": 12}})
    for site, count in ((Site(), 10), (granted, 12)):
        for number in range(count):
            site.connection(f"Vpn{number}")
        site.template.resource_count_is("AWS::EC2::VPNConnection", count)


def test_quotas_are_counted_for_each_stack_alone() -> None:
    one, two = Site(), Site()
    for site in (one, two):
        for number in range(50):
            CustomerGateway(site.stack, f"Cgw{number}", address=f"203.0.113.{number + 1}")
        site.template.resource_count_is("AWS::EC2::CustomerGateway", 50)


def test_an_existing_gateway_propagates_too(site: Site) -> None:
    table = site.vpc.isolated_subnets[0].route_table
    VirtualPrivateGateway.from_id(site.stack, "Vgw", "vgw-0123456789abcdef0").propagate_routes_to([table])
    (found,) = site.template.find_resources("AWS::EC2::VPNGatewayRoutePropagation").values()
    assert found["Properties"] == {"VpnGatewayId": "vgw-0123456789abcdef0", "RouteTableIds": ["rtb-0123456789abcdef1"]}
    assert "DependsOn" not in found


def test_what_is_known_of_an_existing_transit_gateway_is_checked_as_of_a_new_one(site: Site) -> None:
    existing = TransitGateway.from_id(
        site.stack,
        "Tgw",
        "tgw-0123456789abcdef0",
        default_route_table_association=True,
        default_route_table_propagation=True,
        vpn_ecmp_support=False,
        cidr_blocks=[],
    )
    assert (existing.default_route_table_propagation, existing.vpn_ecmp_support) == (True, False)
    table = TransitGatewayRouteTable(site.stack, "Table", transit_gateway=existing)
    with pytest.raises(VpnConfigurationError, match="default_route_table_association True is not allowed"):
        table.associate(site.connection(gateway=existing))
    with pytest.raises(VpnConfigurationError, match="cidr_blocks"):
        site.connection(
            "Private",
            gateway=existing,
            outside_ip_address_type="PrivateIpv4",
            transport_transit_gateway_attachment_id="tgw-attach-0123456789abcdef0",
            customer_gateway=CustomerGateway(
                site.stack, "Private device", address="10.60.0.1", outside_ip_address_type="PrivateIpv4"
            ),
        )


@pytest.mark.parametrize(
    "prop", ["default_route_table_association", "default_route_table_propagation", "vpn_ecmp_support"]
)
def test_a_text_is_no_answer_about_an_existing_transit_gateway(site: Site, prop: str) -> None:
    answer: dict[str, Any] = {prop: "enable"}
    with pytest.raises(VpnConfigurationError, match=f"{prop} 'enable' is not allowed; allowed: True or False"):
        TransitGateway.from_id(site.stack, "Tgw", "tgw-0123456789abcdef0", **answer)

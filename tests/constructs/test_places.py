"""What belongs together: addresses of a subnet, stacks and Regions of a connection, the address of a device."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, BootstraplessSynthesizer, Environment, Stack

from cdk_aws_vpn import (
    AddressingError,
    CgwCluster,
    CgwPair,
    CustomerGateway,
    Static,
    TransitGateway,
    TransitGatewayVpcAttachment,
    TunnelOptions,
    VpnConfigurationError,
    VpnConnection,
    VpnError,
)
from tests.constructs.site import CLOUD, IDC, Site, resources

# addresses that are used twice


def two_devices(site: Site) -> None:
    site.device("One", private_address="10.60.0.100")
    site.device("Two", private_address="10.60.0.100")


def two_hosts(site: Site) -> None:
    site.idc.add_host("One", reachable_from=[CLOUD])
    site.idc.add_host("Two", reachable_from=[CLOUD])


def shared_address_of_a_device(site: Site) -> None:
    site.device("Other", private_address="10.60.0.110")
    CgwCluster(
        site.stack,
        "Cluster",
        active=site.member(),
        standby=site.member("Standby", 1),
        active_shared_address="10.60.0.110",
        standby_shared_address="10.60.2.110",
        idc_route_tables=site.idc.private_route_tables,
    )


@pytest.mark.parametrize("write", [two_devices, two_hosts, shared_address_of_a_device])
def test_an_address_is_used_once(write: Callable[[Site], None]) -> None:
    with pytest.raises(AddressingError, match="an address that nothing else in the subnet has; Stack/"):
        write(Site())


def test_a_pair_and_a_cluster_are_in_two_zones() -> None:
    site = Site()
    pair: dict[str, Any] = site.pair(subnet=site.idc.public_subnets[0], private_address="10.60.0.101")
    with pytest.raises(VpnConfigurationError, match="a device in another Availability Zone"):
        CgwPair(site.stack, "Pair", **pair, idc_route_tables=site.idc.private_route_tables)
    two = [site.device(name) for name in ("One", "Two")]
    with pytest.raises(VpnConfigurationError, match="a device in another Availability Zone"):
        CgwCluster(
            site.stack,
            "Cluster",
            active=two[0],
            standby=two[1],
            active_shared_address="10.60.0.110",
            standby_shared_address="10.60.0.111",
            idc_route_tables=site.idc.private_route_tables,
        )


# devices, connections and gateways in several stacks and apps


def test_a_connection_is_in_the_stack_of_its_device() -> None:
    site = Site()
    device = site.device()
    other = Stack(site.app, "Other")
    connection = VpnConnection(
        other, "Vpn", gateway=site.vgw, customer_gateway=device.customer_gateway, routing=Static([IDC])
    )
    with pytest.raises(VpnConfigurationError, match=r"^connection 'Other/Vpn' .*a construct in the stack Stack"):
        device.connect(connection)


@pytest.mark.parametrize("prop", ["gateway", "customer_gateway"])
def test_both_ends_are_of_the_same_app(prop: str) -> None:
    site, other = Site(), Site()
    ends = {"gateway": other.vgw, "customer_gateway": other.firewall}
    with pytest.raises(VpnConfigurationError, match=rf"^{prop} .*a construct of the same app"):
        site.connection(**{prop: ends[prop]})


def test_a_gateway_is_in_the_region_of_its_connection() -> None:
    site = Site(env=Environment(region="eu-west-1"))
    there = Stack(site.app, "There", env=Environment(region="us-east-1"))
    gateway = TransitGateway(there, "Tgw")
    with pytest.raises(VpnConfigurationError, match=r"^gateway 'There/Tgw' .*the Region eu-west-1"):
        site.connection(gateway=gateway)


def test_a_stack_that_can_upload_nothing_says_what_needs_it() -> None:
    site = Site(synthesizer=BootstraplessSynthesizer())
    connection = site.connection()
    with pytest.raises(VpnConfigurationError, match=r"^synthesizer 'Stack' .*asset_bucket"):
        assert connection.tunnels[0].outside_address


def test_an_attachment_routes_ipv6_where_it_carries_it() -> None:
    site = Site()
    tables = site.idc.private_route_tables
    for ipv6 in (False, True):
        attachment = TransitGatewayVpcAttachment(
            site.stack,
            f"A{ipv6}",
            transit_gateway=TransitGateway(site.stack, f"T{ipv6}"),
            vpc=site.idc.vpc,
            subnets=site.idc.private_subnets,
            ipv6_support=ipv6,
        )
        if not ipv6:
            with pytest.raises(AddressingError, match="IPv4 networks without ipv6_support"):
                attachment.route_from(tables, ["2001:db8::/32"])
            continue
        attachment.route_from(tables, [CLOUD, "2001:db8::/32"])
    routes = [each for each in resources(site.template, "AWS::EC2::Route") if "TransitGatewayId" in each]
    assert [each.get("DestinationIpv6CidrBlock") for each in routes] == [None, "2001:db8::/32"] * 2


def test_the_clock_of_a_device_is_not_inside_its_tunnels() -> None:
    site = Site()
    device = site.device()
    tunnels = (TunnelOptions(inside_cidr="169.254.169.120/30"), TunnelOptions())
    connection = site.connection(customer_gateway=device.customer_gateway, tunnels=tunnels)
    with pytest.raises(AddressingError, match="the time service of the VPC"):
        device.connect(connection)


def test_a_construct_outside_of_a_stack_is_refused() -> None:
    with pytest.raises(VpnConfigurationError, match=r"^scope .*a construct in a Stack"):
        CustomerGateway(App(), "Device", address="203.0.113.7")


# how AWS knows a device


@pytest.mark.parametrize("identity", ["1.2.3.4'; touch /marker; '", "203.0.113.9", "", 5, "${Token[x]}\nEOF"])
def test_the_identity_of_a_device_is_the_address_of_its_customer_gateway(identity: Any) -> None:
    site = Site()
    device = site.device()
    connection = site.connection(customer_gateway=site.firewall)
    with pytest.raises(AddressingError, match=r"^identity "):
        device.connect(connection, identity=identity)
    assert not device.is_connected


def test_a_device_may_be_known_by_the_address_of_its_nat_device() -> None:
    site = Site()
    device = site.device()
    device.connect(site.connection(customer_gateway=site.firewall), identity="203.0.113.7")
    assert "'203.0.113.7 " in device.user_data


@pytest.mark.parametrize("text", ["10.50.0.0/16 {{resolve:ssm:x}}\nEOF\ntouch /marker\n", "${Token[x]}'; touch /m"])
def test_no_text_breaks_out_of_the_user_data(text: str) -> None:
    with pytest.raises(VpnError):
        Site().connected(remote_prefixes=[text])


def test_an_id_with_odd_characters_gives_a_device_a_host_name() -> None:
    assert Site().device("Büro 1: West").name == "Buro-1--West"

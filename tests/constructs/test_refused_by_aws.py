"""Names, addresses and places that AWS refuses: known at synthesis, and said in one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, BootstraplessSynthesizer, Environment, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match
from constructs import Construct

from cdk_aws_vpn import (
    AddressingError,
    Bgp,
    CgwCluster,
    CgwPair,
    ClientVpn,
    CustomerGateway,
    IdcVpc,
    MutualTls,
    Static,
    TransitGateway,
    TransitGatewayVpcAttachment,
    TunnelOptions,
    VpnConfigurationError,
    VpnConnection,
    VpnError,
    VpnMonitoring,
)
from tests.constructs.site import CLOUD, IDC, Site, resources

KEY = "7KhL3R.bjGa"


@pytest.mark.parametrize(
    "tunnels",
    [[{"pre_shared_key": KEY}] * 2, [KEY] * 2, KEY, {"pre_shared_key": KEY}, ({"pre_shared_key": KEY},)],
    ids=["maps", "texts", "text", "map", "one-map"],
)
def test_no_error_shows_a_key_that_was_written_into_the_tunnels(tunnels: Any) -> None:
    with pytest.raises(VpnError, match=r"^tunnels ") as raised:
        Site().connection(tunnels=tunnels)
    assert KEY not in repr(raised.value) + repr(vars(raised.value))


@pytest.mark.parametrize("prop", ["encryption_key", "gateway", "customer_gateway", "routing"])
def test_no_error_shows_a_map_that_may_hold_a_key(prop: str) -> None:
    with pytest.raises(VpnError, match=rf"^{prop} '\(dict\)' is not allowed") as raised:
        Site().connection(**{prop: {"pre_shared_key": KEY}})
    assert KEY not in repr(raised.value) + repr(vars(raised.value))


@pytest.mark.parametrize(
    ("cidr", "why"),
    [
        ("0.0.0.0/16", "this host"),
        ("127.0.0.0/16", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("224.0.0.0/16", "multicast"),
        ("239.255.0.0/20", "multicast"),
    ],
)
def test_a_vpc_has_no_range_that_aws_refuses(cidr: str, why: str) -> None:
    with pytest.raises(AddressingError, match=why):
        Site().make(IdcVpc, cidr=cidr)


@pytest.mark.parametrize("address", ["224.0.0.1", "239.1.2.3", "192.88.99.1"])
def test_no_device_has_an_address_of_everybody(address: str) -> None:
    with pytest.raises(AddressingError, match="a public IPv4 address that does not change"):
        Site().make(CustomerGateway, address=address)


def client_vpn(site: Site, **arguments: Any) -> ClientVpn:
    given = {
        "vpc": site.idc.vpc,
        "subnets": site.idc.private_subnets,
        "client_cidr": "10.70.0.0/22",
        "server_certificate_arn": "arn:aws:acm:eu-west-1:111122223333:certificate/x",
        "authentication": [MutualTls()],
        "split_tunnel": True,
        **arguments,
    }
    return ClientVpn(site.stack, "ClientVpn", **given)


@pytest.mark.parametrize("count", [0, 6])
def test_an_interface_has_one_to_five_security_groups(count: int) -> None:
    site = Site()
    groups = [site.idc._instance_connect_endpoint(site.idc.private_subnets[0])] * count
    with pytest.raises(VpnConfigurationError, match="a list of 1 to 5 security groups"):
        client_vpn(site, security_groups=groups)


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
    pair = site.pair(subnet=site.idc.public_subnets[0], private_address="10.60.0.101")
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


# certificates of an existing customer gateway


def test_an_existing_customer_gateway_may_use_a_certificate() -> None:
    site = Site()
    existing = CustomerGateway.from_id(site.stack, "C", "cgw-0123456789abcdef0", uses_certificate=True)
    site.connection(customer_gateway=existing)
    (connection,) = resources(site.template, "AWS::EC2::VPNConnection")
    assert "PreSharedKeyStorage" not in connection
    assert "PreSharedKey" not in str(connection)
    assert resources(site.template, "AWS::SecretsManager::Secret") == []


# what somebody else must grant


@pytest.fixture(scope="module")
def imported() -> list[str]:
    """The warnings of a stack with an imported key and an imported topic."""
    site = Site()
    key = kms.Key.from_key_arn(site.stack, "Key", "arn:aws:kms:eu-west-1:111122223333:key/1234abcd")
    topic = sns.Topic.from_topic_arn(site.stack, "Topic", "arn:aws:sns:eu-west-1:111122223333:alarms")
    VpnMonitoring(site.stack, "Monitoring", connections=[site.connection()], topic=topic, log_encryption_key=key)
    return [str(each.entry.data) for each in Annotations.from_stack(site.stack).find_warning("*", Match.any_value())]


@pytest.mark.parametrize(
    "granted", ["logs.REGION.amazonaws.com the actions kms:Encrypt", "events.amazonaws.com the action sns:Publish"]
)
def test_an_imported_resource_gets_a_warning_with_the_grant_that_it_needs(imported: list[str], granted: str) -> None:
    assert any(granted in warning for warning in imported)


def test_a_key_and_a_topic_of_the_app_get_no_warning() -> None:
    site = Site()
    key, topic = kms.Key(site.stack, "Key"), sns.Topic(site.stack, "Topic")
    VpnMonitoring(site.stack, "Monitoring", connections=[site.connection()], topic=topic, log_encryption_key=key)
    assert Annotations.from_stack(site.stack).find_warning("*", Match.any_value()) == []


# long paths


def test_names_of_a_deep_construct_are_as_long_as_aws_allows() -> None:
    site = Site()
    scope: Construct = site.stack
    for _ in range(4):
        scope = Construct(scope, "x" * 75)
    vpn = VpnConnection(
        scope,
        "Vpn",
        gateway=TransitGateway(scope, "Tgw", amazon_side_asn=64600),
        customer_gateway=CustomerGateway(scope, "Device", address="203.0.113.9"),
        routing=Bgp(),
        tunnels=(TunnelOptions(), TunnelOptions()),
    )
    VpnMonitoring(scope, "Monitoring", connections=[vpn])
    names = [
        tag["Value"]
        for resource_type in ("AWS::EC2::VPNConnection", "AWS::EC2::TransitGateway", "AWS::EC2::CustomerGateway")
        for resource in resources(site.template, resource_type)
        for tag in resource["Tags"]
    ]
    assert [len(name) for name in names] == [256] * 3
    assert len(set(names)) == 3
    alarms = [alarm["AlarmName"] for alarm in resources(site.template, "AWS::CloudWatch::Alarm")]
    assert max(map(len, alarms)) == 255
    assert len(set(alarms)) == len(alarms)
    (dashboard,) = resources(site.template, "AWS::CloudWatch::Dashboard")
    assert len(dashboard["DashboardName"]) == 255

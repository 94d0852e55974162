"""Names, addresses and places that AWS refuses: known at synthesis, and said in one line."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import Environment
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Annotations, Match
from constructs import Construct

from cdk_aws_vpn import (
    AddressingError,
    Bgp,
    ClientVpn,
    CustomerGateway,
    IdcVpc,
    MutualTls,
    TransitGateway,
    TunnelOptions,
    VpnConfigurationError,
    VpnConnection,
    VpnError,
    VpnMonitoring,
)
from tests.constructs.site import Site, resources

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
    given: dict[str, Any] = {prop: {"pre_shared_key": KEY}}
    with pytest.raises(VpnError, match=rf"^{prop} '\(dict\)' is not allowed") as raised:
        Site().connection(**given)
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
    site = Site(env=Environment(region="eu-west-1"))
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
    assert 234 < len(dashboard["DashboardName"]) <= 255

"""Site-to-Site VPN: what EC2 rejects."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from tests.region.vpn_site import Site, value

DOCUMENTATION = [IPv4Network(cidr) for cidr in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]

BAD_TUNNELS: dict[str, dict[str, Any]] = {
    "reserved inside cidr": {"TunnelInsideCidr": "169.254.0.0/30"},
    "metadata inside cidr": {"TunnelInsideCidr": "169.254.169.252/30"},
    "inside cidr elsewhere": {"TunnelInsideCidr": "10.0.0.0/30"},
    "inside cidr too large": {"TunnelInsideCidr": "169.254.10.0/29"},
    "inside cidr with host bits": {"TunnelInsideCidr": "169.254.10.1/30"},
    "short key": {"PreSharedKey": "seven77"},
    "long key": {"PreSharedKey": "k" * 65},
    "key that starts with zero": {"PreSharedKey": "0longenough"},
    "key with a dash": {"PreSharedKey": "long-enough"},
    "unknown ike version": {"IKEVersions": value("ikev3")},
    "phase 1 group 5": {"Phase1DHGroupNumbers": value(5)},
    "phase 2 group 13": {"Phase2DHGroupNumbers": value(13)},
    "unknown encryption": {"Phase1EncryptionAlgorithms": value("3DES")},
    "unknown integrity": {"Phase2IntegrityAlgorithms": value("MD5")},
    "phase 1 lifetime": {"Phase1LifetimeSeconds": 28801},
    "phase 2 lifetime": {"Phase2LifetimeSeconds": 899},
    "phase 2 not below phase 1": {"Phase1LifetimeSeconds": 1800, "Phase2LifetimeSeconds": 1800},
    "rekey margin over half of phase 2": {"Phase2LifetimeSeconds": 1000, "RekeyMarginTimeSeconds": 501},
    "rekey fuzz": {"RekeyFuzzPercentage": 101},
    "replay window": {"ReplayWindowSize": 63},
    "dpd timeout": {"DPDTimeoutSeconds": 29},
    "dpd action": {"DPDTimeoutAction": "explode"},
    "startup action": {"StartupAction": "wait"},
    "start without ikev2 alone": {"StartupAction": "start", "IKEVersions": value("ikev1", "ikev2")},
}


@pytest.mark.parametrize("case", BAD_TUNNELS)
def test_a_tunnel_option_out_of_range_or_in_conflict_is_refused(
    case: str, site: Site, refusal: Callable[..., str]
) -> None:
    code = refusal(site.ec2.create_vpn_connection, **site.request(BAD_TUNNELS[case]))
    assert code == "InvalidParameterValue"
    assert list(site.ec2.describe_vpn_connections(Filters=[{"Name": "vpn-gateway-id", "Values": [site.gateway]}])[
        "VpnConnections"]) == []  # fmt: skip


@pytest.mark.parametrize(
    "options", [{"TunnelBandwidth": "large"}, {"EnableAcceleration": True}, {"TunnelInsideIpVersion": "ipv6"}]
)
def test_what_needs_a_transit_gateway_is_refused_on_a_virtual_private_gateway(
    options: dict[str, Any], site: Site, refusal: Callable[..., str]
) -> None:
    assert refusal(site.ec2.create_vpn_connection, **site.request(**options)) == "InvalidParameterCombination"


def test_a_connection_has_one_gateway_not_two(site: Site, refusal: Callable[..., str]) -> None:
    request = {**site.request(), "TransitGatewayId": "tgw-0123456789abcdef0"}
    assert refusal(site.ec2.create_vpn_connection, **request) == "InvalidParameterCombination"


def test_the_two_ends_must_have_different_asns(site: Site, refusal: Callable[..., str]) -> None:
    request = site.request(customer=site.customer(2, asn=64512))
    assert refusal(site.ec2.create_vpn_connection, **request) == "InvalidParameterValue"


@pytest.mark.parametrize("asn", [7224, 0, 2147483648])
def test_a_customer_asn_that_is_reserved_or_out_of_range_is_refused(
    asn: int, ec2: Any, refusal: Callable[..., str]
) -> None:
    request = {"Type": "ipsec.1", "IpAddress": "203.0.113.99", "BgpAsn": asn}
    assert refusal(ec2.create_customer_gateway, **request) == "InvalidParameterValue"


def test_an_inside_cidr_is_used_once_on_a_gateway(site: Site, refusal: Callable[..., str]) -> None:
    site.connect({"TunnelInsideCidr": "169.254.10.0/30"}, {"TunnelInsideCidr": "169.254.11.0/30"})
    request = site.request({"TunnelInsideCidr": "169.254.11.0/30"})
    assert refusal(site.ec2.create_vpn_connection, **request) == "InvalidParameterValue"
    twice = {"TunnelInsideCidr": "169.254.12.0/30"}
    assert refusal(site.ec2.create_vpn_connection, **site.request(twice, twice)) == "InvalidParameterValue"
    assert len({tunnel["OutsideIpAddress"] for tunnel in site.shown()["Options"]["TunnelOptions"]}) == 2


def test_a_gateway_takes_ten_connections(site: Site, refusal: Callable[..., str]) -> None:
    for _ in range(10):
        site.connect()
    assert refusal(site.ec2.create_vpn_connection, **site.request()) == "VpnConnectionLimitExceeded"
    outside = [
        tunnel["OutsideIpAddress"]
        for connection in site.connections
        for tunnel in site.shown(connection)["Options"]["TunnelOptions"]
    ]
    inside = [
        tunnel["TunnelInsideCidr"]
        for connection in site.connections
        for tunnel in site.shown(connection)["Options"]["TunnelOptions"]
    ]
    assert len(set(outside)) == len(set(inside)) == 20
    assert all(any(IPv4Address(one) in pool for pool in DOCUMENTATION) for one in outside)


def test_changing_a_tunnel_that_does_not_exist_or_badly_is_refused(site: Site, refusal: Callable[..., str]) -> None:
    site.connect()
    address = site.shown()["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    modify, connection = site.ec2.modify_vpn_tunnel_options, site.connections[-1]
    wrong = {"VpnConnectionId": connection, "VpnTunnelOutsideIpAddress": "203.0.113.250", "TunnelOptions": {}}
    assert refusal(modify, **wrong) == "InvalidParameterValue"
    bad = {"VpnTunnelOutsideIpAddress": address, "TunnelOptions": {"RekeyFuzzPercentage": 500}}
    assert refusal(modify, VpnConnectionId=connection, **bad) == "InvalidParameterValue"
    assert refusal(modify, VpnConnectionId="vpn-00000000000000000", **bad) == "InvalidVpnConnectionID.NotFound"


def test_gateways_in_use_are_not_deleted(site: Site, refusal: Callable[..., str]) -> None:
    site.connect()
    customer = site.shown()["CustomerGatewayId"]
    assert refusal(site.ec2.delete_customer_gateway, CustomerGatewayId=customer) == "IncorrectState"
    assert refusal(site.ec2.delete_vpn_gateway, VpnGatewayId=site.gateway) == "IncorrectState"
    assert refusal(site.ec2.delete_vpc, VpcId=site.vpc) == "DependencyViolation"

"""Site-to-Site VPN: what EC2 refuses, what it assigns, and what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest

from vpn_lab.region import Region, RegionError

DOCUMENTATION = [IPv4Network(cidr) for cidr in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]


class Site:
    """A VPC with a virtual private gateway, and customer gateways on demand; everything goes at the end."""

    def __init__(self, ec2: Any) -> None:
        self.ec2 = ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
        self.gateway = ec2.create_vpn_gateway(Type="ipsec.1", AmazonSideAsn=64512)["VpnGateway"]["VpnGatewayId"]
        ec2.attach_vpn_gateway(VpcId=self.vpc, VpnGatewayId=self.gateway)
        self.customers: list[str] = []
        self.connections: list[str] = []

    def customer(self, number: int = 1, asn: int = 65000) -> str:
        made = self.ec2.create_customer_gateway(Type="ipsec.1", IpAddress=f"203.0.113.{100 + number}", BgpAsn=asn)
        self.customers.append(made["CustomerGateway"]["CustomerGatewayId"])
        return self.customers[-1]

    def request(self, *tunnels: dict[str, Any], customer: str | None = None, **options: Any) -> dict[str, Any]:
        return {
            "Type": "ipsec.1",
            "CustomerGatewayId": customer or self.customer(),
            "VpnGatewayId": self.gateway,
            "Options": {"TunnelOptions": list(tunnels), **options},
        }

    def connect(self, *tunnels: dict[str, Any], storage: str = "Standard", **options: Any) -> dict[str, Any]:
        request = self.request(*tunnels, **options)
        made = self.ec2.create_vpn_connection(PreSharedKeyStorage=storage, **request)["VpnConnection"]
        self.connections.append(made["VpnConnectionId"])
        return dict(made)

    def shown(self, identifier: str | None = None) -> dict[str, Any]:
        identifiers = [identifier or self.connections[-1]]
        return dict(self.ec2.describe_vpn_connections(VpnConnectionIds=identifiers)["VpnConnections"][0])

    def remove(self) -> None:
        for connection in self.connections:
            if self.shown(connection)["State"] != "deleted":
                self.ec2.delete_vpn_connection(VpnConnectionId=connection)
        for customer in dict.fromkeys(self.customers):
            self.ec2.delete_customer_gateway(CustomerGatewayId=customer)
        self.ec2.detach_vpn_gateway(VpcId=self.vpc, VpnGatewayId=self.gateway)
        self.ec2.delete_vpn_gateway(VpnGatewayId=self.gateway)
        self.ec2.delete_vpc(VpcId=self.vpc)


@pytest.fixture
def site(ec2: Any) -> Iterator[Site]:
    made = Site(ec2)
    yield made
    made.remove()


def value(*values: object) -> list[dict[str, object]]:
    return [{"Value": one} for one in values]


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


def test_an_identical_customer_gateway_is_the_same_one_unless_its_device_has_a_name(ec2: Any) -> None:
    request = {"Type": "ipsec.1", "IpAddress": "203.0.113.98", "BgpAsn": 65000}

    def made(**more: Any) -> str:
        return str(ec2.create_customer_gateway(**request, **more)["CustomerGateway"]["CustomerGatewayId"])

    first, again, named = made(), made(), made(DeviceName="second")
    assert first == again
    assert named != first
    for identifier in (first, named):
        ec2.delete_customer_gateway(CustomerGatewayId=identifier)


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


def test_a_connection_is_pending_before_it_is_available_and_stays_visible_when_deleted(site: Site) -> None:
    assert site.connect()["State"] == "pending"
    identifier = site.connections[-1]
    site.ec2.get_waiter("vpn_connection_available").wait(
        VpnConnectionIds=[identifier], WaiterConfig={"Delay": 0.05, "MaxAttempts": 100}
    )
    site.ec2.delete_vpn_connection(VpnConnectionId=identifier)
    assert site.shown(identifier)["State"] == "deleted"


def test_every_option_of_a_tunnel_reads_back_as_it_was_asked(site: Site) -> None:
    asked = {
        "TunnelInsideCidr": "169.254.20.0/30",
        "PreSharedKey": "a.key_of_our_own",
        "Phase1LifetimeSeconds": 14400,
        "Phase2LifetimeSeconds": 1800,
        "RekeyMarginTimeSeconds": 300,
        "RekeyFuzzPercentage": 50,
        "ReplayWindowSize": 512,
        "DPDTimeoutSeconds": 45,
        "DPDTimeoutAction": "restart",
        "Phase1EncryptionAlgorithms": value("AES256-GCM-16"),
        "Phase2EncryptionAlgorithms": value("AES256-GCM-16"),
        "Phase1IntegrityAlgorithms": value("SHA2-384"),
        "Phase2IntegrityAlgorithms": value("SHA2-384"),
        "Phase1DHGroupNumbers": value(20),
        "Phase2DHGroupNumbers": value(20, 21),
        "IKEVersions": value("ikev2"),
        "StartupAction": "start",
        "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True, "LogGroupArn": "arn:x", "LogOutputFormat": "json"}},
        "EnableTunnelLifecycleControl": True,
    }
    site.connect(asked)
    shown = site.shown()["Options"]["TunnelOptions"][0]
    expected = {**asked, "OutsideIpAddress": shown["OutsideIpAddress"], "IkeVersions": asked["IKEVersions"]}
    expected["DpdTimeoutSeconds"], expected["DpdTimeoutAction"] = 45, "restart"
    for name in ("IKEVersions", "DPDTimeoutSeconds", "DPDTimeoutAction"):
        del expected[name]
    assert shown == expected


def test_keys_stored_with_the_connection_are_shown_and_keys_in_a_secret_are_not(site: Site, region: Region) -> None:
    site.connect({"PreSharedKey": "shown.to.everyone"})
    assert site.shown()["Options"]["TunnelOptions"][0]["PreSharedKey"] == "shown.to.everyone"
    assert "shown.to.everyone" in site.shown()["CustomerGatewayConfiguration"]
    site.connect({"PreSharedKey": "kept.in.a.secret"}, storage="SecretsManager")
    shown = site.shown()
    assert "kept.in.a.secret" not in str(shown)
    assert "pre_shared_key" not in shown["CustomerGatewayConfiguration"]
    secrets = region.client("secretsmanager")
    assert "kept.in.a.secret" in secrets.get_secret_value(SecretId=shown["PreSharedKeyArn"])["SecretString"]
    site.ec2.delete_vpn_connection(VpnConnectionId=shown["VpnConnectionId"])
    assert shown["PreSharedKeyArn"] not in {one["ARN"] for one in secrets.list_secrets()["SecretList"]}


def test_the_configuration_document_still_says_group_2(site: Site) -> None:
    site.connect({"Phase1DHGroupNumbers": value(20), "Phase2DHGroupNumbers": value(20)})
    document = site.shown()["CustomerGatewayConfiguration"]
    assert "<perfect_forward_secrecy>group2</perfect_forward_secrecy>" in document
    assert "<tcp_mss_adjustment>" in document


def test_changing_a_tunnel_keeps_its_address_and_what_was_not_named(site: Site) -> None:
    site.connect({"TunnelInsideCidr": "169.254.30.0/30", "DPDTimeoutSeconds": 40, "PreSharedKey": "first.key"})
    before = site.shown()["Options"]["TunnelOptions"]
    site.ec2.modify_vpn_tunnel_options(
        VpnConnectionId=site.connections[-1],
        VpnTunnelOutsideIpAddress=before[0]["OutsideIpAddress"],
        TunnelOptions={"DPDTimeoutSeconds": 60},
    )
    after = site.shown()["Options"]["TunnelOptions"]
    assert after[0] == {**before[0], "DpdTimeoutSeconds": 60}
    assert after[1] == before[1]


def test_changing_a_tunnel_that_does_not_exist_or_badly_is_refused(site: Site, refusal: Callable[..., str]) -> None:
    site.connect()
    address = site.shown()["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    modify, connection = site.ec2.modify_vpn_tunnel_options, site.connections[-1]
    wrong = {"VpnConnectionId": connection, "VpnTunnelOutsideIpAddress": "203.0.113.250", "TunnelOptions": {}}
    assert refusal(modify, **wrong) == "InvalidParameterValue"
    bad = {"VpnTunnelOutsideIpAddress": address, "TunnelOptions": {"RekeyFuzzPercentage": 500}}
    assert refusal(modify, VpnConnectionId=connection, **bad) == "InvalidParameterValue"
    assert refusal(modify, VpnConnectionId="vpn-00000000000000000", **bad) == "InvalidVpnConnectionID.NotFound"


def test_static_routes_belong_to_static_connections(site: Site, refusal: Callable[..., str]) -> None:
    site.connect(StaticRoutesOnly=True)
    route = {"VpnConnectionId": site.connections[-1], "DestinationCidrBlock": "10.60.0.0/16"}
    site.ec2.create_vpn_connection_route(**route)
    assert site.shown()["Routes"] == [
        {"DestinationCidrBlock": "10.60.0.0/16", "Source": "Static", "State": "available"}
    ]
    assert refusal(site.ec2.create_vpn_connection_route, **route) == "RouteAlreadyExists"
    site.ec2.delete_vpn_connection_route(**route)
    assert refusal(site.ec2.delete_vpn_connection_route, **route) == "InvalidRoute.NotFound"
    site.connect()
    route["VpnConnectionId"] = site.connections[-1]
    assert refusal(site.ec2.create_vpn_connection_route, **route) == "InvalidParameterValue"


def propagated(site: Site, table: str) -> list[str]:
    shown = site.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
    routes = [one for one in shown["Routes"] if one["Origin"] == "EnableVgwRoutePropagation"]
    assert {one["GatewayId"] for one in routes} <= {site.gateway}
    return [one["DestinationCidrBlock"] for one in routes]


@pytest.fixture
def table(site: Site) -> Iterator[str]:
    made = site.ec2.create_route_table(VpcId=site.vpc)["RouteTable"]["RouteTableId"]
    site.ec2.enable_vgw_route_propagation(RouteTableId=made, GatewayId=site.gateway)
    yield made
    site.ec2.delete_route_table(RouteTableId=made)


def test_a_tunnel_is_down_until_the_network_reports_and_bgp_routes_come_and_go(
    site: Site, table: str, region: Region
) -> None:
    site.connect()
    assert {one["Status"] for one in site.shown()["VgwTelemetry"]} == {"DOWN"}
    assert propagated(site, table) == []
    connection = site.connections[-1]
    first, second = (one["OutsideIpAddress"] for one in site.shown()["Options"]["TunnelOptions"])
    region.report_tunnel(
        connection,
        first,
        "UP",
        message="1 BGP ROUTES",
        learned_prefixes=["10.60.0.0/16"],
        negotiated={"IkeVersion": "ikev2"},
    )
    region.report_tunnel(
        connection, second, "UP", message="2 BGP ROUTES", learned_prefixes=["10.60.0.0/16", "10.61.0.0/16"]
    )
    telemetry = {one["OutsideIpAddress"]: one for one in site.shown()["VgwTelemetry"]}
    assert (telemetry[first]["Status"], telemetry[first]["AcceptedRouteCount"]) == ("UP", 1)
    assert (telemetry[second]["StatusMessage"], telemetry[second]["AcceptedRouteCount"]) == ("2 BGP ROUTES", 2)
    assert propagated(site, table) == ["10.60.0.0/16", "10.61.0.0/16"]
    status = site.ec2.get_active_vpn_tunnel_status(VpnConnectionId=connection, VpnTunnelOutsideIpAddress=first)
    assert status["ActiveVpnTunnelStatus"]["IkeVersion"] == "ikev2"
    region.report_tunnel(connection, second, "DOWN")
    assert propagated(site, table) == ["10.60.0.0/16"]
    after = {one["OutsideIpAddress"]: one for one in site.shown()["VgwTelemetry"]}
    assert (after[second]["Status"], after[second]["AcceptedRouteCount"]) == ("DOWN", 0)
    assert after[first] == telemetry[first]


def test_static_routes_propagate_while_a_tunnel_is_up_and_lose_to_routes_of_the_table(
    site: Site, table: str, region: Region
) -> None:
    site.connect(StaticRoutesOnly=True)
    connection = site.connections[-1]
    site.ec2.create_vpn_connection_route(VpnConnectionId=connection, DestinationCidrBlock="10.60.0.0/16")
    assert propagated(site, table) == []
    address = site.shown()["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    region.report_tunnel(connection, address, "UP", message="IPSEC IS UP")
    assert propagated(site, table) == ["10.60.0.0/16"]
    own = {"RouteTableId": table, "DestinationCidrBlock": "10.60.0.0/16"}
    site.ec2.create_route(GatewayId=site.gateway, **own)
    assert propagated(site, table) == []
    site.ec2.delete_route(**own)
    site.ec2.delete_vpn_connection(VpnConnectionId=connection)
    assert propagated(site, table) == []


@pytest.mark.parametrize("report", [{"status": "SIDEWAYS"}, {"status": "UP", "learned_prefixes": ["nonsense"]}])
def test_a_report_that_makes_no_sense_is_refused(report: dict[str, Any], site: Site, region: Region) -> None:
    site.connect()
    address = site.shown()["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    with pytest.raises(RegionError, match=r"status|learned_prefixes"):
        region.report_tunnel(site.connections[-1], address, **report)
    with pytest.raises(RegionError, match="InvalidVpnConnectionID"):
        region.report_tunnel("vpn-00000000000000000", address, "UP")


def test_propagation_needs_the_gateway_attached_to_the_tables_vpc(site: Site, refusal: Callable[..., str]) -> None:
    other = site.ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    table = site.ec2.create_route_table(VpcId=other)["RouteTable"]["RouteTableId"]
    request = {"RouteTableId": table, "GatewayId": site.gateway}
    assert refusal(site.ec2.enable_vgw_route_propagation, **request) == "Gateway.NotAttached"
    site.ec2.delete_route_table(RouteTableId=table)
    site.ec2.delete_vpc(VpcId=other)


def test_gateways_in_use_are_not_deleted(site: Site, refusal: Callable[..., str]) -> None:
    site.connect()
    customer = site.shown()["CustomerGatewayId"]
    assert refusal(site.ec2.delete_customer_gateway, CustomerGatewayId=customer) == "IncorrectState"
    assert refusal(site.ec2.delete_vpn_gateway, VpnGatewayId=site.gateway) == "IncorrectState"
    assert refusal(site.ec2.delete_vpc, VpcId=site.vpc) == "DependencyViolation"


def test_replacing_a_tunnel_endpoint_keeps_the_address_and_drops_the_tunnel(site: Site, region: Region) -> None:
    site.connect()
    connection = site.connections[-1]
    address = site.shown()["Options"]["TunnelOptions"][0]["OutsideIpAddress"]
    region.report_tunnel(connection, address, "UP")
    request = {"VpnConnectionId": connection, "VpnTunnelOutsideIpAddress": address}
    assert site.ec2.replace_vpn_tunnel(**request)["Return"]
    status = site.ec2.get_vpn_tunnel_replacement_status(**request)
    assert "LastMaintenanceApplied" in status["MaintenanceDetails"]
    assert {one["Status"] for one in site.shown()["VgwTelemetry"]} == {"DOWN"}


def test_a_connection_moves_to_another_customer_gateway(site: Site) -> None:
    site.connect()
    before = site.shown()
    other = site.customer(7)
    site.ec2.modify_vpn_connection(VpnConnectionId=before["VpnConnectionId"], CustomerGatewayId=other)
    after = site.shown()
    assert after["CustomerGatewayId"] == other
    assert after["Options"] == before["Options"]


def test_a_connection_on_a_transit_gateway_has_an_attachment(ec2: Any) -> None:
    gateway = ec2.create_transit_gateway(Options={"AmazonSideAsn": 64600})["TransitGateway"]["TransitGatewayId"]
    customer = ec2.create_customer_gateway(Type="ipsec.1", IpAddress="203.0.113.97", BgpAsn=65000)["CustomerGateway"]
    made = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=customer["CustomerGatewayId"],
        TransitGatewayId=gateway,
        Options={"TunnelBandwidth": "large"},
    )["VpnConnection"]
    mine = [{"Name": "resource-id", "Values": [made["VpnConnectionId"]]}]
    attachments = ec2.describe_transit_gateway_attachments(Filters=mine)["TransitGatewayAttachments"]
    assert [one["ResourceType"] for one in attachments] == ["vpn"]
    assert made["Options"]["TunnelBandwidth"] == "large"
    ec2.delete_vpn_connection(VpnConnectionId=made["VpnConnectionId"])
    ec2.delete_customer_gateway(CustomerGatewayId=customer["CustomerGatewayId"])
    ec2.delete_transit_gateway(TransitGatewayId=gateway)

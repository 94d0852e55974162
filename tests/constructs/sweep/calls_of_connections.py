"""Calls of gateways and connections, and what makes a template of the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_ec2 as ec2

from cdk_aws_vpn import (
    Bgp,
    CustomerGateway,
    SecurityProfile,
    Static,
    TransitGateway,
    TunnelEndpoints,
    TunnelLogOptions,
    TunnelOptions,
    VirtualPrivateGateway,
    VpnConnection,
    VpnMonitoring,
    check_pre_shared_key,
)
from tests.constructs.sweep.bench import CERTIFICATE, Bench
from tests.constructs.sweep.calls import NETWORK, Ready, construct, shown, subject


def tunnel(**options: Any) -> tuple[TunnelOptions, TunnelOptions]:
    return TunnelOptions(**options), TunnelOptions()


construct(
    CustomerGateway,
    lambda bench: {
        "address": bench.address(),
        "bgp_asn": 65010,
        "certificate_arn": CERTIFICATE,
        "outside_ip_address_type": "PublicIpv4",
        "device_name": "firewall",
        "name": "firewall",
    },
)
construct(
    CustomerGateway.from_id,
    lambda _: {"customer_gateway_id": "cgw-0123456789abcdef0", "bgp_asn": 65010, "uses_certificate": False},
    "CustomerGateway.from_id",
)
construct(
    TransitGateway,
    lambda _: {
        "amazon_side_asn": 64600,
        "vpn_ecmp_support": True,
        "default_route_table_association": False,
        "default_route_table_propagation": False,
        "auto_accept_shared_attachments": False,
        "dns_support": True,
        "cidr_blocks": ["10.200.0.0/24"],
        "name": "hub",
    },
)
construct(
    TransitGateway.from_id,
    lambda _: {
        "transit_gateway_id": "tgw-0123456789abcdef0",
        "amazon_side_asn": 64512,
        "default_route_table_association": True,
        "default_route_table_propagation": True,
        "vpn_ecmp_support": True,
        "cidr_blocks": ["10.200.0.0/24"],
    },
    "TransitGateway.from_id",
)
construct(
    VirtualPrivateGateway,
    lambda bench: (
        {"vpc": ec2.Vpc(bench.stack, bench.new_id(), max_azs=1, nat_gateways=0), "amazon_side_asn": 64512}
        | {"name": "end"}
    ),
)
construct(
    VirtualPrivateGateway.from_id,
    lambda _: {"vpn_gateway_id": "vgw-0123456789abcdef0", "amazon_side_asn": 64512},
    "VirtualPrivateGateway.from_id",
)


@subject("VirtualPrivateGateway.propagate_routes_to")
def _propagate(bench: Bench) -> Ready:
    vpc = ec2.Vpc(bench.stack, bench.new_id(), max_azs=1, nat_gateways=0)
    gateway = VirtualPrivateGateway(bench.stack, bench.new_id(), vpc=vpc)
    tables = [subnet.route_table for subnet in vpc.isolated_subnets]
    return Ready(gateway.propagate_routes_to, {"route_tables": tables})


@subject("AmazonSideGateway.add_connection")
def _add_connection(bench: Bench) -> Ready:
    gateway = VirtualPrivateGateway.from_id(bench.stack, bench.new_id(), "vgw-0123456789abcdef0")
    return Ready(gateway.add_connection, {"inside_cidrs": ["169.254.10.0/30"]})


# connection
construct(
    VpnConnection,
    lambda bench: {
        "gateway": bench.tgw,
        "customer_gateway": bench.firewall(),
        "routing": Bgp(),
        "tunnels": (TunnelOptions(), TunnelOptions()),
        "security_profile": "recommended",
        "pre_shared_key_storage": "SecretsManager",
        "encryption_key": bench.key,
        "enable_acceleration": False,
        "tunnel_bandwidth": "standard",
        "tunnel_inside_ip_version": "ipv4",
        "outside_ip_address_type": "PublicIpv4",
        "transport_transit_gateway_attachment_id": None,
        "local_ipv4_network_cidr": NETWORK,
        "remote_ipv4_network_cidr": NETWORK,
        "name": "vpn",
    },
)


def _existing(name: str, arguments: Callable[[Bench], dict[str, Any]]) -> None:
    def make(bench: Bench) -> Ready:
        def watch(**given: Any) -> None:
            existing = getattr(VpnConnection, name)(bench.stack, bench.new_id(), **given)
            VpnMonitoring(bench.stack, bench.new_id(), connections=[existing])

        return Ready(watch, arguments(bench))

    subject(f"VpnConnection.{name}")(make)


_existing("from_id", lambda bench: {"vpn_connection_id": bench.new_aws_id("vpn")})
_existing(
    "from_attributes",
    lambda bench: {
        "vpn_connection_id": bench.new_aws_id("vpn"),
        "outside_addresses": ["52.1.0.1", "52.1.0.2"],
        "log_options": TunnelLogOptions(log_group=bench.log_group),
    },
)


@subject("VpnConnection.add_static_route")
def _add_static_route(bench: Bench) -> Ready:
    return Ready(bench.connection(routing=Static([NETWORK])).add_static_route, {"prefix": "10.63.0.0/16"})


@subject("VpnConnection.log_to")
def _log_to(bench: Bench) -> Ready:
    return Ready(bench.connection().log_to, {"log_options": TunnelLogOptions(log_group=bench.log_group)})


@subject("VpnTunnel.log_to")
def _tunnel_log_to(bench: Bench) -> Ready:
    return Ready(bench.connection().tunnels[0].log_to, {"log_options": TunnelLogOptions(log_group=bench.log_group)})


def _metrics() -> None:
    def of_connection(name: str, **arguments: Any) -> None:
        subject(f"VpnConnection.{name}")(lambda bench: ready(bench, getattr(bench.connection(), name), arguments))

    def of_tunnel(name: str) -> None:
        subject(f"VpnTunnel.{name}")(lambda bench: ready(bench, getattr(bench.connection().tunnels[0], name), {}))

    def ready(bench: Bench, metric: Callable[..., Any], arguments: dict[str, Any]) -> Ready:
        return Ready(lambda **given: shown(bench, metric(**given)), {"period": Duration.minutes(5), **arguments})

    of_connection("metric_tunnel_state", statistic="Minimum")
    of_connection("metric_tunnel_data_in")
    of_connection("metric_tunnel_data_out")
    of_tunnel("metric_state")
    of_tunnel("metric_data_in")
    of_tunnel("metric_data_out")


_metrics()
subject("TunnelOptions")(
    lambda bench: Ready(
        lambda **given: bench.connection(tunnels=tunnel(**given)),
        {
            "inside_cidr": bench.inside_cidr(),
            "inside_ipv6_cidr": None,
            "pre_shared_key": bench.secret,
            "pre_shared_key_field": "tunnel1",
            "ike_versions": ("ikev2",),
            "phase1_encryption_algorithms": ("AES256-GCM-16",),
            "phase1_integrity_algorithms": ("SHA2-384",),
            "phase1_dh_group_numbers": (20,),
            "phase1_lifetime_seconds": 28800,
            "phase2_encryption_algorithms": ("AES256-GCM-16",),
            "phase2_integrity_algorithms": ("SHA2-384",),
            "phase2_dh_group_numbers": (20,),
            "phase2_lifetime_seconds": 3600,
            "rekey_margin_time_seconds": 270,
            "rekey_fuzz_percentage": 100,
            "replay_window_size": 1024,
            "dpd_timeout_seconds": 30,
            "dpd_timeout_action": "clear",
            "startup_action": "add",
            "enable_tunnel_lifecycle_control": True,
            "log_options": TunnelLogOptions(log_group=bench.log_group),
        },
    )
)
subject("TunnelOptions.negotiation")(
    lambda _: Ready(TunnelOptions().negotiation, {"profile": SecurityProfile(**PROFILE)})
)
subject("TunnelLogOptions")(
    lambda bench: Ready(
        lambda **given: bench.connection(tunnels=tunnel(log_options=TunnelLogOptions(**given))),
        {
            "log_group": bench.log_group,
            "log_output_format": "json",
            "bgp_log_group": bench.log_group,
            "bgp_log_output_format": "json",
        },
    )
)
PROFILE: dict[str, Any] = {
    "name": "ours",
    "gives_up": "",
    "ike_versions": ("ikev2",),
    "encryption_algorithms": ("AES256-GCM-16",),
    "integrity_algorithms": ("SHA2-384",),
    "dh_group_numbers": (20,),
}
subject("SecurityProfile")(
    lambda bench: Ready(lambda **given: bench.connection(security_profile=SecurityProfile(**given)), dict(PROFILE))
)
subject("Static")(
    lambda bench: Ready(lambda **given: bench.connection(routing=Static(**given)), {"prefixes": [NETWORK]})
)
subject("check_pre_shared_key")(lambda _: Ready(check_pre_shared_key, {"prop": "key", "value": "7KhL3R.bjGaX"}))
construct(
    TunnelEndpoints,
    lambda _: {"vpn_connection_id": "vpn-0123456789abcdef0", "inside_cidrs": ["169.254.10.0/30", "169.254.11.0/30"]},
)

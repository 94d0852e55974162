"""How each public name is called: its arguments, all of them right, and what makes a template of the result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aws_cdk import Duration, Environment
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs

from cdk_aws_vpn import (
    ActiveDirectory,
    AlarmTiming,
    Bgp,
    CgwCluster,
    CgwInstance,
    CgwPair,
    ClientVpn,
    ClientVpnMonitoring,
    CloudVpc,
    CustomerGateway,
    Host,
    IdcVpc,
    MutualTls,
    PinnedAmi,
    ProbeConfig,
    Saml,
    SecurityProfile,
    Site,
    Static,
    TransitGateway,
    TransitGatewayRouteTable,
    TransitGatewayVpcAttachment,
    TunnelEndpoints,
    TunnelLogOptions,
    TunnelOptions,
    TwoTierVpc,
    VirtualPrivateGateway,
    VpnConnection,
    VpnHub,
    VpnMonitoring,
    acknowledge,
    apply_vpn_policy,
    asset_path,
    check_pre_shared_key,
)
from tests.constructs.sweep.bench import CERTIFICATE, ENVIRONMENT, Bench, bench_app

NETWORK = "10.62.0.0/16"
PROVIDER = "arn:aws:iam::111122223333:saml-provider/x"


@dataclass(frozen=True)
class Ready:
    """Something that can be called, and right values for its arguments.

    ``variadic`` is the argument that is passed as ``*arguments``.
    """

    call: Callable[..., Any]
    arguments: dict[str, Any]
    variadic: str | None = None

    def __call__(self, **changed: Any) -> Any:
        """Call it, with some of its arguments changed."""
        arguments = {**self.arguments, **changed}
        several = (arguments.pop(self.variadic),) if self.variadic else ()
        return self.call(*several, **arguments)


Subject = Callable[[Bench], Ready]
SUBJECTS: dict[str, Subject] = {}


def subject(name: str) -> Callable[[Subject], Subject]:
    """Register how a public name is called."""

    def register(make: Subject) -> Subject:
        assert name not in SUBJECTS, name
        SUBJECTS[name] = make
        return make

    return register


def construct(kind: Callable[..., Any], arguments: Callable[[Bench], dict[str, Any]], name: str = "") -> None:
    """Register a construct that is made in the stack."""
    subject(name or kind.__name__)(
        lambda bench: Ready(lambda **given: kind(bench.stack, bench.new_id(), **given), arguments(bench))
    )


def tunnel(**options: Any) -> tuple[TunnelOptions, TunnelOptions]:
    return TunnelOptions(**options), TunnelOptions()


# gateways
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


def shown(bench: Bench, metric: Any) -> Any:
    """Put a metric into an alarm."""
    return metric.create_alarm(bench.stack, bench.new_id(), threshold=1, evaluation_periods=1)


_metrics()
subject("TunnelOptions")(
    lambda bench: Ready(
        lambda **given: bench.connection(tunnels=tunnel(**given)),
        {
            "inside_cidr": bench.inside_cidr(),
            "inside_ipv6_cidr": None,
            "pre_shared_key": bench.secret,
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

# network
construct(TwoTierVpc, lambda _: {"cidr": "10.60.0.0/16", "max_azs": 1, "internet_access": False})
construct(IdcVpc, lambda _: {"cidr": "10.60.0.0/16", "max_azs": 1})
construct(CloudVpc, lambda _: {"cidr": "10.50.0.0/16", "max_azs": 1, "internet_access": False})


@subject("TwoTierVpc.address")
def _address(bench: Bench) -> Ready:
    vpc = CloudVpc(bench.stack, bench.new_id())
    return Ready(vpc.address, {"subnet": vpc.private_subnets[0], "host": 100})


@subject("TwoTierVpc.add_host")
def _add_host(bench: Bench) -> Ready:
    vpc = CloudVpc(bench.stack, bench.new_id())
    return Ready(
        lambda **given: vpc.add_host(**{"construct_id": bench.new_id(), **given}),
        {
            "reachable_from": [NETWORK],
            "private_address": f"10.50.1.{bench.number() % 100 + 20}",
            "architecture": "arm64",
        },
    )


construct(
    Host,
    lambda bench: {
        "vpc": bench.vpc,
        "subnet": bench.vpc.isolated_subnets[0],
        "reachable_from": [NETWORK],
        "private_address": bench.private_address(public=False),
        "ssh_from": bench.security_group,
        "architecture": "x86_64",
        "instance_type": "t3.micro",
    },
)
construct(PinnedAmi, lambda _: {"architecture": "x86_64", "release": "1"})
subject("PinnedAmi.of")(
    lambda bench: Ready(PinnedAmi.of, {"construct": bench.stack, "architecture": "arm64", "release": "1"})
)


# transit
construct(
    TransitGatewayVpcAttachment,
    lambda bench: {
        "transit_gateway": TransitGateway(bench.stack, bench.new_id()),
        "vpc": bench.vpc,
        "subnets": bench.vpc.isolated_subnets,
        "appliance_mode_support": False,
        "dns_support": True,
        "ipv6_support": False,
        "name": "attachment",
    },
)


def _attachment(bench: Bench, gateway: Any = None) -> TransitGatewayVpcAttachment:
    return TransitGatewayVpcAttachment(
        bench.stack,
        bench.new_id(),
        transit_gateway=gateway or TransitGateway(bench.stack, bench.new_id()),
        vpc=bench.vpc,
        subnets=bench.vpc.isolated_subnets,
    )


@subject("TransitGatewayVpcAttachment.route_from")
def _route_from(bench: Bench) -> Ready:
    return Ready(_attachment(bench).route_from, {"route_tables": bench.route_tables, "destinations": [NETWORK]})


construct(TransitGatewayRouteTable, lambda bench: {"transit_gateway": bench.tgw, "name": "table"})
construct(
    TransitGatewayRouteTable.from_id,
    lambda bench: {"route_table_id": "tgw-rtb-0123456789abcdef0", "transit_gateway": bench.tgw},
    "TransitGatewayRouteTable.from_id",
)


def _table(bench: Bench, gateway: Any) -> TransitGatewayRouteTable:
    return TransitGatewayRouteTable(bench.stack, bench.new_id(), transit_gateway=gateway)


def _of_table(name: str, arguments: Callable[[Any], dict[str, Any]], variadic: str | None = None) -> None:
    def make(bench: Bench) -> Ready:
        gateway = TransitGateway(bench.stack, bench.new_id())
        static = bench.connection(gateway=gateway, routing=Static([NETWORK]))
        given = {**arguments(static if name == "route_to" else _attachment(bench, gateway))}
        return Ready(getattr(_table(bench, gateway), name), given, variadic)

    subject(f"TransitGatewayRouteTable.{name}")(make)


_of_table("associate", lambda one: {"attachments": one}, "attachments")
_of_table("propagate_from", lambda one: {"attachments": one}, "attachments")
_of_table("route_to", lambda one: {"connection": one})
_of_table("add_route", lambda one: {"destination_cidr": "10.63.0.0/16", "attachment": one})
_of_table("add_blackhole", lambda _: {"destination_cidr": "10.64.0.0/16"})


# sites
@subject("VpnHub")
def _hub(bench: Bench) -> Ready:
    return Ready(
        lambda **given: VpnHub(bench.app, f"Hub{bench.number()}", **given),
        {
            "sites": [Site(number=bench.number(), name="berlin", address=bench.address())],
            "gateway": lambda stack, _: TransitGateway(stack, "Tgw"),
            "route": lambda _, __: None,
            "monitor": lambda _, __: None,
            "sites_per_stack": 10,
            "env": Environment(**ENVIRONMENT),
        },
    )


@subject("Site")
def _site(bench: Bench) -> Ready:
    return Ready(
        lambda **given: VpnHub(
            bench.app,
            f"Hub{bench.number()}",
            sites=[Site(**given)],
            gateway=lambda stack, _: TransitGateway(stack, "Tgw"),
            route=lambda _, __: None,
            env=Environment(**ENVIRONMENT),
        ),
        {
            "number": bench.number(),
            "name": "berlin",
            "address": bench.address(),
            "customer_gateway_id": None,
            "bgp_asn": 65010,
            "prefixes": [NETWORK],
            "routing": "bgp",
            "security_profile": "recommended",
        },
    )


# device
@subject("CgwInstance")
def _device(bench: Bench) -> Ready:
    def make(**given: Any) -> None:
        device = CgwInstance(bench.stack, bench.new_id(), **given)
        device.connect(bench.connection(customer_gateway=device.customer_gateway))

    return Ready(
        make,
        {
            "vpc": bench.vpc,
            "subnet": bench.vpc.public_subnets[0],
            "remote_prefixes": ["10.50.0.0/16"],
            "local_prefixes": ["10.60.0.0/16"],
            "private_address": bench.private_address(),
            "bgp_asn": 65000,
            "architecture": "x86_64",
            "instance_type": "t3.micro",
            "machine_image": ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"}),
            "image_release": "1",
            "probe": ProbeConfig(),
            "ready_timeout_minutes": 20,
            "name": "device",
        },
    )


@subject("CgwInstance.connect")
def _connect(bench: Bench) -> Ready:
    device = bench.device()
    connection = bench.connection(customer_gateway=device.customer_gateway)
    return Ready(device.connect, {"connection": connection, "tunnels": (1, 2), "identity": None})


@subject("CgwInstance.route_from")
def _device_route_from(bench: Bench) -> Ready:
    return Ready(bench.connected().route_from, {"route_tables": bench.route_tables})


subject("ProbeConfig")(
    lambda bench: Ready(
        lambda **given: bench.connected(probe=ProbeConfig(**given)),
        {"interval_milliseconds": 200, "silence_milliseconds": 550, "recoveries": 15},
    )
)
construct(
    CgwPair,
    lambda bench: {
        "active": bench.connected(),
        "standby": bench.connected(1),
        "idc_route_tables": bench.route_tables,
        "virtual_router_id": 60,
        "active_active": False,
    },
)


def _members(bench: Bench) -> dict[str, Any]:
    return {
        "active": bench.device(0, private_address=bench.private_address(0)),
        "standby": bench.device(1, private_address=bench.private_address(1)),
        "active_shared_address": bench.private_address(0),
        "standby_shared_address": bench.private_address(1),
        "idc_route_tables": bench.route_tables,
        "virtual_router_id": 60,
    }


@subject("CgwCluster")
def _cluster(bench: Bench) -> Ready:
    def make(**given: Any) -> None:
        cluster = CgwCluster(bench.stack, bench.new_id(), **given)
        cluster.connect(bench.connection(customer_gateway=cluster.customer_gateway))

    return Ready(make, _members(bench))


@subject("CgwCluster.connect")
def _cluster_connect(bench: Bench) -> Ready:
    cluster = CgwCluster(bench.stack, bench.new_id(), **_members(bench))
    connection = bench.connection(customer_gateway=cluster.customer_gateway)
    return Ready(cluster.connect, {"connection": connection, "tunnels": (1, 2)})


# Client VPN
subject("ClientVpn")(
    lambda bench: Ready(
        bench.client_vpn,
        {
            "vpc": bench.vpc,
            "subnets": bench.vpc.isolated_subnets,
            "client_cidr": "10.70.0.0/22",
            "server_certificate_arn": CERTIFICATE,
            "authentication": [Saml(provider_arn=PROVIDER, self_service_provider_arn=PROVIDER)],
            "split_tunnel": True,
            "security_groups": [bench.security_group],
            "dns_servers": ["10.60.0.2"],
            "transport_protocol": "udp",
            "vpn_port": 443,
            "session_timeout_hours": 12,
            "disconnect_on_session_timeout": False,
            "self_service_portal": True,
            "login_banner": "Welcome",
            "connect_handler": bench.function,
            "log_group": bench.log_group,
            "log_retention": logs.RetentionDays.ONE_DAY,
            "description": "remote work",
        },
    )
)


@subject("ClientVpn.from_id")
def _existing_endpoint(bench: Bench) -> Ready:
    def watch(**given: Any) -> None:
        endpoint = ClientVpn.from_id(bench.stack, bench.new_id(), **given)
        ClientVpnMonitoring(bench.stack, bench.new_id(), client_vpn=endpoint, most_connections=100)

    return Ready(
        watch,
        {
            "endpoint_id": bench.new_aws_id("cvpn-endpoint"),
            "client_cidr": "10.70.0.0/22",
            "log_group": bench.log_group,
        },
    )


def _of_endpoint(name: str, arguments: dict[str, Any]) -> None:
    ways = [ActiveDirectory(directory_id="d-0123456789")]
    subject(f"ClientVpn.{name}")(
        lambda bench: Ready(getattr(bench.client_vpn(authentication=ways), name), dict(arguments))
    )


_of_endpoint("authorize", {"target_network": NETWORK, "group_id": "S-1-5-21", "description": "all"})
_of_endpoint("route_to", {"destination": NETWORK, "description": "all"})
_of_endpoint("reach", {"network": NETWORK, "group_id": "S-1-5-21", "description": "all"})


@subject("ClientVpn.metric")
def _client_metric(bench: Bench) -> Ready:
    endpoint = bench.client_vpn()
    arguments = {"name": "ActiveConnectionsCount", "statistic": "Maximum", "period": Duration.minutes(5)}
    return Ready(lambda **given: shown(bench, endpoint.metric(**given)), arguments)


def _authenticated(name: str, kind: Callable[..., Any], arguments: dict[str, Any]) -> None:
    subject(name)(
        lambda bench: Ready(lambda **given: bench.client_vpn(authentication=[kind(**given)]), dict(arguments))
    )


_authenticated("MutualTls", MutualTls, {"client_ca_arn": CERTIFICATE})
_authenticated("ActiveDirectory", ActiveDirectory, {"directory_id": "d-0123456789"})
_authenticated("Saml", Saml, {"provider_arn": PROVIDER, "self_service_provider_arn": PROVIDER})
for _name, _way in {
    "MutualTls": MutualTls(),
    "ActiveDirectory": ActiveDirectory(directory_id="d-0123456789"),
    "Saml": Saml(provider_arn=PROVIDER),
}.items():
    subject(f"{_name}.request")(lambda _, way=_way: Ready(way.request, {"server_certificate_arn": CERTIFICATE}))

# monitoring


@subject("VpnMonitoring")
def _monitoring(bench: Bench) -> Ready:
    device = bench.connected()
    return Ready(
        lambda **given: VpnMonitoring(bench.stack, bench.new_id(), **given),
        {
            "connections": [device.connection],
            "devices": [device],
            "topic": bench.topic,
            "timing": AlarmTiming(),
            "log_retention": logs.RetentionDays.ONE_DAY,
            "log_encryption_key": bench.key,
            "dashboard_name": f"vpn-{bench.number()}",
        },
    )


def watched(bench: Bench, timing: AlarmTiming) -> VpnMonitoring:
    """Monitor a new connection."""
    return VpnMonitoring(bench.stack, bench.new_id(), connections=[bench.connection()], timing=timing)


subject("AlarmTiming")(
    lambda bench: Ready(
        lambda **given: watched(bench, AlarmTiming(**given)),
        {"period_seconds": 300, "datapoints_to_alarm": 2, "evaluation_periods": 3},
    )
)
construct(
    ClientVpnMonitoring,
    lambda bench: {
        "client_vpn": bench.client_vpn(),
        "topic": bench.topic,
        "authentication_failures": 10,
        "most_connections": 100,
        "revocation_list_days": 14,
        "dashboard_name": f"clients-{bench.number()}",
    },
)

# functions
subject("acknowledge")(
    lambda bench: Ready(acknowledge, {"construct": bench.topic, "reasons": {"AwsSolutions-SNS3": "a reason"}})
)
subject("apply_vpn_policy")(lambda _: Ready(apply_vpn_policy, {"app": bench_app(), "rule_packs": ["AwsSolutions"]}))
subject("asset_path")(lambda _: Ready(asset_path, {"name": "cgw"}))

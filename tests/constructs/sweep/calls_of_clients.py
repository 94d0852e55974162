"""Calls of Client VPN, monitoring and functions, and what makes a template of the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_logs as logs

from cdk_aws_vpn import (
    ActiveDirectory,
    AlarmTiming,
    ClientAuthentication,
    ClientVpn,
    ClientVpnMonitoring,
    MutualTls,
    Saml,
    VpnMonitoring,
    acknowledge,
    apply_vpn_policy,
    asset_path,
)
from tests.constructs.sweep.bench import CERTIFICATE, Bench, bench_app
from tests.constructs.sweep.calls import NETWORK, PROVIDER, Ready, construct, shown, subject

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


def _request(name: str, way: ClientAuthentication) -> None:
    subject(f"{name}.request")(lambda _: Ready(way.request, {"server_certificate_arn": CERTIFICATE}))


_request("MutualTls", MutualTls())
_request("ActiveDirectory", ActiveDirectory(directory_id="d-0123456789"))
_request("Saml", Saml(provider_arn=PROVIDER))

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
        "revocation_list_required": False,
        "dashboard_name": f"clients-{bench.number()}",
    },
)

# functions
subject("acknowledge")(
    lambda bench: Ready(acknowledge, {"construct": bench.topic, "reasons": {"AwsSolutions-SNS3": "a reason"}})
)
subject("apply_vpn_policy")(lambda _: Ready(apply_vpn_policy, {"app": bench_app(), "rule_packs": ["AwsSolutions"]}))
subject("asset_path")(lambda _: Ready(asset_path, {"name": "cgw"}))

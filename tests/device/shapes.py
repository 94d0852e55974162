"""The devices of the scenarios, as the constructs describe them, with sample values or with tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cdk_aws_vpn.connection.inside_network import InsideNetwork
from cdk_aws_vpn.connection.one_dh_group import with_one_dh_group
from cdk_aws_vpn.connection.security_profile import PROFILES
from cdk_aws_vpn.connection.tunnel_options import TunnelOptions
from cdk_aws_vpn.device.configuration import (
    BgpConfig,
    CodeAsset,
    DeviceConfig,
    MetricsConfig,
    PairConfig,
    ProbeConfig,
    TunnelConfig,
)

IDC = "10.60.0.0/16"
CLOUD = "10.50.0.0/16"
BGP = BgpConfig(local_asn=65000, amazon_side_asn=64512)
CODE = CodeAsset(bucket="assets-111111111111-eu-west-1", key=f"{'c0de' * 16}.zip")

METRICS = MetricsConfig(
    log_group="/cgw/ScenarioDualCgwBgp/Monitoring", log_stream="CgwActive", device="ScenarioDualCgwBgp/CgwActive"
)


def tunnel(number: int, profile: str = "recommended", *, device: int = 0) -> TunnelConfig:
    return TunnelConfig(
        number=number,
        outside_address=f"203.0.113.{10 * device + number}",
        inside=InsideNetwork(f"169.254.{10 + 10 * device + number}.0/30"),
        pre_shared_key_secret=f"arn:aws:secretsmanager:eu-west-1:111111111111:secret:psk-tunnel{number}-AbCdEf",
        negotiation=with_one_dh_group(TunnelOptions(), TunnelOptions().negotiation(PROFILES[profile])),
    )


def single_tunnel(profile: str = "recommended") -> DeviceConfig:
    return DeviceConfig(
        name="cgw",
        region="eu-west-1",
        public_address="198.51.100.10",
        private_address="10.60.0.100",
        local_prefixes=(IDC,),
        remote_prefixes=(CLOUD,),
        tunnels=(tunnel(1, profile),),
        signal_url="https://signal.example/wait?X-Amz-Signature=0123&X-Amz-Expires=86399",
    )


def dual_tunnel(profile: str = "recommended") -> DeviceConfig:
    return replace(
        single_tunnel(profile), tunnels=(tunnel(1, profile), tunnel(2, profile)), probe=ProbeConfig(), code=CODE
    )


def _paired(profile: str, role: str) -> DeviceConfig:
    active = role == "active"
    device = dual_tunnel(profile)
    return replace(
        device,
        name=f"cgw-{role}",
        private_address="10.60.0.100" if active else "10.60.2.100",
        public_address="198.51.100.10" if active else "198.51.100.20",
        tunnels=tuple(tunnel(number, profile, device=0 if active else 1) for number in (1, 2)),
        pair=PairConfig(
            role=role,
            partner_private_address="10.60.2.100" if active else "10.60.0.100",
            virtual_router_id=60,
            route_table_ids=("rtb-0aaaaaaaaaaaaaaa1", "rtb-0aaaaaaaaaaaaaaa2"),
            network_interface_id="eni-0aaaaaaaaaaaaaaa1" if active else "eni-0aaaaaaaaaaaaaaa2",
        ),
    )


def _clustered(profile: str, role: str) -> DeviceConfig:
    device = _paired(profile, role)
    assert device.pair is not None
    return replace(
        device,
        public_address="198.51.100.99",
        tunnels=(tunnel(1, profile), tunnel(2, profile)),
        pair=replace(
            device.pair,
            shared_address_allocation_id="eipalloc-0aaaaaaaaaaaaaaa1",
            ike_private_address="10.60.0.110" if role == "active" else "10.60.2.110",
        ),
    )


def _equal(device: DeviceConfig) -> DeviceConfig:
    assert device.pair
    return replace(device, bgp=BGP, pair=replace(device.pair, active_active=True))


SHAPES: dict[str, Callable[..., DeviceConfig]] = {
    "single-tunnel": single_tunnel,
    "dual-tunnel": dual_tunnel,
    "cluster-active": lambda profile="recommended": _clustered(profile, "active"),
    "cluster-standby": lambda profile="recommended": _clustered(profile, "standby"),
    "dual-static-active": lambda profile="recommended": _paired(profile, "active"),
    "dual-static-standby": lambda profile="recommended": _paired(profile, "standby"),
    "dual-bgp-active": lambda profile="recommended": replace(_paired(profile, "active"), bgp=BGP),
    "dual-bgp-standby": lambda profile="recommended": replace(_paired(profile, "standby"), bgp=BGP),
    "dual-bgp-active-active": lambda profile="recommended": _equal(_paired(profile, "active")),
    "single-tunnel-monitored": lambda profile="recommended": replace(
        single_tunnel(profile), code=CODE, metrics=METRICS
    ),
    "dual-bgp-monitored": lambda profile="recommended": replace(_paired(profile, "active"), bgp=BGP, metrics=METRICS),
}


def token(name: str) -> str:
    return "${Token[" + name + ".42]}"


def with_tokens(device: DeviceConfig) -> DeviceConfig:
    """The same device as the constructs give it: what only CloudFormation knows is a token."""
    pair = device.pair
    return replace(
        device,
        region=token("AWS.Region"),
        public_address=token("PublicAddress"),
        tunnels=tuple(
            replace(
                one,
                outside_address=token(f"Outside{one.number}"),
                pre_shared_key_secret=token(f"Secret{one.number}"),
            )
            for one in device.tunnels
        ),
        pair=pair
        and replace(
            pair,
            route_table_ids=tuple(token(f"Table{index}") for index, _ in enumerate(pair.route_table_ids)),
            network_interface_id=token("Interface"),
            shared_address_allocation_id=pair.shared_address_allocation_id and token("Allocation"),
        ),
        code=device.code and CodeAsset(bucket=token("Bucket"), key=device.code.key),
        signal_url=token("Signal"),
    )


def boot_script(user_data: str) -> str:
    """The shell part of user-data, as cloud-init writes it to a file."""
    return user_data.split("\n\n", 1)[1]

"""Tells a device about the tunnels of a VPN connection."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.connection.vpn_tunnel import VpnTunnel
from cdk_aws_vpn.device.configuration import TunnelConfig
from cdk_aws_vpn.errors import VpnConfigurationError

__all__ = ["device_tunnels"]


def device_tunnels(connection: VpnConnection, numbers: Sequence[int]) -> tuple[TunnelConfig, ...]:
    """Return what the device needs to know of the chosen tunnels.

    Raises:
        VpnConfigurationError: ``numbers`` is not (1,), (2,) or (1, 2); or the tunnels have no pre-shared key, or
            carry IPv6.
    """
    if tuple(numbers) not in ((1,), (2,), (1, 2)):
        raise VpnConfigurationError("tunnels", tuple(numbers), "(1,), (2,) or (1, 2)", "name each tunnel once")
    return tuple(_device_tunnel(connection.tunnels[number - 1]) for number in numbers)


def _device_tunnel(tunnel: VpnTunnel) -> TunnelConfig:
    options = tunnel.options
    if options.inside_ipv6_cidr is not None:
        raise VpnConfigurationError(
            "connection", "with IPv6 inside", "tunnels that carry IPv4 on a CgwInstance", "use a device of your own"
        )
    if tunnel.pre_shared_key is None:
        raise VpnConfigurationError(
            "connection",
            "with a certificate",
            "tunnels with a pre-shared key on a CgwInstance",
            "leave certificate_arn out of the customer gateway",
        )
    return TunnelConfig(
        number=tunnel.number,
        outside_address=tunnel.outside_address,
        inside_cidr=tunnel.inside_cidr,
        pre_shared_key_secret=tunnel.pre_shared_key.secret_arn,
        ike_version="ikev2" if "ikev2" in (options.ike_versions or ()) else "ikev1",
        phase1_encryption_algorithms=options.phase1_encryption_algorithms or (),
        phase1_integrity_algorithms=options.phase1_integrity_algorithms or (),
        phase1_dh_group_numbers=options.phase1_dh_group_numbers or (),
        phase2_encryption_algorithms=options.phase2_encryption_algorithms or (),
        phase2_integrity_algorithms=options.phase2_integrity_algorithms or (),
        phase2_dh_group_numbers=options.phase2_dh_group_numbers or (),
        phase1_lifetime_seconds=options.phase1_lifetime_seconds,
        phase2_lifetime_seconds=options.phase2_lifetime_seconds,
        rekey_margin_time_seconds=options.rekey_margin_time_seconds,
        rekey_fuzz_percentage=options.rekey_fuzz_percentage,
        replay_window_size=options.replay_window_size,
        dpd_timeout_seconds=options.dpd_timeout_seconds,
        startup_action=options.startup_action,
    )

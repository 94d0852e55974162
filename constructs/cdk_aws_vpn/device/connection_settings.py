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
    if tunnel.options.inside_ipv6_cidr is not None:
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
        inside=tunnel.inside,
        pre_shared_key_secret=tunnel.pre_shared_key.secret_arn,
        negotiation=tunnel.negotiation,
    )

"""What a device needs to know about its VPN connection: the tunnels and, with BGP, the two ASNs."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_aws_vpn.connection.routing import Bgp
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.connection.vpn_tunnel import VpnTunnel
from cdk_aws_vpn.device.configuration import BgpConfig, TunnelConfig
from cdk_aws_vpn.errors import VpnConfigurationError


def device_tunnels(connection: VpnConnection, numbers: Sequence[int]) -> tuple[TunnelConfig, ...]:
    """Return what the device needs to know of the chosen tunnels, and limit each to one Diffie-Hellman group.

    Raises:
        VpnConfigurationError: ``numbers`` is not (1,), (2,) or (1, 2); or the tunnels have no pre-shared key, or
            carry IPv6.
        TunnelOptionsError: The tunnels allow several Diffie-Hellman groups, or an algorithm that libreswan 4 lacks.
    """
    if not isinstance(numbers, Sequence):
        raise VpnConfigurationError("tunnels", numbers, "(1,), (2,) or (1, 2)", "name each tunnel once")
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
    tunnel.use_one_dh_group()
    return TunnelConfig(
        number=tunnel.number,
        outside_address=tunnel.outside_address,
        inside=tunnel.inside,
        pre_shared_key_secret=tunnel.pre_shared_key.secret_arn,
        negotiation=tunnel.negotiation,
    )


def device_bgp(connection: VpnConnection, local_asn: int) -> BgpConfig | None:
    """Return what the device needs to know of BGP; None for a connection with static routing.

    Raises:
        VpnConfigurationError: Amazon's ASN is not known.
    """
    if not isinstance(connection.routing, Bgp):
        return None
    gateway = connection.gateway
    if gateway.amazon_side_asn is None:
        raise VpnConfigurationError(
            "amazon_side_asn",
            None,
            "the ASN of the existing gateway",
            "pass amazon_side_asn to from_id(…); the device's BGP needs it",
        )
    return BgpConfig(
        local_asn=local_asn,
        amazon_side_asn=gateway.amazon_side_asn,
        learned_maximum=gateway.learned_prefixes_maximum,
        announced_maximum=gateway.announced_prefixes_maximum,
    )

"""What a device needs to know about its VPN connection: the tunnels and, with BGP, the two ASNs."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from cdk_aws_vpn.checks.arguments import check_literal
from cdk_aws_vpn.checks.outside_addresses import check_public_address
from cdk_aws_vpn.checks.texts import check_list
from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.connection.routing import Bgp
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.connection.vpn_tunnel import VpnTunnel
from cdk_aws_vpn.device.configuration import BgpConfig, TunnelConfig
from cdk_aws_vpn.errors import AddressingError, VpnConfigurationError
from cdk_aws_vpn.gateways.customer_gateway import CustomerGateway, ExistingCustomerGateway

TIME_SERVICE = "169.254.169.123"
"""The Amazon Time Sync Service in every VPC."""


def device_tunnels(connection: VpnConnection, numbers: Sequence[int]) -> tuple[TunnelConfig, ...]:
    """Return what the device needs to know of the chosen tunnels, and limit each to one Diffie-Hellman group.

    Raises:
        VpnConfigurationError: ``numbers`` is not (1,), (2,) or (1, 2); or the tunnels have no pre-shared key, or
            carry IPv6.
        TunnelOptionsError: The tunnels allow several Diffie-Hellman groups, or an algorithm that libreswan 4 lacks.
    """
    allowed, remedy = "(1,), (2,) or (1, 2)", "name each tunnel once"
    chosen = tuple(check_list("tunnels", numbers, allowed, remedy))
    if chosen not in ((1,), (2,), (1, 2)) or not all(type(number) is int for number in chosen):
        raise VpnConfigurationError("tunnels", chosen, allowed, remedy)
    return tuple(_device_tunnel(connection.tunnels[number - 1]) for number in numbers)


def check_identity(identity: str, customer_gateway: CustomerGateway | ExistingCustomerGateway) -> None:
    """Check that AWS knows a device by the address ``identity``; the address of an existing one is not known.

    Raises:
        AddressingError: The customer gateway has another address.
    """
    check_public_address("identity", identity)
    known = getattr(customer_gateway, "address", identity)
    if identity != known:
        raise AddressingError(
            "identity",
            identity,
            "the address of the connection's customer gateway",
            "write identity=connection.customer_gateway.address, or leave it out",
        )


def is_time_service_inside(inside_cidr: str) -> bool:
    """Tell whether a device could not reach its only clock, because its address is inside a tunnel."""
    return not is_token(inside_cidr) and ipaddress.IPv4Address(TIME_SERVICE) in ipaddress.IPv4Network(inside_cidr)


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
    for name, value in tunnel.negotiation.values().items():
        check_literal(name, value, "literal values for a CgwInstance", "write them: its configuration is made of them")
    tunnel.use_one_dh_group()
    if is_time_service_inside(tunnel.inside.cidr):
        raise AddressingError(
            "inside_cidr",
            tunnel.inside.cidr,
            f"a block without {TIME_SERVICE}, the time service of the VPC, which the device needs",
            "give the tunnel another /30, such as '169.254.6.0/30'",
        )
    if tunnel.options.pre_shared_key_field is not None:
        raise VpnConfigurationError(
            "pre_shared_key_field",
            "given",
            "none on a CgwInstance, whose tunnels have a secret each",
            "leave pre_shared_key out, so that the connection generates both keys",
        )
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

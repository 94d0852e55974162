"""Which options of a VPN connection go together: the rules that need the gateway to be known.

Source: ``AWS::EC2::VPNConnection`` in the CloudFormation reference; "Tunnel options", "Accelerated Site-to-Site VPN
connections", "IPv4 and IPv6 traffic" and "Private IP AWS Site-to-Site VPN with AWS Direct Connect" in the user guide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cdk_aws_vpn.checks.addressing import allocate_inside_cidrs, check_cidr
from cdk_aws_vpn.checks.arguments import check_choice, check_flag, check_instance, check_resource_id
from cdk_aws_vpn.checks.tokens import is_placeholder
from cdk_aws_vpn.connection.routing import Bgp, Routing, Static
from cdk_aws_vpn.connection.tunnel_options import TunnelOptions
from cdk_aws_vpn.errors import TunnelOptionsError, VpnConfigurationError, type_of
from cdk_aws_vpn.gateways.amazon_side_gateway import AmazonSideGateway
from cdk_aws_vpn.gateways.transit_gateway import BaseTransitGateway

_CHOICES = {
    "pre_shared_key_storage": ("SecretsManager", "Standard"),
    "tunnel_bandwidth": ("standard", "large"),
    "tunnel_inside_ip_version": ("ipv4", "ipv6"),
    "outside_ip_address_type": ("PublicIpv4", "PrivateIpv4"),
}
_TRANSIT_GATEWAY_ONLY = {
    "enable_acceleration": True,
    "tunnel_bandwidth": "large",
    "tunnel_inside_ip_version": "ipv6",
    "outside_ip_address_type": "PrivateIpv4",
}


@dataclass(frozen=True, kw_only=True)
class ConnectionOptions:
    """The options of a connection that are not about one tunnel; see :class:`~cdk_aws_vpn.VpnConnection`."""

    pre_shared_key_storage: str
    enable_acceleration: bool
    tunnel_bandwidth: str
    tunnel_inside_ip_version: str
    outside_ip_address_type: str
    transport_transit_gateway_attachment_id: str | None
    local_ipv4_network_cidr: str | None
    remote_ipv4_network_cidr: str | None

    def properties(self) -> dict[str, Any]:
        """The options as properties of the template; AWS's defaults are left out."""
        given = {prop: getattr(self, prop) for prop in _TRANSIT_GATEWAY_ONLY}
        return {
            **{prop: value if value == _TRANSIT_GATEWAY_ONLY[prop] else None for prop, value in given.items()},
            "transport_transit_gateway_attachment_id": self.transport_transit_gateway_attachment_id,
            "local_ipv4_network_cidr": self.local_ipv4_network_cidr,
            "remote_ipv4_network_cidr": self.remote_ipv4_network_cidr,
        }


def check_connection_options(
    options: ConnectionOptions, *, gateway: AmazonSideGateway, customer_address_type: str | None, routing: Routing
) -> None:
    """Check the options of a connection one by one and against each other.

    Raises:
        VpnConfigurationError: An option is out of range, or excludes another.
    """
    for prop, choices in _CHOICES.items():
        known_later = prop == "pre_shared_key_storage"
        check_choice(prop, getattr(options, prop), choices, known_later=known_later)
    check_flag("enable_acceleration", options.enable_acceleration)
    remedy = "wrap an existing one with VirtualPrivateGateway.from_id(…) or TransitGateway.from_id(…)"
    check_instance("gateway", gateway, AmazonSideGateway, remedy)
    check_instance("routing", routing, (Bgp, Static), "write Bgp() or Static([...])")
    for prop, needs in _TRANSIT_GATEWAY_ONLY.items():
        if getattr(options, prop) == needs and not isinstance(gateway, BaseTransitGateway):
            raise VpnConfigurationError(
                prop,
                needs,
                f"{needs!r} on a transit gateway only",
                "end the connection on a TransitGateway, or leave it out",
            )
    if options.enable_acceleration and options.tunnel_bandwidth == "large":
        raise VpnConfigurationError(
            "tunnel_bandwidth", "large", "standard, with enable_acceleration", "remove one of the two"
        )
    _check_networks(options, routing)
    _check_outside_addresses(options, gateway, customer_address_type)


def _check_networks(options: ConnectionOptions, routing: Routing) -> None:
    ipv6 = options.tunnel_inside_ip_version == "ipv6"
    if ipv6 and isinstance(routing, Static):
        raise VpnConfigurationError(
            "routing", "Static", 'Bgp() with tunnel_inside_ip_version="ipv6": Static takes IPv4 networks', "use Bgp()"
        )
    for prop in ("local_ipv4_network_cidr", "remote_ipv4_network_cidr"):
        cidr = getattr(options, prop)
        if cidr is not None:
            check_cidr(prop, cidr)
        if cidr is not None and ipv6:
            raise VpnConfigurationError(
                prop, cidr, 'none with tunnel_inside_ip_version="ipv6": a tunnel carries one version', "leave it out"
            )


def _check_outside_addresses(options: ConnectionOptions, gateway: AmazonSideGateway, address_type: str | None) -> None:
    """A private-IP VPN runs over a Direct Connect gateway's attachment, from addresses of the transit gateway."""
    prop, private = "outside_ip_address_type", options.outside_ip_address_type == "PrivateIpv4"
    if address_type is not None and address_type != options.outside_ip_address_type:
        raise VpnConfigurationError(
            prop,
            options.outside_ip_address_type,
            f"that of the customer gateway, {address_type}",
            "give the customer gateway and the connection the same outside_ip_address_type",
        )
    transport = options.transport_transit_gateway_attachment_id
    if (transport is not None) != private:
        raise VpnConfigurationError(
            "transport_transit_gateway_attachment_id",
            transport,
            "the id of a Direct Connect gateway's attachment with PrivateIpv4, and none otherwise",
            "give both, or leave both out",
        )
    if transport is None:
        return
    check_resource_id("transport_transit_gateway_attachment_id", transport, "tgw-attach-")
    if options.enable_acceleration:
        raise VpnConfigurationError(
            "enable_acceleration", True, "False with PrivateIpv4: acceleration runs over the internet", "leave it out"
        )
    if isinstance(gateway, BaseTransitGateway) and gateway.cidr_blocks == ():
        raise VpnConfigurationError(
            "cidr_blocks", (), "a block on the transit gateway of a private-IP VPN", "give the TransitGateway a /24"
        )


def check_tunnels(tunnels: Sequence[TunnelOptions], inside_ip_version: str, *, uses_certificate: bool) -> None:
    """Check that there are options for both tunnels or for none, and that they fit the connection.

    Raises:
        TunnelOptionsError: There are options for one tunnel only or for more than two, or an option does not fit.
    """
    listed = isinstance(tunnels, list | tuple)
    if not listed or len(tunnels) not in (0, 2):
        raise TunnelOptionsError(
            "tunnels",
            len(tunnels) if listed else type_of(tunnels),
            "2 TunnelOptions, or none",
            "a connection always has two tunnels; give options for both, so that neither keeps AWS's weak defaults",
        )
    for options in tunnels:
        if not isinstance(options, TunnelOptions):
            # never the value, which may be a pre-shared key
            raise TunnelOptionsError(
                "tunnels", type_of(options), "a list of TunnelOptions", "wrap the values: TunnelOptions(…)"
            )
        if (options.inside_ipv6_cidr is not None) != (inside_ip_version == "ipv6"):
            raise TunnelOptionsError(
                "inside_ipv6_cidr",
                options.inside_ipv6_cidr,
                'a /126 of fd00::/8 with tunnel_inside_ip_version="ipv6", and none otherwise',
                "give both tunnels one, or leave tunnel_inside_ip_version out",
            )
        if uses_certificate and options.pre_shared_key is not None:
            raise TunnelOptionsError(
                "pre_shared_key",
                "given",
                "none, while the customer gateway proves itself with a certificate",
                "remove one of the two",
            )
    if inside_ip_version == "ipv6" and not tunnels:
        raise TunnelOptionsError(
            "tunnels", 0, "2 TunnelOptions with inside_ipv6_cidr", "give both tunnels a /126 of fd00::/8"
        )
    for prop in ("inside_cidr", "inside_ipv6_cidr", "pre_shared_key"):
        values = [getattr(options, prop) for options in tunnels if getattr(options, prop) is not None]
        fields = {options.pre_shared_key_field for options in tunnels} - {None}
        if prop == "pre_shared_key" and len(fields) == 2:
            continue  # two fields of a secret are two keys
        if len(values) == 2 and _same(*values) and not is_placeholder(values[0]):
            shown = "the same secret" if prop == "pre_shared_key" else values[0]
            raise TunnelOptionsError(prop, shown, "a different one for each tunnel", "change one of the two")


def _same(one: object, other: object) -> bool:
    """Tell whether two options are equal; a secret is what its ARN says, however often it is imported."""
    return one == other or (hasattr(one, "secret_arn") and one.secret_arn == getattr(other, "secret_arn", None))


def with_inside_cidrs(
    name: str, gateway: AmazonSideGateway, tunnels: Sequence[TunnelOptions]
) -> tuple[TunnelOptions, TunnelOptions]:
    """Return both tunnels' options, with the inside CIDR blocks that were left out chosen by ``name``."""
    chosen = {options.inside_cidr for options in tunnels if options.inside_cidr is not None}
    free = iter(allocate_inside_cidrs(name, 2, used={*gateway.inside_cidrs, *chosen}))
    first, second = (
        replace(options, inside_cidr=options.inside_cidr or next(free))
        for options in tunnels or (TunnelOptions(), TunnelOptions())
    )
    return first, second

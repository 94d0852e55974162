"""Which options of a VPN connection go together: the rules that need the gateway to be known.

Source: ``AWS::EC2::VPNConnection`` in the CloudFormation reference and "AWS Site-to-Site VPN: tunnel bandwidth,
acceleration, IPv6" in the user guide.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdk_aws_vpn.amazon_side_gateway import AmazonSideGateway
from cdk_aws_vpn.errors import TunnelOptionsError, VpnConfigurationError
from cdk_aws_vpn.routing import Bgp, Routing, Static
from cdk_aws_vpn.transit_gateway import TransitGateway
from cdk_aws_vpn.tunnel import TunnelOptions
from cdk_aws_vpn.value_types import check_flag, check_instance

__all__ = ["check_connection_options", "check_tunnels"]

_CHOICES = {
    "pre_shared_key_storage": ("SecretsManager", "Standard"),
    "tunnel_bandwidth": ("standard", "large"),
    "tunnel_inside_ip_version": ("ipv4", "ipv6"),
}


def check_connection_options(
    *,
    gateway: AmazonSideGateway,
    routing: Routing,
    pre_shared_key_storage: str,
    enable_acceleration: bool,
    tunnel_bandwidth: str,
    tunnel_inside_ip_version: str,
) -> None:
    """Check the options of a connection one by one and against each other.

    Raises:
        VpnConfigurationError: One is out of range, or excludes another.
    """
    given = {
        "pre_shared_key_storage": pre_shared_key_storage,
        "tunnel_bandwidth": tunnel_bandwidth,
        "tunnel_inside_ip_version": tunnel_inside_ip_version,
    }
    for prop, value in given.items():
        if value not in _CHOICES[prop]:
            raise VpnConfigurationError(prop, value, " or ".join(_CHOICES[prop]), "choose one of these")
    check_flag("enable_acceleration", enable_acceleration)
    check_instance(
        "gateway",
        gateway,
        AmazonSideGateway,
        "wrap an existing one with VirtualPrivateGateway.from_id(…) or TransitGateway.from_id(…)",
    )
    check_instance("routing", routing, (Bgp, Static), "write Bgp() or Static([...])")
    on_transit_gateway = isinstance(gateway, TransitGateway)
    _check_transit_gateway_only("enable_acceleration", enable_acceleration, True, on_transit_gateway)
    _check_transit_gateway_only("tunnel_bandwidth", tunnel_bandwidth, "large", on_transit_gateway)
    _check_transit_gateway_only("tunnel_inside_ip_version", tunnel_inside_ip_version, "ipv6", on_transit_gateway)
    if enable_acceleration and tunnel_bandwidth == "large":
        raise VpnConfigurationError(
            "tunnel_bandwidth", "large", "standard, with enable_acceleration", "give up one of the two"
        )
    if on_transit_gateway and isinstance(routing, Static):
        raise VpnConfigurationError(
            "routing",
            "Static",
            "Bgp() on a transit gateway, whose static routes stand in its own route tables",
            "use Bgp(), which equal-cost multi-path needs as well",
        )


def _check_transit_gateway_only(prop: str, value: object, needs: object, on_transit_gateway: bool) -> None:
    if value == needs and not on_transit_gateway:
        raise VpnConfigurationError(
            prop,
            value,
            f"{needs!r} on a transit gateway only",
            "end the connection on a TransitGateway, or leave it out",
        )


def check_tunnels(tunnels: Sequence[TunnelOptions], inside_ip_version: str, *, uses_certificate: bool) -> None:
    """Check that there are options for both tunnels or for none, and that they fit the connection.

    Raises:
        TunnelOptionsError: There is one, or more than two; or an option does not fit.
    """
    if not isinstance(tunnels, Sequence) or len(tunnels) not in (0, 2):
        raise TunnelOptionsError(
            "tunnels",
            len(tunnels) if isinstance(tunnels, Sequence) else tunnels,
            "2 TunnelOptions, or none",
            "a connection always has two tunnels; give options for both, so that neither keeps AWS's weak defaults",
        )
    for options in tunnels:
        if not isinstance(options, TunnelOptions):
            raise TunnelOptionsError("tunnels", options, "TunnelOptions", "wrap the values: TunnelOptions(…)")
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
        if len(values) == 2 and values[0] == values[1]:
            shown = "the same secret" if prop == "pre_shared_key" else values[0]
            raise TunnelOptionsError(prop, shown, "a different one for each tunnel", "change one of the two")

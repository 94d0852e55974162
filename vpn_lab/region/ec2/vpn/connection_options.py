"""EC2's checks of the connection options that depend on the gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vpn_lab.region.ec2.errors import invalid_value, refusal

Options = Mapping[str, Any]

TRANSIT_GATEWAY_ONLY = {
    "TunnelBandwidth": "large",
    "EnableAcceleration": True,
    "TunnelInsideIpVersion": "ipv6",
    "OutsideIpAddressType": "PrivateIpv4",
}


def check_on_virtual_private_gateway(options: Options) -> None:
    for name, wrong in TRANSIT_GATEWAY_ONLY.items():
        if options.get(name) == wrong:
            raise refusal("InvalidParameterCombination", f"{name}={wrong} requires a transit gateway.")


def check_on_transit_gateway(options: Options, kind_of_attachment: Callable[[str], str]) -> None:
    """A private-IP VPN runs over the attachment of a Direct Connect gateway, which the region does not have."""
    if options.get("TunnelBandwidth") == "large" and options.get("EnableAcceleration"):
        raise refusal("InvalidParameterCombination", "Large bandwidth tunnels do not support acceleration.")
    ipv4 = options.get("LocalIpv4NetworkCidr") or options.get("RemoteIpv4NetworkCidr")
    if options.get("TunnelInsideIpVersion") == "ipv6" and ipv4:
        raise refusal("InvalidParameterCombination", "IPv4 network CIDRs need TunnelInsideIpVersion=ipv4.")
    private = options.get("OutsideIpAddressType") == "PrivateIpv4"
    transport = options.get("TransportTransitGatewayAttachmentId")
    if private != bool(transport):
        message = "TransportTransitGatewayAttachmentId is required with, and only with, PrivateIpv4."
        raise refusal("InvalidParameterCombination", message)
    if private and options.get("EnableAcceleration"):
        raise refusal("InvalidParameterCombination", "A private IP VPN does not support acceleration.")
    if transport and kind_of_attachment(transport) != "direct-connect-gateway":
        rule = "It must be the attachment of a Direct Connect gateway."
        raise invalid_value("TransportTransitGatewayAttachmentId", transport, rule)

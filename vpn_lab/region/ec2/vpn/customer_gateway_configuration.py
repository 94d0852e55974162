"""The CustomerGatewayConfiguration document that AWS generates for each connection.

As on AWS, the document always shows the weakest algorithms, such as group 2, regardless of the configuration. To know
the algorithms of a connection, read its tunnel options.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Protocol
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from vpn_lab.region.ec2.vpn.tunnel import Tunnel

if TYPE_CHECKING:
    from moto.ec2.models.customer_gateways import CustomerGateway


class Connection(Protocol):
    """What the document tells of a connection."""

    id: str
    type: str
    customer_gateway_id: str
    vpn_gateway_id: str | None
    tunnel_list: list[Tunnel]
    pre_shared_key_arn: str | None

    @property
    def static_routes_only(self) -> bool: ...


def render(connection: Connection, gateway: CustomerGateway, amazon_side_asn: str) -> str:
    root = Element("vpn_connection", id=connection.id)
    _text(root, "customer_gateway_id", connection.customer_gateway_id)
    _text(root, "vpn_gateway_id", connection.vpn_gateway_id or "")
    _text(root, "vpn_connection_type", connection.type)
    if connection.static_routes_only:
        _text(root, "vpn_connection_attributes", "NoBGPVPNConnection")
    for tunnel in connection.tunnel_list:
        _tunnel(root, connection, tunnel, gateway, amazon_side_asn)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _tunnel(
    root: Element, connection: Connection, tunnel: Tunnel, gateway: CustomerGateway, amazon_side_asn: str
) -> None:
    element = SubElement(root, "ipsec_tunnel")
    aws, customer = list(IPv4Network(tunnel.inside_cidr).hosts())
    bgp = not connection.static_routes_only
    _end(element, "customer_gateway", gateway.ip_address, str(customer), gateway.bgp_asn if bgp else None)
    _end(element, "vpn_gateway", tunnel.outside_address, str(aws), amazon_side_asn if bgp else None)
    ike = SubElement(element, "ike")
    for name, value in (
        ("authentication_protocol", "sha1"),
        ("encryption_protocol", "aes-128-cbc"),
        ("lifetime", str(tunnel.options.get("Phase1LifetimeSeconds", 28800))),
        ("perfect_forward_secrecy", "group2"),
        ("mode", "main"),
    ):
        _text(ike, name, value)
    if connection.pre_shared_key_arn is None:
        _text(ike, "pre_shared_key", tunnel.pre_shared_key)
    _ipsec(SubElement(element, "ipsec"), tunnel)


def _end(tunnel: Element, name: str, outside: str, inside: str, asn: str | None) -> None:
    end = SubElement(tunnel, name)
    _text(SubElement(end, "tunnel_outside_address"), "ip_address", outside)
    address = SubElement(end, "tunnel_inside_address")
    _text(address, "ip_address", inside)
    _text(address, "network_mask", "255.255.255.252")
    _text(address, "network_cidr", "30")
    if asn is not None:
        bgp = SubElement(end, "bgp")
        _text(bgp, "asn", asn)
        _text(bgp, "hold_time", "30")


def _ipsec(ipsec: Element, tunnel: Tunnel) -> None:
    for name, value in (
        ("protocol", "esp"),
        ("authentication_protocol", "hmac-sha1-96"),
        ("encryption_protocol", "aes-128-cbc"),
        ("lifetime", str(tunnel.options.get("Phase2LifetimeSeconds", 3600))),
        ("perfect_forward_secrecy", "group2"),
        ("mode", "tunnel"),
        ("clear_df_bit", "true"),
        ("fragmentation_before_encryption", "true"),
        ("tcp_mss_adjustment", "1379"),
    ):
        _text(ipsec, name, value)
    detection = SubElement(ipsec, "dead_peer_detection")
    _text(detection, "interval", "10")
    _text(detection, "retries", "3")


def _text(parent: Element, name: str, value: str) -> None:
    SubElement(parent, name).text = value

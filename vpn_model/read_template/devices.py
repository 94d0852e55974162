"""Finds in a template what its customer gateway devices do: in their user data, and in their roles."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from vpn_model.connection import Tunnel
from vpn_model.devices import DevicePair, Devices
from vpn_model.network import Network
from vpn_model.read_template.permissions import may_use
from vpn_model.read_template.template import Template

# keepalived, and FRR: a neighbor with the device's own ASN
UNICAST_PEERS = re.compile(r"unicast_peer \{([^}]*)\}")
IBGP_NEIGHBOR = re.compile(r"^router bgp (\d+)$.*^ *neighbor \S+ remote-as (?:\1|internal)$", re.MULTILINE | re.DOTALL)
CUSTOMERS_ADDRESS = 1
"""AWS has the first address of a tunnel's inside CIDR block, the customer the second."""


def read_devices(template: Template, network: Network) -> Devices:
    """Return what the devices of a template do. ``network`` is what ``read_network`` made of the same template.

    Raises:
        TemplateError: A function has arguments that it does not take.
    """
    instances = (template.get(one) for one in network.instances)
    configurations = {one.logical_id: template.user_data(one) for one in instances if one}
    tunnels = {
        (connection.id, number): tuple(_terminating(tunnel, configurations))
        for connection in network.vpn_connections.values()
        for number, tunnel in enumerate(connection.tunnels, start=1)
    }
    devices = {device for found in tunnels.values() for device in found}
    return Devices(
        tunnels=tunnels,
        pairs=tuple(_pairs(network, [one for one in configurations if one in devices], configurations)),
        may_take_address=may_use(template, network, "ec2:AssociateAddress", network.elastic_ips),
        may_take_routes=may_use(template, network, "ec2:ReplaceRoute", network.route_tables),
    )


def _terminating(tunnel: Tunnel, configurations: Mapping[str, str]) -> Iterator[str]:
    """The devices whose user data has the customer's address inside the tunnel."""
    try:
        block = ipaddress.ip_network(str(tunnel.inside_cidr))
    except ValueError:
        return
    address = f"{list(block.hosts())[CUSTOMERS_ADDRESS]}/"
    # 169.254.1.2 is not in 169.254.1.20, and 9.254.1.2 not in 169.254.1.2
    mentioned = re.compile(rf"(?<![\d.]){re.escape(address)}")
    yield from (device for device, text in configurations.items() if mentioned.search(text))


def _pairs(network: Network, devices: list[str], configurations: Mapping[str, str]) -> Iterator[DevicePair]:
    for first, second in combinations(devices, 2):
        partners = {one for block in UNICAST_PEERS.findall(configurations[first]) for one in block.split()}
        addresses = {str(one.private) for end in network.interfaces_of(second) for one in end.addresses}
        if partners & addresses:
            is_bgp = IBGP_NEIGHBOR.search(configurations[first])
            yield DevicePair(first, second, ("VRRP", "iBGP") if is_bgp else ("VRRP",))

"""Where the boxes stand: three lanes of a fixed width, each filled from its top, whatever the other ones hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import mean

from vpn_model.picture.blocks import GAP, PAD, Block, Placed, place, stack
from vpn_model.picture.gateway_blocks import (
    CLIENT_VPN_HEIGHT,
    CONNECTION_HEIGHT,
    address_block,
    client_vpn_block,
    clients_block,
    connection_block,
    customer_gateway_block,
    gateway_block,
)
from vpn_model.picture.view import View
from vpn_model.picture.vpc_blocks import GUTTER, PAIR_GUTTER, vpc_block

TOP = 44.0
SUBNET = 208.0
ZONE = SUBNET + 2 * PAD
SITE, SITE_VPC = 14.0, ZONE + 2 * PAD + GUTTER + PAIR_GUTTER
ADDRESS, ADDRESS_WIDTH = SITE + SITE_VPC + 22, 118.0
INTERNET = ADDRESS + ADDRESS_WIDTH / 2
CLIENTS, CLIENTS_WIDTH = ADDRESS + ADDRESS_WIDTH + 12, 112.0
AWS = CLIENTS + CLIENTS_WIDTH + 10
CONNECTION, CONNECTION_WIDTH = AWS + 14, 222.0
GATEWAY, GATEWAY_WIDTH = CONNECTION + CONNECTION_WIDTH + 28, 156.0
CLOUD_VPC, CLOUD_VPC_WIDTH = GATEWAY + GATEWAY_WIDTH + 38, ZONE + 2 * PAD + GUTTER
WIDTH = CLOUD_VPC + CLOUD_VPC_WIDTH + 14


@dataclass(frozen=True)
class Lanes:
    """All boxes in their places."""

    site: tuple[Placed, ...]
    internet: tuple[Placed, ...]
    aws: tuple[Placed, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Placed]:
        """Every box by its element's id."""
        return {one.block.id: one for top in (*self.site, *self.internet, *self.aws) for one in top.all()}

    @property
    def bottom(self) -> float:
        return max((one.bottom for one in (*self.site, *self.internet, *self.aws)), default=TOP + 40)


def place_all(view: View) -> Lanes:
    site = _site(view)
    return Lanes((*site, *_addresses(view, site)), tuple(_clients(view)), tuple(_aws(view)))


def _site(view: View) -> list[Placed]:
    outside = [one for one in view.connections if view.start_of(one) == one.customer_gateway_id]
    starts = dict.fromkeys(one.customer_gateway_id for one in outside)
    known = view.network.customer_gateways
    inside = {one.customer_gateway_id for one in view.connections} - starts.keys()
    alone = [one.id for one in view.ordered(known.values()) if one.id not in starts and one.id not in inside]
    found = stack([vpc_block(view, one, is_site=True) for one in view.site_vpc_ids], SITE, TOP, SITE_VPC)
    y = found[-1].bottom + 2 * GAP if found else TOP
    for identifier in (*starts, *alone):
        # as far apart as connections, so that tunnels are no steeper than they have to be
        block = customer_gateway_block(view, identifier, known.get(identifier))
        found.append(_centred(block, SITE, y, SITE_VPC, CONNECTION_HEIGHT))
        y += CONNECTION_HEIGHT + 2 * GAP
    return found


def _centred(block: Block, x: float, y: float, width: float, room: float) -> Placed:
    """Put a box into the middle of the height that it may have."""
    return place(block, x, y + max(0, room - place(block, 0, 0, width).height) / 2, width)


def _addresses(view: View, site: list[Placed]) -> list[Placed]:
    """The Elastic IPs on the border of the site, each as near as it can be to the device that it is for."""
    boxes = {one.block.id: one for top in site for one in top.all()}
    homes = _homes(view, boxes)
    found: list[Placed] = []
    for address in sorted(view.site_addresses, key=lambda one: homes[one.id]):
        block = address_block(view, address)
        wanted = homes[address.id] - place(block, 0, 0, ADDRESS_WIDTH).height / 2
        lowest = found[-1].bottom + GAP if found else TOP
        found.append(place(block, ADDRESS, max(wanted, lowest), ADDRESS_WIDTH))
    return found


def _homes(view: View, boxes: Mapping[str, Placed]) -> dict[str, float]:
    """The heights at which Elastic IPs stand. None changes when an address moves to another device.

    It is that of the instance with the same name, or the middle of those that may take it. For other addresses it is
    that of the devices, one after the other.
    """
    instances = view.network.instances.values()
    devices = [one.middle for one in boxes.values() if one.block.kind == "device"] or [TOP]
    homes: dict[str, float] = {}
    others = 0
    for address in view.site_addresses:
        takers = list(view.devices.may_take_address.get(address.id, ())) if view.devices else []
        namesakes = [one.id for one in instances if one.name and one.name == address.name]
        middles = [boxes[view.id(one)].middle for one in namesakes or takers if view.id(one) in boxes]
        homes[address.id] = mean(middles) if middles else devices[min(others, len(devices) - 1)]
        others += not middles
    return homes


def _clients(view: View) -> list[Placed]:
    found = []
    for position, endpoint in enumerate(view.ordered(view.network.client_vpn_endpoints.values())):
        y = TOP + position * (CLIENT_VPN_HEIGHT + 2 * GAP)
        found.append(_centred(clients_block(view, endpoint), CLIENTS, y, CLIENTS_WIDTH, CLIENT_VPN_HEIGHT))
    return found


def _aws(view: View) -> list[Placed]:
    endpoints = view.ordered(view.network.client_vpn_endpoints.values())
    width = GATEWAY + GATEWAY_WIDTH - CONNECTION
    client_vpns = stack([client_vpn_block(view, one) for one in endpoints], CONNECTION, TOP, width)
    top = client_vpns[-1].bottom + 2 * GAP if client_vpns else TOP
    connections = stack([connection_block(view, one) for one in view.connections], CONNECTION, top, CONNECTION_WIDTH)
    vpcs = stack([vpc_block(view, one, is_site=False) for one in view.aws_vpc_ids], CLOUD_VPC, TOP, CLOUD_VPC_WIDTH)
    return [*client_vpns, *connections, *_gateways(view, top, vpcs), *vpcs]


def _gateways(view: View, top: float, vpcs: list[Placed]) -> list[Placed]:
    """Transit gateways first; each virtual private gateway as near as it can be to its VPC."""
    network = view.network
    named = {one.gateway_id for one in view.connections if one.gateway_id}
    transit = [one.id for one in view.ordered(network.transit_gateways.values())]
    virtual = [one.id for one in view.ordered(network.vpn_gateways.values())]
    tops = {one.block.id: one.y for one in vpcs}
    wanted = {one: tops.get(view.id(network.vpn_gateways[one].vpc_id or ""), top) for one in virtual}
    elsewhere = sorted(named - {*transit, *virtual})
    found: list[Placed] = []
    for identifier in (*transit, *elsewhere, *sorted(virtual, key=lambda one: wanted[one])):
        lowest = found[-1].bottom + 2 * GAP if found else top
        y = max(lowest, wanted.get(identifier, lowest))
        found.append(place(gateway_block(view, identifier), GATEWAY, y, GATEWAY_WIDTH))
    return found

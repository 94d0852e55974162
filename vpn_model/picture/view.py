"""What a picture asks of a network: names, order, and which VPC stands on which side.

Every order is by names, CIDR blocks and ids: none changes while the network works.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from vpn_model.connection import VpnConnection
from vpn_model.devices import Devices
from vpn_model.hosts import ElasticIp, Instance, Interface
from vpn_model.network import Network
from vpn_model.picture.names import Named, element_id, natural, short_name
from vpn_model.vpc import Subnet

N = TypeVar("N", bound=Named)


@dataclass(frozen=True)
class View:
    """A network as a picture sees it."""

    network: Network
    devices: Devices | None = None
    """What the devices do; None if it is not known."""
    prefix: str = "vpn-"
    """The prefix of all ids of the picture."""
    _by_id: dict[str, Named] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        network = self.network
        for things in (
            *(network.vpcs, network.subnets, network.route_tables, network.interfaces, network.instances),
            *(network.elastic_ips, network.nat_gateways, network.vpn_gateways, network.customer_gateways),
            *(network.vpn_connections, network.transit_gateways, network.client_vpn_endpoints),
        ):
            self._by_id.update(things)
        self._by_id.update({table.id: table for one in network.transit_gateways.values() for table in one.tables})

    def id(self, *parts: str) -> str:
        """The id of the element of something, or of a part of it."""
        return element_id(self.prefix, *parts)

    def line_id(self, *parts: str) -> str:
        """The id of the line between some things."""
        return self.id("", "line", *parts)

    def name(self, identifier: str) -> str:
        """The short name of something by its id; the id itself if it was not read."""
        found = self._by_id.get(identifier)
        stack = self.network.stack
        return short_name(found, stack.name if stack else "") if found else identifier

    def ordered(self, things: Iterable[N]) -> list[N]:
        """Things in the order of their names."""
        return sorted(things, key=lambda one: (natural(self.name(one.id)), one.id))

    def states(self, identifier: str) -> tuple[str, ...]:
        """The classes of something that may not exist."""
        return ("uncertain",) if identifier in self.network.uncertain_ids else ()

    @cached_property
    def vpc_ids(self) -> list[str]:
        """The VPCs in their order, and those that are mentioned only."""
        network = self.network
        mentioned = {one.vpc_id for one in network.subnets.values()}
        mentioned |= {one.vpc_id or "" for one in network.vpn_gateways.values()}
        mentioned |= {self.vpc_of(one) for one in network.interfaces.values() if one.instance_id}
        mentioned |= {one.vpc_id or "" for one in network.client_vpn_endpoints.values()} | self._attached_to_transit
        known = [one.id for one in self.ordered(network.vpcs.values())]
        return [*known, *sorted(one for one in mentioned if one and one not in network.vpcs)]

    @property
    def _attached_to_transit(self) -> set[str]:
        gateways = self.network.transit_gateways.values()
        return {attachment.resource_id for gateway in gateways for attachment in gateway.of_kind("vpc")}

    @cached_property
    def _vpc_of_subnet(self) -> dict[str, str]:
        """The VPCs of subnets that were not read, as attachments and associations tell them."""
        endpoints = self.network.client_vpn_endpoints.values()
        attached = [one for gateway in self.network.transit_gateways.values() for one in gateway.of_kind("vpc")]
        found = {one.subnet_id: end.vpc_id for end in endpoints if end.vpc_id for one in end.associations}
        return found | {subnet: one.resource_id for one in attached for subnet in one.subnet_ids}

    def vpc_of(self, interface: Interface) -> str:
        """The VPC of an interface, which of a subnet of another stack may be known only from an attachment."""
        known = interface.subnet_id in self.network.subnets
        return interface.vpc_id if known else self._vpc_of_subnet.get(interface.subnet_id, interface.vpc_id)

    @cached_property
    def site_vpc_ids(self) -> list[str]:
        """The VPCs that stand for a site: with a customer gateway device, and not attached to AWS's end of a VPN."""
        network = self.network
        attached = {one.vpc_id for one in network.vpn_gateways.values()} | self._attached_to_transit
        attached |= {one.vpc_id for one in network.client_vpn_endpoints.values()}
        outside = {one.address for one in network.customer_gateways.values()} - {None}
        # devices forward, and that does not change when an address moves
        holders = {
            self.vpc_of(one)
            for one in network.interfaces.values()
            if one.instance_id
            and (one.source_dest_check is False or any(address.public in outside for address in one.addresses))
        }
        return [one for one in self.vpc_ids if one in holders - attached]

    @property
    def aws_vpc_ids(self) -> list[str]:
        return [one for one in self.vpc_ids if one not in self.site_vpc_ids]

    def subnets_of(self, vpc_id: str) -> list[Subnet]:
        """The subnets of a VPC by zone and address, and those that are mentioned only."""
        network = self.network
        found = [one for one in network.subnets.values() if one.vpc_id == vpc_id]
        mentioned = {
            one.subnet_id: Subnet(one.subnet_id, "", vpc_id, "", "")
            for one in network.interfaces.values()
            if one.instance_id and self.vpc_of(one) == vpc_id and one.subnet_id not in network.subnets
        }
        found += mentioned.values()
        return sorted(found, key=lambda one: (natural(str(one.zone)), _address_key(str(one.cidr)), one.id))

    def instances_in(self, subnet_id: str) -> list[Instance]:
        """The instances with their first interface in a subnet."""
        network = self.network
        first = {one: ends[0] for one in network.instances if (ends := network.interfaces_of(one))}
        return self.ordered(network.instances[one] for one, end in first.items() if end.subnet_id == subnet_id)

    def holder_of(self, address: ElasticIp) -> str | None:
        """The instance that holds an Elastic IP; None if none does."""
        interface = self.network.interfaces.get(address.interface_id or "")
        return address.instance_id or (interface.instance_id if interface else None)

    @cached_property
    def site_addresses(self) -> list[ElasticIp]:
        """The Elastic IPs but for those of NAT gateways and of instances on the side of AWS, which show them."""
        network = self.network
        shown = {one.allocation_id for gateway in network.nat_gateways.values() for one in gateway.addresses}
        ends = network.interfaces.values()
        inside = {one.instance_id for one in ends if self.vpc_of(one) in self.aws_vpc_ids} - {None}
        found = (one for one in network.elastic_ips.values() if one.id not in shown)
        return self.ordered(one for one in found if self.holder_of(one) not in inside)

    @cached_property
    def connections(self) -> list[VpnConnection]:
        """The connections, those of one customer gateway beside each other."""
        found = self.ordered(self.network.vpn_connections.values())
        return sorted(found, key=lambda one: natural(self.name(one.customer_gateway_id)))

    def start_of(self, connection: VpnConnection) -> str:
        """Where the tunnels of a connection begin: an Elastic IP, a site's instance, or the customer gateway itself."""
        gateway = self.network.customer_gateways.get(connection.customer_gateway_id)
        if gateway is None or gateway.address is None:
            return connection.customer_gateway_id
        for elastic in self.site_addresses:
            if elastic.address == gateway.address:
                return elastic.id
        for interface in self.network.interfaces.values():
            is_of_site = interface.instance_id and self.vpc_of(interface) in self.site_vpc_ids
            if is_of_site and any(one.public == gateway.address for one in interface.addresses):
                return interface.instance_id or ""
        return connection.customer_gateway_id


def _address_key(cidr: str) -> tuple[int, int, str]:
    try:
        network = ipaddress.ip_network(cidr)
    except ValueError:
        return (0, 0, cidr)
    return (network.version, int(network.network_address), cidr)

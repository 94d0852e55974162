"""Names that are the same before and after a deployment, in place of ids."""

from __future__ import annotations

from collections.abc import Iterator

from vpn_model.network import Network
from vpn_model.transit import TransitGateway
from vpn_model.unknown import Text


class Labels:
    """Gives the label of an id: the logical id if CloudFormation knows it, otherwise the id itself.

    What comes with a resource is named after it, as ``read_template`` does. An address is named after what has it.
    """

    def __init__(self, network: Network) -> None:
        stack = network.stack
        self._labels = {one.id: one.logical_id for one in stack.resources if one.id} if stack else {}
        # CloudFormation's id of an Elastic IP is its address
        for address in network.elastic_ips.values():
            self._labels[address.id] = self._labels.get(str(address.address), self(address.id))
            self._labels[str(address.address)] = f"{self(address.id)}.PublicIp"
        for identifier, label in _companions(network, self):
            self._labels.setdefault(identifier, label)
        zones = sorted({str(one.zone) for one in network.subnets.values()})
        self._zones = {zone: f"zone {number}" for number, zone in enumerate(zones, start=1)}

    def __call__(self, identifier: str | None) -> str:
        """The label of an id; empty for None."""
        return self._labels.get(identifier, identifier) if identifier else ""

    def all(self, identifiers: tuple[str, ...]) -> frozenset[str]:
        return frozenset(self(one) for one in identifiers)

    def address(self, address: Text | None) -> Text | None:
        """What has an address, if that is known; otherwise the address."""
        return address if address is None else self._labels.get(str(address), address)

    def zone(self, zone: Text) -> str:
        """The position of a zone among those of the network's subnets."""
        return self._zones.get(str(zone), str(zone))


def _companions(network: Network, label: Labels) -> Iterator[tuple[str, str]]:
    yield from ((one.id, f"{label(one.vpc_id)}.MainRouteTable") for one in network.route_tables.values() if one.is_main)
    for group in network.security_groups.values():
        if group.group_name == "default":
            yield group.id, f"{label(group.vpc_id)}.DefaultSecurityGroup"
    for acl in network.network_acls.values():
        if acl.is_default:
            yield acl.id, f"{label(acl.vpc_id)}.DefaultNetworkAcl"
    for interface in network.interfaces.values():
        if interface.instance_id:
            yield interface.id, f"{label(interface.instance_id)}.NetworkInterfaces.{interface.device_index}"
    for gateway in network.transit_gateways.values():
        yield from _companions_of_transit_gateway(gateway, label)


def _companions_of_transit_gateway(gateway: TransitGateway, label: Labels) -> Iterator[tuple[str, str]]:
    for attachment in gateway.of_kind("vpn"):
        yield attachment.id, f"{label(attachment.resource_id)}.TransitAttachment"
    for identifier in (gateway.default_association_table_id, gateway.default_propagation_table_id):
        if identifier:
            yield identifier, f"{label(gateway.id)}.DefaultRouteTable"

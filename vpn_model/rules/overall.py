"""Rules that need more than one resource: redundancy, and ranges that are the Internet only together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from vpn_model.network import Network as Planned
from vpn_model.read_template.references import Reference, text_of
from vpn_model.rules.exposure import CLIENT_OPEN, RULE_SSH, are_internet, is_internet, opens_ssh, sources
from vpn_model.rules.findings import Rule, Violation
from vpn_model.rules.subject import Network, Subject, flag, network

TERMINATIONS = ("TransitGatewayId", "VpnGatewayId")

REDUNDANCY = Rule(
    id="VPN_SECOND_CONNECTION",
    severity="note",
    title="A gateway has connections to two customer gateways",
    why="Both tunnels of a connection end on one device, so its failure or maintenance ends all traffic (AWS "
    "Well-Architected Framework, reliability pillar: redundant connectivity).",
    remedy="add a connection to a second customer gateway, or to a device of another zone",
)
ZONES = Rule(
    id="VPN_DEVICES_IN_TWO_ZONES",
    severity="note",
    title="The customer gateway devices are in two Availability Zones",
    why="Devices in the same zone fail together (AWS Well-Architected Framework, reliability pillar).",
    remedy="put the devices into subnets of two zones",
)
RULES = (REDUNDANCY, ZONES)


def redundancy(connections: Sequence[Subject]) -> Iterator[Violation]:
    """Find a gateway whose connections all end on one customer gateway."""
    devices: dict[tuple[str, str], dict[str, Subject]] = {}
    for connection in connections:
        for name in TERMINATIONS:
            if name in connection.properties:
                gateway = (name, _identifier(connection.properties[name]))
                device = _identifier(connection.properties.get("CustomerGatewayId", ""))
                devices.setdefault(gateway, {}).setdefault(device, connection)
    for (name, _), found in devices.items():
        if len(found) == 1:
            (connection,) = found.values()
            yield Violation(
                rule=REDUNDANCY,
                path=f"Properties.{name}",
                message="this is the gateway's only customer gateway in the template",
                resource=connection.logical_id,
            )


def zones(planned: Planned) -> Iterator[Violation]:
    """Find a gateway whose customer gateways are instances of this template, all in one zone."""
    subnet_of = {end.id: end.subnet_id for end in planned.interfaces.values()}
    zone_of_address = {
        str(address.address): planned.subnets[subnet].zone
        for address in planned.elastic_ips.values()
        if (subnet := subnet_of.get(address.interface_id or "", "")) in planned.subnets
    }
    gateways: dict[str, dict[str, str]] = {}
    first: dict[str, str] = {}
    for connection in planned.vpn_connections.values():
        gateway = connection.transit_gateway_id or connection.vpn_gateway_id or ""
        device = planned.customer_gateways.get(connection.customer_gateway_id)
        zone = zone_of_address.get(str(device.address), "") if device else ""
        gateways.setdefault(gateway, {})[connection.customer_gateway_id] = str(zone)
        first.setdefault(gateway, connection.id)
    for gateway, devices in gateways.items():
        found = set(devices.values())
        if gateway and len(devices) > 1 and len(found) == 1 and "" not in found:
            yield Violation(
                rule=ZONES,
                path="Properties.CustomerGatewayId",
                message="all customer gateway devices of this gateway are in one zone",
                resource=first[gateway],
            )


def separate_rules(rules: Sequence[Subject]) -> Iterator[Violation]:
    """Find separate rules of one security group that open SSH to the Internet only together."""
    groups: dict[str, list[tuple[Subject, Network]]] = {}
    for rule in rules:
        if opens_ssh(rule.properties):
            group = _identifier(rule.properties.get("GroupId", rule.properties.get("GroupName", "")))
            found = (block for _, block in sources(rule.properties, rule.prefix_lists) if not is_internet(block))
            groups.setdefault(group, []).extend((rule, block) for block in found)
    for members in groups.values():
        if are_internet(block for _, block in members):
            yield Violation(
                rule=RULE_SSH,
                path="Properties",
                message="SSH is open to most of the Internet, by several rules of the security group together",
                resource=members[0][0].logical_id,
            )


def authorizations(rules: Sequence[Subject]) -> Iterator[Violation]:
    """Find authorization rules of one endpoint that open everything to everybody only together."""
    endpoints: dict[str, list[tuple[Subject, Network]]] = {}
    for rule in rules:
        block = network(rule.properties.get("TargetNetworkCidr"))
        if flag(rule.properties.get("AuthorizeAllGroups", False)) and block is not None and not is_internet(block):
            endpoint = _identifier(rule.properties.get("ClientVpnEndpointId", ""))
            endpoints.setdefault(endpoint, []).append((rule, block))
    for members in endpoints.values():
        if are_internet(block for _, block in members):
            yield Violation(
                rule=CLIENT_OPEN,
                path="Properties.TargetNetworkCidr",
                message="most of the Internet is open to all groups, by several rules of the endpoint together",
                resource=members[0][0].logical_id,
            )


def _identifier(value: Any) -> str:
    return value.identifier if isinstance(value, Reference) else text_of(value)

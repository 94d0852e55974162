"""What decides about packets in a network, with labels instead of ids.

Left out, because it is no property of the network or changes without anyone changing it:

* names and descriptions;
* states and telemetry: a planned network has none;
* addresses that AWS chooses, but for whose they are: an Elastic IP is compared by what has it;
* which tunnel options were written: EC2 may show a default as if it was;
* interfaces that a service of AWS makes (``is_managed``): they come with what they belong to;
* routes that a VPN connection brings: they are there only while a tunnel is up. The static prefixes of the connection
  are compared, and which gateways and attachments propagate into which table;
* outputs, since they are texts for people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TypeAlias

from vpn_model.compare import vpn_facts
from vpn_model.compare.labels import Labels
from vpn_model.filters import AclEntry, SecurityRule
from vpn_model.network import Network
from vpn_model.routing import RouteTable

Facts: TypeAlias = dict[str, dict[str, Any]]
"""Subject, such as ``subnet Cloud``, and property to value. A frozenset holds what has no order."""


def facts(network: Network) -> Facts:
    """All facts of a network."""
    label = Labels(network)
    sections = (_vpcs, _filters, _hosts, _internet, *vpn_facts.SECTIONS)
    found = {subject: properties for section in sections for subject, properties in section(network, label)}
    found["what is not modelled"] = {"types": frozenset((label(one.id), one.type) for one in network.others)}
    found["what could not be read"] = {"calls": frozenset(one.call for one in network.unreadable)}
    return found


Section: TypeAlias = Iterator[tuple[str, dict[str, Any]]]


def _vpcs(network: Network, label: Labels) -> Section:
    for vpc in network.vpcs.values():
        yield f"VPC {label(vpc.id)}", {"cidrs": frozenset(vpc.cidrs), "ipv6_cidrs": frozenset(vpc.ipv6_cidrs)}
    for subnet in network.subnets.values():
        table, acl = network.route_table_of(subnet.id), network.network_acl_of(subnet.id)
        yield (
            f"subnet {label(subnet.id)}",
            {
                "vpc": label(subnet.vpc_id),
                "cidr": subnet.cidr,
                "zone": label.zone(subnet.zone),
                "public_address_on_launch": subnet.public_address_on_launch,
                "route_table": label(table.id) if table else None,
                "network_acl": label(acl.id) if acl else None,
            },
        )
    for table in network.route_tables.values():
        yield f"route table {label(table.id)}", _route_table(table, label)


def _route_table(table: RouteTable, label: Labels) -> dict[str, Any]:
    return {
        "vpc": label(table.vpc_id),
        "is_main": table.is_main,
        "routes": frozenset(
            (one.destination, one.target_kind, label(one.target_id), one.origin, one.state)
            for one in table.routes
            if one.origin != "propagated"
        ),
        "propagating_gateways": label.all(table.propagating_gateway_ids),
        "gateways": label.all(table.gateway_ids),
    }


def _filters(network: Network, label: Labels) -> Section:
    for group in network.security_groups.values():
        yield (
            f"security group {label(group.id)}",
            {"vpc": label(group.vpc_id), "rules": frozenset(_rule(one, label) for one in group.rules)},
        )
    for acl in network.network_acls.values():
        yield (
            f"network ACL {label(acl.id)}",
            {
                "vpc": label(acl.vpc_id),
                "is_default": acl.is_default,
                "entries": frozenset(map(_entry, acl.entries)),
            },
        )


def _rule(rule: SecurityRule, label: Labels) -> tuple[Any, ...]:
    ports = (None if port == -1 else port for port in (rule.from_port, rule.to_port))
    peer = label(rule.peer) if isinstance(rule.peer, str) else rule.peer
    return rule.direction, rule.protocol, *ports, rule.peer_kind, peer


def _entry(entry: AclEntry) -> tuple[Any, ...]:
    return tuple(asdict(entry).values())


def _hosts(network: Network, label: Labels) -> Section:
    for interface in network.interfaces.values():
        if not interface.is_managed:
            yield (
                f"interface {label(interface.id)}",
                {
                    "subnet": label(interface.subnet_id),
                    "instance": label(interface.instance_id),
                    "device_index": interface.device_index,
                    "addresses": tuple((one.private, label.address(one.public)) for one in interface.addresses),
                    "groups": label.all(interface.group_ids),
                    "source_dest_check": interface.source_dest_check,
                },
            )
    for instance in network.instances.values():
        yield (
            f"instance {label(instance.id)}",
            {
                "type": instance.instance_type,
                "image": instance.image_id,
                "zone": label.zone(instance.zone),
                "instance_profile": label(instance.instance_profile),
            },
        )
    for address in network.elastic_ips.values():
        yield (
            f"Elastic IP {label(address.id)}",
            {"interface": label(address.interface_id), "private_address": address.private_address},
        )


def _internet(network: Network, label: Labels) -> Section:
    for internet in network.internet_gateways.values():
        yield f"Internet gateway {label(internet.id)}", {"vpc": label(internet.vpc_id)}
    for nat in network.nat_gateways.values():
        yield (
            f"NAT gateway {label(nat.id)}",
            {
                "subnet": label(nat.subnet_id),
                "connectivity": nat.connectivity,
                "addresses": frozenset(label(one.allocation_id) for one in nat.addresses),
            },
        )
    for connect in network.instance_connect_endpoints.values():
        yield (
            f"Instance Connect Endpoint {label(connect.id)}",
            {
                "subnet": label(connect.subnet_id),
                "groups": label.all(connect.group_ids),
                "preserve_client_address": connect.preserve_client_address,
            },
        )

"""Makes the model of what is deployed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from vpn_model.hosts import ElasticIp, Interface
from vpn_model.network import Network
from vpn_model.read_api import client_vpns, connections, filters, gateways, hosts, routing, transit, vpcs
from vpn_model.read_api.calls import Calls, ClientOf
from vpn_model.read_api.scope import Everything, OfStack, Scope, scope_of


def read_network(client: ClientOf, region: str, *, stack: str | None = None) -> Network:
    """Return the network that is deployed in an account and Region.

    Only calls that read are made (Describe, Get, Search, List), and only for what is asked for. Where a permission
    is missing, the part is empty and ``Network.unreadable`` names the call. Pre-shared keys are not read: EC2 returns
    those of connections with ``Standard`` storage, and they are dropped from the answer at once.

    Args:
        client: Gives the boto3 client of a service (``ec2``, and ``cloudformation`` for a stack). The clients repeat
            throttled calls as their configuration says.
        region: The Region that the clients ask.
        stack: The name of a stack. Then only what it made is read, with all that is in its VPCs, the customer and
            transit gateways that its connections use, and its outputs. By default everything is read.

    Raises:
        botocore.exceptions.ClientError: A call failed for another reason than a missing permission.
    """
    calls = Calls(client)
    network = _network(calls, scope_of(calls, stack), region)
    # only now all calls were made
    return replace(network, unreadable=calls.unreadable)


def _network(calls: Calls, scope: Scope, region: str) -> Network:
    blocks = vpcs.vpcs(calls, scope)
    inside = None if isinstance(scope, Everything) else sorted(blocks)
    vpns = connections.vpn_connections(calls, scope)
    interfaces, addresses = _interfaces(calls, scope, inside)
    return Network(
        region=region,
        vpcs=blocks,
        subnets=vpcs.subnets(calls, scope, inside),
        route_tables=routing.route_tables(calls, scope, inside),
        security_groups=filters.security_groups(calls, scope, inside),
        network_acls=filters.network_acls(calls, scope, inside),
        interfaces=interfaces,
        instances=hosts.instances(calls, scope, inside),
        elastic_ips=addresses,
        internet_gateways=vpcs.internet_gateways(calls, scope, inside),
        nat_gateways=vpcs.nat_gateways(calls, scope, inside),
        instance_connect_endpoints=vpcs.instance_connect_endpoints(calls, scope, inside),
        vpn_gateways=gateways.vpn_gateways(calls, scope, inside),
        customer_gateways=gateways.customer_gateways(calls, scope, [one.customer_gateway_id for one in vpns.values()]),
        vpn_connections=vpns,
        transit_gateways=transit.transit_gateways(
            calls, scope, [one.transit_gateway_id for one in vpns.values() if one.transit_gateway_id]
        ),
        client_vpn_endpoints=client_vpns.client_vpn_endpoints(calls, scope),
        others=scope.others,
        stack=scope.stack,
    )


def _interfaces(
    calls: Calls, scope: Scope, inside: Collection[str] | None
) -> tuple[dict[str, Interface], dict[str, ElasticIp]]:
    entries = hosts.interface_entries(calls, scope, inside)
    holders = None if inside is None else [one["NetworkInterfaceId"] for one in entries]
    addresses = hosts.elastic_ips(calls, scope, holders)
    return hosts.interfaces(entries, addresses), addresses


def read_moved(client: ClientOf, before: Network) -> Network:
    """Return a network with what a device moves when it takes over read again: routes, interfaces and Elastic IPs.

    It makes three calls (with their pages), and is meant for a caller that looks again and again. A network of one
    stack stays one: nothing else is asked for.

    Raises:
        botocore.exceptions.ClientError: A call failed for another reason than a missing permission.
    """
    calls = Calls(client)
    scope = Everything() if before.stack is None else OfStack(before.stack)
    inside = None if before.stack is None else sorted(before.vpcs)
    interfaces, addresses = _interfaces(calls, scope, inside)
    tables = routing.route_tables(calls, scope, inside)
    return replace(
        before, route_tables=tables, interfaces=interfaces, elastic_ips=addresses, unreadable=calls.unreadable
    )

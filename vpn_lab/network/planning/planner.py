"""Turns what is deployed into a plan of nodes and cables."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network

from vpn_lab.network.client_vpn_model import Client
from vpn_lab.network.model import Deployed, Instance, Interface
from vpn_lab.network.plan import Cable, Node, Plan, node
from vpn_lab.network.planning import addresses, client_vpn
from vpn_lab.network.planning.addresses import INTERNET_NODE, port_of
from vpn_lab.network.planning.router import live_interfaces, router
from vpn_lab.network.planning.transit_gateway import attached_vpcs, transit_gateway
from vpn_lab.network.planning.virtual_private_gateway import connections_of, gateway


def plan(deployed: Deployed, region_port: int, clients: Sequence[Client] = ()) -> Plan:
    """Return the plan of the whole network."""
    used = {
        instance_interfaces(deployed, one)[0].vpc_id for one in deployed.instances.values() if _has_port(deployed, one)
    }
    used |= {one.vpc_id for one in deployed.vpn_gateways.values() if one.vpc_id}
    used |= {vpc for one in deployed.transit_gateways.values() for vpc in attached_vpcs(deployed, one)}
    used |= {deployed.interfaces[identifier].vpc_id for identifier in deployed.client_vpn_interfaces}
    vpcs = [deployed.vpcs[identifier] for identifier in sorted(used)]
    gateways = sorted(deployed.vpn_gateways.values(), key=lambda one: one.id)
    transit = sorted(deployed.transit_gateways.values(), key=lambda one: one.id)
    nodes = {INTERNET_NODE: _internet(deployed)}
    nodes |= {vpc.id: router(deployed, vpc) for vpc in vpcs}
    nodes |= {one.id: gateway(deployed, one) for one in gateways}
    nodes |= {one.id: transit_gateway(deployed, one) for one in transit}
    nodes |= {one.id: _instance(deployed, one) for one in deployed.instances.values() if _has_port(deployed, one)}
    cables = [
        _cable(INTERNET_NODE, port_of(vpc.id), vpc.id, addresses.INTERNET_PORT)
        for vpc in vpcs
        if vpc.has_internet_gateway
    ]
    for one in gateways:
        cables.append(_cable(INTERNET_NODE, port_of(one.id), one.id, addresses.WIDE_AREA_PORT))
        if one.vpc_id:
            cables.append(_cable(one.vpc_id, addresses.GATEWAY_PORT, one.id, addresses.VPC_PORT))
    for tgw in transit:
        cables.append(_cable(INTERNET_NODE, port_of(tgw.id), tgw.id, addresses.WIDE_AREA_PORT))
        cables += [_cable(vpc, port_of(tgw.id), tgw.id, port_of(vpc)) for vpc in attached_vpcs(deployed, tgw)]
    for vpc in vpcs:
        live = live_interfaces(deployed, vpc.id)
        cables += [_interface_cable(interface) for interface in live if interface.instance_id is not None]
    made: Plan = {"nodes": nodes, "cables": cables, "region_port": region_port}
    client_vpn.extend(made, deployed, clients)
    return made


def instance_interfaces(deployed: Deployed, instance: Instance) -> list[Interface]:
    """Return an instance's interfaces, the primary one first."""
    own = [one for one in deployed.interfaces.values() if one.instance_id == instance.id]
    return sorted(own, key=lambda one: one.device_index)


def _has_port(deployed: Deployed, instance: Instance) -> bool:
    return bool(instance_interfaces(deployed, instance))


def _cable(node_a: str, port_a: str, node_b: str, port_b: str) -> Cable:
    return {"a": (node_a, port_a), "b": (node_b, port_b)}


def _interface_cable(interface: Interface) -> Cable:
    instance_port = addresses.instance_port(interface.device_index)
    return _cable(interface.vpc_id, port_of(interface.id), str(interface.instance_id), instance_port)


def _internet(deployed: Deployed) -> Node:
    """Return the Internet: a router that knows only public addresses."""
    made = node("router")
    made["addresses"] = {"lo": [f"{addresses.INTERNET}/32"]}
    for interface in deployed.interfaces.values():
        if interface.vpc_id in deployed.vpcs and deployed.vpcs[interface.vpc_id].has_internet_gateway:
            made["routes"] += [
                f"{address.public} via {addresses.VPC_TO_INTERNET} dev {port_of(interface.vpc_id)} onlink"
                for address in interface.addresses
                if address.public and interface.instance_id in deployed.instances
            ]
    for identifier in (*deployed.vpn_gateways, *deployed.transit_gateways):
        made["routes"] += [
            f"{options.outside_address} dev {port_of(identifier)}"
            for connection in connections_of(deployed, identifier)
            for options in connection.tunnels
        ]
    return made


def _instance(deployed: Deployed, instance: Instance) -> Node:
    """Return an instance: a complete system if it has user-data, otherwise a bare host."""
    made = node("system" if instance.user_data is not None else "host")
    made["running"] = instance.running
    made["boots"] = instance.boots
    for interface in instance_interfaces(deployed, instance):
        cidr = deployed.subnets[interface.subnet_id].cidr
        port = addresses.instance_port(interface.device_index)
        made["addresses"][port] = [f"{interface.primary_address}/{ip_network(cidr).prefixlen}"]
        if interface.device_index == 0:
            made["routes"].append(f"default via {addresses.subnet_router(cidr)} dev {port}")
    return made

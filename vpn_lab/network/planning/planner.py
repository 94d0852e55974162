"""Turns what is deployed into a plan of nodes and cables."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_network

from vpn_lab.network import client_vpn_servers
from vpn_lab.network.clients import Client
from vpn_lab.network.deployed import Deployed
from vpn_lab.network.plan import Cable, Node, Plan, node
from vpn_lab.network.planning import addresses, client_vpn
from vpn_lab.network.planning.addresses import INTERNET_NODE, port_of
from vpn_lab.network.planning.router import live_interfaces, router
from vpn_lab.network.planning.transit_gateway import attached_vpcs, transit_gateway
from vpn_lab.network.planning.virtual_private_gateway import connections_of, gateway
from vpn_model.hosts import Instance, Interface
from vpn_model.network import Network
from vpn_model.unknown import known


def plan(deployed: Deployed, region_port: int, clients: Sequence[Client] = ()) -> Plan:
    """Return the plan of the whole network."""
    model = deployed.model
    instances = [one for one in model.instances.values() if model.interfaces_of(one.id)]
    used = {model.interfaces_of(one.id)[0].vpc_id for one in instances}
    used |= {one.vpc_id for one in model.vpn_gateways.values() if one.vpc_id}
    used |= {vpc for one in model.transit_gateways.values() for vpc in attached_vpcs(model, one)}
    used |= {model.interfaces[identifier].vpc_id for identifier in client_vpn_servers.interfaces(model)}
    vpcs = [model.vpcs[identifier] for identifier in sorted(used)]
    gateways = sorted(model.vpn_gateways.values(), key=lambda one: one.id)
    transit = sorted(model.transit_gateways.values(), key=lambda one: one.id)
    nodes = {INTERNET_NODE: _internet(model)}
    nodes |= {vpc.id: router(deployed, vpc) for vpc in vpcs}
    nodes |= {one.id: gateway(deployed, one) for one in gateways}
    nodes |= {one.id: transit_gateway(deployed, one) for one in transit}
    nodes |= {one.id: _instance(deployed, one) for one in instances}
    cables = [
        _cable(INTERNET_NODE, port_of(vpc.id), vpc.id, addresses.INTERNET_PORT)
        for vpc in vpcs
        if model.internet_gateway_of(vpc.id)
    ]
    for one in gateways:
        cables.append(_cable(INTERNET_NODE, port_of(one.id), one.id, addresses.WIDE_AREA_PORT))
        if one.vpc_id:
            cables.append(_cable(one.vpc_id, addresses.GATEWAY_PORT, one.id, addresses.VPC_PORT))
    for tgw in transit:
        cables.append(_cable(INTERNET_NODE, port_of(tgw.id), tgw.id, addresses.WIDE_AREA_PORT))
        cables += [_cable(vpc, port_of(tgw.id), tgw.id, port_of(vpc)) for vpc in attached_vpcs(model, tgw)]
    for vpc in vpcs:
        live = live_interfaces(model, vpc.id)
        cables += [_interface_cable(interface) for interface in live if interface.instance_id is not None]
    made: Plan = {"nodes": nodes, "cables": cables, "region_port": region_port}
    client_vpn.extend(made, deployed, clients)
    return made


def _cable(node_a: str, port_a: str, node_b: str, port_b: str) -> Cable:
    return {"a": (node_a, port_a), "b": (node_b, port_b)}


def _interface_cable(interface: Interface) -> Cable:
    instance_port = addresses.instance_port(interface.device_index)
    return _cable(interface.vpc_id, port_of(interface.id), str(interface.instance_id), instance_port)


def _internet(model: Network) -> Node:
    """Return the Internet: a router that knows only public addresses."""
    made = node("router")
    made["addresses"] = {"lo": [f"{addresses.INTERNET}/32"]}
    for interface in model.interfaces.values():
        if model.internet_gateway_of(interface.vpc_id):
            made["routes"] += [
                f"{address.public} via {addresses.VPC_TO_INTERNET} dev {port_of(interface.vpc_id)} onlink"
                for address in interface.addresses
                if address.public and interface.instance_id in model.instances
            ]
    for identifier in (*model.vpn_gateways, *model.transit_gateways):
        made["routes"] += [
            f"{tunnel.outside_address} dev {port_of(identifier)}"
            for connection in connections_of(model, identifier)
            for tunnel in connection.tunnels
        ]
    return made


def _instance(deployed: Deployed, instance: Instance) -> Node:
    """Return an instance: a complete system if it has user-data, otherwise a bare host."""
    made = node("system" if instance.id in deployed.user_data else "host")
    made["running"] = instance.is_running
    made["boots"] = deployed.boots.get(instance.id, 1)
    for interface in deployed.model.interfaces_of(instance.id):
        cidr = known(deployed.model.subnets[interface.subnet_id].cidr)
        port = addresses.instance_port(interface.device_index)
        made["addresses"][port] = [f"{interface.primary_address}/{ip_network(cidr).prefixlen}"]
        if interface.device_index == 0:
            made["routes"].append(f"default via {addresses.subnet_router(cidr)} dev {port}")
    return made

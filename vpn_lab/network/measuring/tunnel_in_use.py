"""Finds the gateway of a VPC, and the tunnel through which it sends."""

from __future__ import annotations

from vpn_lab.network.network import Network
from vpn_lab.network.planning.addresses import VPC_PORT, port_of
from vpn_model.hosts import Interface
from vpn_model.network import Network as Model
from vpn_model.unknown import known


def gateway_of(model: Model, vpc_id: str) -> str | None:
    """Return the virtual private gateway of a VPC, or the transit gateway that it is attached to."""
    virtual = [one.id for one in model.vpn_gateways.values() if one.vpc_id == vpc_id]
    transit = [
        one.id
        for one in model.transit_gateways.values()
        if vpc_id in [attachment.resource_id for attachment in one.of_kind("vpc")]
    ]
    return next(iter([*virtual, *transit]), None)


def tunnel_in_use(network: Network, model: Model, source: Interface, target: str) -> str | None:
    """Return the outside address of the tunnel through which pings from an interface in AWS leave for an address.

    With equal paths, other pairs of addresses and other ports may use other tunnels.
    """
    gateway = gateway_of(model, source.vpc_id)
    if gateway is None:
        return None
    port = port_of(source.vpc_id) if gateway in model.transit_gateways else VPC_PORT
    packet = [target, "from", known(source.primary_address), "iif", port, "ipproto", "icmp"]
    answer = network.call(gateway, "ip", "-o", "route", "get", *packet)["output"]
    name = answer.split(" dev ")[1].split()[0] if " dev " in answer else None
    tunnels = network.tunnels().items()
    return next((outside for outside, one in tunnels if one["gateway"] == gateway and one["name"] == name), None)

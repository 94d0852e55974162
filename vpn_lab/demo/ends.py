"""The two ends that the demonstration connects, found with the EC2 API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vpn_lab.network.deployed import Deployed
from vpn_lab.network.measuring.tunnel_in_use import gateway_of, tunnel_in_use
from vpn_lab.network.network import Network
from vpn_model.hosts import Instance
from vpn_model.network import Network as Model
from vpn_model.unknown import known


@dataclass(frozen=True)
class Host:
    """An instance without user-data: only what the demonstration starts runs there."""

    id: str
    name: str
    address: str
    vpc_id: str


@dataclass(frozen=True)
class Ends:
    """A host in a data centre, a host in AWS, and the gateway between them."""

    idc: Host
    aws: Host
    gateway: str

    def tunnels(self, network: Network) -> dict[str, dict[str, Any]]:
        """Return the gateway's view of its tunnels, by outside address."""
        return {outside: one for outside, one in network.tunnels().items() if one["gateway"] == self.gateway}

    def in_use(self, network: Network) -> str | None:
        """Return the outside address of the tunnel through which AWS sends to the data centre."""
        model = network.deployed().model
        return tunnel_in_use(network, model, model.interfaces_of(self.aws.id)[0], self.idc.address)

    def reach_each_other(self, network: Network) -> bool:
        """Tell whether a ping is answered each way."""
        return all(self.answers(network))

    def answers(self, network: Network) -> tuple[bool, bool]:
        """Tell whether a ping is answered from the data centre, and from AWS."""
        return network.pings(self.idc.id, self.aws.address), network.pings(self.aws.id, self.idc.address)


def find(deployed: Deployed) -> Ends | None:
    """Return the ends as soon as both hosts run. AWS's end is the VPC with a virtual private or transit gateway."""
    hosts = [_host(deployed.model, one) for one in deployed.hosts if one.is_running]
    gateways = {one.id: gateway_of(deployed.model, one.vpc_id) for one in hosts}
    aws = next((one for one in hosts if gateways[one.id]), None)
    idc = next((one for one in hosts if not gateways[one.id]), None)
    return Ends(idc, aws, str(gateways[aws.id])) if aws and idc else None


def devices(deployed: Deployed) -> list[Instance]:
    """Return the customer gateway devices: the running instances that have user-data."""
    return [one for one in deployed.devices if one.is_running]


def _host(model: Model, instance: Instance) -> Host:
    interface = model.interfaces_of(instance.id)[0]
    return Host(instance.id, instance.name, known(interface.primary_address), interface.vpc_id)

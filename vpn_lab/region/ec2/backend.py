"""The state of EC2 in one account and region."""

from __future__ import annotations

from typing import Any

from moto.core.base_backend import BackendDict
from moto.ec2.models import EC2Backend

from vpn_lab.region.ec2 import images
from vpn_lab.region.ec2.client_vpn.endpoint import ClientVpnEndpoint
from vpn_lab.region.ec2.client_vpn.networks import ClientVpnNetworks
from vpn_lab.region.ec2.dependencies import Dependencies
from vpn_lab.region.ec2.instances.instance_connect import InstanceConnectEndpoint, InstanceConnectEndpoints
from vpn_lab.region.ec2.instances.root_volumes import ReplaceRootVolumeTask, RootVolumes
from vpn_lab.region.ec2.networks.route_tables import RouteTables
from vpn_lab.region.ec2.transit.route_tables import TransitGatewayRouteTable
from vpn_lab.region.ec2.vpn.customer_gateways import CustomerGateways


class RegionEc2Backend(
    RouteTables, CustomerGateways, ClientVpnNetworks, RootVolumes, InstanceConnectEndpoints, Dependencies, EC2Backend
):
    """moto's EC2 with the checks and the VPN of the classes above. An account here has no default VPC."""

    def __init__(self, region_name: str, account_id: str) -> None:
        self.propagation: dict[str, list[str]] = {}
        self.boots: dict[str, int] = {}
        self.root_volume_tasks: dict[str, ReplaceRootVolumeTask] = {}
        self.former_roots: dict[str, list[str]] = {}
        self.transit_tables: dict[str, TransitGatewayRouteTable] = {}
        self.client_vpn_endpoints: dict[str, ClientVpnEndpoint] = {}
        self.instance_connect_endpoints: dict[str, InstanceConnectEndpoint] = {}
        super().__init__(region_name, account_id)
        self._remove_default_vpc()
        images.publish(self)

    def everywhere(self) -> list[Any]:
        return all_backends(self.account_id)

    def _booted(self, instance: Any) -> str:
        user_data = super()._booted(instance)
        self.play_device(user_data)
        return user_data

    def _remove_default_vpc(self) -> None:
        """Create no default VPC: nothing may end up in a network that no template contains."""
        for vpc in list(self.vpcs.values()):
            for gateway in list(self.internet_gateways.values()):
                self.internet_gateways.pop(gateway.id)
            for subnet in self.describe_subnets(filters={"vpc-id": [vpc.id]}):
                self.delete_subnet(subnet.id)
            self.delete_vpc(vpc.id)


backends = BackendDict(RegionEc2Backend, "ec2")


def region_backend(account: str, region: str) -> Any:
    return backends[account][region]


def all_backends(account: str) -> list[Any]:
    """Return EC2 of every Region in which it was used."""
    return list(backends[account].values())

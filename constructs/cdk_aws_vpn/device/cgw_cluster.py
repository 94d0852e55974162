"""Two customer gateway devices that act as one: one Elastic IP, one customer gateway, one connection."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.addressing import check_address
from cdk_aws_vpn.checks.arguments import check_instance
from cdk_aws_vpn.checks.tokens import is_placeholder
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.device.boot import join_pair
from cdk_aws_vpn.device.cgw_instance import CgwInstance
from cdk_aws_vpn.device.cgw_pair import check_pair
from cdk_aws_vpn.device.configuration import PairConfig
from cdk_aws_vpn.device.connection_settings import device_tunnels
from cdk_aws_vpn.errors import AddressingError, VpnConfigurationError
from cdk_aws_vpn.foundation.identity import in_order
from cdk_aws_vpn.foundation.names import name_tag
from cdk_aws_vpn.foundation.subnets import check_route_tables
from cdk_aws_vpn.gateways.customer_gateway import CustomerGateway


class CgwCluster(Construct):
    """Two devices that share an Elastic IP, which the master holds.

    AWS sees one customer gateway. Each device also has an Elastic IP of its own, through which it reaches AWS's APIs.
    The shared one maps to a second private address of the master. After a takeover the new master negotiates the
    tunnels again.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        active: The device that is the master at first.
        standby: The other one.
        active_shared_address: Second private address of the active device, in its subnet.
        standby_shared_address: Second private address of the standby device, in its subnet.
        idc_route_tables: Route tables of the hosts behind the devices.
        virtual_router_id: VRRP's number for the pair, 1 to 255. Default: 60.

    Raises:
        VpnConfigurationError: The devices do not match each other.
        AddressingError: A shared address is not in its device's subnet, or is the device's own.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        active: CgwInstance,
        standby: CgwInstance,
        active_shared_address: str,
        standby_shared_address: str,
        idc_route_tables: Sequence[ec2.IRouteTable],
        virtual_router_id: int = 60,
    ) -> None:
        check_pair(active, standby, virtual_router_id)
        _check_shared_address("active_shared_address", active_shared_address, active)
        _check_shared_address("standby_shared_address", standby_shared_address, standby)
        tables = check_route_tables("idc_route_tables", idc_route_tables, active.vpc)
        super().__init__(scope, construct_id)
        self._route_table_ids = tuple(in_order(self, tables))
        self._members = ((active, active_shared_address), (standby, standby_shared_address))
        self._idc_route_tables = idc_route_tables
        self._virtual_router_id = virtual_router_id
        elastic_ip = ec2.CfnEIP(self, "Address", domain="vpc", tags=[name_tag(self)])
        self.address: str = elastic_ip.attr_public_ip
        """The shared Elastic IP."""
        self._allocation_id: str = elastic_ip.attr_allocation_id
        self.customer_gateway = CustomerGateway(
            self, "CustomerGateway", address=self.address, bgp_asn=active.bgp_asn, name=str(name_tag(self).value)
        )
        """The one customer gateway that AWS sees."""
        for device, shared_address in self._members:
            device.uplink.add_shared_address(shared_address, elastic_ip)

    def connect(self, connection: VpnConnection, *, tunnels: Sequence[int] = (1, 2)) -> None:
        """Give the cluster its VPN connection.

        Args:
            connection: A connection whose customer gateway is the cluster's.
            tunnels: The tunnels that the devices set up: ``(1,)``, ``(2,)`` or both. Default: both.

        Raises:
            VpnConfigurationError: As for :meth:`CgwInstance.connect`.
        """
        check_instance("connection", connection, VpnConnection, "make one with gateway=… and customer_gateway=…")
        if connection.customer_gateway is not self.customer_gateway:
            raise VpnConfigurationError(
                "connection",
                connection.node.path,
                "a connection whose customer_gateway is the cluster's",
                "make it with customer_gateway=cluster.customer_gateway",
            )
        (active, _), (standby, _) = self._members
        if active.is_connected:
            raise VpnConfigurationError(
                "connection", connection.node.path, "one connection per cluster", "add a second cluster for it"
            )
        device_tunnels(connection, tunnels)
        active.route_from(self._idc_route_tables)
        for device, shared_address in self._members:
            device.connect(connection, tunnels=tunnels, identity=self.address)
            join_pair(
                device.boot,
                PairConfig(
                    role="active" if device is active else "standby",
                    partner_private_address=(standby if device is active else active).private_address,
                    virtual_router_id=self._virtual_router_id,
                    route_table_ids=self._route_table_ids,
                    network_interface_id=device.network_interface_id,
                    shared_address_allocation_id=self._allocation_id,
                    ike_private_address=shared_address,
                ),
                start_after=active.boot if device is standby else None,
            )


def _check_shared_address(prop: str, value: str, device: CgwInstance) -> None:
    check_address(prop, value, within=device.uplink.subnet_cidr)
    if value == device.private_address and not is_placeholder(value):
        raise AddressingError(
            prop, value, "an address that no interface has yet", "choose another address of the subnet"
        )

"""Two customer gateway devices, each with its own connection, that take over from each other."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_flag, check_instance, check_whole_number
from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.connection.tunnels_up import TunnelsUp
from cdk_aws_vpn.device.boot import join_pair
from cdk_aws_vpn.device.cgw_instance import CgwInstance
from cdk_aws_vpn.device.configuration import PairConfig
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.identity import in_order
from cdk_aws_vpn.foundation.places import check_same_stack, path_of
from cdk_aws_vpn.foundation.subnets import check_route_tables, subnet_zone
from cdk_aws_vpn.gateways.transit_gateway import BaseTransitGateway


def check_pair(active: CgwInstance, standby: CgwInstance, virtual_router_id: int) -> None:
    """Check what any two devices must have in common.

    Raises:
        VpnConfigurationError: They are the same device, are in two stacks or in one Availability Zone, reach different
            networks, or the id is out of range.
    """
    for prop, device in (("active", active), ("standby", standby)):
        check_instance(prop, device, CgwInstance, "make two devices with CgwInstance(…)")
    if active is standby:
        raise VpnConfigurationError("standby", standby.node.path, "a device other than active", "add a second device")
    check_same_stack("standby", standby, active, "because the two devices refer to each other")
    _check_zones(active, standby)
    if active.remote_prefixes != standby.remote_prefixes:
        raise VpnConfigurationError(
            "remote_prefixes",
            standby.remote_prefixes,
            f"those of the active device, {active.remote_prefixes}",
            "give both devices the same networks; the routes to them move between the two",
        )
    check_whole_number("virtual_router_id", virtual_router_id, 1, 255, "leave it out for 60")


def _check_zones(active: CgwInstance, standby: CgwInstance) -> None:
    """The standby device is for the outage of a zone too. Zones that are known only at deployment are not compared."""
    first, second = active.uplink.subnet, standby.uplink.subnet
    zones = [subnet_zone(first), subnet_zone(second)]
    known = not any(zone is None or is_token(zone) for zone in zones)
    if first.subnet_id == second.subnet_id or (known and zones[0] == zones[1]):
        raise VpnConfigurationError(
            "standby",
            path_of(standby),
            "a device in another Availability Zone than the active one",
            "put it into a subnet of another zone, such as vpc.public_subnets[1]",
        )


class CgwPair(Construct):
    """An active and a standby device, in two Availability Zones, each with its own VPN connection.

    Both keep their tunnels up. keepalived (unicast VRRP) elects the master, which points the routes of
    ``idc_route_tables`` to itself; the other device is the backup. With BGP the two also exchange routes.
    CloudFormation starts and changes the standby device, and its connection, only after the active one has signalled
    that it is up and AWS shows that its tunnels are. So at most one device's tunnels are down at a time.

    By default AWS prefers the master. With ``active_active`` both devices announce equal paths: a transit gateway then
    spreads its flows over the tunnels of both, and hosts answer through the master.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        active: The device that is the master at first, already connected.
        standby: The other one, already connected.
        idc_route_tables: Route tables of the hosts behind the devices.
        virtual_router_id: VRRP's number for the pair, 1 to 255. Default: 60.
        active_active: Whether both devices announce equal paths; needs BGP, a transit gateway with ECMP and the same
            gateway for both. Default: False.

    Raises:
        VpnConfigurationError: A device has no connection, is already in a pair, or does not match the other one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        active: CgwInstance,
        standby: CgwInstance,
        idc_route_tables: Sequence[ec2.IRouteTable],
        virtual_router_id: int = 60,
        active_active: bool = False,
    ) -> None:
        check_pair(active, standby, virtual_router_id)
        _check_routing(active, standby)
        check_flag("active_active", active_active)
        if active_active:
            _check_equal_paths(active, standby)
        given = check_route_tables("idc_route_tables", idc_route_tables, active.vpc)
        super().__init__(scope, construct_id)
        tables = tuple(in_order(self, given))
        active.route_from(idc_route_tables)
        for device, partner, role in ((active, standby, "active"), (standby, active, "standby")):
            join_pair(
                device.boot,
                PairConfig(
                    role=role,
                    partner_private_address=partner.private_address,
                    virtual_router_id=virtual_router_id,
                    route_table_ids=tables,
                    network_interface_id=device.network_interface_id,
                    active_active=active_active,
                ),
                start_after=active.boot if device is standby else None,
            )
        _change_one_after_the_other(self, active, standby)


def _change_one_after_the_other(pair: CgwPair, active: CgwInstance, standby: CgwInstance) -> None:
    """Let CloudFormation change the standby's connection only when the active device's carries traffic again."""
    if active.connection is None or standby.connection is None:
        return
    up = TunnelsUp(pair, "ActiveTunnelsUp", connection=active.connection, tunnels=active.tunnel_numbers)
    up.between(active.ready, standby.connection)


def _check_routing(active: CgwInstance, standby: CgwInstance) -> None:
    if active.uses_bgp != standby.uses_bgp:
        raise VpnConfigurationError(
            "standby",
            standby.node.path,
            "a device whose connection routes as the active device's does",
            "give both connections routing=Bgp(), or both Static(…)",
        )
    if active.uses_bgp and active.bgp_asn != standby.bgp_asn:
        raise VpnConfigurationError(
            "bgp_asn",
            standby.bgp_asn,
            f"that of the active device, {active.bgp_asn}: the two speak internal BGP",
            "give both devices the same ASN",
        )


def _check_equal_paths(active: CgwInstance, standby: CgwInstance) -> None:
    """Only a transit gateway uses equal paths, by BGP, and only among its own connections."""
    gateways = [device.connection.gateway for device in (active, standby) if device.connection]
    able = all(isinstance(one, BaseTransitGateway) and one.vpn_ecmp_support is not False for one in gateways)
    if not active.uses_bgp or not able or len({gateway.identity for gateway in gateways}) != 1:
        raise VpnConfigurationError(
            "active_active",
            True,
            "False, unless both devices have a BGP connection to one transit gateway with vpn_ecmp_support",
            "leave it out, or end both connections on the same TransitGateway",
        )

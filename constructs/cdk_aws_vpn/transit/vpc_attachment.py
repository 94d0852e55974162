"""The attachment of a VPC to a transit gateway."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_flag, check_instance, check_vpc
from cdk_aws_vpn.checks.both_versions import split_versions
from cdk_aws_vpn.checks.texts import check_list, check_name
from cdk_aws_vpn.errors import AddressingError, VpnConfigurationError
from cdk_aws_vpn.foundation.identity import id_for, identity_of, in_order
from cdk_aws_vpn.foundation.names import name_tag
from cdk_aws_vpn.foundation.places import check_same_app
from cdk_aws_vpn.foundation.stack_census import claim
from cdk_aws_vpn.foundation.subnets import check_route_tables, check_subnet_of, subnet_zone
from cdk_aws_vpn.gateways.transit_gateway import BaseTransitGateway

_OPTIONS = {
    "appliance_mode_support": "ApplianceModeSupport",
    "dns_support": "DnsSupport",
    "ipv6_support": "Ipv6Support",
}


class TransitGatewayVpcAttachment(Construct):
    """A VPC on a transit gateway.

    Two route tables decide what its hosts reach: that of their subnet (:meth:`route_from`), and the route table of the
    transit gateway that the attachment is associated with.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        transit_gateway: The transit gateway, new or existing.
        vpc: The VPC. It can be attached to a transit gateway once.
        subnets: One subnet in each Availability Zone whose hosts must reach the gateway. AWS creates a network
            interface in each.
        appliance_mode_support: Keep both directions of a flow in one Availability Zone, which a stateful firewall in
            the VPC needs. Default: False.
        dns_support: Resolve public names of instances to private addresses across VPCs. Default: True.
        ipv6_support: Carry IPv6, for networks that :meth:`route_from` names. Default: False.
        name: Name tag, 1 to 256 characters. Default: the stack's name and the path below it.

    Raises:
        VpnConfigurationError: An argument has the wrong type; there is no subnet, two are in the same zone, or one is
            in another VPC; or the VPC is already attached.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        transit_gateway: BaseTransitGateway,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        appliance_mode_support: bool = False,
        dns_support: bool = True,
        ipv6_support: bool = False,
        name: str | None = None,
    ) -> None:
        remedy = "make one with TransitGateway(…), or wrap an existing one with TransitGateway.from_id(…)"
        check_instance("transit_gateway", transit_gateway, BaseTransitGateway, remedy)
        check_vpc("vpc", vpc)
        _check_subnets(subnets, vpc)
        switches = {
            "appliance_mode_support": appliance_mode_support,
            "dns_support": dns_support,
            "ipv6_support": ipv6_support,
        }
        for prop, value in switches.items():
            check_flag(prop, value)
        check_name("name", name)
        check_same_app("transit_gateway", transit_gateway, scope)
        super().__init__(scope, construct_id)
        _check_first(self, transit_gateway, vpc)
        self.gateway = transit_gateway
        """The transit gateway."""
        self.vpc = vpc
        self._routed = False
        self._carries_ipv6 = ipv6_support
        self._resource = ec2.CfnTransitGatewayAttachment(
            self,
            "Resource",
            transit_gateway_id=transit_gateway.transit_gateway_id,
            vpc_id=vpc.vpc_id,
            subnet_ids=in_order(self, [subnet.subnet_id for subnet in subnets]),
            options={_OPTIONS[prop]: "enable" if value else "disable" for prop, value in switches.items()},
            tags=[name_tag(self, name)],
        )
        self.transit_gateway_attachment_id: str = self._resource.ref
        """Id of the attachment, ``tgw-attach-…``."""

    def route_from(self, route_tables: Sequence[ec2.IRouteTable], destinations: Sequence[str]) -> None:
        """Route traffic for ``destinations`` from route tables of the VPC to the transit gateway.

        Args:
            route_tables: Route tables of the VPC; one that several subnets share counts once.
            destinations: Networks behind the transit gateway, such as the data centre's: IPv4, and IPv6 with
                ``ipv6_support``.

        Raises:
            VpnConfigurationError: A list is empty, contains something else or a table of another VPC, or this is the
                second call.
            AddressingError: A destination is not a network.
        """
        ids = check_route_tables("route_tables", route_tables, self.vpc)
        ipv4, ipv6 = split_versions("destinations", destinations)
        if ipv6 and not self._carries_ipv6:
            raise AddressingError(
                "destinations", ipv6[0], "IPv4 networks without ipv6_support", "set ipv6_support=True, or remove it"
            )
        if self._routed:
            raise VpnConfigurationError(
                "route_tables", ids, "one call per attachment", "list all route tables and networks in the first call"
            )
        self._routed = True
        for table_id in ids:
            for prefix in (*ipv4, *ipv6):
                route = ec2.CfnRoute(
                    self,
                    id_for(self, "Route", table_id, prefix),
                    route_table_id=table_id,
                    destination_cidr_block=None if prefix in ipv6 else prefix,
                    destination_ipv6_cidr_block=prefix if prefix in ipv6 else None,
                    transit_gateway_id=self.gateway.transit_gateway_id,
                )
                # AWS takes no route to a gateway that the VPC is not attached to
                route.add_resource_dependency(self._resource)


def _check_subnets(subnets: Sequence[ec2.ISubnet], vpc: ec2.IVpc) -> None:
    check_list("subnets", subnets, "one or more subnets", "pass one of each Availability Zone", least=1)
    for subnet in subnets:
        check_subnet_of("subnets", subnet, vpc)
    zones = [subnet_zone(subnet) for subnet in subnets]
    for position, zone in enumerate(zones):
        if zone is not None and zone in zones[:position]:
            raise VpnConfigurationError(
                "subnets",
                subnets[position].node.path,
                "one subnet in each Availability Zone",
                "leave it out: the other subnet serves the whole zone",
            )


def _check_first(attachment: Construct, gateway: BaseTransitGateway, vpc: ec2.IVpc) -> None:
    key = identity_of(gateway, gateway.transit_gateway_id), identity_of(vpc, vpc.vpc_id)
    earlier = claim(attachment, "vpc attachment", *key)
    if earlier is not None:
        raise VpnConfigurationError(
            "vpc", vpc.node.path, f"one attachment per VPC; it has {earlier}", "use that one, with all subnets"
        )

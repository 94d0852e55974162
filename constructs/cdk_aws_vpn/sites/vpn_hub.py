"""A hub with many sites: one list, spread over as many stacks and gateways as it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from aws_cdk import CfnOutput, CfnResource, Environment, Stack
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_instance, check_whole_number
from cdk_aws_vpn.connection.tunnel_options import TunnelOptions
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.lanes import Lanes
from cdk_aws_vpn.foundation.quotas import (
    CUSTOMER_GATEWAYS_PER_REGION,
    RESOURCES_PER_STACK,
    TRANSIT_GATEWAY_ATTACHMENTS,
    VPN_CONNECTIONS_PER_REGION,
)
from cdk_aws_vpn.foundation.stack_census import claim, count_in_environment
from cdk_aws_vpn.gateways.amazon_side_gateway import AmazonSideGateway
from cdk_aws_vpn.gateways.customer_gateway import CustomerGateway, ExistingCustomerGateway
from cdk_aws_vpn.gateways.transit_gateway import BaseTransitGateway
from cdk_aws_vpn.sites.vpn_site import Site, check_sites, site_inside_cidrs

_CONNECTIONS_AT_ONCE = 4
"""AWS refuses to work on too many connections at once ("The maximum number of mutating objects has been reached"), and
does not publish how many are too many."""


class VpnHub(Construct):
    """The connections of many sites in one Region of one account.

    Site ``n`` is in stack ``n // sites_per_stack``, and has inside CIDR blocks of its own. Adding or removing a
    site changes the stack of this site and no other.

    Quotas are checked at synthesis; those of a Region are counted over all hubs of the app in that Region. Higher
    quotas that AWS has granted to an account are read from the context, see :mod:`cdk_aws_vpn.foundation.quotas`.

    Args:
        scope: The app, or a stage of a pipeline.
        construct_id: Its id there; the stacks are named after it, such as ``Hub-Sites0``.
        sites: The sites, in any order.
        gateway: Called once for each stack, with the stack and its number; returns Amazon's end of the connections of
            that stack. A transit gateway can be the same one each time; a virtual private gateway accepts 10
            connections, so each stack needs another one.
        route: Called once for each stack, with the stack and its connections by the name of the site, to put the
            attachments of a transit gateway into its route tables (see
            :class:`~cdk_aws_vpn.TransitGatewayRouteTable`). Default: the gateway's own default tables, which serve
            sites with BGP; a static site on a transit gateway needs a route, so it needs this.
        monitor: Called in the same way, to add alarms and dashboards. Default: no monitoring.
        sites_per_stack: 1 to 100. Changing it moves sites. Default: 10, which a virtual private gateway accepts.
        env: Account and Region of the stacks. Default: those of the stage, or of the CLI.

    Raises:
        VpnConfigurationError: Two sites, also of two hubs on the same gateway, share a value that must be
            unique; ``gateway`` returns something else; or a static site on a transit gateway has no ``route``.
        AddressingError: Networks of two sites overlap.
        QuotaError: There are more sites, or more resources in a stack, than AWS grants.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        sites: Iterable[Site],
        gateway: Callable[[Stack, int], AmazonSideGateway],
        route: Callable[[Stack, dict[str, VpnConnection]], object] | None = None,
        monitor: Callable[[Stack, dict[str, VpnConnection]], object] | None = None,
        sites_per_stack: int = 10,
        env: Environment | None = None,
    ) -> None:
        checked = check_sites(sites)
        check_whole_number("sites_per_stack", sites_per_stack, 1, 100, "leave it out for 10")
        for prop, function in (("gateway", gateway), ("route", route), ("monitor", monitor)):
            if not callable(function) and (function is not None or prop == "gateway"):
                allowed = "a function that is called with each stack"
                raise VpnConfigurationError(prop, function, allowed, "write it like lambda stack, …: …")
        if env is not None:
            check_instance("env", env, Environment, "write it like cdk.Environment(account=…, region=…)")
        super().__init__(scope, construct_id)
        count_in_environment(self, VPN_CONNECTIONS_PER_REGION, "sites", len(checked), env)
        new_devices = [site for site in checked if site.customer_gateway_id is None]
        count_in_environment(self, CUSTOMER_GATEWAYS_PER_REGION, "sites", len(new_devices), env)
        self.connections: dict[str, VpnConnection] = {}
        """The connections by the name of the site."""
        self.stacks: dict[int, Stack] = {}
        """The stacks by their number; a number without sites has none."""
        self._on_gateway: dict[str, int] = {}
        for number in sorted({site.number // sites_per_stack for site in checked}):
            stack = Stack(self, f"Sites{number}", env=env)
            self.stacks[number] = stack
            # In the order of their numbers, so that the order of the list shows in no template.
            members = sorted(
                (site for site in checked if site.number // sites_per_stack == number), key=lambda site: site.number
            )
            end = self._gateway(gateway, stack, number, len(members))
            self._check_members(stack, members, end, routed=route is not None)
            connections = self._connect(stack, members, end)
            for add in (route, monitor):
                if add is not None:
                    add(stack, connections)
            resources = sum(CfnResource.is_cfn_resource(each) for each in stack.node.find_all())
            RESOURCES_PER_STACK.check(self, "sites_per_stack", resources)
            self.connections |= connections

    def _gateway(
        self, make: Callable[[Stack, int], AmazonSideGateway], stack: Stack, number: int, members: int
    ) -> AmazonSideGateway:
        gateway = make(stack, number)
        check_instance(
            "gateway",
            gateway,
            AmazonSideGateway,
            "return a VirtualPrivateGateway or a TransitGateway from the function",
        )
        if isinstance(gateway, BaseTransitGateway):
            attached = self._on_gateway.get(gateway.identity, 0) + members
            TRANSIT_GATEWAY_ATTACHMENTS.check(self, "sites", attached)
            self._on_gateway[gateway.identity] = attached
        return gateway

    def _check_members(self, stack: Stack, sites: Sequence[Site], gateway: AmazonSideGateway, *, routed: bool) -> None:
        if not isinstance(gateway, BaseTransitGateway):
            return
        for site in sites:
            if site.routing == "static" and not routed:
                raise VpnConfigurationError(
                    "routing",
                    site.name,
                    "bgp, or static with a function that adds routes to the transit gateway",
                    "pass route=lambda stack, connections: …, and call TransitGatewayRouteTable.route_to there",
                )
            earlier = claim(stack, "site number", gateway.identity, site.number)
            if earlier is not None:
                raise VpnConfigurationError(
                    "number",
                    site.number,
                    f"a number that no other hub on {gateway.transit_gateway_id} uses; {earlier} uses it",
                    "give each hub on a gateway different numbers: they determine the inside CIDR blocks",
                )

    def _connect(self, stack: Stack, sites: Sequence[Site], gateway: AmazonSideGateway) -> dict[str, VpnConnection]:
        connections = {}
        lanes = Lanes(_CONNECTIONS_AT_ONCE)
        for site in sites:
            scope = Construct(stack, site.name)
            connection = VpnConnection(
                scope,
                "Vpn",
                gateway=gateway,
                customer_gateway=_customer_gateway(scope, site),
                routing=site.vpn_routing,
                security_profile=site.security_profile,
                tunnels=[TunnelOptions(inside_cidr=cidr) for cidr in site_inside_cidrs(site.number)],
            )
            resource = connection.node.default_child
            assert isinstance(resource, CfnResource)
            lanes.add(resource, number=site.number)
            CfnOutput(scope, "VpnConnectionId", value=connection.vpn_connection_id)
            for tunnel in connection.tunnels:
                CfnOutput(scope, f"Tunnel{tunnel.number}OutsideAddress", value=tunnel.outside_address)
            connections[site.name] = connection
        return connections


def _customer_gateway(scope: Construct, site: Site) -> CustomerGateway | ExistingCustomerGateway:
    if site.customer_gateway_id is not None:
        return CustomerGateway.from_id(scope, "Device", site.customer_gateway_id, bgp_asn=site.bgp_asn)
    return CustomerGateway(scope, "Device", address=str(site.address), bgp_asn=site.bgp_asn, device_name=site.name)

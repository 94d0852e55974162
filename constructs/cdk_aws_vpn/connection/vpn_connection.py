"""The Site-to-Site VPN connection: two tunnels between a customer gateway and a gateway of AWS."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_instance
from cdk_aws_vpn.checks.asns import check_asns_differ
from cdk_aws_vpn.checks.texts import check_name
from cdk_aws_vpn.connection.attachment_lookup import VpnAttachment
from cdk_aws_vpn.connection.connection_options import (
    ConnectionOptions,
    check_connection_options,
    check_tunnels,
    with_inside_cidrs,
)
from cdk_aws_vpn.connection.existing_connection import ImportableVpnConnection
from cdk_aws_vpn.connection.pre_shared_key import check_encryption_key, tunnel_key
from cdk_aws_vpn.connection.routing import Bgp, Routing, Static
from cdk_aws_vpn.connection.security_profile import RECOMMENDED, SecurityProfile, find_profile
from cdk_aws_vpn.connection.static_routes import add_static_routes
from cdk_aws_vpn.connection.tunnel_endpoints import EndpointLookup
from cdk_aws_vpn.connection.tunnel_options import TunnelLogOptions, TunnelOptions
from cdk_aws_vpn.connection.tunnel_specification import tunnel_specification
from cdk_aws_vpn.connection.vpn_tunnel import VpnTunnel, make_tunnels
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.names import name_in_region, name_tag
from cdk_aws_vpn.foundation.places import check_same_app
from cdk_aws_vpn.foundation.quotas import VPN_CONNECTIONS_PER_REGION
from cdk_aws_vpn.foundation.stack_census import count_in_stack
from cdk_aws_vpn.gateways.amazon_side_gateway import AmazonSideGateway
from cdk_aws_vpn.gateways.customer_gateway import CustomerGateway, ExistingCustomerGateway
from cdk_aws_vpn.gateways.transit_gateway import BaseTransitGateway


class VpnConnection(ImportableVpnConnection):
    """A VPN connection with both of its tunnels specified.

    Keys are generated in Secrets Manager, one per tunnel, and reach the connection by dynamic reference. Options that
    are left out come from the security profile, so no tunnel is left with AWS's permissive defaults.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        gateway: Amazon's end, a virtual private gateway or a transit gateway, new or existing.
        customer_gateway: The device's end, new or existing.
        routing: ``Bgp()``, or ``Static([...])`` with the networks behind the device. On a transit gateway, static
            networks also need :meth:`TransitGatewayRouteTable.route_to`.
        tunnels: Options of tunnel 1 and tunnel 2. Default: those of the profile for both.
        security_profile: ``"recommended"``, ``"cnsa"``, ``"compatibility"`` or a profile of your own; supplies the
            algorithms that ``tunnels`` leave out. Default: recommended.
        pre_shared_key_storage: ``SecretsManager`` (EC2's API shows a reference instead of the key) or ``Standard``
            (anyone who may describe VPN connections can read the key). Cannot be changed later. Default:
            SecretsManager, for which AWS creates and bills one more secret per connection.
        encryption_key: KMS key of the generated secrets. Default: the account's ``aws/secretsmanager`` key.
        enable_acceleration: Route through AWS Global Accelerator; transit gateway only. Cannot be changed later.
            Default: False.
        tunnel_bandwidth: ``standard`` (1.25 Gbit/s per tunnel) or ``large`` (5 Gbit/s; transit gateway only, not with
            acceleration). Default: standard.
        tunnel_inside_ip_version: ``ipv4`` or ``ipv6`` (transit gateway only). Cannot be changed later. Default: ipv4.
        outside_ip_address_type: ``PublicIpv4``, or ``PrivateIpv4``: over AWS Direct Connect, to a transit gateway with
            ``cidr_blocks``, not with acceleration. Cannot be changed later. Default: PublicIpv4.
        transport_transit_gateway_attachment_id: Attachment of the Direct Connect gateway that a ``PrivateIpv4``
            connection runs over, ``tgw-attach-…``. Cannot be changed later. Default: none.
        local_ipv4_network_cidr: Network behind the device that the tunnels accept. Default: 0.0.0.0/0, so that
            routing alone decides.
        remote_ipv4_network_cidr: Network behind AWS that the tunnels accept. Default: 0.0.0.0/0.
        name: Name tag, 1 to 256 characters. Default: the stack's name and the path below it.

    Raises:
        VpnConfigurationError: An option is out of range or excludes another.
        AddressingError: An inside CIDR block is already in use, or both ends have the same ASN.
        TunnelOptionsError: A tunnel's options exclude each other once the profile is applied.
        QuotaError: The gateway or the Region has as many connections as AWS grants.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        gateway: AmazonSideGateway,
        customer_gateway: CustomerGateway | ExistingCustomerGateway,
        routing: Routing,
        tunnels: Sequence[TunnelOptions] = (),
        security_profile: str | SecurityProfile = RECOMMENDED,
        pre_shared_key_storage: str = "SecretsManager",
        encryption_key: kms.IKey | None = None,
        enable_acceleration: bool = False,
        tunnel_bandwidth: str = "standard",
        tunnel_inside_ip_version: str = "ipv4",
        outside_ip_address_type: str = "PublicIpv4",
        transport_transit_gateway_attachment_id: str | None = None,
        local_ipv4_network_cidr: str | None = None,
        remote_ipv4_network_cidr: str | None = None,
        name: str | None = None,
    ) -> None:
        profile = find_profile(security_profile)
        remedy = "wrap an existing one with CustomerGateway.from_id(…)"
        check_instance("customer_gateway", customer_gateway, (CustomerGateway, ExistingCustomerGateway), remedy)
        if encryption_key is not None:
            check_encryption_key("encryption_key", encryption_key)
        check_name("name", name)
        options = ConnectionOptions(
            pre_shared_key_storage=pre_shared_key_storage,
            enable_acceleration=enable_acceleration,
            tunnel_bandwidth=tunnel_bandwidth,
            tunnel_inside_ip_version=tunnel_inside_ip_version,
            outside_ip_address_type=outside_ip_address_type,
            transport_transit_gateway_attachment_id=transport_transit_gateway_attachment_id,
            local_ipv4_network_cidr=local_ipv4_network_cidr,
            remote_ipv4_network_cidr=remote_ipv4_network_cidr,
        )
        check_connection_options(
            options, gateway=gateway, customer_address_type=customer_gateway.outside_ip_address_type, routing=routing
        )
        check_tunnels(tunnels, tunnel_inside_ip_version, uses_certificate=customer_gateway.uses_certificate)
        if customer_gateway.bgp_asn is not None and gateway.amazon_side_asn is not None and isinstance(routing, Bgp):
            check_asns_differ(customer_gateway.bgp_asn, gateway.amazon_side_asn)

        for prop, end in (("gateway", gateway), ("customer_gateway", customer_gateway)):
            check_same_app(prop, end, scope)
        super().__init__(scope, construct_id)
        count_in_stack(self, VPN_CONNECTIONS_PER_REGION, "VpnConnection")
        self.routing = routing
        self.gateway = gateway
        self.customer_gateway = customer_gateway
        chosen = with_inside_cidrs(name_in_region(self), gateway, tunnels)
        negotiated = [options.negotiation(profile) for options in chosen]
        certified = customer_gateway.uses_certificate
        keys = [
            None if certified else tunnel_key(self, number, options.pre_shared_key, encryption_key)
            for number, options in zip((1, 2), chosen, strict=True)
        ]
        inside_cidrs = [str(options.inside_cidr) for options in chosen]
        ipv6 = [options.inside_ipv6_cidr for options in chosen if options.inside_ipv6_cidr is not None]
        gateway.add_connection([*inside_cidrs, *ipv6])
        self._resource = ec2.CfnVPNConnection(
            self,
            "Resource",
            type="ipsec.1",
            customer_gateway_id=customer_gateway.customer_gateway_id,
            static_routes_only=isinstance(routing, Static),
            pre_shared_key_storage=None if customer_gateway.uses_certificate else pre_shared_key_storage,
            tags=[name_tag(self, name)],
            **gateway.gateway_properties,
            **options.properties(),
        )
        self.vpn_connection_id = self._resource.ref
        endpoints = EndpointLookup(self, vpn_connection_id=self.vpn_connection_id, inside_cidrs=inside_cidrs)
        self.tunnels: tuple[VpnTunnel, VpnTunnel] = make_tunnels(
            chosen, negotiated, keys, self.vpn_connection_id, endpoints, changed=self._specify_tunnels
        )
        self._specify_tunnels()
        if isinstance(routing, Static) and not isinstance(gateway, BaseTransitGateway):
            add_static_routes(self, self.vpn_connection_id, routing.prefixes, already=0)

    @property
    def log_options(self) -> tuple[TunnelLogOptions, ...]:
        """Where the tunnels write their logs."""
        return tuple(tunnel.options.log_options for tunnel in self.tunnels if tunnel.options.log_options is not None)

    @cached_property
    def transit_gateway_attachment_id(self) -> str:
        """Id of the attachment to the transit gateway, known at deployment. The first use adds its look-up.

        Raises:
            VpnConfigurationError: The connection ends on a virtual private gateway.
        """
        gateway, connection_id = self.gateway, self.vpn_connection_id
        if not isinstance(gateway, BaseTransitGateway):
            raise VpnConfigurationError(
                "gateway", gateway.node.path, "a transit gateway, which has attachments", "use a TransitGateway"
            )
        gateway_id = gateway.transit_gateway_id
        look_up = VpnAttachment(self, "Attachment", vpn_connection_id=connection_id, transit_gateway_id=gateway_id)
        return look_up.transit_gateway_attachment_id

    def add_static_route(self, prefix: str) -> None:
        """Send one more network through the connection.

        Args:
            prefix: IPv4 network behind the customer gateway, in CIDR notation.

        Raises:
            VpnConfigurationError: The connection routes by BGP, already has the route, or ends on a transit gateway.
            QuotaError: The connection has as many static routes as AWS grants.
        """
        if not isinstance(self.routing, Static):
            raise VpnConfigurationError(
                "prefix",
                prefix,
                "static routes on a connection with routing=Static(…) only",
                "announce the network by BGP from the device, or make the connection static",
            )
        if isinstance(self.gateway, BaseTransitGateway):
            allowed = "static routes of the connection on a virtual private gateway only"
            remedy = "name it in Static([...]), or call add_route(…) of a TransitGatewayRouteTable"
            raise VpnConfigurationError("prefix", prefix, allowed, remedy)
        already = len(self.routing.prefixes)
        self.routing = Static([*self.routing.prefixes, prefix])
        add_static_routes(self, self.vpn_connection_id, [prefix], already=already)

    def log_to(self, log_options: TunnelLogOptions) -> None:
        """Let the tunnels write their logs; a tunnel that has its own ``log_options`` keeps them.

        If the connection already exists, AWS replaces its tunnel endpoints, one at a time.

        Args:
            log_options: The log groups of both tunnels.

        Raises:
            VpnConfigurationError: ``log_options`` is not a :class:`TunnelLogOptions`.
        """
        for tunnel in self.tunnels:
            tunnel.log_to(log_options)

    def _specify_tunnels(self) -> None:
        self._resource.vpn_tunnel_options_specifications = [tunnel_specification(tunnel) for tunnel in self.tunnels]

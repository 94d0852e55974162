"""The Client VPN endpoint: individual computers reach a VPC, and the networks behind it, with an OpenVPN client."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_certificate_arn, check_choice, check_flag, check_vpc
from cdk_aws_vpn.checks.texts import check_text
from cdk_aws_vpn.client_vpn.access import ClientVpnAccess, make_group
from cdk_aws_vpn.client_vpn.authentication import ClientAuthentication, check_authentication
from cdk_aws_vpn.client_vpn.checks import (
    PORTS,
    PROTOCOLS,
    SESSION_HOURS,
    check_client_cidr,
    check_dns_servers,
    check_portal,
    check_security_groups,
    check_target_subnets,
)
from cdk_aws_vpn.client_vpn.connection_log import check_log, connection_log
from cdk_aws_vpn.client_vpn.endpoint import BaseClientVpn, ExistingClientVpn
from cdk_aws_vpn.client_vpn.session_start import (
    banner_options,
    check_banner,
    check_connect_handler,
    handler_options,
)
from cdk_aws_vpn.client_vpn.tags import EndpointTags
from cdk_aws_vpn.foundation.identity import id_for, in_order
from cdk_aws_vpn.foundation.known_later import network_peer
from cdk_aws_vpn.foundation.names import as_description, name_in_region, name_tag
from cdk_aws_vpn.foundation.quotas import CLIENT_VPN_ENDPOINTS_PER_REGION
from cdk_aws_vpn.foundation.stack_census import count_in_stack
from cdk_aws_vpn.foundation.subnets import subnet_cidr, vpc_cidr


class ClientVpn(BaseClientVpn):
    """A Client VPN endpoint with its target networks.

    Clients reach nothing until :meth:`authorize` or :meth:`reach` lets them. Their packets leave with the address of
    the association's interface, so a data centre behind the VPC needs only a route to the VPC.

    The endpoint takes the tags of the CDK (``Tags.of(…)``) and of its stack. CloudFormation replaces an endpoint whose
    tags change, which gives it another DNS name and no revocation list: keep tags that change away from it, with
    ``Tags.of(app).add(…, exclude_resource_types=["AWS::EC2::ClientVpnEndpoint"])``.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        vpc: The VPC that clients come into.
        subnets: One subnet in each of two or more Availability Zones, each /27 or larger with 20 free addresses.
            One zone is accepted, but its outage disconnects everyone. AWS bills each association per hour.
        client_cidr: Network that clients get their addresses from, /12 to /22. It must not overlap the VPC or
            any route but 0.0.0.0/0. It cannot be changed later.
        server_certificate_arn: ARN of the endpoint's certificate in ACM, RSA with 2048 or 1024 bits.
        authentication: ``[MutualTls()]``, ``[ActiveDirectory(…)]``, ``[Saml(…)]``, or mutual TLS with one of the
            others.
        split_tunnel: True: only traffic that has a route goes through the tunnel; the client's other traffic stays
            outside. False: all traffic goes through the tunnel, and traffic without a route is lost. There is no
            default, because this decides what happens to all other traffic of a user's computer.
        security_groups: 1 to 5 security groups of the associations' interfaces. Default: a new one that lets clients
            reach the authorized networks and allows no inbound traffic.
        dns_servers: At most two addresses that clients ask for names. Default: they keep their own.
        transport_protocol: ``udp`` or ``tcp``. Default: ``udp``.
        vpn_port: 443 or 1194. Default: 443.
        session_timeout_hours: 8, 10, 12 or 24, after which users must sign in again. Default: 12.
        disconnect_on_session_timeout: End the session after that time, instead of renewing it. Default: False.
        self_service_portal: A page where users download their profile and the client; needs a directory or an
            identity provider. Default: False.
        login_banner: A text that the AWS client shows when a session begins, up to 1400 characters. Default: none.
        connect_handler: Lambda function ``AWSClientVPN-…`` that accepts or rejects each connection. Default: none.
        log_group: Log group for the connection log. Default: a new one.
        log_retention: How long a new log group keeps its events. Default: one month.
        description: Shown in the console, 1 to 255 characters in one line. Default: the stack's name and the path below
            it.

    Raises:
        AddressingError: A network or an address is not allowed, or two overlap.
        VpnConfigurationError: Another option is not allowed, or two options exclude each other.
        QuotaError: The stack has more endpoints than AWS grants in a Region.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnets: Sequence[ec2.ISubnet],
        client_cidr: str,
        server_certificate_arn: str,
        authentication: Sequence[ClientAuthentication],
        split_tunnel: bool,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        dns_servers: Sequence[str] = (),
        transport_protocol: str = "udp",
        vpn_port: int = 443,
        session_timeout_hours: int = 12,
        disconnect_on_session_timeout: bool = False,
        self_service_portal: bool = False,
        login_banner: str | None = None,
        connect_handler: lambda_.IFunction | None = None,
        log_group: logs.ILogGroup | None = None,
        log_retention: logs.RetentionDays = logs.RetentionDays.ONE_MONTH,
        description: str | None = None,
    ) -> None:
        check_vpc("vpc", vpc)
        targets = check_target_subnets(subnets, vpc)
        check_client_cidr(client_cidr, [vpc_cidr(vpc), *map(subnet_cidr, targets)])
        check_certificate_arn("server_certificate_arn", server_certificate_arn)
        ways = check_authentication(authentication)
        check_flag("split_tunnel", split_tunnel)
        check_flag("disconnect_on_session_timeout", disconnect_on_session_timeout)
        check_flag("self_service_portal", self_service_portal)
        check_choice("transport_protocol", transport_protocol, PROTOCOLS, known_later=True)
        check_choice("vpn_port", vpn_port, PORTS, known_later=True)
        check_choice("session_timeout_hours", session_timeout_hours, SESSION_HOURS, known_later=True)
        check_portal(self_service_portal, ways)
        check_banner(login_banner)
        check_connect_handler(connect_handler)
        servers = check_dns_servers(dns_servers)
        check_security_groups(security_groups)
        check_log(log_group, log_retention)
        if description is not None:
            check_text("description", description)
        super().__init__(scope, construct_id)
        count_in_stack(self, CLIENT_VPN_ENDPOINTS_PER_REGION, "ClientVpn")
        self._own_group = make_group(self, vpc) if security_groups is None else None
        self.security_groups = [self._own_group] if self._own_group else list(security_groups or ())
        log_options, self.log_group = connection_log(self, log_group=log_group, retention=log_retention)
        endpoint = ec2.CfnClientVpnEndpoint(
            self,
            "Resource",
            vpc_id=vpc.vpc_id,
            security_group_ids=in_order(self, [group.security_group_id for group in self.security_groups]),
            client_cidr_block=client_cidr,
            server_certificate_arn=server_certificate_arn,
            authentication_options=[way.request(server_certificate_arn) for way in ways],
            connection_log_options=log_options,
            split_tunnel=split_tunnel,
            dns_servers=servers or None,
            transport_protocol=transport_protocol,
            vpn_port=vpn_port,
            session_timeout_hours=session_timeout_hours,
            disconnect_on_session_timeout=disconnect_on_session_timeout,
            self_service_portal="enabled" if self_service_portal else "disabled",
            client_login_banner_options=banner_options(login_banner),
            client_connect_options=handler_options(connect_handler),
            description=description or as_description(name_in_region(self)),
            tag_specifications=EndpointTags(self, "Tags", name=name_tag(self).value).specifications,
        )
        self.endpoint_id = endpoint.ref
        self.client_cidr: str = client_cidr
        self.associations = [
            ec2.CfnClientVpnTargetNetworkAssociation(
                self,
                id_for(self, "Association", subnet.subnet_id),
                client_vpn_endpoint_id=self.endpoint_id,
                subnet_id=subnet.subnet_id,
            )
            for subnet in targets
        ]
        """The associations with the subnets, in their order."""
        self._access = ClientVpnAccess(
            self,
            "Access",
            endpoint_id=self.endpoint_id,
            associations=self.associations,
            client_cidr=client_cidr,
            vpc_cidr=vpc_cidr(vpc),
            knows_groups=any(way.knows_groups for way in ways),
        )

    @staticmethod
    def from_id(
        scope: Construct,
        construct_id: str,
        endpoint_id: str,
        *,
        client_cidr: str | None = None,
        log_group: logs.ILogGroup | None = None,
    ) -> ExistingClientVpn:
        """Use an existing endpoint, to watch it with :class:`~cdk_aws_vpn.ClientVpnMonitoring`.

        Args:
            scope: The construct to put the reference in.
            construct_id: Its id there.
            endpoint_id: ``cvpn-endpoint-…``.
            client_cidr: Network that its clients get their addresses from. Default: unknown.
            log_group: Log group of its connection log. Default: unknown.
        """
        return ExistingClientVpn(scope, construct_id, endpoint_id, client_cidr=client_cidr, log_group=log_group)

    def authorize(self, target_network: str, *, group_id: str | None = None, description: str | None = None) -> None:
        """Let clients into a network to which the endpoint has a route, such as the VPC's.

        Args:
            target_network: The network, in CIDR notation.
            group_id: Let only the users of this group in: the SID of a directory's group, or the name that the
                identity provider sends. Default: everyone who is authenticated.
            description: Shown in the console. Default: none.

        Raises:
            AddressingError: It is not a network, or was already authorized.
            VpnConfigurationError: A group is given, but there is no directory or identity provider that has groups.
            QuotaError: The endpoint has more rules than AWS grants.
        """
        self._access.add_rule(target_network, group_id, description)
        if self._own_group is not None:
            self._own_group.add_egress_rule(
                network_peer(target_network), ec2.Port.all_traffic(), f"Clients to {target_network}"
            )

    def route_to(self, destination: str, *, description: str | None = None) -> None:
        """Send traffic for a network through every associated subnet. AWS itself adds the route to the VPC.

        Args:
            destination: The network, or 0.0.0.0/0.
            description: Shown in the console. Default: none.

        Raises:
            AddressingError: It is not a network, overlaps ``client_cidr``, is part of the VPC, or already has a route.
            QuotaError: The endpoint has more routes than AWS grants.
        """
        self._access.add_routes(destination, description)

    def reach(self, network: str, *, group_id: str | None = None, description: str | None = None) -> None:
        """Let clients into a network outside the VPC: add the routes and the rule, because both are needed.

        The VPC must have a route to this network, for example from a virtual private gateway that propagates routes to
        the route tables of ``subnets``. The errors are those of :meth:`route_to` and :meth:`authorize`.

        Args:
            network: The network, in CIDR notation.
            group_id: Let only the users of this group in, as with :meth:`authorize`. Default: everyone who is
                authenticated.
            description: Shown in the console. Default: none.
        """
        self._access.check_rule(network, group_id, description)
        self.route_to(network, description=description)
        self.authorize(network, group_id=group_id, description=description)

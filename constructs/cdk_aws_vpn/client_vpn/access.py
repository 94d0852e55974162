"""Where the clients of an endpoint may go: routes that lead there, and rules that allow it."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.addressing import check_cidr
from cdk_aws_vpn.checks.texts import check_text
from cdk_aws_vpn.checks.tokens import is_placeholder, is_token
from cdk_aws_vpn.client_vpn.checks import check_apart
from cdk_aws_vpn.errors import AddressingError, VpnConfigurationError
from cdk_aws_vpn.foundation.identity import id_for, in_order
from cdk_aws_vpn.foundation.lanes import Lanes
from cdk_aws_vpn.foundation.names import as_description, name_in_region
from cdk_aws_vpn.foundation.quotas import AUTHORIZATION_RULES_PER_CLIENT_VPN_ENDPOINT, ROUTES_PER_CLIENT_VPN_ASSOCIATION

_GROUP_ID_CHARACTERS = 255
_LOCAL_ROUTES = 1
_MUTATIONS_AT_ONCE = 5
_ASSOCIATIONS_AT_ONCE = 3
"""AWS refuses more than 10 operations at once on an endpoint (ConcurrentMutationLimitExceeded, see "Client VPN quotas"
in the administrator guide). Two of them are left for what else changes the endpoint, such as a revocation."""


def make_group(endpoint: Construct, vpc: ec2.IVpc) -> ec2.SecurityGroup:
    """Return a new security group for the interfaces of an endpoint; it lets nothing in, and nothing out yet."""
    return ec2.SecurityGroup(
        endpoint,
        "Group",
        vpc=vpc,
        description=as_description(f"{name_in_region(endpoint)}: clients to the authorized networks"),
        allow_all_outbound=False,
    )


class ClientVpnAccess(Construct):
    """The routes and the authorization rules of one endpoint; :class:`ClientVpn` makes it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoint_id: str,
        associations: Sequence[ec2.CfnClientVpnTargetNetworkAssociation],
        client_cidr: str,
        vpc_cidr: str | None,
        knows_groups: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        self._lanes = Lanes(_MUTATIONS_AT_ONCE)
        by_subnet = {str(association.subnet_id): association for association in associations}
        # in an order of their own, so that the order of the list shows in no template
        self._associations = [by_subnet[subnet_id] for subnet_id in in_order(self, list(by_subnet))]
        association_lanes = Lanes(_ASSOCIATIONS_AT_ONCE)
        for association in self._associations:
            association_lanes.add(association)
        self._endpoint_id = endpoint_id
        self._client_cidr = client_cidr
        self._vpc_cidr = vpc_cidr
        self._knows_groups = knows_groups
        self._routed: list[str] = []
        self._authorized: list[tuple[str, str | None]] = []

    def is_local(self, cidr: str) -> bool:
        """Tell whether ``cidr`` is the VPC or a part of it, where AWS's own route leads."""
        if cidr == self._vpc_cidr and not is_placeholder(cidr):
            return True
        if self._vpc_cidr is None or is_token(self._vpc_cidr) or is_token(cidr):
            return False
        return ipaddress.IPv4Network(cidr).subnet_of(ipaddress.IPv4Network(self._vpc_cidr))

    def add_routes(self, cidr: str, description: str | None) -> None:
        """Add a route through every associated subnet, each after its association."""
        check_cidr("destination", cidr)
        _check_description(description)
        check_apart("destination", cidr, self._client_cidr)
        if self.is_local(cidr):
            raise AddressingError(
                "destination",
                cidr,
                f"a network outside the VPC {self._vpc_cidr}, to which AWS adds the route itself",
                "leave the route out; authorize(…) is all that the VPC needs",
            )
        if cidr in self._routed and not is_placeholder(cidr):
            raise AddressingError("destination", cidr, "each network once", "remove the second call")
        self._routed.append(cidr)
        ROUTES_PER_CLIENT_VPN_ASSOCIATION.check(self, "destination", _LOCAL_ROUTES + len(self._routed))
        for association in self._associations:
            route = ec2.CfnClientVpnRoute(
                self,
                id_for(self, "Route", cidr, str(association.subnet_id)),
                client_vpn_endpoint_id=self._endpoint_id,
                destination_cidr_block=cidr,
                target_vpc_subnet_id=str(association.subnet_id),
                description=description,
            )
            route.add_resource_dependency(association)
            self._lanes.add(route)

    def check_rule(self, cidr: str, group_id: str | None, description: str | None) -> None:
        """Check the parts of a rule."""
        check_cidr("target_network", cidr)
        _check_group("group_id", group_id, self._knows_groups)
        _check_description(description)

    def add_rule(self, cidr: str, group_id: str | None, description: str | None) -> None:
        """Add a rule that lets all clients, or those of one group, into a network."""
        self.check_rule(cidr, group_id, description)
        if (cidr, group_id) in self._authorized and not is_placeholder(cidr):
            raise AddressingError("target_network", cidr, "each network once per group", "remove the second call")
        self._authorized.append((cidr, group_id))
        count = len(self._authorized)
        AUTHORIZATION_RULES_PER_CLIENT_VPN_ENDPOINT.check(self, "target_network", count)
        group = () if group_id is None else (group_id,)
        rule = ec2.CfnClientVpnAuthorizationRule(
            self,
            id_for(self, "Rule", cidr, *group),
            client_vpn_endpoint_id=self._endpoint_id,
            target_network_cidr=cidr,
            authorize_all_groups=True if group_id is None else None,
            access_group_id=group_id,
            description=description,
        )
        self._lanes.add(rule)


def _check_description(value: str | None) -> None:
    if value is not None:
        check_text("description", value)


def _check_group(prop: str, value: str | None, knows_groups: bool) -> None:
    if value is None:
        return
    if not knows_groups:
        raise VpnConfigurationError(
            prop,
            value,
            "None without a directory or an identity provider, because certificates have no groups",
            "leave it out, or add ActiveDirectory(…) or Saml(…) to authentication",
        )
    if not (isinstance(value, str) and 0 < len(value) <= _GROUP_ID_CHARACTERS):
        raise VpnConfigurationError(
            prop,
            value,
            f"a group's id of 1 to {_GROUP_ID_CHARACTERS} characters",
            "give the SID of a directory's group, or the name that the identity provider sends",
        )

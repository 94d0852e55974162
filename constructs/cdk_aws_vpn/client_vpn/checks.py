"""What AWS allows for a Client VPN endpoint.

Sources: "CreateClientVpnEndpoint" in the EC2 API reference; "Rules and best practices for using AWS Client VPN" and
"Client VPN quotas" in the AWS documentation.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from aws_cdk import aws_ec2 as ec2

from cdk_aws_vpn.checks.addressing import check_address, check_cidr
from cdk_aws_vpn.checks.arguments import check_security_group
from cdk_aws_vpn.checks.texts import check_list
from cdk_aws_vpn.checks.tokens import is_list_token, is_token
from cdk_aws_vpn.client_vpn.authentication import ClientAuthentication, Saml
from cdk_aws_vpn.errors import AddressingError, VpnConfigurationError
from cdk_aws_vpn.foundation.subnets import check_subnet_of, subnet_cidr, subnet_zone

ANYWHERE = "0.0.0.0/0"
SESSION_HOURS = (8, 10, 12, 24)
PORTS = (443, 1194)
PROTOCOLS = ("udp", "tcp")
_LARGEST, _SMALLEST = 12, 22
_SMALLEST_SUBNET = 27
_DNS_SERVERS = 2
_SECURITY_GROUPS = 5


def check_client_cidr(value: str, others: Iterable[str | None]) -> str:
    """Check the network that clients get their addresses from: /12 to /22, and apart from ``others``."""
    check_cidr("client_cidr", value)
    if is_token(value):
        return value
    network = ipaddress.IPv4Network(value)
    if not _LARGEST <= network.prefixlen <= _SMALLEST:
        raise AddressingError(
            "client_cidr", value, f"a prefix length from /{_LARGEST} to /{_SMALLEST}", "choose one like '10.70.0.0/22'"
        )
    for other in others:
        check_apart("client_cidr", value, other)
    return value


def check_apart(prop: str, value: str, other: str | None) -> None:
    """Check that two networks share no address, as far as both are known; the default route does not count."""
    if other is None or is_token(value) or is_token(other) or ANYWHERE in (value, other):
        return
    if ipaddress.IPv4Network(value).overlaps(ipaddress.IPv4Network(other)):
        raise AddressingError(
            prop,
            value,
            f"a network that shares no address with {other}",
            "give the clients a range that no VPC and no route of the endpoint uses",
        )


def check_target_subnets(subnets: Sequence[ec2.ISubnet], vpc: ec2.IVpc) -> list[ec2.ISubnet]:
    """Check the subnets that an endpoint is associated with: of its VPC, /27 or larger, each in a zone of its own."""
    check_list(
        "subnets",
        subnets,
        "a list of one subnet in each of one or more Availability Zones",
        "with two zones, clients survive the outage of one",
        least=1,
    )
    zones: dict[str, str] = {}
    for subnet in subnets:
        check_subnet_of("subnets", subnet, vpc)
        cidr = subnet_cidr(subnet)
        if cidr is not None and not is_token(cidr) and ipaddress.IPv4Network(cidr).prefixlen > _SMALLEST_SUBNET:
            raise AddressingError(
                "subnets",
                cidr,
                f"a subnet of /{_SMALLEST_SUBNET} or larger",
                "associate a larger one; an association needs 20 free addresses",
            )
        zone = subnet_zone(subnet)
        if zone is None:
            continue
        if zone in zones:
            raise VpnConfigurationError(
                "subnets",
                zone if not is_token(zone) else subnet.node.path,
                f"one subnet per Availability Zone; {zones[zone]} is in it already",
                "leave one of the two out; clients reach the whole VPC through the other",
            )
        zones[zone] = subnet.node.path
    return list(subnets)


def check_dns_servers(value: Sequence[str]) -> list[str]:
    """Check the DNS servers that clients are told: none, one or two IPv4 addresses."""
    allowed = f"a list of at most {_DNS_SERVERS} addresses"
    if is_list_token(value):
        return list(value)
    check_list("dns_servers", value, allowed, "write them like ['10.50.0.2']", most=_DNS_SERVERS)
    return [check_address("dns_servers", server) for server in value]


def check_security_groups(value: Sequence[ec2.ISecurityGroup] | None) -> None:
    """Check the groups of the associations' interfaces: one to five, the most that an interface takes."""
    if value is None:
        return
    allowed = f"a list of 1 to {_SECURITY_GROUPS} security groups, each one once"
    remedy = "leave it out for a new group"
    for group in check_list("security_groups", value, allowed, remedy, least=1, most=_SECURITY_GROUPS):
        check_security_group("security_groups", group)
    if len({id(group) for group in value}) < len(value):
        raise VpnConfigurationError("security_groups", "the same one twice", allowed, "list each group once")


def check_portal(enabled: bool, ways: Sequence[ClientAuthentication]) -> None:
    """Check that the users of the self-service portal can sign in there."""
    if not enabled:
        return
    if not any(way.knows_groups for way in ways):
        raise VpnConfigurationError(
            "self_service_portal",
            enabled,
            "False without a directory or an identity provider for users to sign in with",
            "hand the profiles out, for example with: vpn-ops client-vpn profile USER",
        )
    if any(isinstance(way, Saml) and way.self_service_provider_arn is None for way in ways):
        raise VpnConfigurationError(
            "self_service_portal",
            enabled,
            "False without a SAML provider for the portal",
            "set self_service_provider_arn of Saml",
        )

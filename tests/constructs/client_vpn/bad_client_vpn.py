"""Client VPN endpoints that AWS would refuse, or that would let nobody in."""

from __future__ import annotations

from typing import Any

from aws_cdk import Environment
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from cdk_aws_vpn import ActiveDirectory, ClientVpn, CloudVpc, MutualTls, Saml
from tests.constructs.bad_input import Bad, Whatever, address, setting
from tests.constructs.site import CLOUD, Site

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0123"
DIRECTORY = "d-0123456789"
SAML = "arn:aws:iam::111122223333:saml-provider/idp"
SHARES_NO = "a network that shares no address with"
WAYS = "MutualTls, ActiveDirectory or Saml"


def client_vpn(site: Site, **arguments: Any) -> ClientVpn:
    """An endpoint with mutual TLS in two zones, unless told otherwise."""
    if "subnets" not in arguments or "vpc" not in arguments:
        cloud = CloudVpc(site.stack, "Cloud", cidr=CLOUD, max_azs=2)
        arguments = {"vpc": cloud.vpc, "subnets": cloud.private_subnets, **arguments}
    defaults = {
        "client_cidr": "10.70.0.0/22",
        "server_certificate_arn": CERTIFICATE,
        "authentication": [MutualTls()],
        "split_tunnel": True,
    }
    made: ClientVpn = site.make(ClientVpn, **{**defaults, **arguments})
    return made


def foreign_log_group(_: Site) -> None:
    site = Site(env=Environment(account="111122223333", region="eu-west-1"))
    arn = "arn:aws:logs:eu-west-1:999999999999:log-group:/central/users"
    client_vpn(site, log_group=logs.LogGroup.from_log_group_arn(site.stack, "Central", arn))


def bad(  # noqa: PLR0917 -- a row of a table
    behaviour: str, prop: str, value: Any, allowed: str, remedy: str, shown: Any = None
) -> Bad:
    """A bad option of an endpoint."""
    return setting(
        f"a client vpn {behaviour}",
        lambda s: client_vpn(s, **{prop: value}),
        prop,
        value if shown is None else shown,
        allowed,
        remedy,
    )


def cidr(behaviour: str, value: str, allowed: str, remedy: str) -> Bad:
    return address(
        f"a client vpn {behaviour}",
        lambda s: client_vpn(s, client_cidr=value),
        "client_cidr",
        value,
        allowed,
        remedy,
    )


def subnet(site: Site, name: str, zone: str, block: str | None) -> ec2.ISubnet:
    return ec2.Subnet.from_subnet_attributes(
        site.stack, name, subnet_id=f"subnet-{name.lower()}", availability_zone=zone, ipv4_cidr_block=block
    )


def one_zone_twice(site: Site) -> None:
    subnets = [subnet(site, name, "eu-west-1a", None) for name in ("A", "B")]
    client_vpn(site, vpc=site.vpc, subnets=subnets)


def too_small(site: Site) -> None:
    client_vpn(site, vpc=site.vpc, subnets=[subnet(site, "A", "eu-west-1a", "10.60.0.0/28")])


def imported_vpc(site: Site) -> None:
    client_vpn(site, vpc=site.vpc, subnets=[subnet(site, "A", "eu-west-1a", None)], client_cidr="10.60.0.0/22")


def handler(name: str | None) -> Any:
    def write(site: Site) -> ClientVpn:
        function = lambda_.Function(
            site.stack,
            "Function",
            function_name=name,
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline("def handler(event, context): ..."),
        )
        return client_vpn(site, connect_handler=function)

    return write


NETWORKS = [
    cidr("with a client network of /23", "10.70.0.0/23", "/12 to /22", "choose one like"),
    cidr("with a client network of /11", "10.64.0.0/11", "/12 to /22", "choose one like"),
    cidr("with a client network with host bits", "10.70.0.1/22", "no host bit set", "write '10.70.0.0/22'"),
    cidr("with clients in the vpc", "10.50.4.0/22", f"{SHARES_NO} {CLOUD}", "give the clients a range"),
    cidr("with a client network around the vpc", "10.48.0.0/12", f"{SHARES_NO} {CLOUD}", "give the clients a range"),
    address(
        "a client vpn with clients in an imported vpc", imported_vpc, "client_cidr", "10.60.0.0/22", SHARES_NO, "range"
    ),
    address("a client vpn in a subnet of /28", too_small, "subnets", "10.60.0.0/28", "/27 or larger", "20 free"),
    setting(
        "a client vpn in one zone twice",
        one_zone_twice,
        "subnets",
        "eu-west-1a",
        "one subnet per Avail",
        "leave one of the two out",
    ),
    bad("without subnets", "subnets", [], "one subnet in each", "with two zones"),
    bad("with text for a subnet", "subnets", ["subnet-0"], "an ec2.ISubnet", "pass one of", shown="subnet-0"),
    bad("with text for a vpc", "vpc", "vpc-0", "an ec2.IVpc", "from_lookup"),
]
SIGN_IN = [
    bad("without a certificate", "server_certificate_arn", None, "the ARN of a certificate", "write it like"),
    bad("with a certificate of iam", "server_certificate_arn", SAML, "the ARN of a certificate", "write it like"),
    bad("that asks nobody who he is", "authentication", [], WAYS, "[MutualTls()]"),
    bad("with text for a way to sign in", "authentication", "mutual", WAYS, "[MutualTls()]"),
    bad(
        "with two kinds of users",
        "authentication",
        [ActiveDirectory(directory_id=DIRECTORY), Saml(provider_arn=SAML)],
        WAYS,
        "an endpoint for each",
        shown=["ActiveDirectory", "Saml"],
    ),
    bad(
        "with mutual tls twice",
        "authentication",
        [MutualTls(), MutualTls()],
        WAYS,
        "an endpoint for each",
        shown=["MutualTls", "MutualTls"],
    ),
    setting(
        "an authority that is not a certificate",
        lambda _: MutualTls(client_ca_arn="ca.crt"),
        "client_ca_arn",
        "ca.crt",
        "the ARN of a certificate",
        "write it like",
    ),
    setting(
        "a directory by its name",
        lambda _: ActiveDirectory(directory_id="corp.example.com"),
        "directory_id",
        "corp.example.com",
        "d- and 10",
        "copy the id",
    ),
    setting(
        "an identity provider by its address",
        lambda _: Saml(provider_arn="https://idp.example.com"),
        "provider_arn",
        "https://idp.example.com",
        "a SAML provider",
        "write it like",
    ),
    setting(
        "a portal's identity provider by its address",
        lambda _: Saml(provider_arn=SAML, self_service_provider_arn="idp"),
        "self_service_provider_arn",
        "idp",
        "a SAML provider",
        "write it like",
    ),
    bad("with a portal and certificates only", "self_service_portal", True, "False without a directory", "profile"),
    setting(
        "a client vpn with a portal and no provider for it",
        lambda s: client_vpn(s, self_service_portal=True, authentication=[Saml(provider_arn=SAML)]),
        "self_service_portal",
        True,
        "False without a SAML provider for the portal",
        "self_service_provider_arn",
    ),
]
OPTIONS = [
    bad("with text for split tunnel", "split_tunnel", "false", "True or False", "quotation marks"),
    bad("with sessions of 9 hours", "session_timeout_hours", 9, "8, 10, 12 or 24", "choose one"),
    bad("on port 1195", "vpn_port", 1195, "443 or 1194", "choose one"),
    bad("over sctp", "transport_protocol", "sctp", "udp or tcp", "choose one"),
    bad("with an endless banner", "login_banner", "x" * 1401, "1 to 1400", "shorten", shown="1401 characters"),
    bad("with an empty banner", "login_banner", "", "1 to 1400", "leave it out", shown="0 characters"),
    bad("with three dns servers", "dns_servers", ["10.0.0.2"] * 3, "at most 2", "write them like"),
    address(
        "a client vpn with a dns server by name",
        lambda s: client_vpn(s, dns_servers=["dns.example.com"]),
        "dns_servers",
        "dns.example.com",
        "an IPv4 address",
        "write it like",
    ),
    setting(
        "a client vpn with the log group of another account",
        foreign_log_group,
        "log_group",
        Whatever(),
        "of the endpoint's account and Region",
        "from_log_group_name",
    ),
    bad("with text for a log group", "log_group", "group", "a logs.ILogGroup", "from_log_group_name"),
    setting(
        "a client vpn with a handler without a name",
        handler(None),
        "connect_handler",
        None,
        "begins with AWSClientVPN-",
        "set function_name",
    ),
    setting(
        "a client vpn with a handler of another name",
        handler("client-vpn-handler"),
        "connect_handler",
        "client-vpn-handler",
        "begins with AWSClientVPN-",
        "set function_name",
    ),
    bad("with text for a handler", "connect_handler", "arn", "a lambda_.IFunction", "AWSClientVPN-"),
]
BAD_CLIENT_VPN = [*NETWORKS, *SIGN_IN, *OPTIONS]

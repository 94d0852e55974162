"""Routes and rules of a Client VPN endpoint that AWS would refuse, and more of anything than it grants."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack

from cdk_aws_vpn import ClientVpn, CloudVpc, MutualTls, Saml
from tests.constructs.bad_input import address, quota, setting
from tests.constructs.client_vpn.bad_client_vpn import CERTIFICATE, SAML, SHARES_NO, client_vpn
from tests.constructs.site import CLOUD, Site


def twice(method: str) -> Any:
    def write(site: Site) -> None:
        endpoint = client_vpn(site)
        for _ in range(2):
            getattr(endpoint, method)("10.60.0.0/16")

    return write


def six_endpoints(site: Site) -> None:
    cloud = CloudVpc(site.stack, "Cloud", cidr=CLOUD)
    for number in range(6):
        ClientVpn(
            Stack.of(cloud),
            f"Endpoint{number}",
            vpc=cloud.vpc,
            subnets=cloud.private_subnets,
            client_cidr=f"10.{70 + number}.0.0/22",
            server_certificate_arn=CERTIFICATE,
            authentication=[MutualTls()],
            split_tunnel=True,
        )


def many(method: str, count: int) -> Any:
    def write(site: Site) -> None:
        endpoint = client_vpn(site)
        for number in range(count):
            getattr(endpoint, method)(f"172.16.{number}.0/24")

    return write


BAD_ACCESS = [
    setting(
        "a client vpn's rule for a group that nobody knows",
        lambda s: client_vpn(s).authorize(CLOUD, group_id="S-1-5-21"),
        "group_id",
        "S-1-5-21",
        "None without a directory",
        "add ActiveDirectory",
    ),
    setting(
        "a client vpn's rule for a group without a name",
        lambda s: client_vpn(s, authentication=[Saml(provider_arn=SAML)]).authorize(CLOUD, group_id=""),
        "group_id",
        "",
        "1 to 255",
        "SID",
    ),
    address(
        "a client vpn's route to its own vpc",
        lambda s: client_vpn(s).route_to(CLOUD),
        "destination",
        CLOUD,
        "outside the VPC",
        "authorize",
    ),
    address(
        "a client vpn's route into its own vpc",
        lambda s: client_vpn(s).reach("10.50.1.0/24"),
        "destination",
        "10.50.1.0/24",
        "outside the VPC",
        "authorize",
    ),
    address(
        "a client vpn's route to the clients",
        lambda s: client_vpn(s).route_to("10.70.0.0/16"),
        "destination",
        "10.70.0.0/16",
        f"{SHARES_NO} 10.70.0.0/22",
        "give the clients a range",
    ),
    address("a client vpn's route twice", twice("route_to"), "destination", "10.60.0.0/16", "once", "second call"),
    address("a client vpn's rule twice", twice("authorize"), "target_network", "10.60.0.0/16", "once", "second call"),
    quota("a sixth client vpn", six_endpoints, "ClientVpn", 6, "'Client VPN endpoints per Region'", "quota raised"),
    quota("a hundredth route of a client vpn", many("route_to", 100), "destination", 101, "100 at most", "raised"),
    quota("a client vpn's 201st rule", many("authorize", 201), "target_network", 201, "200 at most", "raised"),
]

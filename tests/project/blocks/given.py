"""What an example in the documents may take for granted: ``self`` and the neighbours of a construct, by their names.

docs/constructs/README.md tells the reader the same. Each is made when an example first uses it.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns

from cdk_aws_vpn import (
    Bgp,
    CgwInstance,
    ClientVpn,
    CustomerGateway,
    IdcVpc,
    MutualTls,
    TransitGateway,
    VirtualPrivateGateway,
    VpnConnection,
)


class Neighbours:
    """The things that the examples name."""

    def __init__(self, folder: Path) -> None:
        self.app = App(outdir=str(folder), builtin_cloud_formation_validation=False, analytics_reporting=False)

    @cached_property
    def self(self) -> Stack:
        return Stack(self.app, "Stack", env=Environment(account="123456789012", region="eu-central-1"))

    @cached_property
    def vpc(self) -> ec2.Vpc:
        return ec2.Vpc(
            self.self,
            "GivenVpc",
            ip_addresses=ec2.IpAddresses.cidr("10.50.0.0/16"),
            availability_zones=["eu-central-1a", "eu-central-1b"],
            nat_gateways=0,
        )

    @cached_property
    def idc(self) -> IdcVpc:
        return IdcVpc(self.self, "GivenIdc", max_azs=2)

    @cached_property
    def vgw(self) -> VirtualPrivateGateway:
        return VirtualPrivateGateway(self.self, "GivenVgw", vpc=self.vpc)

    @cached_property
    def tgw(self) -> TransitGateway:
        return TransitGateway(self.self, "GivenTgw")

    @cached_property
    def firewall(self) -> CustomerGateway:
        return CustomerGateway(self.self, "GivenFirewall", address="203.0.113.200", bgp_asn=65020)

    @cached_property
    def vpn(self) -> VpnConnection:
        return VpnConnection(self.self, "GivenVpn", gateway=self.vgw, customer_gateway=self.firewall, routing=Bgp())

    def _device(self, name: str, zone: int) -> CgwInstance:
        subnet = self.idc.public_subnets[zone]
        return CgwInstance(
            self.self,
            f"Given{name}",
            vpc=self.idc.vpc,
            subnet=subnet,
            private_address=self.idc.address(subnet),
            remote_prefixes=["10.50.0.0/16"],
        )

    @cached_property
    def active(self) -> CgwInstance:
        return self._device("Active", 0)

    @cached_property
    def standby(self) -> CgwInstance:
        return self._device("Standby", 1)

    @cached_property
    def client_vpn(self) -> ClientVpn:
        return ClientVpn(
            self.self,
            "GivenClientVpn",
            vpc=self.vpc,
            subnets=self.vpc.public_subnets,
            client_cidr="10.70.0.0/22",
            server_certificate_arn="arn:aws:acm:eu-central-1:123456789012:certificate/0b1c2d3e",
            authentication=[MutualTls()],
            split_tunnel=True,
        )

    @cached_property
    def operators(self) -> sns.Topic:
        return sns.Topic(self.self, "GivenOperators", enforce_ssl=True)


class Given(dict[str, Any]):
    """The names of an example: what it defines itself, and the neighbours that it uses without defining them."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.neighbours = Neighbours(folder)

    def __missing__(self, name: str) -> Any:
        if name.startswith("_") or name not in vars(Neighbours):
            raise KeyError(name)
        return getattr(self.neighbours, name)

"""A stack with everything that an argument may ask for; each part is made when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from itertools import count
from typing import Any

from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns

from cdk_aws_vpn import (
    Bgp,
    CgwInstance,
    ClientVpn,
    CustomerGateway,
    MutualTls,
    TransitGateway,
    VirtualPrivateGateway,
    VpnConnection,
)
from cdk_aws_vpn.foundation.quotas import QUOTAS_CONTEXT_KEY

CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0b1c2d3e"
ENVIRONMENT = {"account": "111122223333", "region": "eu-west-1"}
NUMBERS = count(1)
RAISED = (
    "vpn-connections-per-vgw",
    "vpn-connections-per-region",
    "customer-gateways-per-region",
    "virtual-private-gateways-per-region",
    "transit-gateways-per-region",
    "transit-gateway-route-tables",
    "client-vpn-endpoints-per-region",
)


def bench_app() -> App:
    """Return an app in which nothing is too many."""
    context = {QUOTAS_CONTEXT_KEY: dict.fromkeys(RAISED, 100_000), "@aws-cdk/core:stackResourceLimit": 0}
    return App(builtin_cloud_formation_validation=False, analytics_reporting=False, context=context)


class Bench:
    """The stack of one subject, and its neighbours."""

    def __init__(self, app: App, name: str) -> None:
        self.app = app
        self.stack = Stack(app, name, env=ENVIRONMENT)
        self._hexadecimal = f"{next(NUMBERS):016x}"
        self.next_id = "Made"
        """What the ids begin with."""

    def number(self) -> int:
        """A number that is different each time."""
        return next(NUMBERS)

    def new_id(self) -> str:
        """An id that is different each time."""
        return f"{self.next_id}{self.number()}"

    def aws_id(self, prefix: str, digit: int = 0) -> str:
        """An id of AWS that no other bench has."""
        return f"{prefix}-{self._hexadecimal}{digit}"

    def new_aws_id(self, prefix: str) -> str:
        """An id of AWS that is different each time."""
        return f"{prefix}-{self.number():017x}"

    @cached_property
    def vpc(self) -> ec2.IVpc:
        """An existing VPC with two zones."""
        return ec2.Vpc.from_vpc_attributes(
            self.stack,
            "ExistingVpc",
            vpc_id=self.aws_id("vpc"),
            vpc_cidr_block="10.60.0.0/16",
            availability_zones=["eu-west-1a", "eu-west-1b"],
            public_subnet_ids=[self.aws_id("subnet", 0), self.aws_id("subnet", 1)],
            public_subnet_route_table_ids=[self.aws_id("rtb", 0), self.aws_id("rtb", 1)],
            public_subnet_ipv4_cidr_blocks=["10.60.0.0/18", "10.60.64.0/18"],
            isolated_subnet_ids=[self.aws_id("subnet", 2), self.aws_id("subnet", 3)],
            isolated_subnet_route_table_ids=[self.aws_id("rtb", 2), self.aws_id("rtb", 3)],
            isolated_subnet_ipv4_cidr_blocks=["10.60.128.0/18", "10.60.192.0/18"],
        )

    @cached_property
    def route_tables(self) -> list[ec2.IRouteTable]:
        """The route tables of the private subnets."""
        return [subnet.route_table for subnet in self.vpc.isolated_subnets]

    @cached_property
    def vgw(self) -> Any:
        """An existing virtual private gateway."""
        return VirtualPrivateGateway.from_id(self.stack, "Vgw", self.aws_id("vgw"), amazon_side_asn=64512)

    @cached_property
    def tgw(self) -> Any:
        """An existing transit gateway."""
        return TransitGateway.from_id(self.stack, "Tgw", self.aws_id("tgw"), amazon_side_asn=64512)

    @cached_property
    def key(self) -> kms.IKey:
        """A KMS key."""
        return kms.Key(self.stack, "Key")

    @cached_property
    def boundary(self) -> iam.IManagedPolicy:
        """A permissions boundary."""
        return iam.ManagedPolicy.from_aws_managed_policy_name("PowerUserAccess")

    @cached_property
    def topic(self) -> sns.ITopic:
        """An SNS topic."""
        return sns.Topic(self.stack, "Topic")

    @cached_property
    def log_group(self) -> logs.ILogGroup:
        """An existing log group."""
        return logs.LogGroup.from_log_group_name(self.stack, "LogGroup", "/central/vpn")

    @cached_property
    def secret(self) -> secretsmanager.ISecret:
        """A secret with a key."""
        return secretsmanager.Secret(self.stack, "Secret")

    @cached_property
    def security_group(self) -> ec2.ISecurityGroup:
        """An existing security group."""
        return ec2.SecurityGroup.from_security_group_id(self.stack, "SecurityGroup", "sg-0123456789abcdef0")

    @cached_property
    def function(self) -> lambda_.IFunction:
        """A function that decides about connections."""
        return lambda_.Function(
            self.stack,
            "Handler",
            function_name="AWSClientVPN-decide",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_inline("def handler(*_): pass"),
        )

    def address(self) -> str:
        """A public address that is different each time."""
        number = self.number()
        return f"52.1.{number // 250}.{number % 250 + 1}"

    def private_address(self, zone: int = 0, *, public: bool = True) -> str:
        """A private address of a subnet that is different each time."""
        number = self.number()
        return f"10.60.{64 * (zone + 2 * (not public)) + number // 200 + 1}.{number % 200 + 10}"

    def inside_cidr(self) -> str:
        """A block for a tunnel that is different each time."""
        number = self.number()
        return f"169.254.{number // 64 + 10}.{4 * (number % 64)}/30"

    def firewall(self, **arguments: Any) -> CustomerGateway:
        """A device of one's own."""
        return CustomerGateway(self.stack, self.new_id(), **{"address": self.address(), **arguments})

    def connection(self, **arguments: Any) -> VpnConnection:
        """A connection with BGP to the virtual private gateway, unless told otherwise."""
        customer_gateway = arguments.pop("customer_gateway", None) or self.firewall()
        given = {"gateway": self.vgw, "customer_gateway": customer_gateway, "routing": Bgp(), **arguments}
        return VpnConnection(self.stack, self.new_id(), **given)

    def device(self, zone: int = 0, **arguments: Any) -> CgwInstance:
        """A device without a connection."""
        subnet = self.vpc.public_subnets[zone]
        given = {"vpc": self.vpc, "subnet": subnet, "remote_prefixes": ["10.50.0.0/16"], **arguments}
        return CgwInstance(self.stack, self.new_id(), **given)

    def connected(self, zone: int = 0, **arguments: Any) -> CgwInstance:
        """A device with its connection."""
        device = self.device(zone, **arguments)
        device.connect(self.connection(customer_gateway=device.customer_gateway))
        return device

    def client_vpn(self, construct_id: str | None = None, **arguments: Any) -> ClientVpn:
        """A Client VPN endpoint."""
        given = {
            "vpc": self.vpc,
            "subnets": self.vpc.isolated_subnets,
            "client_cidr": "10.70.0.0/22",
            "server_certificate_arn": CERTIFICATE,
            "authentication": [MutualTls()],
            "split_tunnel": True,
            **arguments,
        }
        return ClientVpn(self.stack, construct_id or self.new_id(), **given)

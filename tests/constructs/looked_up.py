"""An app that looks everything up: two VPCs, a security group and the parameters that name all the rest.

Run as a program, it is the app of the CDK CLI: ``python looked_up.py``. The account and Region are those of the CLI.
"""

from __future__ import annotations

import os

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ssm as ssm

from cdk_aws_vpn import (
    ActiveDirectory,
    Bgp,
    CgwCluster,
    CgwInstance,
    CgwPair,
    ClientVpn,
    ClientVpnMonitoring,
    CustomerGateway,
    Host,
    IdcVpc,
    MutualTls,
    Saml,
    Site,
    Static,
    TransitGateway,
    TransitGatewayRouteTable,
    TransitGatewayVpcAttachment,
    TunnelOptions,
    VirtualPrivateGateway,
    VpnConnection,
    VpnHub,
    VpnMonitoring,
    apply_vpn_policy,
)
from tests.constructs.looked_up_names import FOLDER, OTHER_VPC, VPC


class LookedUp:
    """The constructs of the library in three stacks, each with what a look-up returns wherever that is possible."""

    def __init__(self, app: cdk.App, env: cdk.Environment, group_id: str) -> None:
        self.env = env
        self.stack = cdk.Stack(app, "LookedUp", env=env)
        self.vpc = ec2.Vpc.from_lookup(self.stack, "Vpc", tags={"Name": VPC}, return_vpn_gateways=True)
        self.other = ec2.Vpc.from_lookup(self.stack, "Other", tags={"Name": OTHER_VPC}, return_vpn_gateways=True)
        self.group = ec2.SecurityGroup.from_lookup_by_id(self.stack, "Group", group_id)
        self.tables = [subnet.route_table for subnet in self.vpc.isolated_subnets]
        self.transit = TransitGateway.from_id(self.stack, "Tgw", self.text("transit-gateway-id"), amazon_side_asn=64512)
        self.gateways()
        self.device()
        self.two_devices()
        self.clients()
        self.hosts()
        VpnHub(app, "Hub", sites=self.sites(), gateway=self.hub_gateway, env=env)

    def text(self, name: str, stack: cdk.Stack | None = None) -> str:
        return ssm.StringParameter.value_from_lookup(stack or self.stack, f"{FOLDER}{name}")

    def gateways(self) -> None:
        stack, vpc, other = self.stack, self.vpc, self.other
        VirtualPrivateGateway(stack, "NewVgw", vpc=other).propagate_routes_to(
            [subnet.route_table for subnet in other.isolated_subnets]
        )
        TransitGateway(stack, "NewTgw", cidr_blocks=[self.text("transit-block")])
        attachments = [
            TransitGatewayVpcAttachment(
                stack, f"Attachment{name}", transit_gateway=self.transit, vpc=each, subnets=subnets
            )
            for name, each, subnets in (("A", vpc, vpc.isolated_subnets), ("B", other, other.isolated_subnets))
        ]
        attachments[0].route_from(self.tables, [other.vpc_cidr_block, self.text("cloud")])
        table = TransitGatewayRouteTable(stack, "Table", transit_gateway=self.transit)
        table.associate(*attachments)
        table.propagate_from(*attachments)
        table.add_route(vpc.vpc_cidr_block, attachments[0])
        table.add_route(other.vpc_cidr_block, attachments[1])
        table.add_blackhole(self.text("drop"))
        gateway = VirtualPrivateGateway.from_id(stack, "OldVgw", vpc.vpn_gateway_id, amazon_side_asn=7224)
        kind = self.text("outside-type")
        VpnConnection(
            stack,
            "Static",
            gateway=gateway,
            customer_gateway=CustomerGateway(
                stack,
                "Firewall",
                address=self.text("firewall"),
                outside_ip_address_type=kind,
                device_name=self.text("device"),
                certificate_arn=self.text("server-certificate"),
            ),
            routing=Static([other.vpc_cidr_block, self.text("cloud")]),
            outside_ip_address_type=kind,
            tunnel_bandwidth=self.text("bandwidth"),
            tunnel_inside_ip_version=self.text("inside-version"),
            pre_shared_key_storage=self.text("key-storage"),
            local_ipv4_network_cidr=vpc.vpc_cidr_block,
        ).add_static_route(self.text("partner"))

    def device(self) -> None:
        device = CgwInstance(
            self.stack,
            "Device",
            vpc=self.vpc,
            subnet=self.vpc.public_subnets[0],
            remote_prefixes=[self.other.vpc_cidr_block],
            architecture=self.text("architecture"),
            instance_type=self.text("instance-type"),
            image_release=self.text("image-release"),
            name=self.text("router"),
            role_path=self.text("role-path"),
        )
        connection = VpnConnection(
            self.stack,
            "Bgp",
            gateway=self.transit,
            customer_gateway=device.customer_gateway,
            routing=Bgp(),
            security_profile=self.text("profile"),
            tunnels=[
                TunnelOptions(
                    inside_cidr=self.text(f"{number}-inside"), phase2_encryption_algorithms=(self.text("cipher"),)
                )
                for number in ("first", "second")
            ],
        )
        device.connect(connection)
        device.route_from(self.tables)
        name = self.text("dashboard")
        VpnMonitoring(self.stack, "Monitoring", connections=[connection], devices=[device], dashboard_name=name)

    def members(self, stack: cdk.Stack, vpc: ec2.IVpc, kind: str, remote: str) -> list[CgwInstance]:
        return [
            CgwInstance(
                stack,
                f"Cgw{number}",
                vpc=vpc,
                subnet=vpc.public_subnets[number],
                remote_prefixes=[remote],
                private_address=self.text(f"{kind.lower()}-{role}-address", stack),
            )
            for number, role in enumerate(("active", "standby"))
        ]

    def two_devices(self) -> None:
        for kind in ("Pair", "Cluster"):
            stack = cdk.Stack(self.stack.node.root, kind, env=self.env)  # type: ignore[arg-type]
            vpc = ec2.Vpc.from_lookup(stack, "Vpc", tags={"Name": VPC})
            gateway = TransitGateway(stack, "Tgw")
            active, standby = self.members(stack, vpc, kind, self.text("cloud", stack))
            tables = [subnet.route_table for subnet in vpc.isolated_subnets]
            both = {"active": active, "standby": standby, "idc_route_tables": tables}
            if kind == "Pair":
                for member in (active, standby):
                    cgw = member.customer_gateway
                    member.connect(VpnConnection(member, "Vpn", gateway=gateway, customer_gateway=cgw, routing=Bgp()))
                CgwPair(stack, "Pair", **both)  # type: ignore[arg-type]
                continue
            shared = {
                f"{role}_shared_address": self.text(f"{role}-shared-address", stack) for role in ("active", "standby")
            }
            cluster = CgwCluster(stack, "Cluster", **both, **shared)  # type: ignore[arg-type]
            cgw = cluster.customer_gateway
            cluster.connect(VpnConnection(stack, "Vpn", gateway=gateway, customer_gateway=cgw, routing=Bgp()))

    def clients(self) -> None:
        clients = ClientVpn(
            self.stack,
            "Clients",
            vpc=self.vpc,
            subnets=self.vpc.isolated_subnets,
            client_cidr=self.text("client-cidr"),
            split_tunnel=True,
            authentication=[
                MutualTls(client_ca_arn=self.text("client-ca")),
                ActiveDirectory(directory_id=self.text("directory")),
            ],
            server_certificate_arn=self.text("server-certificate"),
            dns_servers=[self.text("dns")],
            transport_protocol=self.text("protocol"),
        )
        clients.authorize(self.vpc.vpc_cidr_block)
        clients.reach(self.other.vpc_cidr_block)
        clients.reach(self.text("cloud"), group_id=self.text("group"))
        ClientVpnMonitoring(self.stack, "ClientMonitoring", client_vpn=clients)
        ClientVpn(
            self.stack,
            "Browsers",
            vpc=self.vpc,
            subnets=self.vpc.isolated_subnets,
            client_cidr="10.74.0.0/22",
            split_tunnel=False,
            authentication=[Saml(provider_arn=self.text("provider"))],
            server_certificate_arn=self.text("server-certificate"),
            security_groups=[self.group],
        )

    def hosts(self) -> None:
        Host(
            self.stack,
            "Host",
            vpc=self.vpc,
            subnet=self.vpc.isolated_subnets[0],
            private_address=self.text("host-address"),
            reachable_from=[self.other.vpc_cidr_block, self.text("cloud")],
            ssh_from=self.group,
        )
        lab = IdcVpc(self.stack, "Lab", cidr=self.text("lab"))
        lab.add_host("Host", reachable_from=[self.vpc.vpc_cidr_block])

    def sites(self) -> list[Site]:
        return [
            Site(
                number=0,
                name=self.text("site-name"),
                address=self.text("firewall"),
                prefixes=[self.text("remote")],
                routing=self.text("routing"),
                security_profile=self.text("profile"),
            ),
            Site(number=1, name="berlin", customer_gateway_id=self.text("customer-gateway-id")),
        ]

    def hub_gateway(self, stack: cdk.Stack, _: int) -> TransitGateway:
        return TransitGateway.from_id(stack, "Tgw", self.text("transit-gateway-id", stack))  # type: ignore[return-value]


if __name__ == "__main__":
    program = cdk.App(analytics_reporting=False)
    apply_vpn_policy(program, rule_packs=())
    default = cdk.Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
    LookedUp(program, default, program.node.get_context("group"))
    program.synth()

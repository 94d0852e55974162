"""A stack with every construct that takes a list, for tests of what stays the same when the list or the app changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from aws_cdk import App, CfnParameter, Fn, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template

from cdk_aws_vpn import (
    Bgp,
    CgwCluster,
    CgwInstance,
    CgwPair,
    ClientVpn,
    ClientVpnMonitoring,
    CustomerGateway,
    Host,
    MutualTls,
    Saml,
    Static,
    TransitGateway,
    TransitGatewayRouteTable,
    TransitGatewayVpcAttachment,
    TunnelOptions,
    VirtualPrivateGateway,
    VpnConnection,
    VpnMonitoring,
)
from cdk_aws_vpn.network.cloud_vpc import CloudVpc
from cdk_aws_vpn.network.idc_vpc import IdcVpc

Order = Callable[[Sequence[Any]], list[Any]]
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/x"


@dataclass
class Network:
    """All constructs that take a list, in one stack; every list passes through ``order``."""

    order: Order
    stack: Stack = field(default_factory=lambda: Stack(App(analytics_reporting=False), "Stack"))

    def build(self) -> dict[str, Any]:
        self.idc = IdcVpc(self.stack, "Idc", max_azs=2)
        self.cloud = CloudVpc(self.stack, "Cloud", max_azs=2)
        other = [ec2.Vpc(self.stack, f"Other{n}", max_azs=1).vpc_cidr_block for n in range(2)]
        parameter = CfnParameter(self.stack, "Network").value_as_string
        self.prefixes = ["10.9.0.0/16", "10.10.0.0/16", *other, Fn.import_value("network"), parameter]
        self._gateways()
        self._devices()
        self._client_vpn()
        Host(
            self.stack,
            "Host",
            vpc=self.cloud.vpc,
            subnet=self.cloud.private_subnets[0],
            reachable_from=self.order(["10.9.0.0/16", "10.10.0.0/16"]),
        )
        VpnMonitoring(self.stack, "Monitoring", connections=self.order(self.vpns))
        ClientVpnMonitoring(self.stack, "ClientMonitoring", client_vpn=self.users)
        return dict(Template.from_stack(self.stack).to_json()["Resources"])

    def _called(self, elements: list[str]) -> list[str]:
        """What is left of a list, in the order of the calls: they say which route AWS gets first."""
        return [element for element in elements if element in self.order(elements)]

    def _gateways(self) -> None:
        self.vgw = VirtualPrivateGateway(self.stack, "Vgw", vpc=self.cloud.vpc)
        self.vgw.propagate_routes_to(self.order(self.cloud.route_tables))
        blocks = self.order(["10.201.0.0/24", "10.202.0.0/24"])
        tgw = TransitGateway(self.stack, "Tgw", cidr_blocks=blocks)
        firewall = CustomerGateway(self.stack, "Firewall", address="203.0.113.7")
        tunnel = TunnelOptions(
            phase1_encryption_algorithms=tuple(self.order(["AES256-GCM-16", "AES128-GCM-16", "AES256"])),
            phase2_dh_group_numbers=tuple(self.order([19, 20, 21])),
        )
        self.vpns = [
            VpnConnection(
                self.stack, f"Bgp{n}", gateway=tgw, customer_gateway=firewall, routing=Bgp(), tunnels=[tunnel] * 2
            )
            for n in range(2)
        ]
        static = Static(self.order(self.prefixes))
        VpnConnection(self.stack, "Static", gateway=self.vgw, customer_gateway=firewall, routing=static)
        routed = VpnConnection(self.stack, "Routed", gateway=tgw, customer_gateway=firewall, routing=static)
        attachment = TransitGatewayVpcAttachment(
            self.stack,
            "Attachment",
            transit_gateway=tgw,
            vpc=self.cloud.vpc,
            subnets=self.order(self.cloud.private_subnets),
        )
        attachment.route_from(self.order(self.cloud.route_tables), self.order(self.prefixes))
        table = TransitGatewayRouteTable(self.stack, "Table", transit_gateway=tgw)
        table.associate(*self.order(self.vpns))
        table.propagate_from(*self.order([*self.vpns, attachment]))
        table.route_to(routed)

    def _devices(self) -> None:
        devices = {}
        for zone, name in enumerate(("Active", "Standby", "First", "Second")):
            devices[name] = CgwInstance(
                self.stack,
                name,
                vpc=self.idc.vpc,
                subnet=self.idc.public_subnets[zone % 2],
                private_address=f"10.60.{2 * (zone % 2)}.{100 + zone}",
                remote_prefixes=self.order(["10.50.0.0/16", "10.9.0.0/16", "10.10.0.0/16"]),
                local_prefixes=self.order(["10.60.0.0/16", "10.61.0.0/16"]),
            )
        for name in ("Active", "Standby"):
            gateway = devices[name].customer_gateway
            devices[name].connect(
                VpnConnection(self.stack, f"{name}Vpn", gateway=self.vgw, customer_gateway=gateway, routing=Bgp())
            )
        tables = self.order(self.idc.private_route_tables)
        CgwPair(self.stack, "Pair", active=devices["Active"], standby=devices["Standby"], idc_route_tables=tables)
        cluster = CgwCluster(
            self.stack,
            "Cluster",
            active=devices["First"],
            standby=devices["Second"],
            active_shared_address="10.60.0.200",
            standby_shared_address="10.60.2.200",
            idc_route_tables=tables,
        )
        gateway = cluster.customer_gateway
        cluster.connect(
            VpnConnection(self.stack, "ClusterVpn", gateway=self.vgw, customer_gateway=gateway, routing=Bgp())
        )

    def _client_vpn(self) -> None:
        self.users = ClientVpn(
            self.stack,
            "Users",
            vpc=self.cloud.vpc,
            subnets=self.order(self.cloud.private_subnets),
            client_cidr="10.70.0.0/22",
            split_tunnel=True,
            authentication=[MutualTls(), Saml(provider_arn="arn:aws:iam::111122223333:saml-provider/x")],
            server_certificate_arn=CERTIFICATE,
            security_groups=self.order(
                [ec2.SecurityGroup(self.stack, f"Group{n}", vpc=self.cloud.vpc) for n in range(2)]
            ),
        )
        for network in self._called(self.prefixes):
            self.users.route_to(network)
        for group in self._called(["admins", "developers"]):
            self.users.authorize("10.9.0.0/16", group_id=group)

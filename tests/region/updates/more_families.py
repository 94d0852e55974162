"""Families on a transit gateway, with Client VPN, and with many sites."""

from __future__ import annotations

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns

import cdk_aws_vpn as vpn
from tests.region.updates.families import CLOUD, Family


class OnTransitGateway(Family):
    """A connection and a VPC on a transit gateway, with a route table."""

    def build(self) -> None:
        stack = self.stack
        self.cloud, self.other_cloud = self.vpc("Cloud", CLOUD), self.vpc("Other", "10.52.0.0/16")
        options = self.options("TransitGateway", amazon_side_asn=64512, cidr_blocks=["10.99.0.0/24"])
        self.gateway = vpn.TransitGateway(stack, "Gateway", **options)
        self.other_gateway = vpn.TransitGateway(stack, "OtherGateway", amazon_side_asn=64513)
        attached = self.options(
            "TransitGatewayVpcAttachment",
            transit_gateway=self.gateway,
            vpc=self.cloud,
            subnets=self.cloud.isolated_subnets[:1],
        )
        self.attachment = vpn.TransitGatewayVpcAttachment(stack, "Attachment", **attached)
        table = self.options("TransitGatewayRouteTable", transit_gateway=self.gateway)
        self.table = vpn.TransitGatewayRouteTable(stack, "Table", **table)
        if attached["transit_gateway"] is self.gateway and table["transit_gateway"] is self.gateway:
            self.table.propagate_from(self.attachment)
        firewall = vpn.CustomerGateway(stack, "Firewall", address="198.51.100.210", bgp_asn=65010)
        tunnels = (
            vpn.TunnelOptions(inside_cidr="169.254.120.0/30"),
            vpn.TunnelOptions(inside_cidr="169.254.121.0/30"),
        )
        ends = {"gateway": self.gateway, "customer_gateway": firewall, "routing": vpn.Bgp()}
        connection = self.options("VpnConnection", **ends, tunnels=tunnels)
        vpn.VpnConnection(stack, "Vpn", **connection)
        six = self.options("TunnelOptions", inside_ipv6_cidr="fd00:1::/126")
        other = vpn.CustomerGateway(stack, "OtherFirewall", address="198.51.100.211", bgp_asn=65010)
        vpn.VpnConnection(
            stack,
            "Ipv6",
            gateway=self.gateway,
            customer_gateway=other,
            routing=vpn.Bgp(),
            tunnel_inside_ip_version="ipv6",
            tunnels=(
                vpn.TunnelOptions(inside_cidr="169.254.122.0/30", **six),
                vpn.TunnelOptions(inside_cidr="169.254.123.0/30", inside_ipv6_cidr="fd00:2::/126"),
            ),
        )


class WithClients(Family):
    """An endpoint with mutual TLS, and its monitoring."""

    def build(self) -> None:
        stack = self.stack
        self.cloud, self.other_cloud = self.vpc("Cloud", CLOUD), self.vpc("Other", "10.52.0.0/16")
        self.topic = sns.Topic(stack, "Topic")
        self.group, self.other_group = self.security_group("Group", self.cloud), self.security_group("More", self.cloud)
        self.new_group = self.security_group("New", self.other_cloud)
        self.logs = self.log_group("Logs")
        code = lambda_.Code.from_inline("def handler(event, context): return {}")
        self.handler = lambda_.Function(
            stack,
            "Handler",
            function_name="AWSClientVPN-trial",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=code,
        )
        mutual = self.options("MutualTls", client_ca_arn=self.given["certificate"])
        options = self.options(
            "ClientVpn",
            vpc=self.cloud,
            subnets=self.cloud.isolated_subnets[:1],
            client_cidr="10.70.0.0/22",
            server_certificate_arn=self.given["certificate"],
            authentication=[vpn.MutualTls(**mutual)],
            security_groups=[self.group],
            split_tunnel=True,
        )
        portal = options.pop("self_service_portal", False)  # of an endpoint whose users sign in
        self.endpoint = vpn.ClientVpn(stack, "Clients", **options)
        for kind, owner, default in (
            (vpn.ActiveDirectory, "ActiveDirectory", {"directory_id": "d-0123456789"}),
            (vpn.Saml, "Saml", {"provider_arn": saml("one"), "self_service_provider_arn": saml("two")}),
        ):
            self.other_endpoint = vpn.ClientVpn(
                stack,
                owner,
                vpc=self.cloud,
                subnets=self.cloud.isolated_subnets[1:2],
                client_cidr="10.72.0.0/22" if owner == "Saml" else "10.74.0.0/22",
                server_certificate_arn=self.given["certificate"],
                split_tunnel=True,
                self_service_portal=portal and owner == "Saml",
                authentication=[kind(**self.options(owner, **default))],
            )
        watched = self.options("ClientVpnMonitoring", client_vpn=self.endpoint)
        vpn.ClientVpnMonitoring(stack, "Monitoring", **watched)


def saml(name: str) -> str:
    return f"arn:aws:iam::123456789012:saml-provider/{name}"

"""A branch office with its own firewall, connected to the company's VPC."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk_aws_vpn import Bgp, CustomerGateway, TunnelOptions, VirtualPrivateGateway, VpnConnection, VpnMonitoring


class BranchOffice(cdk.Stack):
    """The connection to one office, which has the firewall. The gateway and the VPC belong to the network team."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpn_gateway_id: str,
        firewall_address: str,
        firewall_asn: int,
        **arguments: Any,
    ) -> None:
        super().__init__(scope, construct_id, **arguments)

        vpc = ec2.Vpc.from_vpc_attributes(
            self,
            "Company",
            vpc_id="vpc-0fedcba9876543210",
            vpc_cidr_block="10.20.0.0/16",
            availability_zones=["eu-central-1a", "eu-central-1b"],
            private_subnet_ids=["subnet-0aaaabbbbccccdddd", "subnet-0eeeeffff00001111"],
        )
        vpn = VpnConnection(
            self,
            "Vpn",
            gateway=VirtualPrivateGateway.from_id(self, "Vgw", vpn_gateway_id, amazon_side_asn=64512),
            customer_gateway=CustomerGateway(self, "Firewall", address=firewall_address, bgp_asn=firewall_asn),
            routing=Bgp(),
            security_profile="cnsa",
            tunnels=(
                TunnelOptions(inside_cidr="169.254.10.0/30", startup_action="start"),
                TunnelOptions(inside_cidr="169.254.11.0/30", startup_action="start"),
            ),
        )

        office = ec2.SecurityGroup(self, "FromOffice", vpc=vpc, description="The network that the office may reach")
        office.add_ingress_rule(ec2.Peer.ipv4("10.88.0.0/16"), ec2.Port.tcp(443), "HTTPS from the office")

        on_call = sns.Topic.from_topic_arn(self, "OnCall", self.format_arn(service="sns", resource="network-on-call"))
        VpnMonitoring(self, "Monitoring", connections=[vpn], topic=on_call)
        for tunnel in vpn.tunnels:
            cdk.CfnOutput(self, f"Tunnel{tunnel.number}Address", value=tunnel.outside_address)

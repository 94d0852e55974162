"""A small CDK app for the tests of the region: one VPN stack with assets, secrets and a lookup."""

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import CustomResource, Duration
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct


class SmallVpn(cdk.Stack):
    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.inside_cidrs = [str(self.node.try_get_context("inside") or "169.254.10.0/30"), "169.254.11.0/30"]
        vpc = ec2.Vpc(self, "Cloud", ip_addresses=ec2.IpAddresses.cidr("10.50.0.0/16"), max_azs=2, nat_gateways=0)
        gateway = ec2.CfnVPNGateway(self, "Vgw", type="ipsec.1", amazon_side_asn=64512)
        attachment = ec2.CfnVPCGatewayAttachment(self, "VgwAttachment", vpc_id=vpc.vpc_id, vpn_gateway_id=gateway.ref)
        tables = [subnet.route_table.route_table_id for subnet in vpc.isolated_subnets]
        propagation = ec2.CfnVPNGatewayRoutePropagation(
            self, "Propagation", route_table_ids=tables, vpn_gateway_id=gateway.ref
        )
        propagation.add_resource_dependency(attachment)
        address = ec2.CfnEIP(self, "Address")
        customer = ec2.CfnCustomerGateway(self, "Cgw", type="ipsec.1", ip_address=address.ref, bgp_asn=65000)
        connection = self._connection(gateway, customer)
        self._lookup(connection)

    def _connection(self, gateway: ec2.CfnVPNGateway, customer: ec2.CfnCustomerGateway) -> ec2.CfnVPNConnection:
        tunnels = []
        for number, cidr in enumerate(self.inside_cidrs, start=1):
            key = secretsmanager.Secret(
                self,
                f"Psk{number}",
                generate_secret_string=secretsmanager.SecretStringGenerator(
                    secret_string_template='{"user": "tunnel"}',  # noqa: S106 -- no secret
                    generate_string_key="psk",
                    exclude_punctuation=True,
                    password_length=32,
                    exclude_characters="0",
                ),
            )
            tunnels.append(
                ec2.CfnVPNConnection.VpnTunnelOptionsSpecificationProperty(
                    tunnel_inside_cidr=cidr,
                    pre_shared_key=key.secret_value_from_json("psk").unsafe_unwrap(),
                    dpd_timeout_seconds=int(self.node.try_get_context("dpd") or 30),
                )
            )
        return ec2.CfnVPNConnection(
            self,
            "Connection",
            type="ipsec.1",
            customer_gateway_id=customer.ref,
            vpn_gateway_id=gateway.ref,
            vpn_tunnel_options_specifications=tunnels,
        )

    def _lookup(self, connection: ec2.CfnVPNConnection) -> None:
        function = lambda_.Function(
            self,
            "Lookup",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler="index.handler",
            code=lambda_.Code.from_asset(str(Path(__file__).with_name("lookup"))),
            timeout=Duration.seconds(30),
        )
        function.add_to_role_policy(iam.PolicyStatement(actions=["ec2:DescribeVpnConnections"], resources=["*"]))
        found = CustomResource(
            self,
            "Outside",
            service_token=function.function_arn,
            properties={"VpnConnectionId": connection.ref, "InsideCidrs": self.inside_cidrs},
        )
        for number in (1, 2):
            cdk.CfnOutput(self, f"Outside{number}", value=found.get_att_string(f"Tunnel{number}"))
        cdk.CfnOutput(self, "ConnectionId", value=connection.ref)


app = cdk.App()
SmallVpn(app, "SmallVpn")
app.synth()

"""An app with BENCH_CONNECTIONS VPN connections, ten per virtual private gateway."""

import os

import aws_cdk as cdk

from cdk_aws_vpn import Bgp, CloudVpc, CustomerGateway, VirtualPrivateGateway, VpnConnection

CONNECTIONS_PER_GATEWAY = 10
GATEWAYS_PER_STACK = 5

count = int(os.environ["BENCH_CONNECTIONS"])
app = cdk.App()
for first in range(0, count, CONNECTIONS_PER_GATEWAY):
    number = first // CONNECTIONS_PER_GATEWAY
    if number % GATEWAYS_PER_STACK == 0:
        stack = cdk.Stack(app, f"Connections{number // GATEWAYS_PER_STACK}")
    cloud = CloudVpc(stack, f"Cloud{number}", cidr=f"10.{number}.0.0/16")
    gateway = VirtualPrivateGateway(stack, f"Gateway{number}", vpc=cloud.vpc)
    for branch in range(first, min(first + CONNECTIONS_PER_GATEWAY, count)):
        device = CustomerGateway(
            stack, f"Device{branch}", address=f"203.0.{branch // 250}.{branch % 250 + 1}", bgp_asn=65010
        )
        VpnConnection(stack, f"Branch{branch}", gateway=gateway, customer_gateway=device, routing=Bgp())
app.synth()

"""An app with BENCH_SITES monitored sites on one transit gateway, with raised quotas."""

import os

import aws_cdk as cdk

from cdk_aws_vpn import Site, TransitGateway, VpnHub, VpnMonitoring

count = int(os.environ["BENCH_SITES"])
names = ("vpn-connections-per-region", "customer-gateways-per-region")
app = cdk.App(context={"cdk-aws-vpn:quotas": dict.fromkeys(names, count)})
VpnHub(
    app,
    "Hub",
    sites=[
        Site(
            number=number,
            name=f"site-{number}",
            address=f"203.0.{113 + number // 250}.{number % 250 + 1}",
            bgp_asn=65010,
            prefixes=[f"10.{number // 256}.{number % 256}.0/24"],
        )
        for number in range(count)
    ],
    gateway=lambda stack, _: TransitGateway.from_id(stack, "Gateway", "tgw-0123456789abcdef0", amazon_side_asn=64512),
    monitor=lambda stack, connections: VpnMonitoring(stack, "Monitoring", connections=list(connections.values())),
)
app.synth()

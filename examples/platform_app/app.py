#!/usr/bin/env python3
"""A platform team's app: one branch office, connected to an existing network."""

import aws_cdk as cdk
from branch_office import BranchOffice

from cdk_aws_vpn import apply_vpn_policy

app = cdk.App()
apply_vpn_policy(app)
BranchOffice(
    app,
    "BranchOfficeBerlin",
    vpn_gateway_id="vgw-0123456789abcdef0",
    firewall_address="203.0.113.7",
    firewall_asn=65010,
    env=cdk.Environment(account="111122223333", region="eu-central-1"),
)
app.synth()

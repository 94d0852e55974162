#!/usr/bin/env python3
"""The application: registers every scenario and applies the policy to all of them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "constructs"))

import aws_cdk as cdk

from cdk_aws_vpn import VpnError, apply_vpn_policy
from stacks import SCENARIOS

app = cdk.App()
try:
    apply_vpn_policy(app)
    for scenario in SCENARIOS:
        scenario(app)
except VpnError as error:
    sys.exit(f"error: {error}")
app.synth()

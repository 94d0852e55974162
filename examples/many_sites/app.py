#!/usr/bin/env python3
"""Many sites in many Regions, from one list. ``delivery.py`` deploys the same with a pipeline."""

import aws_cdk as cdk
from baseline import baseline
from hub import regional_hub
from landscape import LOCATIONS

from cdk_aws_vpn import apply_vpn_policy

app = cdk.App()
apply_vpn_policy(app)
baseline(app)
for location in LOCATIONS:
    regional_hub(app, location)
app.synth()

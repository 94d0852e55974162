#!/usr/bin/env python3
"""The application: registers every scenario and applies the policy to all of them."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "constructs"))

import aws_cdk as cdk

from cdk_aws_vpn import VpnError, apply_vpn_policy
from stacks.cgw_cluster import ScenarioCgwCluster
from stacks.client_vpn import ScenarioClientVpn
from stacks.dual_cgw_bgp import ScenarioDualCgwBgp
from stacks.dual_cgw_static import ScenarioDualCgwStatic
from stacks.dual_tunnel import ScenarioDualTunnel
from stacks.single_tunnel import ScenarioSingleTunnel
from stacks.transit_gateway_ecmp import ScenarioTransitGatewayEcmp

app = cdk.App()
apply_vpn_policy(app)
try:
    for scenario in (
        ScenarioSingleTunnel,
        ScenarioDualTunnel,
        ScenarioCgwCluster,
        ScenarioDualCgwStatic,
        ScenarioDualCgwBgp,
        ScenarioTransitGatewayEcmp,
        ScenarioClientVpn,
    ):
        scenario(app)
except VpnError as error:
    sys.exit(f"error: {error}")
app.synth()

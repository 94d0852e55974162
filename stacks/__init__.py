"""The scenarios: one file each, named like the stack it holds, and the one list of them."""

from stacks.cgw_cluster import ScenarioCgwCluster
from stacks.client_vpn import ScenarioClientVpn
from stacks.dual_cgw_bgp import ScenarioDualCgwBgp
from stacks.dual_cgw_static import ScenarioDualCgwStatic
from stacks.dual_tunnel import ScenarioDualTunnel
from stacks.scenario import Scenario
from stacks.single_tunnel import ScenarioSingleTunnel
from stacks.transit_gateway_ecmp import ScenarioTransitGatewayEcmp

SCENARIOS: tuple[type[Scenario], ...] = (
    ScenarioSingleTunnel,
    ScenarioDualTunnel,
    ScenarioCgwCluster,
    ScenarioDualCgwStatic,
    ScenarioDualCgwBgp,
    ScenarioTransitGatewayEcmp,
    ScenarioClientVpn,
)
"""Every scenario, in the order in which ``cdk ls`` shows them."""

__all__ = ["SCENARIOS"]

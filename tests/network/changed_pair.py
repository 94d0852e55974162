"""The scenario with a pair of devices, changed as the command line says: an app for the CDK CLI."""

from __future__ import annotations

import sys
from dataclasses import replace

import aws_cdk as cdk

from cdk_aws_vpn import VpnConnection
from stacks.dual_cgw_bgp import ScenarioDualCgwBgp
from stacks.settings import ScenarioSettings


def with_text_logs(scenario: cdk.Stack) -> None:
    """Let the tunnels write their logs as text: no device has to know that."""
    for name in ("VpnActive", "VpnStandby"):
        connection = scenario.node.find_child(name)
        assert isinstance(connection, VpnConnection)
        for tunnel in connection.tunnels:
            assert tunnel.options.log_options is not None
            logs = replace(tunnel.options.log_options, log_output_format="text")
            tunnel.options = replace(tunnel.options, log_options=logs)
        connection._specify_tunnels()


def main() -> None:
    """Synthesize with another security profile (``profile``), or with another format of the logs (``logs``)."""
    change = sys.argv[1]
    app = cdk.App()
    profile = "cnsa" if change == "profile" else "recommended"
    scenario = ScenarioDualCgwBgp(app, settings=ScenarioSettings(security_profile=profile))
    if change == "logs":
        with_text_logs(scenario)
    app.synth()


if __name__ == "__main__":
    main()

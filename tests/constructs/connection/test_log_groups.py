"""Where the tunnels of a connection write their logs."""

from __future__ import annotations

import pytest
from aws_cdk import Fn
from aws_cdk import aws_logs as logs

from cdk_aws_vpn import TunnelLogOptions, TunnelOptions
from tests.constructs.site import Site, resources


@pytest.mark.parametrize("suffix", ["", ":*"])
def test_a_log_group_of_another_account_keeps_its_arn(suffix: str) -> None:
    site = Site()
    arn = "arn:aws:logs:us-east-1:999999999999:log-group:/central/vpn"
    group = logs.LogGroup.from_log_group_arn(site.stack, "Central", f"{arn}{suffix}")
    token = logs.LogGroup.from_log_group_arn(site.stack, "Imported", Fn.import_value("group"))
    one = TunnelOptions(log_options=TunnelLogOptions(log_group=group, bgp_log_group=token))
    site.connection(tunnels=[one, one])
    (found,) = resources(site.template, "AWS::EC2::VPNConnection")
    for tunnel in found["VpnTunnelOptionsSpecifications"]:
        options = tunnel["LogOptions"]["CloudwatchLogOptions"]
        assert options["LogGroupArn"] == arn
        # the ARN that CloudFormation returns for a group ends in ":*"
        assert options["BgpLogGroupArn"] == {"Fn::Select": [0, {"Fn::Split": [":*", {"Fn::ImportValue": "group"}]}]}

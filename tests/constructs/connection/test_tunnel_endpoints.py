"""The outside addresses of tunnels, and the metrics that need them."""

from __future__ import annotations

import pytest
from aws_cdk.assertions import Match

from tests.constructs.site import Site, resources


@pytest.fixture
def site() -> Site:
    return Site()


def test_outside_addresses_are_looked_up_only_when_somebody_asks(site: Site) -> None:
    site.connection()
    site.template.resource_count_is("Custom::VpnTunnelEndpoints", 0)
    site.template.resource_count_is("AWS::Lambda::Function", 0)


def test_the_look_up_asks_for_this_connection_and_its_blocks_in_order(site: Site) -> None:
    made = site.connection()
    asked = [site.stack.resolve(tunnel.outside_address)["Fn::GetAtt"][1] for tunnel in made.tunnels * 2]
    assert asked == ["Tunnel1OutsideAddress", "Tunnel2OutsideAddress"] * 2
    site.template.has_resource_properties(
        "Custom::VpnTunnelEndpoints",
        {
            "VpnConnectionId": {"Ref": Match.string_like_regexp("^Vpn")},
            "TunnelInsideCidrs": [tunnel.inside_cidr for tunnel in made.tunnels],
        },
    )
    site.template.resource_count_is("Custom::VpnTunnelEndpoints", 1)


def test_two_connections_share_one_look_up_function_that_may_only_describe_connections(site: Site) -> None:
    for name in ("One", "Two"):
        assert site.connection(name).tunnels[0].outside_address
    site.template.resource_count_is("AWS::Lambda::Function", 1)
    (policy,) = resources(site.template, "AWS::IAM::ManagedPolicy")
    actions = [statement["Action"] for statement in policy["PolicyDocument"]["Statement"]]
    assert actions == ["ec2:DescribeVpnConnections", ["logs:CreateLogStream", "logs:PutLogEvents"]]


def test_metrics_are_those_of_aws_vpn(site: Site) -> None:
    made = site.connection()
    connection_metrics = [made.metric_tunnel_state(), made.metric_tunnel_data_in(), made.metric_tunnel_data_out()]
    tunnel = made.tunnels[0]
    tunnel_metrics = [tunnel.metric_state(), tunnel.metric_data_in(), tunnel.metric_data_out()]
    names = ["TunnelState", "TunnelDataIn", "TunnelDataOut"]
    for metrics, dimensions in ((connection_metrics, ["VpnId"]), (tunnel_metrics, ["VpnId", "TunnelIpAddress"])):
        assert [metric.metric_name for metric in metrics] == names
        assert [metric.statistic for metric in metrics] == ["Minimum", "Sum", "Sum"]
        assert {metric.namespace for metric in metrics} == {"AWS/VPN"}
        assert all(list(metric.dimensions or {}) == dimensions for metric in metrics)

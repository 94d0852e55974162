"""Monitoring of what the stack does not contain: existing connections and endpoints, and those of another stack."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import Environment, Stack
from aws_cdk import aws_logs as logs
from aws_cdk.assertions import Template

from cdk_aws_vpn import (
    AddressingError,
    ClientVpn,
    ClientVpnMonitoring,
    TunnelLogOptions,
    VpnConfigurationError,
    VpnConnection,
    VpnMonitoring,
)
from tests.constructs.client_vpn.bad_client_vpn import client_vpn
from tests.constructs.site import Site, resources

VPN = "vpn-0123456789abcdef0"
ENDPOINT = "cvpn-endpoint-0123456789abcdef0"
HERE = Environment(account="111122223333", region="eu-west-1")


def alarms(template: Template) -> dict[str, Any]:
    return {one["AlarmName"]: one for one in resources(template, "AWS::CloudWatch::Alarm")}


def test_an_id_is_enough_for_the_alarms_of_a_running_connection() -> None:
    site = Site()
    existing = VpnConnection.from_id(site.stack, "Branch", VPN)
    VpnMonitoring(site.stack, "Monitoring", connections=[existing])
    found = alarms(site.template)
    assert {name: alarm["Dimensions"] for name, alarm in found.items()} == {
        name: [{"Name": "VpnId", "Value": VPN}] for name in ("Stack: Branch outage", "Stack: Branch redundancy lost")
    }
    (rule,) = resources(site.template, "AWS::Events::Rule")
    assert rule["EventPattern"]["resources"] == [VPN]
    # nothing is changed at the connection, so nothing would write to groups for its tunnels
    assert [one["LogGroupName"] for one in resources(site.template, "AWS::Logs::LogGroup")] == [
        "/aws/events/vpn/Stack/Monitoring"
    ]
    assert not site.template.find_resources("AWS::Logs::QueryDefinition")
    (dashboard,) = resources(site.template, "AWS::CloudWatch::Dashboard")
    assert json.dumps(dashboard).count("TunnelState") == 2


def test_addresses_and_log_groups_of_a_running_connection_are_watched_if_they_are_known() -> None:
    site = Site()
    group = logs.LogGroup.from_log_group_name(site.stack, "Ike", "/vpn/ike")
    existing = VpnConnection.from_attributes(
        site.stack,
        "Branch",
        vpn_connection_id=VPN,
        outside_addresses=["203.0.113.1", "203.0.113.2"],
        log_options=TunnelLogOptions(log_group=group),
    )
    VpnMonitoring(site.stack, "Monitoring", connections=[existing])
    tunnel = alarms(site.template)["Stack: Branch tunnel 2 down"]
    assert {one["Name"]: one["Value"] for one in tunnel["Dimensions"]} == {
        "VpnId": VPN,
        "TunnelIpAddress": "203.0.113.2",
    }
    assert "(outside address 203.0.113.2)" in tunnel["AlarmDescription"]
    queries = resources(site.template, "AWS::Logs::QueryDefinition")
    assert [query["LogGroupNames"] for query in queries] == [["/vpn/ike"], ["/vpn/ike"]]
    assert not site.template.find_resources("Custom::VpnTunnelEndpoints")


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        ({"vpn_connection_id": "vpn-1"}, VpnConfigurationError),
        ({"outside_addresses": ["203.0.113.1"]}, VpnConfigurationError),
        ({"outside_addresses": ["203.0.113.1"] * 2}, VpnConfigurationError),
        ({"outside_addresses": "203.0.113.1"}, VpnConfigurationError),
        ({"outside_addresses": ["203.0.113.1", "tunnel-2"]}, AddressingError),
        ({"log_options": "/vpn/ike"}, VpnConfigurationError),
    ],
)
def test_a_wrong_attribute_of_a_connection_is_refused(attributes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        VpnConnection.from_attributes(Site().stack, "Branch", **{"vpn_connection_id": VPN, **attributes})


def test_a_connection_of_another_stack_is_watched_and_keeps_its_logs() -> None:
    site = Site(env=HERE)
    vpn = site.connection()
    operations = Stack(site.app, "Operations", env=HERE)
    VpnMonitoring(operations, "Monitoring", connections=[vpn])
    template = Template.from_stack(operations)
    assert set(alarms(template)) == {
        f"Operations: Stack/Vpn {what}" for what in ("outage", "redundancy lost", "tunnel 1 down", "tunnel 2 down")
    }
    # logs in the other stack would let both stacks depend on each other
    assert "LogOptions" not in json.dumps(resources(site.template, "AWS::EC2::VPNConnection"))


def test_an_existing_endpoint_is_watched_as_far_as_it_is_known() -> None:
    site = Site()
    existing = ClientVpn.from_id(site.stack, "Users", ENDPOINT)
    ClientVpnMonitoring(site.stack, "Monitoring", client_vpn=existing, most_connections=100)
    found = alarms(site.template)
    assert found["Stack: Users nearly full"]["Threshold"] == 100
    assert {json.dumps(alarm["Dimensions"]) for alarm in found.values()} == {
        json.dumps([{"Name": "Endpoint", "Value": ENDPOINT}])
    }
    assert not site.template.find_resources("AWS::Logs::QueryDefinition")


def test_the_network_and_the_log_of_an_existing_endpoint_are_used_if_they_are_known() -> None:
    site = Site()
    group = logs.LogGroup.from_log_group_name(site.stack, "Log", "/users")
    existing = ClientVpn.from_id(site.stack, "Users", ENDPOINT, client_cidr="10.70.0.0/22", log_group=group)
    ClientVpnMonitoring(site.stack, "Monitoring", client_vpn=existing)
    assert alarms(site.template)["Stack: Users nearly full"]["Threshold"] == 409
    queries = resources(site.template, "AWS::Logs::QueryDefinition")
    assert [query["LogGroupNames"] for query in queries] == [["/users"]] * 2


def test_an_endpoint_of_another_stack_is_watched() -> None:
    site = Site(env=HERE)
    operations = Stack(site.app, "Operations", env=HERE)
    ClientVpnMonitoring(operations, "Monitoring", client_vpn=client_vpn(site))
    assert "Operations: Stack/X nearly full" in alarms(Template.from_stack(operations))


def test_two_references_to_one_connection_are_watched_once() -> None:
    site = Site()
    for name in ("One", "Two"):
        existing = VpnConnection.from_id(site.stack, name, VPN)
        if name == "One":
            VpnMonitoring(site.stack, "First", connections=[existing])
            continue
        with pytest.raises(VpnConfigurationError, match="a construct that nothing else monitors"):
            VpnMonitoring(site.stack, "Second", connections=[existing])

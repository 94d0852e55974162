"""The policy in an app: our rules check what the synthesis has written, so a token is what it becomes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import Acknowledgment, App, CfnParameter, Fn, NestedStack, Stack, Stage, Validations
from aws_cdk import aws_ec2 as ec2

from cdk_aws_vpn import (
    Bgp,
    CustomerGateway,
    TunnelOptions,
    VirtualPrivateGateway,
    VpnConnection,
    apply_vpn_policy,
)

Finding = tuple[str, str, str]
"""The path of a construct, the id of a rule, and its severity."""


def report(folder: Path, *makers: Callable[[App], object]) -> set[Finding]:
    """What our rules report for an app with all of these stacks, in one synthesis."""
    app = App(outdir=str(folder))
    apply_vpn_policy(app, rule_packs=())
    for make in makers:
        make(app)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    found = json.loads((folder / "validation-report.json").read_text(encoding="utf-8"))
    return {
        (construct["constructPath"], violation["ruleName"], violation["severity"])
        for plugin in found["pluginReports"]
        if plugin["pluginName"] == "cdk-aws-vpn"
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }


def connection(stack: Stack, versions: list[str], number: int) -> VpnConnection:
    options = TunnelOptions(ike_versions=tuple(versions))
    return VpnConnection(
        stack,
        "Vpn",
        gateway=VirtualPrivateGateway.from_id(stack, "Gateway", "vgw-0123456789abcdef0"),
        customer_gateway=CustomerGateway(stack, "Cgw", address=f"203.0.113.{number}", bgp_asn=65000),
        routing=Bgp(),
        tunnels=(options, options),
    )


def by_a_good_parameter(app: App) -> None:
    stack = Stack(app, "Good")
    connection(stack, [CfnParameter(stack, "Ike", default="ikev2").value_as_string], 1)


def by_a_parameter_without_a_value(app: App) -> None:
    stack = Stack(app, "Later")
    connection(stack, [CfnParameter(stack, "Ike").value_as_string], 2)


def by_an_import(app: App) -> None:
    connection(Stack(app, "Imported"), [Fn.import_value("ike")], 3)


def by_a_bad_parameter(app: App) -> None:
    stack = Stack(app, "Bad")
    connection(stack, [CfnParameter(stack, "Ike", default="ikev1").value_as_string], 4)


def open_group(scope: Stack) -> ec2.CfnSecurityGroup:
    rule = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIp": "0.0.0.0/1"}
    return ec2.CfnSecurityGroup(scope, "Group", group_description="open", security_group_ingress=[rule])


def acknowledged(app: App) -> None:
    group = open_group(Stack(app, "Acknowledged"))
    reason = Acknowledgment(id="cdk-aws-vpn::VPN_NO_SSH_FROM_THE_WORLD", reason="a honeypot")
    Validations.of(group).acknowledge(reason)


def in_a_nested_stack(app: App) -> None:
    open_group(NestedStack(Stack(app, "Outer"), "Inner"))


def in_a_stage(app: App) -> None:
    open_group(Stack(Stage(app, "Prod"), "Staged"))


def test_a_token_is_reviewed_as_what_it_becomes_wherever_it_is(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        by_a_good_parameter,
        by_a_parameter_without_a_value,
        by_an_import,
        by_a_bad_parameter,
        acknowledged,
        in_a_nested_stack,
        in_a_stage,
    )
    assert {one for one in found if one[2] == "error"} == {
        ("Bad/Vpn/Resource", "VPN_IKE_VERSION_2_ONLY", "error"),
        ("Outer/Inner/Group", "VPN_NO_SSH_FROM_THE_WORLD", "error"),
        ("Prod/Staged/Group", "VPN_NO_SSH_FROM_THE_WORLD", "error"),
    }

"""The scenarios comply with the policy, and every acknowledged finding is real and acknowledged where it occurs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from aws_cdk import App, CfnResource, Stack
from aws_cdk import aws_ec2 as ec2
from constructs import IConstruct

from cdk_aws_vpn import apply_vpn_policy
from cdk_aws_vpn.foundation import acknowledgements
from cdk_aws_vpn.policy.packs import RULE_PACKS
from tests.stacks.scenes import SCENARIOS, new_app

Finding = tuple[str, str]
"""Path of a construct, and id of a rule."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> set[Finding]:
    """The policy's report on all scenarios, and on one more stack that violates it on purpose.

    The report of a clean app is empty, but so is that of an app without a policy.
    """
    folder = tmp_path_factory.mktemp("assembly")
    app = App(outdir=str(folder))
    apply_vpn_policy(app)
    for scenario in SCENARIOS.values():
        scenario(app)
    ec2.CfnSecurityGroup(
        Stack(app, "Broken"),
        "Open",
        group_description="open to the world",
        security_group_ingress=[{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIp": "0.0.0.0/0"}],
    )
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    found = json.loads((folder / "validation-report.json").read_text(encoding="utf-8"))
    return {
        (construct["constructPath"], violation["ruleName"])
        for plugin in found["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]
    }


class Acknowledgements:
    """Replaces the CDK's Validations: records what is acknowledged where, but acknowledges nothing."""

    def __init__(self) -> None:
        self.constructs: dict[str, IConstruct] = {}
        self.given: set[Finding] = set()
        self.reasons: dict[Finding, str] = {}

    def acknowledge(self, construct: IConstruct, reasons: Mapping[str, str]) -> None:
        path = construct.node.path
        self.constructs[path] = construct
        for rule, reason in reasons.items():
            self.given.add((path, rule))
            self.reasons[path, rule] = reason


@pytest.fixture(scope="module")
def stripped() -> tuple[App, Acknowledgements]:
    """All scenarios without any acknowledgement, and the acknowledgements that they would have made."""
    recorder = Acknowledgements()

    class Recorder:
        @staticmethod
        def of(construct: IConstruct) -> Any:
            class At:
                @staticmethod
                def acknowledge(*given: Any) -> None:
                    recorder.acknowledge(construct, {one.id: one.reason for one in given})

            return At

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acknowledgements, "Validations", Recorder)
        app = new_app()
        for scenario in SCENARIOS.values():
            scenario(app)
    return app, recorder


@pytest.fixture(scope="module")
def findings(stripped: tuple[App, Acknowledgements]) -> set[Finding]:
    """Every finding of both rule packs when nothing is acknowledged."""
    app, _ = stripped
    packs: list[Any] = list(RULE_PACKS.values())
    reports = [pack().validate_scope(app) for pack in packs]
    return {
        (resource.construct_path or "", violation.rule_name)
        for each in reports
        for violation in each.violations
        for resource in violation.violating_resources
    }


def test_both_rule_packs_and_our_own_rules_have_judged_the_app(report: set[Finding]) -> None:
    broken = {rule for path, rule in report if path == "Broken/Open"}
    assert {"AwsSolutions-EC23", "NIST.800.53.R5-EC2RestrictedSSH", "VPN_NO_SSH_FROM_THE_WORLD"} <= broken


def test_no_finding_of_a_scenario_is_left_unacknowledged(report: set[Finding]) -> None:
    assert {(path, rule) for path, rule in report if not path.startswith("Broken")} == set()


def test_there_is_something_to_acknowledge(findings: set[Finding]) -> None:
    assert len(findings) > 50
    assert {path.split("/")[0] for path, _ in findings} == set(SCENARIOS)


def test_an_acknowledgement_covers_resources_with_that_very_finding_and_no_others(
    stripped: tuple[App, Acknowledgements], findings: set[Finding]
) -> None:
    _, recorder = stripped
    covered = {(path, rule): _covered(recorder.constructs[path], rule) for path, rule in recorder.given}
    assert {one for one, silenced in covered.items() if not silenced or not silenced <= findings} == set()


def test_every_finding_is_acknowledged(stripped: tuple[App, Acknowledgements], findings: set[Finding]) -> None:
    _, recorder = stripped
    acknowledged = {finding for path, rule in recorder.given for finding in _covered(recorder.constructs[path], rule)}
    assert sorted(findings - acknowledged) == []


def test_every_acknowledgement_gives_a_reviewer_a_reason(stripped: tuple[App, Acknowledgements]) -> None:
    _, recorder = stripped
    assert {reason for reason in recorder.reasons.values() if len(reason) < 60 or not reason.endswith(".")} == set()


def _covered(construct: IConstruct, rule: str) -> set[Finding]:
    """Return what an acknowledgement of ``rule`` on ``construct`` silences: the rule, on each resource in it."""
    return {(each.node.path, rule) for each in construct.node.find_all() if CfnResource.is_cfn_resource(each)}

"""The example with many sites: the stacks of each Region, and their delivery."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cdk_aws_vpn.policy.rules import check_templates
from tests.project.conftest import REPOSITORY

EXAMPLE = REPOSITORY / "examples" / "many_sites"
PACKS = ("AwsSolutions", "NIST.800.53.R5")
SITES = {"Frankfurt": {"berlin", "hamburg", "wien"}, "Virginia": {"boston", "atlanta"}}
ENVIRONMENTS = {"Frankfurt": "aws://111122223333/eu-central-1", "Virginia": "aws://111122223333/us-east-1"}


def synthesize(program: str, folder: Path) -> Path:
    paths = os.pathsep.join(map(str, (REPOSITORY / "constructs", REPOSITORY, EXAMPLE)))
    environment = os.environ | {"CDK_OUTDIR": str(folder), "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, program], cwd=EXAMPLE, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What app.py writes; with the policy and all its packs, so that it would not be there with a finding."""
    return synthesize("app.py", tmp_path_factory.mktemp("app"))


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesize("delivery.py", tmp_path_factory.mktemp("delivery"))


def of_type(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one["Properties"] for one in template["Resources"].values() if one["Type"] == kind]


def stack_of(folder: Path, stage: str) -> tuple[dict[str, Any], str]:
    """Return the template of a stage's only stack, and the environment that it is for."""
    manifest = json.loads((folder / f"assembly-{stage}" / "manifest.json").read_text())
    (stack,) = (one for one in manifest["artifacts"].values() if one["type"] == "aws:cloudformation:stack")
    path = folder / f"assembly-{stage}" / stack["properties"]["templateFile"]
    return json.loads(path.read_text()), stack["environment"]


@pytest.mark.parametrize("stage", SITES)
def test_a_region_gets_its_own_sites_watched(assembly: Path, stage: str) -> None:
    template, environment = stack_of(assembly, stage)
    assert environment == ENVIRONMENTS[stage]
    assert {one["DeviceName"] for one in of_type(template, "AWS::EC2::CustomerGateway")} == SITES[stage]
    assert len(of_type(template, "AWS::EC2::VPNConnection")) == len(SITES[stage])
    alarms = of_type(template, "AWS::CloudWatch::Alarm")
    assert sum(one["AlarmName"].endswith(" outage") for one in alarms) == len(SITES[stage])
    assert all(":vpn-alarms" in json.dumps(one["AlarmActions"]) for one in alarms)


def test_the_pipeline_deploys_the_same_hubs(assembly: Path, delivery: Path) -> None:
    for stage in SITES:
        assert stack_of(delivery, stage) == stack_of(assembly, stage)


def test_the_pipeline_asks_between_the_first_region_and_the_others(delivery: Path) -> None:
    template = json.loads((delivery / "VpnDelivery.template.json").read_text())
    (pipeline,) = of_type(template, "AWS::CodePipeline::Pipeline")
    orders = [{one["Name"]: one["RunOrder"] for one in stage["Actions"]} for stage in pipeline["Stages"]]
    baseline, first, everywhere = orders[-3:]
    assert "Deploy" in baseline
    assert "PilotIsWell" not in first
    assert "Deploy" in first
    approval = everywhere.pop("PilotIsWell")
    assert everywhere
    assert all(approval < order for order in everywhere.values())


def test_the_stack_set_reaches_later_accounts_and_brings_a_template_without_findings(
    assembly: Path, tmp_path: Path
) -> None:
    template, environment = stack_of(assembly, "Baseline")
    assert environment == "aws://444455556666/eu-central-1"
    (stack_set,) = of_type(template, "AWS::CloudFormation::StackSet")
    assert stack_set["AutoDeployment"]["Enabled"] is True
    (group,) = stack_set["StackInstancesGroup"]
    assert group["Regions"] == ["eu-central-1", "us-east-1"]
    body = tmp_path / "baseline.template.json"
    body.write_text(stack_set["TemplateBody"])
    brought = json.loads(body.read_text())
    assert [one["TopicName"] for one in of_type(brought, "AWS::SNS::Topic")] == ["vpn-alarms"]
    (policy,) = of_type(brought, "AWS::SNS::TopicPolicy")
    allowed = [one["Principal"] for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Allow"]
    assert allowed == [{"Service": "cloudwatch.amazonaws.com"}, {"Service": "events.amazonaws.com"}]
    assert check_templates([body], rule_packs=PACKS) == []

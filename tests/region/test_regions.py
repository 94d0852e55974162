"""One process serves every Region of its region."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stacks.settings import ScenarioSettings
from stacks.single_tunnel import ScenarioSingleTunnel
from tests.region.stack import SynthesizedStack
from tests.stacks.scenes import new_app
from vpn_lab.region import Region
from vpn_model.changes import Effect, changes

HERE, THERE = "us-east-1", "eu-west-1"
SCENARIO = "ScenarioSingleTunnel"
EC2_ID = re.compile(r"(vpc|subnet|rtb|igw|sg|eni|i|vgw|cgw|vpn|eipalloc)-[0-9a-f]+")


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("assembly")
    app = new_app(outdir=str(folder))
    ScenarioSingleTunnel(app)
    app.synth()
    return folder


@pytest.fixture(scope="module")
def template(assembly: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((assembly / f"{SCENARIO}.template.json").read_text())
    return found


@pytest.fixture(scope="module")
def both(region: Region, assembly: Path, template: dict[str, Any]) -> Iterator[dict[str, SynthesizedStack]]:
    """The same scenario in two Regions of the region."""
    made = {place: SynthesizedStack(region, SCENARIO, assembly, place) for place in (HERE, THERE)}
    for place, stack in made.items():
        assert stack.deploy(template) == "CREATE_COMPLETE", (place, stack.events())
    yield made
    for stack in made.values():
        with suppress(ClientError):  # the last test has deleted one of them
            stack.delete()


def made_by(stack: SynthesizedStack) -> set[str]:
    """The ids of the EC2 resources of a stack; other tests leave resources in the same region."""
    resources = stack.client.describe_stack_resources(StackName=stack.name)["StackResources"]
    return {one["PhysicalResourceId"] for one in resources if EC2_ID.fullmatch(one["PhysicalResourceId"])}


def images(region: Region, place: str) -> set[str]:
    return {one["ImageId"] for one in region.client("ec2", place).describe_images(Owners=["amazon"])["Images"]}


def test_the_same_scenario_lives_in_two_regions(region: Region, both: dict[str, SynthesizedStack]) -> None:
    here, there = (made_by(stack) for stack in both.values())
    assert len(here) == len(there) > 10
    assert not here & there, "resources of two Regions are different ones"
    assert not images(region, HERE) & images(region, THERE)
    connections = {one for one in here | there if one.startswith("vpn-")}
    outside = [
        tunnel["OutsideIpAddress"]
        for place in both
        for one in region.client("ec2", place).describe_vpn_connections()["VpnConnections"]
        if one["VpnConnectionId"] in connections
        for tunnel in one["Options"]["TunnelOptions"]
    ]
    assert len(set(outside)) == 4


def test_dashboards_belong_to_the_account(region: Region, both: dict[str, SynthesizedStack]) -> None:
    for place in both:
        found = region.client("cloudwatch", place).list_dashboards()["DashboardEntries"]
        names = {one["DashboardName"] for one in found}
        assert names == {f"{SCENARIO}-Monitoring-{HERE}", f"{SCENARIO}-Monitoring-{THERE}"}
        alarms = region.client("cloudwatch", place).describe_alarms()["MetricAlarms"]
        assert alarms
        assert all(f":{place}:" in one["AlarmArn"] for one in alarms)


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize(
    ("resource_type", "properties"),
    [
        ("AWS::CloudWatch::Dashboard", {"DashboardName": "same", "DashboardBody": "{}"}),
        ("AWS::IAM::Role", {"RoleName": "same", "AssumeRolePolicyDocument": {"Statement": []}}),
        ("AWS::S3::Bucket", {"BucketName": "same-name"}),
    ],
)
def test_a_name_that_belongs_to_the_account_is_taken_in_every_region(
    region: Region, assembly: Path, resource_type: str, properties: dict[str, Any]
) -> None:
    template = {"Resources": {"Mine": {"Type": resource_type, "Properties": properties}}}
    name = resource_type.rpartition(":")[2]
    here, there = (SynthesizedStack(region, name, assembly, place) for place in (HERE, THERE))
    assert here.deploy(template) == "CREATE_COMPLETE"
    assert there.deploy(template) == "ROLLBACK_COMPLETE"
    reasons = json.dumps(there.events(), default=str)
    assert "already exists" in reasons or "Validation failed" in reasons, "S3 refuses the name before the creation"
    assert here.delete() == "DELETE_COMPLETE"


@pytest.mark.usefixtures("both")
def test_the_pages_of_the_region_know_every_region(region: Region) -> None:
    status = region.status()
    assert status["stacks"].items() >= {SCENARIO: "CREATE_COMPLETE", f"{SCENARIO} ({THERE})": "CREATE_COMPLETE"}.items()
    assert status["vpn_connections"] == 2
    ec2 = region.client("ec2", THERE)
    instances = [one for reservation in ec2.describe_instances()["Reservations"] for one in reservation["Instances"]]
    assert {one["InstanceId"] for one in instances} <= set(region.boots())
    (connection,) = ec2.describe_vpn_connections()["VpnConnections"]
    address = connection["VgwTelemetry"][0]["OutsideIpAddress"]
    region.report_tunnel(connection["VpnConnectionId"], address, "UP")
    (connection,) = ec2.describe_vpn_connections()["VpnConnections"]
    assert connection["VgwTelemetry"][0]["Status"] == "UP"
    with pytest.raises(ClientError, match="InvalidVpnConnectionID"):
        region.client("ec2").describe_vpn_connections(VpnConnectionIds=[connection["VpnConnectionId"]])


SETTINGS: dict[str, Any] = {
    "idc_cidr": "10.41.0.0/16",
    "architecture": "arm64",
    "availability_zones": "us-east-1b,us-east-1c",
}


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_setting_that_cannot_change_is_refused(
    both: dict[str, SynthesizedStack], setting: str, tmp_path: Path
) -> None:
    """The table of changes says so, and what AWS answers."""
    app = new_app(outdir=str(tmp_path))
    ScenarioSingleTunnel(app, settings=ScenarioSettings(**{setting: SETTINGS[setting]}))
    app.synth()
    changed = json.loads((tmp_path / f"{SCENARIO}.template.json").read_text())
    stack, row = both[HERE], changes()["ScenarioSettings", setting]
    assert row.effect is Effect.NO
    assert stack.deploy(changed) == "UPDATE_ROLLBACK_COMPLETE"
    assert row.error is not None
    reasons = [one.get("ResourceStatusReason", "") for one in stack.events()]
    assert any(row.error in reason for reason in reasons)


def test_deleting_a_stack_leaves_the_other_region_as_it_is(region: Region, both: dict[str, SynthesizedStack]) -> None:
    before = made_by(both[HERE])
    assert both[THERE].delete() == "DELETE_COMPLETE"
    assert made_by(both[HERE]) == before
    vpcs = [one for one in before if one.startswith("vpc-")]
    assert len(region.client("ec2", HERE).describe_vpcs(VpcIds=vpcs)["Vpcs"]) == len(vpcs) > 0
    assert region.client("ec2", THERE).describe_vpcs()["Vpcs"] == []
    found = region.client("cloudwatch", THERE).list_dashboards()["DashboardEntries"]
    ours = [one["DashboardName"] for one in found if one["DashboardName"].startswith(SCENARIO)]
    assert ours == [f"{SCENARIO}-Monitoring-{HERE}"]

"""The unmodified CDK CLI against the region: bootstrap, deploy, diff, change, fail, destroy; and published assets."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from vpn_lab.region import CommandFailedError, Region
from vpn_model.read_api.inventory import read_inventory

APP = f"{sys.executable} {Path(__file__).with_name('cdk_app.py')}"
STACK = "SmallVpn"


@pytest.fixture(scope="module")
def deployed(bootstrapped: Region) -> Iterator[Region]:
    """The deployed stack of ``cdk_app.py``; destroying it afterwards leaves only what it would leave on AWS."""
    before = read_inventory(bootstrapped.client)
    bootstrapped.cdk("deploy", STACK, "--require-approval", "never", app=APP)
    yield bootstrapped
    bootstrapped.cdk("destroy", STACK, "--force", app=APP)
    left = read_inventory(bootstrapped.client).new_since(before)
    (log_group,) = left.pop("log group")
    assert log_group.startswith(f"/aws/lambda/{STACK}-Lookup"), "Lambda itself makes this one, and no stack owns it"
    bootstrapped.client("logs").delete_log_group(logGroupName=log_group)
    assert left == {}


def outputs(region: Region) -> dict[str, str]:
    stack = region.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


def connection(region: Region) -> dict[str, Any]:
    identifiers = [outputs(region)["ConnectionId"]]
    found = region.client("ec2").describe_vpn_connections(VpnConnectionIds=identifiers)
    return dict(found["VpnConnections"][0])


def test_bootstrapping_twice_changes_nothing(bootstrapped: Region) -> None:
    cloudformation = bootstrapped.client("cloudformation")
    before = cloudformation.describe_stack_events(StackName="CDKToolkit")["StackEvents"]
    bootstrapped.bootstrap()
    assert cloudformation.describe_stack_events(StackName="CDKToolkit")["StackEvents"] == before


def test_the_functions_code_runs_and_finds_the_outside_addresses(deployed: Region) -> None:
    tunnels = connection(deployed)["Options"]["TunnelOptions"]
    by_inside = {one["TunnelInsideCidr"]: one["OutsideIpAddress"] for one in tunnels}
    found = outputs(deployed)
    assert [found["Outside1"], found["Outside2"]] == [by_inside["169.254.10.0/30"], by_inside["169.254.11.0/30"]]


def test_the_keys_of_the_connection_are_those_of_the_secrets(deployed: Region) -> None:
    secrets = deployed.client("secretsmanager")
    stored = {
        json.loads(secrets.get_secret_value(SecretId=one["ARN"])["SecretString"])["psk"]
        for one in secrets.list_secrets()["SecretList"]
    }
    assert {one["PreSharedKey"] for one in connection(deployed)["Options"]["TunnelOptions"]} == stored


def test_the_code_of_the_function_was_published_as_an_asset(deployed: Region) -> None:
    s3 = deployed.client("s3")
    bucket = f"cdk-hnb659fds-assets-{deployed.settings.account}-{deployed.settings.region}"
    archives = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket)["Contents"] if one["Key"].endswith(".zip")]
    contents = [s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in archives]
    assert any("index.py" in zipfile.ZipFile(BytesIO(content)).namelist() for content in contents)


def test_a_second_deployment_of_the_same_changes_nothing(deployed: Region) -> None:
    again = deployed.cdk("deploy", STACK, "--require-approval", "never", app=APP)
    assert "(no changes)" in again.stdout + again.stderr


def test_a_difference_is_found_with_a_change_set(deployed: Region) -> None:
    same = deployed.cdk("diff", STACK, app=APP)
    assert "There were no differences" in same.stdout + same.stderr
    other = deployed.cdk("diff", STACK, "-c", "dpd=45", app=APP)
    text = other.stdout + other.stderr
    assert "[~] AWS::EC2::VPNConnection" in text
    assert "create a read-only change set" in text
    assert "Could not create a change set" not in text
    assert "may be replaced" not in text


def test_a_changed_tunnel_option_keeps_the_connection_and_its_addresses(deployed: Region) -> None:
    before = connection(deployed)
    deployed.cdk("deploy", STACK, "--require-approval", "never", "-c", "dpd=45", app=APP)
    after = connection(deployed)
    assert after["VpnConnectionId"] == before["VpnConnectionId"]
    assert [one["DpdTimeoutSeconds"] for one in after["Options"]["TunnelOptions"]] == [45, 45]
    addresses = [[one["OutsideIpAddress"] for one in each["Options"]["TunnelOptions"]] for each in (before, after)]
    assert addresses[0] == addresses[1]


def test_a_failing_deployment_ends_the_cli_with_an_error_and_rolls_back(deployed: Region) -> None:
    before = connection(deployed)
    with pytest.raises(CommandFailedError, match="InvalidParameterValue") as problem:
        deployed.cdk("deploy", STACK, "--require-approval", "never", "-c", "inside=169.254.0.0/30", app=APP)
    assert "reserved by AWS" in problem.value.result.stdout + problem.value.result.stderr
    stack = deployed.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert connection(deployed)["Options"] == before["Options"]

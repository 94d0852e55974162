"""``vpn-ops preflight`` against the local region: what it says would not fit is what the region then refuses."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tests.region.stack import Stack
from vpn_lab.region import Region
from vpn_ops import cli

Command = Callable[..., tuple[int, str, str]]
VCPUS, ADDRESSES, VPCS = "L-1216C47A", "L-0263D0A3", "L-F678F1CE"
VERSION = {
    "Type": "AWS::SSM::Parameter::Value<String>",
    "Default": "/cdk-bootstrap/hnb659fds/version",
}


def network(**more: Any) -> dict[str, Any]:
    """A VPC, an address, and two instances."""
    instance = {"InstanceType": "t3.micro", "ImageId": "ami-1", "SubnetId": {"Ref": "Subnet"}}
    zone = {"Fn::Select": [0, {"Fn::GetAZs": ""}]}
    subnet = {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": zone}
    return {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": subnet},
        "Address": {"Type": "AWS::EC2::EIP"},
        "First": {"Type": "AWS::EC2::Instance", "Properties": instance},
        "Second": {"Type": "AWS::EC2::Instance", "Properties": instance},
        **more,
    }


@pytest.fixture
def preflight(region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    for name, value in region.environment().items():
        monkeypatch.setenv(name, value)

    def run(resources: dict[str, Any], *words: str, name: str = "Planned", **sections: Any) -> tuple[int, str, str]:
        path = tmp_path / f"{name}.template.json"
        path.write_text(json.dumps({"Resources": resources, **sections}))
        out, err, code = io.StringIO(), io.StringIO(), 0
        with monkeypatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
            patched.setattr(sys, "argv", ["vpn-ops", "preflight", str(path), *words])
            try:
                cli.main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        return code, out.getvalue(), err.getvalue()

    return run


def test_what_would_not_fit_is_one_line_each(
    preflight: Command, set_quota: Callable[[str, int], None], region: Region, ec2: Any
) -> None:
    vpcs, addresses = len(ec2.describe_vpcs()["Vpcs"]), len(ec2.describe_addresses()["Addresses"])
    running = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    assert ec2.describe_instances(Filters=running)["Reservations"] == []
    for changed, value in ((VCPUS, 3), (ADDRESSES, addresses), (VPCS, vpcs)):
        set_quota(changed, value)
    code, out, err = preflight(network())
    name = region.settings.region
    raising = "raise it: aws service-quotas request-service-quota-increase --service-code"
    assert err == ""
    assert code == 1
    assert out.splitlines() == [
        "vCPUs of running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances: needed 4, used 0, quota 3 "
        f"(L-1216C47A); {raising} ec2 --quota-code L-1216C47A --desired-value 4 --region {name}",
        f"Elastic IP addresses: needed 1, used {addresses}, quota {addresses} (L-0263D0A3); "
        f"{raising} ec2 --quota-code L-0263D0A3 --desired-value {addresses + 1} --region {name}",
        f"VPCs: needed 1, used {vpcs}, quota {vpcs} (L-F678F1CE); "
        f"{raising} vpc --quota-code L-F678F1CE --desired-value {vpcs + 1} --region {name}",
        "Planned: would not fit; problems: 3",
    ]
    for changed, value in ((VCPUS, 4), (ADDRESSES, addresses + 1), (VPCS, vpcs + 1)):
        set_quota(changed, value)
    assert preflight(network()) == (0, "Planned: fits; quotas compared: 3\n", "")


def test_only_what_is_new_counts_for_a_deployed_stack(
    preflight: Command, set_quota: Callable[[str, int], None], stack: Stack, ec2: Any
) -> None:
    resources = network()
    del resources["First"], resources["Second"]
    assert stack.create(resources) == "CREATE_COMPLETE"
    set_quota(ADDRESSES, len(ec2.describe_addresses()["Addresses"]))
    set_quota(VPCS, len(ec2.describe_vpcs()["Vpcs"]))
    assert preflight(resources, name=stack.name)[:2] == (0, f"{stack.name}: fits; quotas compared: 0\n")
    code, out, _ = preflight({**resources, "More": {"Type": "AWS::EC2::EIP"}}, "--json", name=stack.name)
    (verdict,) = json.loads(out)["quotas"]
    assert (code, verdict["needed"], verdict["code"], verdict["fits"]) == (1, 1, ADDRESSES, False)


def test_a_region_that_does_not_fit_is_said_before_a_deployment(preflight: Command) -> None:
    resources = {
        "Endpoint": {"Type": "AWS::EC2::ClientVpnEndpoint", "Properties": {"ClientCidrBlock": "10.0.0.0/22"}},
        "Vpc": network()["Vpc"],
    }
    code, out, _ = preflight(resources, "--region", "cn-north-1", Parameters={"BootstrapVersion": VERSION})
    assert code == 1
    lines = out.splitlines()
    assert lines[0] == (
        "cn-north-1 is not bootstrapped: there is no parameter /cdk-bootstrap/hnb659fds/version; "
        "run: npx cdk bootstrap aws://123456789012/cn-north-1"
    )
    assert lines[1].startswith("CloudFormation has no AWS::EC2::ClientVpnEndpoint in cn-north-1; choose another Region")


def test_an_instance_type_that_no_zone_offers_is_named(preflight: Command) -> None:
    resources = network()
    resources["First"]["Properties"] = {**resources["First"]["Properties"], "InstanceType": "u-24tb1.metal"}
    code, out, _ = preflight(resources)
    assert code == 1
    assert "First of Planned: us-east-1a does not offer u-24tb1.metal; choose another type, or zones that" in out

"""``vpn-ops preflight``: what it counts, what it cannot check, and what it recommends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.operations.fake_cloud import NUMBER, REGION, Cloud
from vpn_ops.errors import OperatorError
from vpn_ops.preflight.checking import Checked, check
from vpn_ops.preflight.commands import _for_people
from vpn_ops.preflight.source import Source, find

PARAMETER = "AWS::SSM::Parameter::Value<String>"


def resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::EC2::{kind}", "Properties": properties}


def instance(kind: str = "t3.micro", zone: int = 0) -> dict[str, Any]:
    subnet = resource("Subnet", VpcId="vpc-1", AvailabilityZone={"Fn::Select": [zone, {"Fn::GetAZs": ""}]})
    return {f"Subnet{zone}": subnet, "Host": resource("Instance", InstanceType=kind, SubnetId={"Ref": f"Subnet{zone}"})}


@pytest.fixture
def checked(tmp_path: Path) -> Callable[..., Checked]:
    def run(resources: dict[str, Any], cloud: Cloud | None = None, **sections: Any) -> Checked:
        path = tmp_path / "Planned.template.json"
        path.write_text(json.dumps({"Resources": resources, **sections}))
        return check(cloud or Cloud(), [Source("Planned", path)], {})  # type: ignore[arg-type]

    return run


def numbers(answer: Checked) -> dict[str, tuple[int, int, int]]:
    return {one.quota.key: (one.needed, one.used, one.value) for one in answer.verdicts}


def test_only_what_counts_is_counted(checked: Callable[..., Checked]) -> None:
    running = [
        {"InstanceId": "i-1", "InstanceType": "t3.xlarge"},
        {"InstanceId": "i-2", "InstanceType": "t3.xlarge", "CpuOptions": {"CoreCount": 1, "ThreadsPerCore": 1}},
        {"InstanceId": "i-3", "InstanceType": "t3.xlarge", "InstanceLifecycle": "spot"},
        {"InstanceId": "i-4", "InstanceType": "p4d.24xlarge"},
    ]
    there: dict[str, list[dict[str, Any]]] = {
        "Reservations": [{"Instances": running}],
        "Vpcs": [{"OwnerId": NUMBER}, {"OwnerId": "another"}],
        "VpnConnections": [{"State": "available", "VpnGatewayId": "vgw-1"}, {"State": "deleted"}],
        "ClientVpnEndpoints": [{"Status": {"Code": "available"}}, {"Status": {"Code": "deleted"}}],
        "TransitGatewayAttachments": [{"State": "available"}, {"State": "deleted"}],
    }
    wanted = {
        **instance(),
        "Vpc": resource("VPC"),
        "Old": resource("VPNConnection", VpnGatewayId="vgw-1"),
        "New": resource("VPNConnection", VpnGatewayId={"Ref": "Gateway"}),
        "Gateway": resource("VPNGateway"),
        "Hub": resource("VPNConnection", TransitGatewayId="tgw-1"),
        "Attachment": resource("TransitGatewayAttachment", TransitGatewayId="tgw-1"),
        "Endpoint": resource("ClientVpnEndpoint"),
    }
    answer = checked(wanted, Cloud(there))
    assert answer.unread == []
    found = numbers(answer)
    assert {key: found[key][:2] for key in found if not key.endswith("per_gateway")} == {
        "vcpus_standard": (2, 5),
        "vpcs": (1, 1),
        "vpn_gateways": (1, 0),
        "vpn_connections": (3, 1),
        "transit_gateway_attachments": (2, 1),
        "client_vpn_endpoints": (1, 1),
    }
    per_gateway = {one.parent: (one.needed, one.used) for one in answer.verdicts if one.quota.key.endswith("gateway")}
    assert per_gateway == {"vgw-1": (1, 1), "Planned/Gateway": (1, 0)}


def test_each_quota_says_how_to_raise_it(checked: Callable[..., Checked]) -> None:
    many = {
        f"{kind}{number}": resource(kind)
        for kind in ("InternetGateway", "InstanceConnectEndpoint")
        for number in range(6)
    }
    lines = _for_people(checked(many))
    assert lines[0].endswith(
        "internet gateways: needed 6, used 0, quota 5 (L-A4707A72); raise it: aws service-quotas "
        f"request-service-quota-increase --service-code vpc --quota-code L-F678F1CE --desired-value 6 --region {REGION}"
    )
    assert lines[1].endswith(
        f"used 0, quota 5; raise it: ask AWS Support for 6 EC2 Instance Connect Endpoints in {REGION}"
    )


def test_an_update_counts_what_is_new_and_what_grows(checked: Callable[..., Checked]) -> None:
    physical = {"Host": ("Instance", "i-1"), "Vpc": ("VPC", "vpc-1"), "Gateway": ("VPNGateway", "vgw-1")}
    there_already = [
        {"LogicalResourceId": name, "ResourceType": f"AWS::EC2::{kind}", "PhysicalResourceId": identifier}
        for name, (kind, identifier) in physical.items()
    ]
    resources = [{**one, "ResourceStatus": "CREATE_COMPLETE"} for one in there_already]
    stack = {"status": "UPDATE_COMPLETE", "resources": resources}
    running = [{"Instances": [{"InstanceId": "i-1", "InstanceType": "t3.micro"}]}]
    connections = [{"VpnGatewayId": "vgw-1"}] * 10
    there: dict[str, list[dict[str, Any]]] = {"Reservations": running, "VpnConnections": connections}
    wanted = {
        **instance("t3.xlarge"),
        "Vpc": resource("VPC"),
        "Gateway": resource("VPNGateway"),
        "More": resource("VPNConnection", VpnGatewayId={"Ref": "Gateway"}),
    }
    cloud = Cloud(there, {"L-B91E5754": 10.0}, stack=stack)
    found = {key: value[:2] for key, value in numbers(checked(wanted, cloud)).items()}
    assert found == {"vcpus_standard": (2, 2), "vpn_connections": (1, 10), "vpn_connections_per_gateway": (1, 10)}
    there["Reservations"] = []
    assert "vcpus_standard" not in numbers(checked(instance("t3.xlarge"), cloud)), "a stopped instance stays stopped"
    for status, problem in (("UPDATE_IN_PROGRESS", "wait until"), ("UPDATE_ROLLBACK_FAILED", "repair or delete")):
        (misfit,) = checked({"Vpc": resource("VPC")}, Cloud(stack={**stack, "status": status})).misfits
        assert (status in misfit.problem, problem in misfit.remedy) == (True, True)
    rolled_back = Cloud(stack={"status": "ROLLBACK_COMPLETE", "resources": []})
    assert numbers(checked({"Vpc": resource("VPC")}, rolled_back))["vpcs"][0] == 1


def test_what_cannot_be_read_is_said_and_the_rest_is_checked(checked: Callable[..., Checked]) -> None:
    wanted = {**instance(), "Vpc": resource("VPC"), "Address": resource("EIP")}
    cloud = Cloud(refused=("describe_vpcs", "describe_regions", "describe_stacks"))
    answer = checked(wanted, cloud)
    assert set(numbers(answer)) == {"vcpus_standard", "addresses"}
    assert [one.partition(": ")[0] for one in answer.unread] == [
        "what of Planned is deployed (counted as nothing)", "whether the Region is enabled", "VPCs",
    ]  # fmt: skip
    lines = _for_people(answer)
    assert lines[-1] == "Planned: fits, apart from what could not be checked; quotas compared: 2"
    assert "not checked: VPCs: Question: UnauthorizedOperation: no" in lines


def test_what_a_template_does_not_tell_is_said(checked: Callable[..., Checked]) -> None:
    wanted = {
        "Group": {"Type": "AWS::AutoScaling::AutoScalingGroup"},
        "Nested": {"Type": "AWS::CloudFormation::Stack"},
        "Asked": resource("Instance", InstanceType={"Ref": "Kind"}),
        "Strange": resource("Instance", InstanceType="zz9.plural"),
        "Vpn": resource("VPNConnection", VpnGatewayId={"Ref": "Gateway"}),
    }
    parameters = {"Kind": {"Type": "String"}, "Gateway": {"Type": "String"}}
    unread = checked(wanted, Parameters=parameters).unread
    assert "Planned: Group: the instances that it starts" in unread
    assert "Planned: Nested: the resources of a nested stack" in unread
    assert "Planned: Asked: the vCPUs of the instance type ${Kind}" in unread
    assert "Planned: Strange: the quota of the instance type zz9.plural" in unread
    assert any("${Gateway}: the template does not say which one it is" in one for one in unread)


def test_the_bootstrap_stack_must_be_there_and_new_enough(checked: Callable[..., Checked]) -> None:
    rule = {"Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2", "3", "4", "5"], {"Ref": "BootstrapVersion"}]}]}}
    sections = {
        "Parameters": {
            "BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/own/version"}
        },
        "Rules": {"CheckBootstrapVersion": {"Assertions": [rule]}},
    }
    command = f"run: npx cdk bootstrap aws://{NUMBER}/{REGION} --qualifier own"
    for version, problem in ((None, "is not bootstrapped: there is no parameter /cdk-bootstrap/own/version"),
                             ("5", "the bootstrap stack has version 5, which is too old")):  # fmt: skip
        (misfit,) = checked({"Vpc": resource("VPC")}, Cloud(version=version), **sections).misfits
        assert (problem in misfit.problem, misfit.remedy) == (True, command)
    assert checked({"Vpc": resource("VPC")}, Cloud(version="6"), **sections).misfits == []


def test_a_region_must_be_enabled(checked: Callable[..., Checked]) -> None:
    (misfit,) = checked({"Vpc": resource("VPC")}, Cloud(opted="not-opted-in")).misfits
    assert (misfit.problem, misfit.remedy) == (
        f"the account has not enabled {REGION}",
        f"run: aws account enable-region --region-name {REGION}",
    )


def test_a_zone_must_offer_the_instance_type(checked: Callable[..., Checked]) -> None:
    assert checked(instance(zone=1)).misfits == []
    (misfit,) = checked(instance(zone=2)).misfits
    assert misfit.problem == f"Host of Planned: {REGION}c does not offer t3.micro"
    assert misfit.remedy.endswith(f"zones that offer it: {REGION}a, {REGION}b")


def test_a_template_is_found_by_path_name_or_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def assembly(folder: Path, **artifacts: Any) -> None:
        folder.mkdir()
        (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))

    def stack(name: str, place: str) -> dict[str, Any]:
        properties = {"templateFile": f"{name}.template.json", "stackName": name}
        return {"type": "aws:cloudformation:stack", "environment": f"aws://{place}", "properties": properties}

    out = tmp_path / "cdk.out"
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    assembly(out, A=stack("A", "unknown-account/unknown-region"), Prod=stage)
    assembly(out / "assembly-Prod", B=stack("Prod-B", "111111111111/eu-west-1"))
    (out / "A.template.json").write_text('{"Resources": {}}')
    both = [Source("A", out / "A.template.json"),
            Source("Prod-B", out / "assembly-Prod" / "Prod-B.template.json", "eu-west-1", "111111111111")]  # fmt: skip
    assert find(str(out)) == both
    assert find("Prod-B", out) == both[1:]
    assert find(str(out / "A.template.json")) == both[:1]
    elsewhere = check(Cloud(), both[1:], {})  # type: ignore[arg-type]
    assert elsewhere.unread == [f"Prod-B: it is for 111111111111, eu-west-1, not for {NUMBER}, {REGION}"]
    monkeypatch.chdir(tmp_path)
    for given, problem in (
        ("Nobody", r"has no stack 'Nobody', only: A, Prod-B; run: npx cdk synth"),
        (str(tmp_path), "has no manifest.json"),
    ):
        with pytest.raises(OperatorError, match=problem):
            find(given)
    (out / "manifest.json").write_text("{")
    with pytest.raises(OperatorError, match="is no manifest of the CDK"):
        find("A", out)
    with pytest.raises(OperatorError, match=r"there is no file A, and no folder .* to find a stack in; run: npx cdk"):
        find("A", tmp_path / "none")

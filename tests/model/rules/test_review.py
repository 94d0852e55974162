"""A review of whole templates: nested ones, several resources together, and what cannot be reviewed."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent, indent

import pytest

from vpn_model.read_template.document import parse_document
from vpn_model.read_template.errors import TemplateError
from vpn_model.rules.findings import Finding, Review
from vpn_model.rules.review import review_body, review_file

TUNNEL = (
    "{IKEVersions: [{Value: ikev2}], Phase1DHGroupNumbers: [{Value: 20}], Phase2DHGroupNumbers: [{Value: 20}], "
    "Phase1EncryptionAlgorithms: [{Value: AES256-GCM-16}], Phase2EncryptionAlgorithms: [{Value: AES256-GCM-16}], "
    "Phase1IntegrityAlgorithms: [{Value: SHA2-384}], Phase2IntegrityAlgorithms: [{Value: SHA2-384}], "
    "DPDTimeoutSeconds: 30, EnableTunnelLifecycleControl: true, DPDTimeoutAction: restart, "
    "LogOptions: {CloudwatchLogOptions: {LogEnabled: true}}%s}"
)


def vpn(more: str = "", gateway: str = "cgw-1") -> str:
    tunnel = TUNNEL % more
    return (
        f"{{Type: AWS::EC2::VPNConnection, Properties: {{CustomerGatewayId: {gateway}, VpnGatewayId: vgw-1, "
        f"PreSharedKeyStorage: SecretsManager, VpnTunnelOptionsSpecifications: [{tunnel}, {tunnel}]}}}}"
    )


def review(text: str) -> Review:
    return review_body(parse_document(dedent(text)), "vpn.yaml")


def rules(found: Review) -> set[tuple[str, str]]:
    return {(one.rule, one.resource) for one in found.findings}


def test_a_resource_without_its_condition_is_not_reviewed_and_with_it_is() -> None:
    text = """
    Parameters: {Stage: {Type: String, Default: dev}}
    Conditions: {IsProd: !Equals [!Ref Stage, prod]}
    Resources:
      Rule:
        Type: AWS::EC2::SecurityGroupIngress
        Condition: IsProd
        Properties: {GroupId: sg-1, IpProtocol: -1, CidrIp: !If [IsProd, 10.0.0.0/8, 0.0.0.0/0]}
      Other:
        Type: AWS::EC2::SecurityGroupIngress
        Condition: IsProd
        Properties: {GroupId: sg-1, IpProtocol: -1, CidrIp: 0.0.0.0/0}
    """
    (finding,) = review(text).findings
    assert (finding.resource, finding.when) == ("Other", "")


def test_one_customer_gateway_is_noted_and_two_are_not() -> None:
    one = review(f"Resources: {{A: {vpn()}, B: {vpn()}}}")
    assert rules(one) == {("VPN_SECOND_CONNECTION", "A")}
    assert review(f"Resources: {{A: {vpn()}, B: {vpn(gateway='cgw-2')}}}").findings == ()


@pytest.mark.parametrize("zones", [(0, 0), (0, 1)], ids=str)
def test_devices_in_one_zone_are_noted(zones: tuple[int, int]) -> None:
    lines = ["Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}"]
    for name, zone in zip("AB", zones, strict=True):
        lines += [
            f"Subnet{name}: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Vpc, CidrBlock: 10.0.{ord(name)}.0/24, "
            f"AvailabilityZone: !Select [{zone}, !GetAZs '']}}}}",
            f"End{name}: {{Type: AWS::EC2::NetworkInterface, Properties: {{SubnetId: !Ref Subnet{name}}}}}",
            f"Address{name}: {{Type: AWS::EC2::EIP}}",
            f"Link{name}: {{Type: AWS::EC2::EIPAssociation, Properties: {{"
            f"AllocationId: !GetAtt Address{name}.AllocationId, NetworkInterfaceId: !Ref End{name}}}}}",
            f"Cgw{name}: {{Type: AWS::EC2::CustomerGateway, Properties: {{Type: ipsec.1, BgpAsn: 65000, "
            f"IpAddress: !GetAtt Address{name}.PublicIp}}}}",
            f"Vpn{name}: {vpn(gateway=f'!Ref Cgw{name}')}",
        ]
    found = review("Resources:\n" + indent("\n".join(lines), "  "))
    assert rules(found) == ({("VPN_DEVICES_IN_TWO_ZONES", "VpnA")} if zones == (0, 0) else set())


def test_separate_rules_and_authorizations_count_together() -> None:
    lines = []
    for first in range(1, 130):
        lines += [
            f"R{first}: {{Type: AWS::EC2::SecurityGroupIngress, Properties: {{GroupId: sg-1, IpProtocol: -1, "
            f"CidrIp: {first}.0.0.0/8}}}}",
            f"C{first}: {{Type: AWS::EC2::ClientVpnAuthorizationRule, Properties: {{ClientVpnEndpointId: cvpn-1, "
            f"AuthorizeAllGroups: true, TargetNetworkCidr: {first}.0.0.0/8}}}}",
        ]
    found = review("Resources:\n" + indent("\n".join(lines), "  "))
    assert rules(found) == {("VPN_NO_SSH_RULE_FROM_THE_WORLD", "R1"), ("VPN_CLIENT_NOT_OPEN_TO_ALL", "C1")}


def nested(folder: Path, key: str, child: str) -> Review:
    (folder / "child.yaml").write_text(dedent(child), encoding="utf-8")
    parent = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": "child.yaml", "Parameters": {"Key": key}},
    }
    (folder / "parent.json").write_text(json.dumps({"Resources": {"Inner": parent}}), encoding="utf-8")
    return review_file(folder / "parent.json")


CHILD = f"""
Parameters: {{Key: {{Type: String, NoEcho: true}}}}
Conditions: {{Has: !Equals [!Ref Key, x]}}
Resources: {{Vpn: {vpn(", PreSharedKey: !Ref Key")}}}
"""


def test_a_key_that_is_passed_to_a_nested_stack_is_found(tmp_path: Path) -> None:
    found = errors(nested(tmp_path, "A.Literal.Key_1", CHILD))
    assert {(one.rule, one.template.name, one.resource) for one in found} == {
        ("VPN_NO_LITERAL_PRE_SHARED_KEY", "child.yaml", "Vpn")
    }
    assert "the stack above passes it" in found[0].message
    assert errors(nested(tmp_path, "{{resolve:secretsmanager:a:SecretString:psk}}", CHILD)) == []


def errors(found: Review) -> list[Finding]:
    return [one for one in found.findings if one.severity == "error"]


def test_a_nested_template_of_the_cdk_is_an_asset_beside_it(tmp_path: Path) -> None:
    (tmp_path / "Inner.nested.template.json").write_text(json.dumps(parse_document(f"Resources: {{V: {vpn()}}}")))
    stack = {
        "Type": "AWS::CloudFormation::Stack",
        "Properties": {"TemplateURL": {"Fn::Sub": "https://bucket/${AWS::Region}"}},
        "Metadata": {"aws:asset:path": "Inner.nested.template.json"},
    }
    (tmp_path / "Outer.template.json").write_text(json.dumps({"Resources": {"Inner": stack}}))
    found = review_file(tmp_path / "Outer.template.json")
    assert rules(found) == {("VPN_SECOND_CONNECTION", "V")}
    assert found.not_reviewed == ()


def test_a_stack_set_contains_a_template_as_a_text() -> None:
    body = json.dumps(parse_document(f"Resources: {{V: {vpn(', PreSharedKey: A.Literal.Key_1')}}}"))
    stack_set = {"Type": "AWS::CloudFormation::StackSet", "Properties": {"StackSetName": "x", "TemplateBody": body}}
    found = errors(review_body({"Resources": {"Set": stack_set}}, "vpn.yaml"))
    assert {(str(one.template), one.tunnel) for one in found} == {("vpn.yaml#Set", 1), ("vpn.yaml#Set", 2)}


def test_a_module_of_the_aws_cli_is_a_template_beside_it(tmp_path: Path) -> None:
    (tmp_path / "module.yaml").write_text(CHILD, encoding="utf-8")
    (tmp_path / "vpn.yaml").write_text(
        "Modules: {One: {Source: module.yaml, Properties: {Key: A.Literal.Key_1}}, Far: {Source: s3://bucket/x}}\n"
        "Resources: {Two: {Type: LocalModule, Source: ./module.yaml}}\n",
        encoding="utf-8",
    )
    found = review_file(tmp_path / "vpn.yaml")
    assert {(one.rule, one.template.name, one.tunnel) for one in errors(found)} == {
        ("VPN_NO_LITERAL_PRE_SHARED_KEY", "module.yaml", 1),
        ("VPN_NO_LITERAL_PRE_SHARED_KEY", "module.yaml", 2),
    }
    assert [one.resource for one in found.not_reviewed] == ["Far"]


def test_templates_that_contain_each_other_end(tmp_path: Path) -> None:
    stack = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "self.json"}}
    (tmp_path / "self.json").write_text(json.dumps({"Resources": {"A": stack, "B": stack}}))
    assert {one.resource for one in review_file(tmp_path / "self.json").not_reviewed} == {"A", "B"}


def test_what_is_made_later_or_elsewhere_is_listed() -> None:
    found = review(
        """
        Parameters: {Sites: {Type: CommaDelimitedList}}
        Transform: AWS::LanguageExtensions
        Resources:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://bucket/key}}
          Macro: {Fn::Transform: {Name: Mine}}
          Module: {Type: Some::VPN::Thing::MODULE}
          Stack: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://bucket/template}}
          Vpn: {Type: AWS::EC2::VPNConnection, Properties: {Fn::Transform: {Name: Mine}, VpnGatewayId: v}}
          All: {Type: AWS::EC2::ClientVpnEndpoint, Properties: {Fn::Transform: {Name: Mine}}}
          Fn::ForEach::Sites: [Site, !Ref Sites, {"Rule${Site}": {Type: AWS::EC2::SecurityGroupIngress}}]
        """
    )
    assert {one.resource for one in found.not_reviewed} == {
        *("Fn::Transform", "Macro", "Module", "Stack", "Vpn", "All"),
        "Rule${Site}",
    }
    assert [one for one in found.findings if one.severity != "note"] == []


def test_an_error_names_the_file_and_the_resource(tmp_path: Path) -> None:
    (tmp_path / "vpn.yaml").write_text("Resources: {Vpn: {Type: AWS::EC2::VPNConnection, Properties: [x]}}")
    with pytest.raises(TemplateError, match=r"^vpn\.yaml: Vpn: 'Properties' must be a mapping$"):
        review_file(tmp_path / "vpn.yaml")

"""The policy on templates that somebody else wrote: each of our rules, and the command line."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cdk_aws_vpn import VpnConfigurationError, vpn_guard_rules
from cdk_aws_vpn.policy.__main__ import main
from cdk_aws_vpn.policy.rules import check_template, check_templates
from tests.constructs.policy.templates import group, rule, template_file, vpn

WORLD = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
WORLD_6 = {"CidrIpv6": "::/0", "IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535}
ANYTHING = {"CidrIp": "0.0.0.0/0", "IpProtocol": "-1"}
OFFICE = {"CidrIp": "203.0.113.0/24", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
HTTPS = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
BELOW_SSH = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 20, "ToPort": 21}


def values(*found: Any) -> list[dict[str, Any]]:
    return [{"Value": value} for value in found]


BROKEN: dict[str, list[dict[str, Any]]] = {
    "VPN_BOTH_TUNNELS_SPECIFIED": [vpn(tunnels=1), vpn(tunnels=0)],
    "VPN_IKE_VERSION_2_ONLY": [vpn(IKEVersions=values("ikev1", "ikev2")), vpn(left_out="IKEVersions")],
    "VPN_NO_WEAK_DH_GROUP": [
        vpn(Phase1DHGroupNumbers=values(2, 20)),
        vpn(Phase2DHGroupNumbers=values(5)),
        vpn(Phase2DHGroupNumbers=values(24)),
        vpn(Phase1DHGroupNumbers=values("22")),
        vpn(left_out="Phase1DHGroupNumbers"),
        vpn(left_out="Phase2DHGroupNumbers"),
    ],
    "VPN_NO_SHA1": [
        vpn(Phase1IntegrityAlgorithms=values("SHA2-256", "SHA1")),
        vpn(Phase2IntegrityAlgorithms=values("SHA1")),
        vpn(left_out="Phase1IntegrityAlgorithms"),
        vpn(left_out="Phase2IntegrityAlgorithms"),
    ],
    "VPN_NO_LITERAL_PRE_SHARED_KEY": [vpn(PreSharedKey="A.Literal.Key_1"), vpn(PreSharedKey="{{resolve:ssm:key:1}}")],
    "VPN_NO_RESERVED_INSIDE_CIDR": [
        vpn(TunnelInsideCidr="169.254.0.0/30"),
        vpn(TunnelInsideCidr="169.254.5.0/30"),
        vpn(TunnelInsideCidr="169.254.169.252/30"),
    ],
    "VPN_DPD_TIMEOUT_SET": [vpn(left_out="DPDTimeoutSeconds")],
    "VPN_NO_SSH_FROM_THE_WORLD": [group(**WORLD), group(**WORLD_6), group(**ANYTHING)],
    "VPN_NO_SSH_RULE_FROM_THE_WORLD": [rule(**WORLD), rule(**WORLD_6), rule(**ANYTHING)],
}
KEPT = {
    "a-good-connection": vpn(),
    "keys-known-only-at-deployment": vpn(PreSharedKey={"Ref": "Key"}, TunnelInsideCidr={"Ref": "Cidr"}),
    "keys-from-parameter-store": vpn(PreSharedKey="{{resolve:ssm-secure:branch-key:1}}"),
    "group-5-in-neither-phase": vpn(Phase1DHGroupNumbers=values(19, 20, 21)),
    "ssh-from-the-office": group(**OFFICE),
    "https-from-the-world": group(**HTTPS),
    "ports-below-ssh-from-the-world": rule(**BELOW_SSH),
    "ssh-rule-from-the-office": rule(**OFFICE),
}
CASES = {f"{name}-{number}": (name, one) for name, broken in BROKEN.items() for number, one in enumerate(broken, 1)}


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[tuple[str, str]]]:
    """What our own rules find in all templates, checked in one run: rule and resource by the template's name."""
    folder = tmp_path_factory.mktemp("templates")
    judged = {**{name: one for name, (_, one) in CASES.items()}, **KEPT}
    files = {template_file(folder, one, name): name for name, one in judged.items()}
    found: dict[str, set[tuple[str, str]]] = {name: set() for name in judged}
    for finding in check_templates(list(files)):
        if finding.rule.startswith("VPN_"):
            assert finding.template is not None
            found[files[finding.template]].add((finding.rule, finding.resource))
    return found


@pytest.mark.parametrize("case", CASES)
def test_a_template_that_breaks_a_rule_is_found_by_that_rule_alone(
    case: str, ours: dict[str, set[tuple[str, str]]]
) -> None:
    assert ours[case] == {(CASES[case][0], "Judged")}


@pytest.mark.parametrize("case", KEPT)
def test_a_template_that_keeps_the_rules_has_no_finding(case: str, ours: dict[str, set[tuple[str, str]]]) -> None:
    assert ours[case] == set()


def test_every_rule_of_the_file_has_a_template_that_breaks_it() -> None:
    rules = re.findall(r"^rule (\w+)", vpn_guard_rules().read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rules) == sorted(BROKEN)


def test_a_finding_says_what_to_do(tmp_path: Path) -> None:
    (finding,) = check_template(template_file(tmp_path, vpn(PreSharedKey="A.Literal.Key_1")))
    assert "dynamic reference to Secrets Manager" in finding.message
    assert "A.Literal.Key_1" not in finding.message


def test_rule_packs_of_cdk_nag_join_in_when_they_are_asked_for(tmp_path: Path) -> None:
    file = template_file(tmp_path, group(**WORLD))
    without, with_pack = (
        {finding.rule for finding in check_template(file, rule_packs=packs)} for packs in ([], ["AwsSolutions"])
    )
    assert with_pack - without == {"AwsSolutions-EC23"}


@pytest.mark.parametrize("text", ["", "just words", "[]", "Resources: [", '{"Resources": 1}', "{}"])
def test_a_file_that_is_no_template_is_refused_by_name(text: str, tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(VpnConfigurationError, match=r"template '.*file\.yaml' .*in JSON or YAML"):
        check_template(file)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(VpnConfigurationError, match=r"template '.*nowhere\.json'.*"):
        check_template(tmp_path / "nowhere.json")


def test_the_command_names_each_finding_and_exits_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = template_file(tmp_path, vpn(tunnels=1))
    assert main([str(file)]) == 1
    output = capsys.readouterr()
    assert output.out.startswith(f"{file}: Judged: VPN_BOTH_TUNNELS_SPECIFIED: ")
    assert "specify both tunnels" in output.out
    assert output.err.endswith("1 findings in 1 templates\n")


def test_the_command_is_content_with_a_good_template(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = template_file(tmp_path, vpn())
    assert main([str(file), str(file)]) == 0
    assert capsys.readouterr() == ("", "0 findings in 2 templates\n")


def test_the_command_reads_yaml(tmp_path: Path) -> None:
    file = tmp_path / "vpn.yaml"
    file.write_text(
        "Resources:\n  Vpn:\n    Type: AWS::EC2::VPNConnection\n    Properties:\n      Type: ipsec.1\n"
        "      CustomerGatewayId: cgw-1\n      VpnGatewayId: !Ref Gateway\n"
        "  Gateway:\n    Type: AWS::EC2::VPNGateway\n    Properties: {Type: ipsec.1}\n",
        encoding="utf-8",
    )
    assert [(one.rule, one.resource) for one in check_template(file)] == [("VPN_BOTH_TUNNELS_SPECIFIED", "Vpn")]


def test_the_command_reports_a_file_that_it_cannot_read_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cdk_aws_vpn.policy", str(tmp_path / "nowhere.json")]
    environment = {**os.environ, "PYTHONPATH": "constructs"}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert "error: template" in result.stderr.splitlines()[-1]

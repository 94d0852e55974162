"""Malformed files, and templates made to take long: one line with the reason, in bounded time."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from cdk_aws_vpn.policy.__main__ import main
from cdk_aws_vpn.policy.rules import check_template
from tests.constructs.policy.cases import LITERALS, Case, write
from tests.constructs.policy.templates import GOOD_TUNNEL, second_tunnel, vpn, with_tunnels

KEY = "A.Literal.Key_1"


INNER = {"Fn::ForEach::B": ["B", [str(number) for number in range(2000)], {"G${A}${B}": {"Type": "T"}}]}
LOOPS = {"Fn::ForEach::A": ["A", list("abcdefghij"), INNER]}
HOSTILE: dict[str, tuple[str, str]] = {
    "deep JSON": ('{"Resources": {"A": ' + '{"A": ' * 20_000 + "1" + "}" * 20_002, "more than 100 levels deep"),
    "an empty file": ("", "the template is empty"),
    "a list": ("[]", "must be a mapping with a mapping 'Resources'"),
    "resources as a list": ('{"Resources": []}', "must be a mapping with a mapping 'Resources'"),
    "parameters as a list": ('{"Resources": {}, "Parameters": []}', "Parameters must be a mapping"),
    "a YAML bomb": ("a: &a [x, x]\nb: [*a, *a]\nResources: {}\n", "line 2: CloudFormation allows no YAML aliases"),
    "a cyclic alias": ("Resources: &a\n  A: *a\n", "line 2: CloudFormation allows no YAML aliases"),
    "a tag of Python": ("Resources: {A: !!python/object/apply:os.getcwd []}", "line 1: no YAML"),
    "options as a text": (
        json.dumps(Case(with_tunnels(KEY)).body),
        "VpnTunnelOptionsSpecifications.0 must be a mapping",
    ),
    "an option as a text": (json.dumps(Case(vpn(IKEVersions="ikev2")).body), "IKEVersions.0 must be a mapping"),
    "a cyclic condition": (
        json.dumps(Case({**vpn(), "Condition": "A"}, sections={"Conditions": {"A": {"Condition": "A"}}}).body),
        "the condition 'A' depends on itself",
    ),
    "a huge Fn::Cidr": (
        json.dumps(Case(vpn(TunnelInsideCidr={"Fn::Select": [0, {"Fn::Cidr": ["::/0", 10**9, 1]}]})).body),
        "Fn::Cidr: count must be 1 to 256",
    ),
    "loops in loops": (json.dumps({"Resources": LOOPS}), "the loops repeat more than 10000 times"),
    "attributes that double": (
        json.dumps(
            {
                "Resources": {
                    "Judged": vpn(PreSharedKey={"Fn::GetAtt": ["R0", "Value"]}),
                    "R60": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": "xx"}},
                    **{
                        f"R{one}": {
                            "Type": "AWS::SSM::Parameter",
                            "Properties": {"Value": {"Fn::Sub": f"${{R{one + 1}.Value}}${{R{one + 1}.Value}}"}},
                        }
                        for one in range(60)
                    },
                }
            }
        ),
        "refer to each other too often",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_reviewed_is_one_line_with_the_reason(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, reason = HOSTILE[name]
    file = tmp_path / "vpn.yaml"
    file.write_text(text, encoding="utf-8")
    good = write(tmp_path, LITERALS["ikev1"], "good.json")
    assert main([str(file), good]) == 2
    output = capsys.readouterr()
    line, _ = output.err.splitlines()
    assert line.startswith(f"error: {file}: ")
    assert reason in line
    assert KEY not in output.err
    assert "VPN_IKE_VERSION_2_ONLY" in output.out, "the other template is reviewed all the same"


def test_five_thousand_resources_and_many_conditions_are_reviewed(tmp_path: Path) -> None:
    everything = {"CidrIp": "0.0.0.0/0", "IpProtocol": -1}
    open_group = {"Type": "AWS::EC2::SecurityGroup", "Properties": {"SecurityGroupIngress": [everything]}}
    names = [f"C{number}" for number in range(40)]
    choices = [{"Value": {"Fn::If": [name, "ikev2", "ikev1"]}} for name in names]
    body = {
        "Parameters": {name: {"Type": "String"} for name in names},
        "Conditions": {name: {"Fn::Equals": [{"Ref": name}, "x"]} for name in names},
        "Resources": {
            "Vpn": with_tunnels([second_tunnel(IKEVersions=choices), GOOD_TUNNEL]),
            **{f"G{number}": open_group for number in range(5000)},
        },
    }
    file = tmp_path / "many.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    found = check_template(file)
    assert len(found) == 5001
    assert found[0].rule == "VPN_IKE_VERSION_2_ONLY"


def test_as_many_conditions_as_resources_are_reviewed(tmp_path: Path) -> None:
    names = [f"C{number}" for number in range(3500)]
    everything = {"SecurityGroupIngress": [{"CidrIp": "0.0.0.0/0", "IpProtocol": -1}]}
    body = {
        "Parameters": {name: {"Type": "String"} for name in names},
        "Conditions": {name: {"Fn::Equals": [{"Ref": name}, "x"]} for name in names},
        "Resources": {
            f"G{name}": {"Type": "AWS::EC2::SecurityGroup", "Condition": name, "Properties": everything}
            for name in names
        },
    }
    file = tmp_path / "many.json"
    file.write_text(json.dumps(body), encoding="utf-8")
    started = time.process_time()
    assert len(check_template(file)) == len(names)
    assert time.process_time() - started < 20

"""``python -m cdk_aws_vpn.policy``: its forms of output, its options and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cdk_aws_vpn import VpnConfigurationError
from cdk_aws_vpn.policy.__main__ import main
from cdk_aws_vpn.policy.rules import check_template, check_templates
from tests.constructs.policy.cases import LITERALS, Case, write
from tests.constructs.policy.function_cases import CASES, FUNCTIONS
from tests.constructs.policy.templates import vpn

KEY = "A.Literal.Key_1"


def test_a_good_template_has_no_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, LITERALS["good"])
    assert main([file, file]) == 0
    assert capsys.readouterr() == ("", "0 errors, 0 warnings, 1 notes in 1 templates\n")


def test_a_finding_says_what_where_why_and_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, FUNCTIONS["a weak tunnel in a branch"])
    assert main([file]) == 1
    first, why, remedy = capsys.readouterr().out.splitlines()
    assert first == (
        f"{file}: Judged: Properties.VpnTunnelOptionsSpecifications.1.IKEVersions (tunnel 2): "
        "error VPN_IKE_VERSION_2_ONLY: ikev1 is allowed, when Open is false"
    )
    assert "RFC 9395" in why
    assert remedy == "  remedy: set IKEVersions to ikev2 alone"


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--sarif"], ["--notes"]], ids=str)
def test_no_form_of_output_shows_a_key(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [write(tmp_path, case, f"{number}.json") for number, case in enumerate(CASES.values())]
    assert main([*arguments, *files]) == 1
    output = capsys.readouterr()
    assert "VPN_NO_LITERAL_PRE_SHARED_KEY" in output.out
    assert not any(secret in output.out + output.err for secret in ("A.Literal", "hunter2"))


def test_a_tunnel_that_is_not_specified_is_one_finding(tmp_path: Path) -> None:
    found = check_template(Path(write(tmp_path, LITERALS["no tunnel"])))
    assert [(one.rule, one.tunnel) for one in found] == [
        ("VPN_BOTH_TUNNELS_SPECIFIED", 1),
        ("VPN_BOTH_TUNNELS_SPECIFIED", 2),
    ]


def test_a_parameter_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, FUNCTIONS["a weak tunnel in a branch"])
    assert main(["--parameter", "Stage=dev", file]) == 0
    assert main(["--parameter", "Stage=prod", file]) == 1
    capsys.readouterr()
    assert main(["--parameter", "Typo=1", file]) == 2
    assert "error: --parameter: no template has a parameter Typo\n" in capsys.readouterr().err


def test_a_value_that_only_the_deployment_tells_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, FUNCTIONS["a version without a default"])
    assert main([file]) == 0
    path = "Properties.VpnTunnelOptionsSpecifications.1.IKEVersions.0.Value"
    assert f"{file}: Judged: {path}: not reviewed: parameter without a value\n" in capsys.readouterr().err
    assert main(["--parameter", "Ike=ikev1", file]) == 1


def test_json_has_every_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, LITERALS["ikev1"])
    assert main(["--json", file, str(tmp_path / "nowhere.json")]) == 2
    found = json.loads(capsys.readouterr().out)
    finding = found["findings"][0]
    assert (finding["rule"], finding["severity"], finding["tunnel"]) == ("VPN_IKE_VERSION_2_ONLY", "error", 2)
    assert finding["path"] == "Properties.VpnTunnelOptionsSpecifications.1.IKEVersions"
    assert (finding["resource"], finding["type"]) == ("Judged", "AWS::EC2::VPNConnection")
    assert all(finding[part] for part in ("why", "remedy", "source", "message", "template"))
    assert found["errors"] == [f"{tmp_path}/nowhere.json: No such file or directory"]


def test_sarif_is_what_code_scanning_takes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vpn.json"
    file.write_text(json.dumps(LITERALS["ikev1"].body, indent=2), encoding="utf-8")
    assert main(["--sarif", str(file)]) == 1
    log = json.loads(capsys.readouterr().out)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    result = run["results"][0]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "VPN_IKE_VERSION_2_ONLY"
    assert result["level"] == "error"
    (location,) = result["locations"]
    assert location["physicalLocation"]["region"]["startLine"] == 3
    assert location["logicalLocations"][0]["fullyQualifiedName"].startswith("Resources.Judged.Properties.")


def test_the_level_that_fails_a_run_can_be_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, LITERALS["CBC"])
    assert [main([file]), main(["--fail-on", "warning", file]), main(["--fail-on", "note", file])] == [0, 1, 1]
    assert "warning VPN_AUTHENTICATED_ENCRYPTION" in capsys.readouterr().out


def test_rules_of_others_are_named_and_fail_a_run_only_on_a_vpn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, Case({"Type": "AWS::S3::Bucket"}))
    assert main(["--pack", "AwsSolutions", file]) == 0
    assert f"{file}: Judged: error AwsSolutions-S1 [cdk-nag AwsSolutions]: " in capsys.readouterr().out


def test_a_template_with_loops_is_given_to_the_packs(tmp_path: Path) -> None:
    loop = {"Fn::ForEach::Buckets": ["Name", ["a", "b"], {"Bucket${Name}": {"Type": "AWS::S3::Bucket"}}]}
    file = tmp_path / "loop.json"
    file.write_text(json.dumps({"Transform": "AWS::LanguageExtensions", "Resources": loop}), encoding="utf-8")
    found = check_templates([file], rule_packs=["AwsSolutions"])
    assert {one.resource for one in found} == {"Bucketa", "Bucketb"}


def test_control_characters_do_not_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "vpn.json"
    file.write_text(json.dumps({"Resources": {"V\x1b[31m\u202e": vpn(tunnels=1)}}), encoding="utf-8")
    for form in ([], ["--json"], ["--sarif"]):
        assert main([*form, str(file)]) == 1
        output = capsys.readouterr()
        assert not {"\x1b", "\u202e"} & set(output.out + output.err)
    assert main([str(tmp_path / "\x1b[31m")]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_the_command_in_a_process_of_its_own_prints_no_warning(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "cdk_aws_vpn.policy",
        str(tmp_path / "nowhere.json"),
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["constructs", "."])}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        f"error: {tmp_path}/nowhere.json: No such file or directory",
        "0 errors, 0 warnings, 0 notes in 0 templates",
    ]


def test_help_states_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {code}  " in shown for code in (0, 1, 2))


@pytest.mark.parametrize("arguments", [["--parameter", "x", "a.json"], ["--pack", "PCI", "a.json"], []], ids=str)
def test_a_wrong_option_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main(arguments)
    assert done.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("text", ["", "just words", "[]", "Resources: [", '{"Resources": 1}'])
def test_a_file_that_is_no_template_is_refused_by_name(text: str, tmp_path: Path) -> None:
    file = tmp_path / "file.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(VpnConfigurationError, match=r"template '.*file\.yaml' .*in JSON or YAML"):
        check_template(file)

"""The synthesized templates as files: they contain no secret, and cfn-lint has no objections."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cdk_aws_vpn import check_pre_shared_key
from cdk_aws_vpn.policy.rules import check_templates
from tests.stacks.scenes import SCENARIOS, Scene, new_app

KEY_MATERIAL = re.compile(r"-----BEGIN [A-Z ]*(PRIVATE KEY|CERTIFICATE)-----|AKIA[0-9A-Z]{16}|aws_secret_access_key")
ASSIGNMENT = re.compile(r"""(?i)\b(psk|pre_?shared_?key|secret|password)\b["'\s]*[:=]\s*["']([^"']*)["']""")
CFN_LINT = str(Path(sys.executable).with_name("cfn-lint"))
CANARY = "Canary.Key_4711.Canary"


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cloud assembly of all scenarios."""
    folder = tmp_path_factory.mktemp("assembly")
    app = new_app(outdir=str(folder))
    for scenario in SCENARIOS.values():
        scenario(app)
    app.synth()
    return folder


def secrets_in(text: str) -> list[str]:
    """Everything in a text that looks like a key: as a property, in user-data, or in PEM."""
    found = [match.group(0) for match in KEY_MATERIAL.finditer(text)]
    for match in ASSIGNMENT.finditer(text.replace('\\"', '"')):
        value = match.group(2)
        if re.fullmatch(r"[A-Za-z0-9._+/=-]{8,}", value) and not value.startswith(("arn:", "$")):
            found.append(match.group(0))
    return found


def texts(folder: Path) -> dict[str, str]:
    """Every file of the assembly that is text."""
    files = [file for file in folder.rglob("*") if file.is_file() and file.suffix in {".json", ".py", ""}]
    return {str(file.relative_to(folder)): file.read_text(encoding="utf-8", errors="replace") for file in files}


def test_no_file_of_the_assembly_holds_a_key(assembly: Path) -> None:
    searched = texts(assembly)
    assert len([name for name in searched if name.endswith(".template.json")]) == len(SCENARIOS)
    assert {name: secrets_in(text) for name, text in searched.items() if secrets_in(text)} == {}


@pytest.mark.parametrize(
    "plant",
    [
        lambda template: template["Resources"].update(Planted={"Properties": {"PreSharedKey": CANARY}}),
        lambda template: template["Outputs"].update(Planted={"Value": f'psk = "{CANARY}"'}),
        lambda template: template.update(Description=f"password: '{CANARY}'"),
        lambda template: template.update(Description="-----BEGIN EC PRIVATE KEY-----"),
    ],
    ids=["property", "output", "text", "pem"],
)
def test_the_search_finds_a_planted_key(plant, scene: Scene) -> None:  # type: ignore[no-untyped-def]
    assert check_pre_shared_key("canary", CANARY) == CANARY
    template = json.loads(json.dumps(scene.template))
    assert secrets_in(json.dumps(template)) == []
    plant(template)
    assert len(secrets_in(json.dumps(template))) == 1


def test_the_search_finds_a_key_planted_in_user_data(scene: Scene) -> None:
    for device in scene.devices:
        planted = scene.user_data(device).replace("conn tunnel", f": PSK = '{CANARY}'\\nconn tunnel", 1)
        assert secrets_in(scene.user_data(device)) == []
        assert len(secrets_in(planted)) == 1


def test_every_property_of_a_key_is_a_dynamic_reference(scene: Scene) -> None:
    found: list[str] = []

    def walk(node: object) -> None:
        if isinstance(node, dict):
            found.extend(json.dumps(value) for key, value in node.items() if key == "PreSharedKey")
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(scene.template)
    assert found
    assert all("{{resolve:secretsmanager:" in value for value in found)


def test_cfn_lint_has_nothing_to_say(assembly: Path) -> None:
    templates = sorted(str(file) for file in assembly.glob("*.template.json"))
    assert len(templates) == len(SCENARIOS)
    command = [CFN_LINT, *templates]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert (result.returncode, result.stdout) == (0, "")


def test_cfn_lint_would_say_something_of_a_broken_template(assembly: Path, tmp_path: Path) -> None:
    text = (assembly / "ScenarioSingleTunnel.template.json").read_text(encoding="utf-8")
    broken = tmp_path / "broken.template.json"
    broken.write_text(text.replace('"AmazonSideAsn"', '"AmazonSideASN"'), encoding="utf-8")
    command = [CFN_LINT, str(broken)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=180)
    assert result.returncode != 0
    assert "AmazonSideASN" in result.stdout


def test_the_policy_reads_templates_that_the_cdk_wrote(assembly: Path, tmp_path: Path) -> None:
    scenario = assembly / "ScenarioDualCgwBgp.template.json"
    weakened = json.loads(scenario.read_text(encoding="utf-8"))
    connection = next(one for one in weakened["Resources"].values() if one["Type"] == "AWS::EC2::VPNConnection")
    connection["Properties"]["VpnTunnelOptionsSpecifications"][0]["IKEVersions"] = [{"Value": "ikev1"}]
    broken = tmp_path / "weakened.json"
    broken.write_text(json.dumps(weakened), encoding="utf-8")
    findings = check_templates([scenario, broken])
    assert {(finding.template, finding.rule) for finding in findings} == {(broken, "VPN_IKE_VERSION_2_ONLY")}

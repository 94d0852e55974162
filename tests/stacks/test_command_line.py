"""The application as a user runs it: with the CDK CLI, without credentials, with and without mistakes."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.stacks.scenes import SCENARIOS

ROOT = Path(__file__).parents[2]
CDK = ROOT / "node_modules" / ".bin" / "cdk"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No credentials, no home folder and no network: every proxy is a closed port.

    ``CI`` is also unset, because it makes the CLI write its messages to standard output.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_")) and name != "CI"}
    cache = Path.home() / ".cache" / "aws" / "jsii" / "package-cache"
    closed = "http://127.0.0.1:9"
    return {
        **kept,
        "PATH": f"{ROOT / '.venv' / 'bin'}:{kept['PATH']}",
        "HOME": str(tmp_path),
        "JSII_NODE": str(ROOT / ".venv" / "bin" / "node"),
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": kept.get("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(cache)),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        "HTTP_PROXY": closed,
        "HTTPS_PROXY": closed,
        "http_proxy": closed,
        "https_proxy": closed,
    }


def cdk(environment: dict[str, str], outdir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(CDK), *arguments, "--output", str(outdir), "--no-notices"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=180)


def app(environment: dict[str, str], outdir: Path, **context: str) -> subprocess.CompletedProcess[str]:
    """Run app.py as the CLI does, which takes half the time of the CLI itself."""
    variables = {**environment, "CDK_OUTDIR": str(outdir), "CDK_CONTEXT_JSON": json.dumps(context)}
    return subprocess.run(
        ["python3", "app.py"], cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=180
    )


def test_cdk_ls_prints_exactly_the_scenarios(environment: dict[str, str], tmp_path: Path) -> None:
    result = cdk(environment, tmp_path / "out", "ls")
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == list(SCENARIOS)


def test_cdk_synth_needs_neither_credentials_nor_a_network(environment: dict[str, str], tmp_path: Path) -> None:
    result = cdk(environment, tmp_path / "out", "synth", "--quiet")
    assert result.returncode == 0, result.stderr
    templates = {file.name.removesuffix(".template.json") for file in (tmp_path / "out").glob("*.template.json")}
    assert templates == set(SCENARIOS)
    assert result.stdout == ""


def test_a_wrong_setting_reaches_the_user_of_the_cli_as_one_message(
    environment: dict[str, str], tmp_path: Path
) -> None:
    result = cdk(environment, tmp_path / "out", "synth", "--quiet", "-c", "idc_cidr=10.60.0.1/16")
    assert result.returncode == 1
    assert result.stderr.count("error: idc_cidr '10.60.0.1/16' is not allowed; ") == 1
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ({"cloud_cidr": "10.60.0.0/16"}, "error: cloud_cidr '10.60.0.0/16' is not allowed; allowed: a network that"),
        ({"device_asn": "mine"}, "error: device_asn 'mine' is not allowed; allowed: a whole number"),
        ({"device_asn": "64512"}, "error: bgp_asn 64512 is not allowed; allowed: an ASN other than"),
        ({"architecture": "arm"}, "error: architecture 'arm' is not allowed; allowed: x86_64 or arm64"),
        ({"cdk-aws-vpn:quotas": "20"}, "error: context cdk-aws-vpn:quotas '20' is not allowed; allowed: a map"),
        ({"cdk-aws-vpn:policy": "1"}, "error: app 'with the policy' is not allowed; allowed: one call per app"),
    ],
    ids=[
        "overlapping-networks",
        "an-asn-in-words",
        "equal-asns",
        "an-unknown-architecture",
        "quotas-that-are-no-map",
        "the-policy",
    ],
)
def test_nonsense_in_the_context_is_answered_in_one_line(
    context: dict[str, str], message: str, environment: dict[str, str], tmp_path: Path
) -> None:
    result = app(environment, tmp_path / "out", **context)
    assert result.returncode == 1
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith(message)
    assert not (tmp_path / "out" / "manifest.json").exists()

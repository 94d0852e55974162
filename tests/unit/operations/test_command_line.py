"""How the operator's commands start, and how they end when something is wrong."""

from __future__ import annotations

import os
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import vpn_ops

ROOT = Path(__file__).parents[3]
CDK = {"aws_cdk", "constructs", "jsii", "cdk_nag", "cdk_aws_vpn"}
MODULES = [
    module.name
    for module in pkgutil.walk_packages(vpn_ops.__path__, "vpn_ops.")
    if not module.name.endswith("__main__")
]


def run(*line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a new interpreter that has no AWS environment except what is given."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment |= {"PYTHONPATH": str(ROOT), "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nowhere"}
    environment |= {"AWS_SHARED_CREDENTIALS_FILE": "/nowhere", **variables}
    return subprocess.run([sys.executable, *line], env=environment, capture_output=True, text=True, check=False)


def vpn_ops_command(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the script as the wheel installs it: it calls this function."""
    return run("-c", "from vpn_ops.__main__ import main; main()", *words, **variables)


def loaded_after(code: str) -> set[str]:
    """Return the top-level packages that a new interpreter has loaded after running code."""
    result = run("-c", f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)")
    assert result.returncode == 0, result.stderr
    return {name.split(".")[0] for name in result.stderr.split()}


def test_the_commands_do_not_load_the_cdk() -> None:
    assert "vpn_ops.client_vpn.commands" in MODULES
    loaded = loaded_after("\n".join(f"import {name}" for name in MODULES))
    assert loaded & CDK == set()
    assert "vpn_ops" in loaded


def test_help_does_not_load_the_aws_sdk() -> None:
    loaded = loaded_after("import vpn_ops.cli\ntry: vpn_ops.cli.app(['--help'])\nexcept SystemExit: pass")
    assert "typer" in loaded
    assert "boto3" not in loaded


def test_help_explains_the_exit_codes() -> None:
    shown = vpn_ops_command("--help")
    assert (shown.returncode, "Exit codes: 0 success; 1 something is wrong" in shown.stdout) == (0, True)


def test_both_names_run_the_same_commands() -> None:
    script, module = vpn_ops_command("--help"), run("-m", "vpn_ops", "--help")
    assert module.stdout.startswith("Usage: vpn-ops [OPTIONS] COMMAND")
    assert (module.returncode, module.stdout) == (script.returncode, script.stdout)


def test_a_missing_package_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise ModuleNotFoundError(name='typer')")
    refused = vpn_ops_command("--help", PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)]))
    assert refused.stderr == "vpn-ops: the Python package 'typer' is missing; run: pip install 'cdk-aws-vpn[ops]'\n"
    assert (refused.returncode, refused.stdout) == (2, "")


@pytest.mark.parametrize(
    ("words", "variables", "line"),
    [
        (["connections"], {}, "error: no Region is configured; set AWS_REGION or use --region"),
        (
            ["connections", "--region", "eu-west-1"],
            {},
            "error: no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        ),
        (
            ["connections", "--region", "eu-west-1"],
            {"AWS_PROFILE": "[red]x[/red]"},
            "error: The config profile ([red]x[/red]) could not be found",
        ),
        (
            ["profile", "alice", "--output", "/nowhere/alice.ovpn"],
            {},
            "error: the folder of /nowhere/alice.ovpn does not exist; create it, or choose another file with --output",
        ),
        (["connections", "--region", "not a region"], {}, "error: Provided region_name 'not a region' doesn't match a"),
        (
            ["profile", "alice", "--output", "~nobody-of-that-name/alice.ovpn"],
            {},
            "error: ~nobody-of-that-name/alice.ovpn cannot be resolved: ",
        ),
        (["profile", "[/x]\x1b[31m"], {}, r"error: user '[/x]\x1b[31m' is not allowed; use 1 to 64 letters"),
    ],
)
def test_a_command_that_cannot_run_is_one_line_and_exit_code_2(
    words: list[str], variables: dict[str, str], line: str
) -> None:
    refused = vpn_ops_command("client-vpn", *words, **variables)
    assert (refused.returncode, refused.stdout) == (2, "")
    (shown,) = refused.stderr.splitlines()
    assert shown.startswith(line)

"""What a platform team does: build the wheel, install it somewhere else, import the constructs, synthesize."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.project.clean_environment import (
    EXAMPLE,
    LEFTOVERS,
    REPOSITORY,
    install,
    new_environment,
    other_python,
    run,
    successful,
)
from vpn_lab.region import Region

PACKAGES = {
    "cdk_aws_vpn": REPOSITORY / "constructs" / "cdk_aws_vpn",
    "cdk_aws_vpn/assets": REPOSITORY / "assets",
    "vpn_model": REPOSITORY / "vpn_model",
    "vpn_ops": REPOSITORY / "vpn_ops",
}
"""Where each folder of the wheel comes from."""
FILES = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md")
FOLDERS = ("constructs", "assets", "vpn_model", "vpn_ops")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was built from it."""
    source = tmp_path_factory.mktemp("source")
    for name in FILES:
        shutil.copy(REPOSITORY / name, source / name)
    for name in FOLDERS:
        shutil.copytree(REPOSITORY / name, source / name, ignore=LEFTOVERS)
    folder = tmp_path_factory.mktemp("dist")
    successful(run(sys.executable, "-m", "build", "--outdir", folder, source, cwd=source))
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def clean_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that contains only the wheel and its requirements."""
    python = new_environment(sys.executable, tmp_path_factory.mktemp("clean") / "venv")
    install(python, "-r", EXAMPLE / "requirements.txt", wheel)
    return python


@pytest.fixture(scope="module")
def without_extra(clean_python: Path) -> subprocess.CompletedProcess[str]:
    """What ``vpn-ops`` answers where the library alone was installed."""
    return run(clean_python.with_name("vpn-ops"), "--help", cwd=clean_python.parent)


@pytest.fixture(scope="module")
def vpn_ops(clean_python: Path, without_extra: subprocess.CompletedProcess[str]) -> Path:
    """The script, in the same environment after what it said was installed."""
    (_, requirement, _) = without_extra.stderr.split("'")[-3:]
    assert requirement == "cdk-aws-vpn[ops]"
    install(clean_python, requirement)
    return clean_python.with_name("vpn-ops")


def synthesize_example(python: Path, folder: Path, **replaced: str) -> subprocess.CompletedProcess[str]:
    """Copy the example to ``folder``, replace values in its stack, and run it."""
    app = folder / "branch"
    shutil.copytree(EXAMPLE, app, ignore=LEFTOVERS)
    stack = app / "branch_office.py"
    for before, after in replaced.items():
        assert f'"{before}"' in stack.read_text()
        stack.write_text(stack.read_text().replace(f'"{before}"', f'"{after}"'))
    return run(python, "app.py", cwd=app, CDK_OUTDIR=str(folder / "cdk.out"))


@pytest.fixture(scope="module")
def template(clean_python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("example")
    successful(synthesize_example(clean_python, folder))
    (found,) = (folder / "cdk.out").glob("*.template.json")
    loaded: dict[str, Any] = json.loads(found.read_text())
    return loaded


def resources(template: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [entry["Properties"] for entry in template["Resources"].values() if entry["Type"] == f"AWS::{kind}"]


def files_below(folder: Path) -> set[str]:
    """The shipped files of a folder, without caches and configuration of tools."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    ignored = {"__pycache__", "ruff.toml"}
    return {path.as_posix() for path in found if not ignored & set(path.parts) and "/." not in f"/{path.as_posix()}"}


def test_the_wheel_carries_every_module_and_every_asset(wheel: Path) -> None:
    packaged = set(zipfile.ZipFile(wheel).namelist())
    expected = {f"{name}/{file}" for name, folder in PACKAGES.items() for file in files_below(folder)}
    assert {
        "cdk_aws_vpn/py.typed",
        "cdk_aws_vpn/assets/policy/vpn.guard",
        "vpn_model/py.typed",
        "vpn_ops/py.typed",
    } <= expected
    assert expected == {name for name in packaged if ".dist-info/" not in name}


def test_the_wheel_carries_no_tests_and_its_license(wheel: Path) -> None:
    packaged = zipfile.ZipFile(wheel).namelist()
    assert not [name for name in packaged if "test" in name.lower()]
    assert any(name.endswith("licenses/LICENSE") for name in packaged)


def test_the_source_archive_has_what_a_build_needs_and_no_tests(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = opened.getnames()
    assert any(name.endswith("/assets/handlers/tunnel_endpoints.py") for name in names)
    assert not [name for name in names if "/tests/" in name]


def test_the_library_is_imported_from_the_clean_environment(clean_python: Path, tmp_path: Path) -> None:
    code = "import cdk_aws_vpn, constructs; print(cdk_aws_vpn.__file__); print(constructs.__file__)"
    result = successful(run(clean_python, "-c", code, cwd=tmp_path))
    for location in result.stdout.split():
        assert Path(location).is_relative_to(clean_python.parents[1])


def test_the_office_gets_a_connection_to_the_gateway_that_exists_already(template: dict[str, Any]) -> None:
    (connection,) = resources(template, "EC2::VPNConnection")
    (customer_gateway,) = resources(template, "EC2::CustomerGateway")
    assert connection["VpnGatewayId"] == "vgw-0123456789abcdef0"
    assert (customer_gateway["IpAddress"], customer_gateway["BgpAsn"]) == ("203.0.113.7", 65010)
    tunnels = connection["VpnTunnelOptionsSpecifications"]
    assert [tunnel["TunnelInsideCidr"] for tunnel in tunnels] == ["169.254.10.0/30", "169.254.11.0/30"]
    assert {algorithm["Value"] for tunnel in tunnels for algorithm in tunnel["Phase1EncryptionAlgorithms"]} == {
        "AES256-GCM-16"
    }
    assert all("{{resolve:secretsmanager:" in json.dumps(tunnel["PreSharedKey"]) for tunnel in tunnels)


def test_nothing_of_the_scenarios_comes_along(template: dict[str, Any]) -> None:
    for kind in ("EC2::Instance", "EC2::VPC", "EC2::Subnet", "EC2::VPNGateway", "EC2::EIP"):
        assert resources(template, kind) == []


def test_one_line_watches_the_connection_and_each_tunnel_and_tells_somebody(template: dict[str, Any]) -> None:
    alarms = resources(template, "CloudWatch::Alarm")
    addresses = [
        one["Value"]["Fn::GetAtt"][1]
        for alarm in alarms
        for one in alarm["Dimensions"]
        if one["Name"] == "TunnelIpAddress"
    ]
    assert addresses == ["Tunnel1OutsideAddress", "Tunnel2OutsideAddress"]
    assert len(alarms) == 4
    assert all("network-on-call" in str(alarm["AlarmActions"]) for alarm in alarms)


def test_the_policy_of_the_wheel_stops_a_weaker_profile(clean_python: Path, tmp_path: Path) -> None:
    result = synthesize_example(clean_python, tmp_path, cnsa="compatibility", start="add")
    assert result.returncode != 0
    report = json.loads((tmp_path / "cdk.out" / "validation-report.json").read_text())
    broken = {violation["ruleName"] for plugin in report["pluginReports"] for violation in plugin["violations"]}
    assert any("ike" in rule.lower() for rule in broken), broken


def test_a_mistake_is_one_error_of_the_library(clean_python: Path, tmp_path: Path) -> None:
    result = synthesize_example(clean_python, tmp_path, **{"169.254.11.0/30": "169.254.2.0/30"})
    assert result.returncode != 0
    last_line = result.stderr.strip().splitlines()[-1]
    assert last_line.startswith("cdk_aws_vpn.errors.AddressingError: ")
    assert "169.254.2.0/30" in last_line


def test_the_library_works_with_another_version_of_python(wheel: Path, tmp_path: Path) -> None:
    found = other_python()
    if found is None:
        pytest.skip("no Python 3.12, 3.13 or 3.14 was found on the path or in pyenv, besides the one that runs this")
    python = new_environment(found, tmp_path / "venv")
    install(python, "-r", EXAMPLE / "requirements.txt", wheel)
    successful(synthesize_example(python, tmp_path))
    assert len(list((tmp_path / "cdk.out").glob("*.template.json"))) == 1


def test_without_the_extra_the_script_says_what_to_install(without_extra: subprocess.CompletedProcess[str]) -> None:
    (line,) = without_extra.stderr.splitlines()
    assert line == "vpn-ops: the Python package 'typer' is missing; run: pip install 'cdk-aws-vpn[ops]'"
    assert (without_extra.returncode, without_extra.stdout) == (2, "")


@pytest.mark.parametrize("words", [["--help"], ["client-vpn", "--help"]])
def test_the_script_shows_its_commands(vpn_ops: Path, tmp_path: Path, words: list[str]) -> None:
    shown = successful(run(vpn_ops, *words, cwd=tmp_path)).stdout
    assert f"Usage: {' '.join(['vpn-ops', *words[:-1]])} [OPTIONS] COMMAND" in shown


@pytest.fixture
def region() -> Iterator[Region]:
    with Region.start() as running:
        yield running


def test_the_script_imports_a_certificate_into_the_region(vpn_ops: Path, region: Region, tmp_path: Path) -> None:
    line = (vpn_ops, "client-vpn", "certificates", "--json", "--folder", tmp_path / "keys")
    answer = json.loads(successful(run(*line, cwd=tmp_path, **region.environment())).stdout)
    (found,) = region.client("acm").list_certificates()["CertificateSummaryList"]
    assert answer["server_certificate_arn"] == found["CertificateArn"]

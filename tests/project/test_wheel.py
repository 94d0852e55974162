"""What a platform team does: build the wheel, install it somewhere else, import the constructs, synthesize."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
SOURCES = ("pyproject.toml", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md", "constructs", "assets", "vpn_model")
EXAMPLE = REPOSITORY / "examples" / "platform_app"
LEFTOVERS = shutil.ignore_patterns("__pycache__", "*.egg-info", "build", "cdk.out", ".venv")


def run(*command: str | Path, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command without this project's environment."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def successful(result: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]
    return result


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that was built from it."""
    source = tmp_path_factory.mktemp("source")
    for name in SOURCES:
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, source / name, ignore=LEFTOVERS)
        else:
            shutil.copy(REPOSITORY / name, source / name)
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
    environment = tmp_path_factory.mktemp("clean") / "venv"
    successful(run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=environment.parent))
    python = environment / "bin" / "python"
    install = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--prefer-binary")
    successful(run(*install, "-r", EXAMPLE / "requirements.txt", wheel, cwd=environment.parent))
    return python


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
    modules = {f"cdk_aws_vpn/{name}" for name in files_below(REPOSITORY / "constructs" / "cdk_aws_vpn")}
    assets = {f"cdk_aws_vpn/assets/{name}" for name in files_below(REPOSITORY / "assets")}
    model = {f"vpn_model/{name}" for name in files_below(REPOSITORY / "vpn_model")}
    known = {"cdk_aws_vpn/py.typed", "cdk_aws_vpn/assets/policy/vpn.guard", "vpn_model/py.typed"}
    assert known <= modules | assets | model
    assert modules | assets | model <= packaged


def test_the_wheel_carries_nothing_but_the_library(wheel: Path) -> None:
    packaged = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in packaged}
    assert tops == {"cdk_aws_vpn", "vpn_model", "cdk_aws_vpn-0.1.0.dist-info"}
    assert not [name for name in packaged if "test" in name.lower() or name.endswith((".pyc", "ruff.toml"))]
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

"""The region as a process: its ports, its processor time, and what it leaves behind."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from vpn_lab.region import Region, RegionError, Settings
from vpn_lab.region.environment import isolated
from vpn_lab.region.process import Process

LISTENING = "0A"
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
COMMAND = [sys.executable, "-m", "vpn_lab.region"]
PROJECT = Path(__file__).parents[2]
PIPES: dict[str, Any] = {
    "stdout": subprocess.PIPE,
    "stderr": subprocess.PIPE,
    "env": {**os.environ, "PYTHONPATH": str(PROJECT)},
}


def listeners(pid: int) -> list[tuple[str, int]]:
    """The addresses on which a process listens, TCP and UDP, from the kernel's own tables."""
    sockets = {str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir() if entry.is_symlink()}
    inodes = {name.removeprefix("socket:[").removesuffix("]") for name in sockets if name.startswith("socket:[")}
    found = []
    for table, state in (("tcp", LISTENING), ("tcp6", LISTENING), ("udp", "07"), ("udp6", "07")):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes and fields[3] == state:
                address, port = fields[1].split(":")
                found.append((address, int(port, 16)))
    return found


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def run(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], check=check, text=True, **PIPES)


def test_it_listens_on_one_loopback_port_and_nowhere_else(region: Region) -> None:
    loopback = socket.inet_aton("127.0.0.1")[::-1].hex().upper()
    assert listeners(region.pid) == [(loopback, region.port)]


def test_an_idle_region_hardly_computes(region: Region) -> None:
    before = processor_seconds(region.pid)
    time.sleep(2)
    assert processor_seconds(region.pid) - before < 0.1


def test_stopping_leaves_no_process_and_no_file() -> None:
    region = Region.start()
    state_dir, pid = region.settings.state_dir, region.pid
    assert state_dir.is_dir()
    region.stop()
    assert not state_dir.exists()
    with pytest.raises(ProcessLookupError):
        os.killpg(pid, 0)


def test_every_file_it_has_open_for_writing_is_in_its_state_directory(region: Region) -> None:
    written = set()
    for entry in Path(f"/proc/{region.pid}/fd").iterdir():
        flags = int(Path(f"/proc/{region.pid}/fdinfo/{entry.name}").read_text().split("flags:")[1].split()[0], 8)
        target = entry.readlink()
        if flags & (os.O_WRONLY | os.O_RDWR) and target.is_absolute() and not str(target).startswith("/dev/"):
            written.add(target)
    assert {one for one in written if not one.is_relative_to(region.settings.state_dir)} == set()


def test_from_a_shell_it_starts_once_tells_its_environment_and_stops(tmp_path: Path) -> None:
    state_dir = tmp_path / "o'neil'; touch marker; [/x]"  # two folders
    place = ("--state-dir", str(state_dir))
    starting = [subprocess.Popen([*COMMAND, "start", "--detach", *place], text=True, **PIPES) for _ in range(2)]
    said = [one.communicate() for one in starting]
    started, late = sorted(range(2), key=lambda number: starting[number].returncode)
    assert [starting[one].returncode for one in (started, late)] == [0, 1]
    assert "a region is already running in" in said[late][1]
    assert f"env --state-dir {shlex.quote(str(state_dir))})" in said[started][0]

    evaluated = subprocess.run(
        ["bash", "-euc", 'eval "$1" && env -0', "bash", run("env", *place).stdout],
        env={**os.environ, "AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "a-real-one"},
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    ).stdout
    exported = dict(line.split("=", 1) for line in evaluated.split("\0") if "=" in line)
    region = Region.find(state_dir)
    assert {**exported, **region.environment()} == exported
    assert {"AWS_PROFILE", "AWS_SESSION_TOKEN"} & exported.keys() == set()
    assert exported["CDK_HOME"] == str(state_dir / "cdk-home")
    assert list(tmp_path.iterdir()) == [state_dir.parent]
    modes = {name: stat.S_IMODE((state_dir / name).stat().st_mode) for name in (".", "keys.json", "lock", "tmp")}
    assert modes == {".": 0o700, "keys.json": 0o600, "lock": 0o600, "tmp": 0o700}

    other = tmp_path / "other"
    other.mkdir(0o700)
    for name in ("running.json", "settings.json", "keys.json"):
        shutil.copy(state_dir / name, other)
    assert "no region runs" in run("stop", "--state-dir", str(other), check=False).stderr
    assert json.loads(run("status", "--json", *place).stdout)["endpoint"] == region.endpoint

    os.kill(region.pid, signal.SIGKILL)
    left = state_dir / "tmp" / "ministack-lambda-left"
    left.mkdir()
    while Process.load(region.settings) and Process.load(region.settings).runs_in(state_dir):  # type: ignore[union-attr]
        time.sleep(0.01)
    assert run("stop", *place, check=False).returncode == 1
    with Region.start(state_dir=state_dir) as again:
        assert not left.exists()
        assert again.environment()["AWS_SECRET_ACCESS_KEY"] == exported["AWS_SECRET_ACCESS_KEY"]
        assert again.environment()["REGION_TOKEN"] == exported["REGION_TOKEN"]
        assert again.client("sts").get_caller_identity()["Account"] == again.settings.account
        run("stop", *place)
    assert run("status", *place, check=False).returncode == 1


def test_a_process_is_known_by_more_than_its_id(region: Region) -> None:
    found = Process.load(region.settings)
    assert found is not None
    state_dir = region.settings.state_dir
    assert found.runs_in(state_dir)
    assert not found.runs_in(state_dir / "other")
    for other in ({"started": found.started + 1}, {"nonce": "0"}, {"pid": os.getpid()}, {"pid": 2**22 + 1}):
        assert not replace(found, **other).runs_in(state_dir)


def test_a_port_that_is_taken_is_refused_with_the_way_out(tmp_path: Path, region: Region) -> None:
    with pytest.raises(RegionError, match=rf"port {region.port} .* choose another"):
        Region.start(state_dir=tmp_path, port=region.port)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"account": "12345"}, "12 digits"),
        ({"account": "١٢٣٤٥٦٧٨٩٠١٢"}, "12 digits"),
        ({"account": "123456789012\n"}, "12 digits"),
        ({"region": "x y"}, "'x y' is not a Region of AWS"),
        ({"region": "us-east-9"}, "not a Region of AWS"),
        ({"port": 70000}, "1-65535"),
        ({"signals": "nobody"}, "region, device"),
    ],
)
def test_settings_that_cannot_be_are_refused(tmp_path: Path, choice: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Settings(tmp_path, **choice)  # type: ignore[arg-type]


def test_a_child_process_can_reach_only_the_region(region: Region) -> None:
    caller = {
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "a-real-one",
        "AWS_ENDPOINT_URL_EC2": "https://ec2.us-east-1.amazonaws.com",
        "CDK_DEFAULT_ACCOUNT": "999999999999",
        "PATH": "/bin",
    }
    environment = isolated(region.environment(), caller)
    assert environment["PATH"] == "/bin"
    assert "AWS_PROFILE" not in environment
    assert "AWS_SESSION_TOKEN" not in environment
    assert {value for name, value in environment.items() if "ENDPOINT_URL" in name and value.startswith("http")} == {
        region.endpoint
    }
    assert not Path(environment["AWS_SHARED_CREDENTIALS_FILE"]).exists()
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"


def test_a_reset_empties_the_account_and_publishes_the_images_again(tmp_path: Path) -> None:
    with Region.start(state_dir=tmp_path / "state") as region:
        region.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")
        region.client("secretsmanager").create_secret(Name="s", SecretString="v")
        region.reset()
        assert region.client("ec2").describe_vpcs()["Vpcs"] == []
        assert region.client("secretsmanager").list_secrets()["SecretList"] == []
        parameter = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64"
        image = region.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"]
        assert region.client("ec2").describe_images(ImageIds=[image])["Images"][0]["Architecture"] == "arm64"

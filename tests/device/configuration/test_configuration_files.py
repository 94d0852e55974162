"""Every file of every scenario's device, checked by the program that will read it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cdk_aws_vpn.connection.security_profile import PROFILES
from cdk_aws_vpn.device.configuration import DeviceConfig, render_files
from tests.device.conftest import DEVICE
from tests.device.shapes import SHAPES

CASES = [(shape, profile) for shape in SHAPES for profile in PROFILES]


def only(*words: str) -> pytest.MarkDecorator:
    """Run a test for the scenarios whose names have one of the words."""
    chosen = [case for case in CASES if any(word in case[0] for word in words)]
    return pytest.mark.parametrize("device", chosen, ids="-".join, indirect=True)


@pytest.fixture(params=CASES, ids="-".join)
def device(request: pytest.FixtureRequest) -> DeviceConfig:
    shape, profile = request.param
    return SHAPES[shape](profile)


@pytest.fixture
def folder(device: DeviceConfig, tmp_path: Path) -> Path:
    """The device's files by their names, as they lie on the device."""
    for path, text in render_files(device).items():
        (tmp_path / Path(path).name).write_text(text.replace("@UPLINK@", uplink()))
    return tmp_path


def uplink() -> str:
    """An interface of this machine other than loopback: keepalived looks it up even when it only checks its file."""
    names = sorted(path.name for path in Path("/sys/class/net").iterdir() if path.name != "lo")
    assert names, "this machine has no network interface but loopback; keepalived's check needs one"
    return names[0]


def broken(path: Path, old: str, new: str) -> Path:
    """A copy of a file with one mistake, to show that the check would have found it."""
    text = path.read_text()
    assert old in text
    copy = path.with_name(f"broken-{path.name}")
    copy.write_text(text.replace(old, new))
    return copy


def in_network_namespace(program: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program that must be root of a network, in a network of its own."""
    own = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    able = subprocess.run([*own, "true"], capture_output=True, text=True, check=False)
    assert able.returncode == 0, (
        f"nft needs a network namespace of its own (CAP_SYS_ADMIN, or unprivileged user namespaces): {able.stderr}"
    )
    command = [*own, program, *arguments]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def test_libreswan_reads_ipsec_conf(run: Any, folder: Path) -> None:
    checked = run("addconn", "--checkconfig", "--config", folder / "ipsec.conf")
    assert (checked.returncode, checked.stdout) == (0, "")
    wrong = broken(folder / "ipsec.conf", "mobike=no", "mobike=perhaps")
    assert run("addconn", "--checkconfig", "--config", wrong).returncode != 0


def test_libreswan_accepts_the_proposals_in_ipsec_conf(run: Any, folder: Path) -> None:
    proposals = re.findall(r"^\t((?:ike|esp)=.*)$", (folder / "ipsec.conf").read_text(), re.MULTILINE)
    assert len(proposals) >= 2
    assert run("algparse", "-v2", "-pfs=yes", *proposals).returncode == 0


def test_a_device_has_the_files_of_its_scenario_and_no_others(folder: Path, device: DeviceConfig) -> None:
    assert (folder / "frr.conf").exists() == (folder / "daemons").exists() == (device.bgp is not None)
    assert (folder / "keepalived.conf").exists() == (device.pair is not None)
    assert (folder / "device.json").exists() == (device.code is not None)


@only("bgp")
def test_vtysh_reads_frr_conf(run: Any, folder: Path) -> None:
    (folder / "vtysh.conf").touch()
    checked = run("vtysh", "--config_dir", folder, "-C")
    assert (checked.returncode, checked.stdout) == (0, "")
    shutil.copy(broken(folder / "frr.conf", "maximum-prefix", "maximal-prefix"), folder / "frr.conf")
    assert "Unknown command" in run("vtysh", "--config_dir", folder, "-C").stdout


def lines_refused_by_bgpd(run: Any, path: Path) -> list[str]:
    """Lines that bgpd does not take, whether unknown to it or wrong in what they say."""
    ended = run("bgpd", "-S", "-C", "-f", path)
    assert ended.returncode == 0, ended.stdout
    lines = path.read_text().splitlines()
    return [lines[int(number) - 1].strip() for number in re.findall(r"on config line (\d+)", ended.stdout)]


@only("bgp")
def test_bgpd_applies_every_line_of_frr_conf_that_is_its_own(run: Any, folder: Path, device: DeviceConfig) -> None:
    path = folder / "frr.conf"
    of_zebra = [f"set src {device.private_address}", "ip protocol bgp route-map PRIVATE-SOURCE"]
    assert lines_refused_by_bgpd(run, path) == of_zebra
    wrong = broken(path, "neighbor AWS maximum-prefix", "neighbor NOBODY maximum-prefix")
    assert lines_refused_by_bgpd(run, wrong) == [*of_zebra, "neighbor NOBODY maximum-prefix 100"]


@only("cluster", "dual-static", "dual-bgp")
def test_keepalived_reads_keepalived_conf(run: Any, folder: Path) -> None:
    path = folder / "keepalived.conf"
    checked = run("keepalived", "--config-test", "--use-file", path)
    assert (checked.returncode, checked.stdout) == (0, "")
    wrong = broken(path, "virtual_router_id 60", "virtual_router_id 600")
    assert run("keepalived", "--config-test", "--use-file", wrong).returncode != 0


def test_nft_reads_the_firewall(programs: Path, folder: Path) -> None:
    checked = in_network_namespace(programs / "nft", "--check", "--file", folder / "firewall.nft")
    assert (checked.returncode, checked.stdout) == (0, "")
    wrong = broken(folder / "firewall.nft", "maxseg size", "maxseg length")
    assert in_network_namespace(programs / "nft", "--check", "--file", wrong).returncode != 0


def test_the_shell_scripts_are_clean(run: Any, folder: Path) -> None:
    checked = run("shellcheck", "--shell=bash", folder / "tunnels")
    assert (checked.returncode, checked.stdout) == (0, "")
    wrong = broken(folder / "tunnels", '"$link"', "$link")
    assert run("shellcheck", "--shell=bash", "--enable=all", wrong).returncode != 0


UNITS = {"cgw.conf": "ipsec.service.d/cgw.conf", "cgw-firewall.service": "cgw-firewall.service"}


def verified(programs: Path, units: Path) -> str:
    """What systemd says of a folder of units, with every program they run being there."""
    for path in units.rglob("*.*"):
        if path.is_file():
            path.write_text(re.sub(r"^(Exec\w+=)\S+", r"\1/bin/true", path.read_text(), flags=re.MULTILINE))
    names = sorted(path.name for path in units.glob("*.service"))
    return subprocess.run(
        [programs / "systemd-analyze", "verify", "--man=no", *names],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{units}:{programs.parent / 'usr/lib/systemd/system'}"},
    ).stdout


def test_systemd_reads_the_units_and_the_drop_in(programs: Path, folder: Path) -> None:
    units = folder / "units"
    (units / "ipsec.service.d").mkdir(parents=True)
    for name, place in UNITS.items():
        shutil.copy(folder / name, units / place)
    shutil.copy(DEVICE / "cgw_device" / "cgw-monitor.service", units)
    shutil.copy(programs.parent / "usr/lib/systemd/system/ipsec.service", units)
    assert verified(programs, units) == ""
    drop_in = units / "ipsec.service.d/cgw.conf"
    drop_in.write_text(drop_in.read_text().replace("RestartSec=", "RestartSecs="))
    assert "Unknown key" in verified(programs, units)


def test_sysctl_names_exist_on_linux(folder: Path) -> None:
    for line in (folder / "90-cgw.conf").read_text().splitlines():
        if not line.startswith("#"):
            name = line.split(" = ")[0].replace("conf.*.", "conf.default.")
            assert Path("/proc/sys", name.replace(".", "/")).exists(), name

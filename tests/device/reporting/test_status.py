"""cgw-status, for a person and for a machine."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cgw_device.settings import Settings
from cgw_device.status import as_text, collect, exit_code

from cdk_aws_vpn.device.configuration import render_files
from tests.device.conftest import DEVICE
from tests.device.shapes import SHAPES

TRAFFIC = """\
006 #2: "tunnel1", type=ESP, add_time=1700000000, inBytes=1024, outBytes=2048, maxBytes=2^63B, id='203.0.113.1'
006 #4: "tunnel2", type=ESP, add_time=1700000000, inBytes=0, outBytes=64, maxBytes=2^63B, id='203.0.113.2'
"""
PEERS = {"169.254.11.1": {"state": "Established", "pfxRcd": 1}, "169.254.12.1": {"state": "Established", "pfxRcd": 1}}


class Device:
    """What the programs of a device would say."""

    def __init__(self, folder: Path, shape: str) -> None:
        values = json.loads(render_files(SHAPES[shape]())["/etc/cgw/device.json"])
        self.settings = replace(Settings.of(values), state_folder=folder)
        (folder / "boot").write_text("2026-11-23T18:00:00Z network ok\n2026-11-23T18:00:09Z boot ok\n")
        (folder / "tunnels.json").write_text('{"states": {"1": "alive", "2": "alive"}, "egress": 1}\n')
        (folder / "vrrp").write_text("MASTER\n")
        self.answers = {
            "ipsec trafficstatus": TRAFFIC,
            "vtysh": json.dumps({"peers": PEERS}),
            "systemctl is-active": "active\n",
        }

    def capture(self, command: list[str]) -> str:
        if command[:2] == ["systemctl", "is-active"]:
            return self.answers.get("systemctl is-active", "") * len(command[2:])
        return next((text for start, text in self.answers.items() if " ".join(command).startswith(start)), "")

    def status(self) -> dict[str, Any]:
        return collect(self.settings, self.capture)


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path, "dual-bgp-active")


def test_a_device_where_all_works_is_healthy(device: Device) -> None:
    found = device.status()
    assert found["healthy"]
    assert [(row["established"], row["bytes_in"], row["bytes_out"]) for row in found["tunnels"]] == [
        (True, 1024, 2048),
        (True, 0, 64),
    ]
    assert found["vrrp"] == "MASTER"
    assert set(found["services"]) == {"cgw-firewall", "ipsec", "frr", "cgw-monitor", "keepalived"}


def test_one_tunnel_down_is_not_healthy(device: Device) -> None:
    device.answers["ipsec trafficstatus"] = TRAFFIC.splitlines()[0]
    found = device.status()
    assert not found["healthy"]
    assert [row["established"] for row in found["tunnels"]] == [True, False]


def test_a_tunnel_that_is_established_but_answers_no_probe_is_not_healthy(device: Device) -> None:
    (device.settings.state_folder / "tunnels.json").write_text('{"states": {"1": "dead", "2": "alive"}}')
    assert not device.status()["healthy"]


def test_a_bgp_session_that_is_not_established_is_not_healthy(device: Device) -> None:
    device.answers["vtysh"] = json.dumps({"peers": {**PEERS, "169.254.12.1": {"state": "Connect", "pfxRcd": 0}}})
    assert not device.status()["healthy"]


def test_a_device_that_is_left_alone_is_healthy_but_says_so(device: Device) -> None:
    device.answers["vtysh"] = json.dumps({"peers": {**PEERS, "169.254.255.250": {"state": "Active", "pfxRcd": 0}}})
    found = device.status()
    assert (found["healthy"], exit_code(found)) == (True, 3)
    assert as_text(found).startswith("cgw-active: healthy, but REDUNDANCY IS LOST\n")
    assert "  partner   DOWN, BGP Active\n" in as_text(found)
    device.answers["vtysh"] = json.dumps({"peers": {**PEERS, "169.254.255.250": {"state": "Established"}}})
    assert exit_code(device.status()) == 0


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "IKE SA authentication request rejected by peer: AUTHENTICATION_FAILED",
            "the pre-shared key or the identity differs",
        ),
        (
            "dropping unexpected IKE_SA_INIT message containing NO_PROPOSAL_CHOSEN notification",
            "none of the algorithms",
        ),
        ("STATE_V2_PARENT_I1: 60 second timeout exceeded after 7 retransmits.  No response", "AWS does not answer"),
        ("something else with the secret canary", "no reason yet"),
    ],
)
def test_a_tunnel_that_is_down_says_why_and_shows_no_line_of_the_log(device: Device, said: str, reason: str) -> None:
    device.answers["ipsec trafficstatus"] = TRAFFIC.splitlines()[0]
    device.answers["journalctl"] = f""""tunnel1" #1: No response
"tunnel2" #2: established Child SA; IPsec tunnel
"tunnel2" #5: {said}
"tunnel2" #5: deleting state (STATE_V2_PARENT_I2)
"""
    found = device.status()
    assert reason in found["tunnels"][1]["trouble"]
    assert found["tunnels"][0]["trouble"] is None
    assert reason in as_text(found)
    assert exit_code(found) == 1
    assert "canary" not in json.dumps(found)


def test_a_trouble_that_is_over_is_not_shown(device: Device) -> None:
    device.answers["ipsec trafficstatus"] = TRAFFIC.splitlines()[0]
    device.answers["journalctl"] = '"tunnel2" #1: AUTHENTICATION_FAILED\n"tunnel2" #2: established Child SA\n'
    assert device.status()["tunnels"][1]["trouble"] == "pluto has logged no reason yet"


def test_a_boot_that_failed_is_not_healthy_and_says_where(device: Device) -> None:
    (device.settings.state_folder / "boot").write_text("2026-11-23T18:00:09Z keys failed tunnel 1: no secret\n")
    found = device.status()
    assert not found["healthy"]
    assert "keys failed at 2026-11-23T18:00:09Z tunnel 1: no secret" in as_text(found)


def test_a_device_whose_programs_say_nothing_is_not_healthy_and_not_a_crash(device: Device) -> None:
    device.answers = {"vtysh": "% Can't connect"}
    (device.settings.state_folder / "boot").unlink()
    (device.settings.state_folder / "tunnels.json").write_text("half a fi")
    found = device.status()
    assert not found["healthy"]
    assert "has not run yet" in as_text(found)


def test_in_a_cluster_the_standby_needs_no_tunnels(tmp_path: Path) -> None:
    device = Device(tmp_path, "cluster-standby")
    (tmp_path / "vrrp").write_text("BACKUP\n")
    device.answers["ipsec trafficstatus"] = ""
    found = device.status()
    assert found["healthy"]
    assert "ipsec" not in found["services"]


def test_a_person_sees_each_part_on_a_line(device: Device) -> None:
    text = as_text(device.status())
    assert text.splitlines()[0] == "cgw-active: healthy"
    assert "tunnel 1  established    probe alive, in 1024 B, out 2048 B, carries the traffic" in text
    assert "169.254.11.1   Established, 1 prefixes" in text


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip as a deployment makes it."""
    path = tmp_path_factory.mktemp("code") / "device.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for source in sorted(DEVICE.rglob("*")):
            if "__pycache__" not in source.parts and source.is_file():
                archive.write(source, source.relative_to(DEVICE))
    return path


def test_the_zip_runs_as_it_is(archive: Path) -> None:
    helped = subprocess.run([sys.executable, archive, "status", "--help"], capture_output=True, text=True, check=True)
    assert "cgw-status --json" in helped.stdout
    unit = subprocess.run([sys.executable, archive, "unit"], capture_output=True, text=True, check=True)
    assert unit.stdout == (DEVICE / "cgw_device" / "cgw-monitor.service").read_text()


def test_the_programs_are_python_3_9() -> None:
    for path in DEVICE.rglob("*.py"):
        compile(path.read_text(), str(path), "exec", dont_inherit=True)
        __import__("ast").parse(path.read_text(), feature_version=(3, 9))


def test_the_programs_use_the_standard_library_only() -> None:
    for path in DEVICE.rglob("*.py"):
        for line in path.read_text().splitlines():
            if line.startswith(("import ", "from ")):
                assert line.split()[1].split(".")[0] in {*sys.stdlib_module_names, "cgw_device"}, line

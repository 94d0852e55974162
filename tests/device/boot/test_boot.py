"""What the device does when it boots, run for real with everything around it played by stubs."""

from __future__ import annotations

import json

import pytest

from cdk_aws_vpn.device.configuration import render_files
from tests.device.boot.machine import Boot, Machine, script
from tests.device.shapes import SHAPES


def signal_of(boot: Boot) -> dict[str, str]:
    assert len(boot.signals) == 1
    sent: dict[str, str] = json.loads(boot.signals[0].split(" -d ")[1].rsplit(" ", 1)[0])
    return sent


@pytest.mark.parametrize("shape", SHAPES)
def test_a_first_boot_writes_every_file_and_tells_cloudformation(machine: Machine, shape: str) -> None:
    boot = machine.boot(script(shape))
    assert boot.exit_code == 0, boot.output
    assert boot.steps[-1] == "boot ok"
    assert all(step.endswith(" ok") for step in boot.steps)
    assert signal_of(boot) == {
        "Status": "SUCCESS",
        "Reason": "the device is up",
        "UniqueId": SHAPES[shape]().name,
        "Data": "",
    }
    for path, text in render_files(SHAPES[shape]()).items():
        assert (machine.root / path.lstrip("/")).read_text() == text.replace("@UPLINK@", "ens5")


def test_the_network_interface_is_found_and_not_assumed(machine: Machine) -> None:
    stub = machine.root / "stubs/ip"
    stub.write_text(stub.read_text().replace("ens5", "eth0"))
    assert machine.boot(script()).exit_code == 0
    assert "interface eth0\n" in (machine.root / "etc/keepalived/keepalived.conf").read_text()


def test_a_second_boot_changes_nothing_and_restarts_nothing(machine: Machine) -> None:
    first = machine.boot(script())
    assert "restart ipsec" in first.services
    before = {path: path.stat().st_mtime_ns for path in (machine.root / "etc").rglob("*") if path.is_file()}
    second = machine.boot(script())
    assert second.exit_code == 0, second.output
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert [call for call in second.services if call.startswith("restart")] == []
    assert "start ipsec" in second.services
    assert not any(call.startswith("dnf") for call in second.calls)


def test_a_changed_configuration_restarts_only_what_it_concerns(machine: Machine) -> None:
    machine.boot(script())
    changed = script().replace("replay-window=1024", "replay-window=2048")
    boot = machine.boot(changed)
    assert [call for call in boot.services if call.startswith("restart")] == ["restart ipsec"]


def test_a_mirror_that_fails_twice_is_asked_a_third_time(machine: Machine) -> None:
    machine.fail("packages", times=2)
    boot = machine.boot(script("dual-tunnel"))
    assert boot.exit_code == 0, boot.output
    assert sum(call.startswith("dnf") for call in boot.calls) == 3
    assert [call for call in boot.calls if call.startswith("sleep")] == ["sleep 2 ", "sleep 4 "]


def test_a_mirror_that_is_gone_ends_in_a_failure_that_says_so(machine: Machine) -> None:
    machine.fail("packages")
    boot = machine.boot(script("dual-tunnel"))
    assert boot.exit_code == 1
    assert boot.steps == ["network ok", "kernel ok", "packages failed no mirror has: libreswan nftables"]
    assert signal_of(boot)["Status"] == "FAILURE"
    assert signal_of(boot)["Reason"] == "step packages failed: no mirror has: libreswan nftables"
    assert sum(call.startswith("dnf") for call in boot.calls) == 8


def test_a_reboot_needs_no_mirror(machine: Machine) -> None:
    machine.boot(script())
    machine.fail("packages")
    assert machine.boot(script()).exit_code == 0


def test_frr_comes_from_the_supplementary_packages_and_only_with_bgp(machine: Machine) -> None:
    installed = [call for call in machine.boot(script("dual-bgp-active")).calls if call.startswith("dnf")]
    assert [call.split()[4:] for call in installed] == [
        ["libreswan", "nftables", "keepalived"],
        ["spal-release"],
        ["frr"],
    ]


def test_a_single_static_tunnel_needs_neither_frr_nor_keepalived(machine: Machine) -> None:
    calls = machine.boot(script("single-tunnel")).calls
    assert [call.split()[4:] for call in calls if call.startswith("dnf")] == [["libreswan", "nftables"]]


def test_late_metadata_and_late_role_credentials_are_waited_for(machine: Machine) -> None:
    machine.fail("metadata", times=5)
    machine.fail("credentials", times=4)
    boot = machine.boot(script())
    assert boot.exit_code == 0, boot.output


def test_an_api_that_is_away_for_a_minute_is_survived(machine: Machine) -> None:
    machine.fail("api", times=6)
    boot = machine.boot(script())
    assert boot.exit_code == 0, boot.output
    pauses = [int(call.split()[1]) for call in boot.calls if call.startswith("sleep")]
    assert sum(pauses) >= 60


@pytest.mark.parametrize("what", ["metadata", "packages", "s3", "api", "credentials"])
def test_whatever_is_away_for_the_first_minute_the_device_comes_up(machine: Machine, what: str) -> None:
    machine.away(what, 60)
    boot = machine.boot(script())
    assert boot.exit_code == 0, boot.output
    assert int((machine.state / "slept").read_text()) >= 60


def test_services_are_enabled_at_once(machine: Machine) -> None:
    calls = [call for call in machine.boot(script()).calls if call.startswith("systemctl")]
    assert [call.split()[1] for call in calls] == ["-q", "restart", "start"]


def test_programs_that_cannot_be_fetched_stop_a_first_boot(machine: Machine) -> None:
    machine.fail("s3")
    boot = machine.boot(script())
    assert boot.exit_code == 1
    assert boot.steps[-1] == "programs failed cannot download the programs"


def test_a_bad_download_does_not_replace_programs_that_work(machine: Machine) -> None:
    machine.boot(script())
    good = (machine.root / "opt/cgw/device.zip").read_bytes()
    (machine.state / "device.zip").write_text("half a file")
    boot = machine.boot(script().replace("key='c0de", "key='beef"))
    assert boot.exit_code == 0, boot.output
    assert "programs kept the programs of an earlier boot" in boot.steps
    assert (machine.root / "opt/cgw/device.zip").read_bytes() == good


def test_programs_with_the_same_name_are_not_fetched_again(machine: Machine) -> None:
    machine.boot(script())
    machine.fail("s3")
    boot = machine.boot(script())
    assert boot.exit_code == 0
    assert not any(call.startswith("aws s3") for call in boot.calls)


def test_a_service_that_does_not_start_is_named(machine: Machine) -> None:
    (machine.state / "broken-service").write_text("frr")
    boot = machine.boot(script())
    assert boot.exit_code == 1
    assert boot.steps[-1] == "services failed frr does not start; see journalctl -u frr"


def test_a_device_without_any_tunnel_is_not_up(machine: Machine) -> None:
    machine.fail("tunnels")
    boot = machine.boot(script())
    assert boot.exit_code == 1
    assert signal_of(boot)["Reason"] == "step tunnels failed: no tunnel came up within 3 minutes"


@pytest.mark.parametrize("shape", ["cluster-active", "cluster-standby"])
def test_in_a_cluster_keepalived_decides_who_runs_ipsec(machine: Machine, shape: str) -> None:
    boot = machine.boot(script(shape))
    assert boot.exit_code == 0, boot.output
    assert "-q disable ipsec" in boot.services
    assert not {"start ipsec", "restart ipsec", "-q enable ipsec"} & set(boot.services)
    assert "restart keepalived" in boot.services


def test_in_a_cluster_new_keys_may_meet_a_monitor_that_stops_ipsec(machine: Machine) -> None:
    """It loses the shared address when its tunnels end for a restart, and the restart is called off."""
    machine.boot(script("cluster-active"))
    (machine.root / "etc/ipsec.d/cgw.secrets").unlink()
    (machine.state / "broken-service").write_text("ipsec")
    boot = machine.boot(script("cluster-active"))
    assert "try-restart ipsec" in boot.services
    assert boot.exit_code == 0, boot.output


def test_an_unforeseen_error_names_its_step(machine: Machine) -> None:
    stub = machine.root / "stubs/mktemp"
    stub.write_text("#!/bin/bash\nexit 1\n")
    boot = machine.boot(script())
    assert boot.exit_code == 1
    assert boot.steps[-1].startswith("files failed")
    assert signal_of(boot)["Status"] == "FAILURE"


def test_a_signal_that_cloudformation_does_not_take_is_no_failure(machine: Machine) -> None:
    machine.fail("signal")
    boot = machine.boot(script())
    assert boot.exit_code == 0
    assert boot.steps[-1] == "boot CloudFormation did not accept the signal"

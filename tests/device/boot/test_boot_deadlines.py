"""A boot that cannot go on says at which step, and says it before CloudFormation stops waiting."""

from __future__ import annotations

import re

import pytest

from tests.device.boot.machine import Machine, script
from tests.device.boot.test_boot import signal_of


def test_a_kernel_without_the_interfaces_of_the_tunnels_has_a_step_of_its_own(machine: Machine) -> None:
    machine.fail("module")
    boot = machine.boot(script("dual-tunnel"))
    assert boot.exit_code == 1
    assert re.fullmatch(
        r"step kernel failed: kernel \S+ has no xfrm_interface: use an image of September 2025 or later",
        signal_of(boot)["Reason"],
    )
    assert boot.steps[0] == "network ok"
    assert len(boot.steps) == 2


def test_a_module_that_is_a_package_of_its_own_is_installed(machine: Machine) -> None:
    machine.fail("module", times=1)
    boot = machine.boot(script("dual-tunnel"))
    assert boot.exit_code == 0, boot.output
    assert boot.steps[:2] == ["network ok", "kernel ok"]
    installed = [call.split()[4:] for call in boot.calls if call.startswith("dnf")]
    assert [one.startswith("kernel-modules-extra-") for (one, *_) in installed] == [True, False]


@pytest.mark.parametrize(("what", "step"), [("lock", "packages"), ("pluto", "tunnels")])
def test_what_never_ends_is_ended_at_the_deadline_of_its_step(machine: Machine, what: str, step: str) -> None:
    machine.fail(what)
    short, found = re.subn(rf"\b{step}:\d+", f"{step}:1", script("dual-tunnel"))
    assert found == 1
    boot = machine.boot(short)
    assert boot.exit_code == 1
    assert boot.steps[-1].startswith(f"{step} failed not done in time; ")
    assert signal_of(boot)["Reason"].startswith(f"step {step} failed: not done in time; ")


def test_every_step_has_a_deadline_and_none_is_later_than_that_of_the_boot(machine: Machine) -> None:
    text = script("dual-bgp-active")
    (line,) = re.findall(r"^for each in (network:.*); do$", text, re.MULTILINE)
    steps = dict(one.split(":") for one in line.split())
    assert list(steps) == ["network", "kernel", "packages", "files", "programs", "keys", "services", "tunnels"]
    machine.fail("lock")
    # as with the shortest time that CloudFormation may be told to wait, long before the step's own deadline
    boot = machine.boot(text.replace("1140", "2"))
    assert signal_of(boot)["Reason"].startswith("step packages failed: not done in time; ")


def test_files_of_an_image_that_enforces_selinux_get_their_labels(machine: Machine) -> None:
    """Debian has no restorecon in /usr/sbin, so the test's own is put into its place."""
    stub = machine.root / "stubs/restorecon"
    stub.write_text('#!/bin/bash\necho "restorecon $*" >>"' + str(machine.state) + '/calls"\n')
    stub.chmod(0o755)
    text = script("dual-bgp-active").replace("/usr/sbin/restorecon", str(stub))
    labelled = [call.split()[1] for call in machine.boot(text).calls if call.startswith("restorecon")]
    assert {"/etc/ipsec.d/cgw.secrets", "/opt/cgw/tunnels", "/etc/frr/frr.conf"} <= set(labelled)
    assert not [call for call in machine.boot(text).calls if call.startswith("restorecon")], "nothing has changed"


def test_only_the_files_of_the_device_change_their_owner(machine: Machine) -> None:
    boot = machine.boot(script("dual-bgp-active"))
    owned = [call.split()[1:] for call in boot.calls if call.startswith("chown")]
    assert owned == [["frr:frr", "/etc/frr/daemons", "/etc/frr/frr.conf"]]


@pytest.mark.parametrize("shape", ["cluster-active", "cluster-standby"])
def test_a_cluster_is_up_with_a_tunnel_on_its_master_only(machine: Machine, shape: str) -> None:
    machine.fail("tunnels")
    boot = machine.boot(script(shape))
    assert signal_of(boot)["Reason"] == "step tunnels failed: no tunnel came up within 3 minutes"
    # the monitor runs, and the other device is the master and still is after 5 s; keepalived may have said nothing
    (machine.root / "run/cgw/tunnels.json").write_text("{}")
    assert machine.boot(script(shape)).exit_code == 0
    (machine.root / "run/cgw/vrrp").write_text("BACKUP\n")
    assert machine.boot(script(shape)).exit_code == 0
    # keepalived begins as backup, and becomes master when it hears nobody
    promoted = script(shape).replace("\t\tsleep 5\n", "\t\tsleep 5; echo MASTER >/run/cgw/vrrp\n")
    assert promoted != script(shape)
    assert machine.boot(promoted).exit_code == 1

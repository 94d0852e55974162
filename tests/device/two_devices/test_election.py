"""Two real keepaliveds with the rendered configurations, on the two ends of a wire."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cgw_device.keepalived import Keepalived

from cdk_aws_vpn.device.configuration import render_files
from tests.device.shapes import SHAPES

ADDRESSES = {"active": "10.60.0.100", "standby": "10.60.2.100"}

# one network namespace for each device; the first line it prints means that both can be started
NETWORK = """\
set -e
mount -t tmpfs tmpfs /run
ip netns add active
ip netns add standby
ip -n active link add ens5 type veth peer name ens5 netns standby
for pair in "active 10.60.0.100 10.60.2.100" "standby 10.60.2.100 10.60.0.100"; do
    set -- $pair
    ip -n "$1" link set lo up
    ip -n "$1" address add "$2/32" dev ens5
    ip -n "$1" link set ens5 up
    ip -n "$1" route add "$3/32" dev ens5
done
echo ready
while read -r role; do
    setsid ip netns exec "$role" keepalived --dont-fork --log-console --pid "$PLACE/$role/pid" \
        --vrrp_pid "$PLACE/$role/vrrp-pid" --use-file "$PLACE/$role/keepalived.conf" >"$PLACE/$role/log" 2>&1 &
done
"""


def until(what: str, done: Callable[[], bool], seconds: float = 15.0) -> float:
    """Wait for a condition and return how long it took."""
    start = time.monotonic()
    while not done():
        assert time.monotonic() - start < seconds, f"not within {seconds} s: {what}"
        time.sleep(0.02)
    return time.monotonic() - start


class Election:
    """The two devices."""

    def __init__(self, place: Path, network: subprocess.Popen[str]) -> None:
        self._place = place
        self._network = network
        self._roles: dict[str, list[str]] = {role: [] for role in ADDRESSES}
        self._pipes = {role: Keepalived(place / role) for role in ADDRESSES}
        for ear in self._pipes.values():
            ear.renew()

    def start(self, role: str) -> None:
        assert self._network.stdin is not None
        self._network.stdin.write(f"{role}\n")
        self._network.stdin.flush()
        until(f"{role} runs", lambda: self.states(role) != [])

    def states(self, role: str) -> list[str]:
        self._pipes[role].renew()
        if self._pipes[role].receive():
            self._roles[role].append(self._pipes[role].role)
        return self._roles[role]

    def becomes(self, role: str, state: str) -> float:
        return until(f"{role} is {state}; it was {self.states(role)}", lambda: self.states(role)[-1:] == [state])

    def tunnels(self, role: str, *, dead: bool) -> None:
        (self._place / role / "tunnels-dead").write_text(f"{int(dead)}\n")

    def deaf(self, role: str, *, pipe_is_gone: bool = False) -> None:
        """Restart a monitor; with ``pipe_is_gone``, as after a reboot."""
        self._pipes[role].close()
        if pipe_is_gone:
            (self._place / role / "keepalived").unlink()
        self._pipes[role] = Keepalived(self._place / role)

    def log(self, role: str) -> str:
        return (self._place / role / "log").read_text()

    def stop(self, role: str) -> None:
        """Let keepalived end as systemd does."""
        path = self._place / role / "pid"
        os.kill(int(path.read_text()), signal.SIGTERM)
        until("it has ended", lambda: not path.exists())

    def close(self) -> None:
        for ear in self._pipes.values():
            ear.close()

    def power_off(self, role: str) -> None:
        """End keepalived without a word, as a power cut does."""
        for name in ("pid", "vrrp-pid"):
            path = self._place / role / name
            if path.exists():
                os.kill(int(path.read_text()), signal.SIGKILL)
                path.unlink()


@pytest.fixture
def election(tmp_path: Path, programs: Path) -> Iterator[Election]:
    for role, address in ADDRESSES.items():
        folder = tmp_path / role
        folder.mkdir()
        text = render_files(SHAPES[f"dual-bgp-{role}"]())["/etc/keepalived/keepalived.conf"]
        assert f"unicast_src_ip {address}\n" in text
        for old, new in {
            "@UPLINK@": "ens5",
            "/run/cgw/tunnels-dead": str(folder / "tunnels-dead"),
            "/run/cgw/keepalived": str(folder / "keepalived"),
        }.items():
            assert old in text
            text = text.replace(old, new)
        (folder / "keepalived.conf").write_text(text)
    own = ["unshare", "--mount", "--net"] + ["--map-root-user"] * (os.geteuid() != 0)
    network = subprocess.Popen(
        [*own, "bash", "-c", NETWORK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"PATH": f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin", "PLACE": str(tmp_path)},
    )
    assert network.stdout is not None
    first = network.stdout.readline()
    assert first == "ready\n", f"two network namespaces and a veth pair are needed (CAP_NET_ADMIN): {first}"
    devices = Election(tmp_path, network)
    yield devices
    for role in ADDRESSES:
        devices.power_off(role)
    network.communicate(timeout=10)
    devices.close()


def both_started(election: Election) -> None:
    election.start("active")
    election.becomes("active", "MASTER")
    election.start("standby")
    election.becomes("standby", "BACKUP")


def test_the_standby_takes_over_within_two_seconds_when_the_active_device_dies(election: Election) -> None:
    both_started(election)
    election.power_off("active")
    took = election.becomes("standby", "MASTER")
    print(f"takeover after a power cut: {took:.2f} s")
    assert took < 2.0


def test_the_standby_takes_over_when_the_active_device_has_lost_its_tunnels(election: Election) -> None:
    both_started(election)
    election.tunnels("active", dead=True)
    election.becomes("active", "FAULT")
    took = election.becomes("standby", "MASTER")
    print(f"takeover after dead tunnels: {took:.2f} s")
    assert took < 2.0


def test_a_device_that_recovers_does_not_take_the_traffic_back(election: Election) -> None:
    both_started(election)
    election.tunnels("active", dead=True)
    election.becomes("standby", "MASTER")
    election.tunnels("active", dead=False)
    election.becomes("active", "BACKUP")
    # it must stay so: wait for longer than an election takes, and see that there was none
    watched = time.monotonic()
    until("three elections could have been held", lambda: time.monotonic() - watched > 4.0)
    assert election.states("active")[-1] == "BACKUP"
    assert election.states("standby")[-1] == "MASTER"


def test_the_recovered_device_is_there_when_the_other_dies(election: Election) -> None:
    both_started(election)
    election.tunnels("active", dead=True)
    election.becomes("standby", "MASTER")
    election.tunnels("active", dead=False)
    election.becomes("active", "BACKUP")
    election.power_off("standby")
    assert election.becomes("active", "MASTER") < 2.0


def test_what_keepalived_sends_while_nothing_reads_is_received_afterwards(election: Election) -> None:
    both_started(election)
    election.deaf("standby")
    election.power_off("active")
    until("an election was held", lambda: "MASTER STATE" in election.log("standby"))
    assert election.becomes("standby", "MASTER") < 1.0


def test_a_pipe_that_keepalived_has_made_and_removed_is_found_again(election: Election) -> None:
    election.deaf("active", pipe_is_gone=True)
    election.start("active")
    election.becomes("active", "MASTER")
    election.stop("active")
    election.becomes("active", "STOP")
    election.start("active")
    election.becomes("active", "MASTER")

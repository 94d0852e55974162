"""Parts of the demonstration and of the commands that need no machine."""

from __future__ import annotations

import socket
import threading

import pytest

from vpn_lab.demo import failover, traffic
from vpn_lab.network.guest.shell import Shell
from vpn_lab.network.machine import host_requirements

CIDRS = ["10.60.0.0/16", "10.50.0.0/16"]
TUNNEL = {"established": True, "bgp": None}
SESSION = {"established": True, "bgp": "Established"}
DOWN = {"established": False, "bgp": None}
ENOUGH_SECONDS = 10


@pytest.mark.parametrize(
    ("line", "private"),
    [
        (
            "12:00:00.1 v1 In  IP 203.0.113.1.4500 > 198.51.100.1.4500: UDP-encap: ESP(spi=0x1,seq=0x1), length 120",
            False,
        ),
        ("12:00:00.1 v1 In  IP 10.60.1.100 > 10.50.1.100: ICMP echo request, id 1, seq 1, length 64", True),
        ("12:00:00.1 v1 In  IP 203.0.113.1.51514 > 10.50.1.100.5201: Flags [S], seq 1", True),
        ("12:00:00.1 v1 In  IP6 2001:db8::1.4500 > 2001:db8::2.4500: UDP-encap: ESP(spi=0x1,seq=0x1)", False),
        ("tcpdump: listening on any", False),
    ],
)
def test_private_addresses_are_found_in_a_capture(line: str, private: bool) -> None:
    assert traffic.is_private(line, CIDRS) is private
    assert traffic.is_nat_t(line) is ("UDP-encap" in line)


@pytest.mark.parametrize(
    ("tunnels", "expected"),
    [
        ([TUNNEL, DOWN], failover.ALONE),
        ([TUNNEL, TUNNEL], failover.STATIC),
        ([SESSION, SESSION, DOWN], failover.BGP),
        ([SESSION, DOWN], failover.ALONE),
    ],
)
def test_what_a_dead_path_may_cost_follows_from_what_is_established(
    tunnels: list[dict[str, object]], expected: failover.Expectation
) -> None:
    assert failover.expectation({str(number): one for number, one in enumerate(tunnels)}) == expected


@pytest.mark.parametrize(
    ("missing", "remedy"),
    [("apt-get", "of Debian or Ubuntu; use one of them"), ("mke2fs", "apt-get install e2fsprogs")],
)
def test_a_computer_without_the_programs_is_told_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, missing: str, remedy: str
) -> None:
    monkeypatch.setattr("shutil.which", lambda program, **_: None if program == missing else program)
    found = str(host_requirements.obstacle())
    assert found.startswith(f"{missing} missing")
    assert remedy in found
    assert "\n" not in found


def test_a_computer_with_them_has_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda program, **_: program)
    assert host_requirements.obstacle() is None


def talk(command: list[str], typed: bytes, after: bytes = b"") -> bytes:
    """Type something into a shell once it has said something; return all that it said until it ended."""
    near, far = socket.socketpair()
    shell = Shell(command, 24, 80, "dumb")

    def attend() -> None:
        with far:
            shell.attend(far)

    thread = threading.Thread(target=attend)
    thread.start()
    near.settimeout(ENOUGH_SECONDS)
    said = b""
    with near:
        near.sendall(b"\n")
        while after not in said:
            said += near.recv(4096)
        near.sendall(typed)
        said += b"".join(iter(lambda: near.recv(4096), b""))
    thread.join(ENOUGH_SECONDS)
    assert not thread.is_alive()
    return said


def test_a_shell_has_a_terminal_of_the_callers_size() -> None:
    assert b"24 80" in talk(["sh"], b"test -t 0 && stty size; exit\n")


def test_ctrl_c_reaches_what_runs_in_a_shell() -> None:
    script = "trap 'echo still here; exit' INT; echo ready; while :; do sleep 0.1; done"
    said = talk(["sh", "-c", script], b"\x03", after=b"ready")
    assert b"still here" in said

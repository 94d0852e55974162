"""The connection to bgpd, whatever bgpd does; and the probes that do not wait for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cgw_device.vty import Vty

from tests.device.steering.fake_bgpd import OPENING, FakeBgpd

AWS_ADDRESS = "169.254.11.1"


class Line:
    """A connection, the bgpd at its other end, and a clock that stands still."""

    def __init__(self, folder: Path) -> None:
        self.now = 100.0
        self.logged: list[str] = []
        self.bgpd = FakeBgpd(folder / "bgpd.vty", AWS_ADDRESS)
        self.vty = Vty(folder / "bgpd.vty", OPENING, lambda: self.now, self.logged.append)

    def run(self, seconds: float = 0.0) -> None:
        self.now += seconds
        for _ in range(40):
            self.vty.advance()
            self.bgpd.serve()

    def ask(self, command: str) -> list[str]:
        answers: list[str] = []
        self.vty.ask(command, answers.append)
        self.run()
        return answers


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path)
    line.run()
    yield line
    line.vty.close()
    line.bgpd.stop()


def test_the_connection_opens_where_neighbours_are_configured(line: Line) -> None:
    assert line.vty.open
    assert line.bgpd.commands == OPENING


def test_commands_are_answered_one_after_the_other(line: Line) -> None:
    order: list[str] = []
    line.vty.ask(f"neighbor {AWS_ADDRESS} route-map TO-AWS out", lambda _: order.append("first"))
    line.vty.ask("do show running-config", lambda text: order.append(text.splitlines()[0]))
    line.run()
    assert order == ["first", "router bgp 65000"]


def test_an_answer_in_pieces_is_put_together(line: Line) -> None:
    line.bgpd.chunk = 11
    assert line.ask("do show running-config") == line.ask("do show running-config")
    assert line.bgpd.commands.count("do show running-config") == 2


def test_a_refused_command_ends_the_connection_and_another_begins(line: Line) -> None:
    line.bgpd.refuses = "neighbor"
    assert line.ask(f"neighbor {AWS_ADDRESS} route-map TO-AWS out") == []
    assert not line.vty.open
    assert "refused with code 2: % Unknown command" in line.logged[-1]
    line.run(0.6)
    assert line.vty.open
    assert line.vty.epoch == 2


def test_a_bgpd_that_does_not_answer_is_given_up_without_waiting(line: Line) -> None:
    line.bgpd.silent = True
    before = time.monotonic()
    assert line.ask("do show running-config") == []
    line.run(1.9)
    assert line.vty.open
    line.run(0.2)
    assert time.monotonic() - before < 1.0
    assert not line.vty.open
    assert "no answer to 'do show running-config' within 2 s" in line.logged[-1]


def test_a_bgpd_that_comes_back_is_connected_to(line: Line) -> None:
    line.bgpd.stop()
    line.run()
    assert not line.vty.open
    line.run(0.6)
    assert line.vty.trouble.endswith("Connection refused")
    line.bgpd.start()
    line.run(0.6)
    assert line.vty.open
    assert line.vty.trouble == ""


def test_a_bgpd_that_is_away_for_long_is_reported_once(line: Line) -> None:
    line.bgpd.stop()
    for _ in range(20):
        line.run(0.6)
    assert sum("Connection refused" in words for words in line.logged) == 1


def test_it_is_not_asked_more_often_than_twice_a_second(line: Line) -> None:
    line.bgpd.stop()
    line.run()
    line.bgpd.start()
    line.run(0.4)
    assert not line.vty.open


def test_what_is_asked_without_a_connection_is_dropped(line: Line) -> None:
    line.bgpd.stop()
    line.run()
    assert line.ask("do show running-config") == []
    line.bgpd.start()
    line.run(0.6)
    assert "do show running-config" not in line.bgpd.commands


def test_nothing_is_waited_for_while_nothing_is_asked(line: Line) -> None:
    readable, writable = line.vty.sockets()
    assert len(readable) == 1
    assert writable == []

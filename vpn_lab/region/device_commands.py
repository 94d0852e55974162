"""SSM's Run Command for the devices of a network: the region keeps the commands, and the network runs them.

ministack runs commands only in instances of its own. Here a command waits until a network that follows the region has
taken it and reported its outcome. On AWS, a node without an agent is no managed node; here that is every instance
without a role, and every instance while no network runs the devices (``signals="region"``).
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from typing import Any

from vpn_lab.region import ec2, ministack
from vpn_lab.region.settings import Settings

LONGEST_SECONDS = 3600.0
NOT_DELIVERED = (-1, "", "no network has run the command")


@dataclass
class _Command:
    instance_id: str
    words: list[str]
    ended: threading.Event = field(default_factory=threading.Event)
    outcome: tuple[int, str, str] = NOT_DELIVERED


_waiting: dict[str, _Command] = {}
_taken: dict[str, _Command] = {}
_numbers = itertools.count(1)


def install(settings: Settings) -> None:
    """Let SSM accept commands for devices."""

    def managed() -> set[str]:
        if settings.signals != "device":
            return set()
        instances = (one for backend in ec2.all_backends(settings.account) for one in backend.all_instances())
        return {one.id for one in instances if one.state == "running" and one.iam_instance_profile}

    ministack.replace("services.ssm", "_managed_instance_ids", managed)
    ministack.replace("services.ec2", "exec_in_instance_blocking", run)


def run(instance_id: str, words: list[str], *_: Any, **__: Any) -> tuple[int, str, str]:
    """Let the network run a command; return its exit code, its output and its errors."""
    command = _Command(instance_id, words)
    number = str(next(_numbers))
    _waiting[number] = command
    command.ended.wait(LONGEST_SECONDS)
    _waiting.pop(number, None)
    _taken.pop(number, None)
    return command.outcome


def take() -> list[dict[str, Any]]:
    """Return the commands that nobody has taken yet: each is returned once."""
    found = []
    for number in list(_waiting):
        command = _waiting.pop(number, None)
        if command is not None:
            _taken[number] = command
            found.append({"id": number, "instance": command.instance_id, "words": command.words})
    return found


def finish(number: str, code: int, output: str, errors: str) -> bool:
    """Report the outcome of a command; False if nobody waits for it."""
    command = _taken.get(number)
    if command is None:
        return False
    command.outcome = (code, output, errors)
    command.ended.set()
    return True

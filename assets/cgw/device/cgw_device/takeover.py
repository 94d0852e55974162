"""Follows keepalived: the device that becomes master takes the routes to AWS, and in a cluster the shared address."""

from __future__ import annotations

import fcntl
import subprocess
import syslog
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Callable

from cgw_device import state_file
from cgw_device.settings import Pair, Settings

Run = Callable[[list[str]], bool]
MASTER = "MASTER"
LONGEST_PAUSE = 5.0


class Takeover:
    """One change of state. A later change ends an earlier one that still retries."""

    def __init__(self, settings: Settings, pair: Pair, run: Run, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._pair = pair
        self._run = run
        self._sleep = sleep
        self._role_file = settings.state_folder / state_file.ROLE

    def enter(self, state: str) -> bool:
        """Do what a state asks for; return whether it was done before the next change."""
        state_file.write(self._role_file, f"{state}\n")
        with (self._settings.state_folder / "takeover.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if state_file.read(self._role_file) != state:
                return False
            if state == MASTER:
                return self._take()
            return self._release()

    def _take(self) -> bool:
        if not self._until_done(self._calls()):
            return False
        # IKE must leave from the shared address, so pluto starts when that is here
        return not self._settings.is_cluster or self._run(["systemctl", "start", "ipsec"])

    def _release(self) -> bool:
        return not self._settings.is_cluster or self._run(["systemctl", "stop", "ipsec"])

    def _calls(self) -> list[list[str]]:
        pair, aws = self._pair, ["aws", "ec2", "--region", self._settings.region]
        limits = ["--cli-connect-timeout", "2", "--cli-read-timeout", "5"]
        interface = ["--network-interface-id", pair.network_interface_id]
        calls = [
            [*aws, "replace-route", "--route-table-id", table, "--destination-cidr-block", prefix, *interface, *limits]
            for table in pair.route_table_ids
            for prefix in self._settings.remote_prefixes
        ]
        if pair.shared_address_allocation_id and pair.ike_private_address:
            address = ["--allocation-id", pair.shared_address_allocation_id, "--allow-reassociation"]
            private = ["--private-ip-address", pair.ike_private_address]
            calls.append([*aws, "associate-address", *address, *interface, *private, *limits])
        return calls

    def _until_done(self, calls: list[list[str]]) -> bool:
        """Make the calls at once, and those that failed again, for as long as the device is master."""
        pause = 0.5
        while calls:
            with ThreadPoolExecutor(max_workers=4) as pool:
                done = list(pool.map(self._run, calls))
            calls = [call for call, succeeded in zip(calls, done) if not succeeded]
            if calls:
                self._sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
                if state_file.read(self._role_file) != MASTER:
                    return False
        return True


def run(settings: Settings, state: str) -> int:
    """Enter a state and log how it went."""
    if settings.pair is None:
        raise SystemExit("takeover: device.json has no pair; keepalived should not run here")
    syslog.openlog("cgw")
    started = time.monotonic()
    done = Takeover(settings, settings.pair, run_logged).enter(state)
    outcome = "done" if done else "not completed"
    syslog.syslog(f"takeover: {state} {outcome} after {time.monotonic() - started:.1f} s")
    return 0 if done else 1


def run_logged(command: list[str]) -> bool:
    """Run a command, and log what it says when it fails."""
    try:
        ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as error:
        syslog.syslog(f"takeover: {' '.join(command[:4])}: {error}")
        return False
    if ended.returncode:
        syslog.syslog(f"takeover: {' '.join(command[:4])}: {ended.stderr.strip()}")
    return ended.returncode == 0

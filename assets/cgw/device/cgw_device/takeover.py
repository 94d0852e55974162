"""Takes over: the master holds the routes to AWS and, in a cluster, the shared address and the tunnels."""

from __future__ import annotations

import subprocess
import threading
import time
from typing import Callable, Protocol

from cgw_device.aws_api import AwsApi, AwsError
from cgw_device.ec2_answers import address_place, route_interfaces
from cgw_device.keepalived import MASTER
from cgw_device.settings import Pair, Settings

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
# Two devices that could not reach each other were both master. The one that stays master is not notified when that
# ends, and the other one may have moved the routes last. So the master looks at the routes again and again, and moves
# those that do not lead to it. It does not do so with the address: a device without the address has dead tunnels and
# leaves the election.
AGAIN_SECONDS = 60.0
TIMEOUT_SECONDS = 3.0

Run = Callable[[list[str]], bool]
Call = dict[str, str]


class Ec2(Protocol):
    """The part of ``AwsApi`` that is used here."""

    def ec2(self, action: str, **parameters: str) -> str:
        """Make one call and return the answer."""


class Takeover:
    """Follows the role. Each call has a thread of its own, so nothing waits for AWS, nor one call for another.

    A thread ends when the role changes, which its ``Event`` reports.
    """

    def __init__(self, settings: Settings, pair: Pair, api: Ec2, run: Run, log: Callable[[str], None]) -> None:
        self._settings = settings
        self._pair = pair
        self._api = api
        self._run = run
        self._log = log
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._said: set[str] = set()

    def follow(self, role: str, *, known: bool = False) -> None:
        """Do what a role requires, and stop what the previous role required.

        Args:
            role: The role.
            known: Whether the device had this role before, as after a restart of the monitor. What a master must hold
                may be its own already, so it is looked at first. A new master moves everything at once.
        """
        self._over.set()
        self._over = threading.Event()
        if role == MASTER:
            for table in self._pair.route_table_ids:
                self._start(self._hold_routes, self._over, table, known)
        if self._settings.is_cluster and role == MASTER:
            self._start(self._take_address, self._over, known)
        elif self._settings.is_cluster and role:
            self._start(self._stop_ipsec, self._over)

    def _start(self, work: Callable[..., None], *arguments: object) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        return thread

    def _hold_routes(self, over: threading.Event, table: str, known: bool) -> None:
        elsewhere = self._routes_elsewhere(table) if known else list(self._settings.remote_prefixes)
        working: dict[str, threading.Thread] = {}
        while not over.is_set():
            for prefix in elsewhere:
                if prefix not in working or not working[prefix].is_alive():
                    working[prefix] = self._start(self._take_route, over, table, prefix)
            if over.wait(AGAIN_SECONDS):
                return
            elsewhere = self._routes_elsewhere(table)

    def _routes_elsewhere(self, table: str) -> list[str]:
        """The networks behind AWS to which the table's route does not lead through this device."""
        places = route_interfaces(self._look("DescribeRouteTables", {"RouteTableId.1": table}, table))
        own = self._pair.network_interface_id
        return [prefix for prefix in self._settings.remote_prefixes if places.get(prefix) != own]

    def _take_route(self, over: threading.Event, table: str, prefix: str) -> None:
        call = {
            "RouteTableId": table,
            "DestinationCidrBlock": prefix,
            "NetworkInterfaceId": self._pair.network_interface_id,
        }
        self._until_done(over, "ReplaceRoute", call, f"{prefix} in {table}")

    def _take_address(self, over: threading.Event, known: bool) -> None:
        pair = self._pair
        call = {
            "AllocationId": pair.shared_address_allocation_id or "",
            "AllowReassociation": "true",
            "NetworkInterfaceId": pair.network_interface_id,
            "PrivateIpAddress": pair.ike_private_address or "",
        }
        # IKE must use the shared address, so pluto starts once this device has it
        has_it = known and self._has_address()
        if has_it or self._until_done(over, "AssociateAddress", call, call["AllocationId"]):
            self._ipsec(over, "start")

    def _has_address(self) -> bool:
        pair = self._pair
        allocation = pair.shared_address_allocation_id or ""
        place = address_place(self._look("DescribeAddresses", {"AllocationId.1": allocation}, allocation))
        return place == (pair.network_interface_id, pair.ike_private_address)

    def _look(self, action: str, call: Call, what: str) -> str:
        """Make a call that changes nothing. If AWS does not answer it, nothing is known: return an empty answer."""
        try:
            return self._api.ec2(action, **call)
        except AwsError as error:
            text = f"takeover: {action} {what}: {error}"
            if text not in self._said:
                self._log(text)
            self._said.add(text)
            return ""

    def _stop_ipsec(self, over: threading.Event) -> None:
        self._ipsec(over, "stop")

    def _ipsec(self, over: threading.Event, verb: str) -> None:
        with self._lock:
            if not over.is_set() and not self._run(["systemctl", "--no-block", verb, "ipsec"]):
                self._log(f"takeover: systemctl {verb} ipsec failed")

    def _until_done(self, over: threading.Event, action: str, call: Call, what: str) -> bool:
        """Repeat a call until it succeeds; return whether it did before the role changed."""
        pause, started, trouble = FIRST_PAUSE_SECONDS, time.monotonic(), ""
        while not over.is_set():
            try:
                self._api.ec2(action, **call)
            except AwsError as error:
                if str(error) != trouble:
                    self._log(f"takeover: {action} {what}: {error}; retrying")
                trouble = str(error)
            else:
                self._log(f"takeover: {action} {what} done after {time.monotonic() - started:.2f} s")
                return True
            over.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        self._log(f"takeover: {action} {what} abandoned: this device is no longer the master")
        return False


def takeover(settings: Settings, log: Callable[[str], None]) -> Takeover | None:
    """Prepare to take over, with credentials ready; return None if the device has no partner."""
    if settings.pair is None:
        return None
    api = AwsApi(settings.region, log, timeout_seconds=TIMEOUT_SECONDS)
    api.prepare()
    return Takeover(settings, settings.pair, api, _run, log)


def _run(command: list[str]) -> bool:
    return subprocess.run(command, check=False, timeout=30).returncode == 0

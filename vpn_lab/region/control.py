"""The region's own HTTP pages, besides the AWS APIs: for reports of a network simulation and for questions of people.

========  =========================================================  ==================================================
GET       ``/_region/status``                                        settings, process, counts
POST      ``/_region/reset``                                         back to an empty account
GET       ``/_region/instances``                                     each instance and how often it has booted
GET       ``/_region/changes/COUNT``                                 the number of changes, as soon as it exceeds COUNT
POST      ``/_region/changes``                                       count a change that happened outside the region
PUT       ``/_region/outages/SERVICE``                               take a service down: its requests get a 503
DELETE    ``/_region/outages/SERVICE``                               bring it up again
POST      ``/_region/health-events``                                 publish an AWS Health event
PUT       ``/_region/quotas/REGION/CODE``                            set a quota in a Region: ``{"value": 5}``
DELETE    ``/_region/quotas/REGION/CODE``                            restore AWS's default of a quota
PUT       ``/_region/vpn-connections/ID/tunnels/OUTSIDE-ADDRESS``    the state of a tunnel: see ``TunnelReport``
GET       ``/_region/client-vpn-endpoints/ID``                       what its servers need: certificates, keys, lists
PUT       ``/_region/client-vpn-endpoints/ID/connections``           who is connected, as the API shows it, and the ids
                                                                     of all refused attempts
========  =========================================================  ==================================================

A tunnel is DOWN and has learned no routes until something reports its state.
"""

from __future__ import annotations

import json
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from moto.ec2.exceptions import EC2ClientError

from vpn_lab.region import ec2, ministack, monitoring, quotas, regions
from vpn_lab.region.monitoring import connection_logs, health_events, tunnel_logs
from vpn_lab.region.outages import Outages
from vpn_lab.region.settings import Settings

PREFIX = "/_region/"
TUNNELS = "vpn-connections"
LONGEST_WAIT_SECONDS = 10.0

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


class BadRequestError(ValueError):
    """The request cannot be understood; the message says why."""


@dataclass(frozen=True)
class TunnelReport:
    """The complete state of one tunnel, as a network reports it."""

    status: str
    """UP or DOWN."""
    message: str = ""
    """The status message of the AWS console: ``IPSEC IS UP``, ``3 BGP ROUTES``."""
    learned_prefixes: list[str] = field(default_factory=list)
    """The prefixes that the customer gateway device announces over this tunnel."""
    negotiated: dict[str, Any] = field(default_factory=dict)
    """Fields of GetActiveVpnTunnelStatus: ``Phase1EncryptionAlgorithm``, ``IkeVersion`` …"""
    bytes_in: int | None = None
    """Bytes that AWS has received through the tunnel since it came up. Default: unchanged."""
    bytes_out: int | None = None
    """Bytes that AWS has sent through the tunnel since it came up. Default: unchanged."""

    def __post_init__(self) -> None:
        if self.status not in ("UP", "DOWN"):
            raise BadRequestError(f"status {self.status!r} is unknown; use UP or DOWN")
        for prefix in self.learned_prefixes:
            try:
                ip_network(prefix)
            except ValueError as problem:
                raise BadRequestError(f"learned_prefixes: {problem}") from None


class Pages:
    def __init__(self, settings: Settings, outages: Outages) -> None:
        self.settings = settings
        self._outages = outages

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        path = scope["path"].removeprefix(PREFIX).split("/")
        answer: Any
        try:
            if path[0] == "changes" and path[-1].lstrip("-").isdigit():
                status, answer = 200, await ec2.changes.after(int(path[-1]), LONGEST_WAIT_SECONDS)
            else:
                status, answer = self._answer(scope["method"], path, body)
        except (BadRequestError, EC2ClientError) as problem:
            status, answer = 400, {"error": str(problem)}
        content = json.dumps(answer).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, method: str, path: list[str], body: bytes) -> tuple[int, Any]:
        match method, path:
            case "GET", ["status" | "instances" as name]:
                return 200, self._status() if name == "status" else self._boots()
            case "POST", ["reset" | "changes" | "health-events" as name]:
                actions = {"reset": self._reset, "changes": self._note_change}
                return actions[name]() if name in actions else self._announce(body)
            case "PUT" | "DELETE", ["outages", _] | ["quotas", _, _]:
                return 200, self._set(method, path, body)
            case "PUT", ["vpn-connections", identifier, "tunnels", address]:
                return self._report(identifier, address, body)
            case _, ["client-vpn-endpoints", identifier, *rest]:
                return self._client_vpn(method, identifier, rest, body)
        return 404, {"error": f"no page {method} {PREFIX}{'/'.join(path)}"}

    def _set(self, method: str, path: list[str], body: bytes) -> Any:
        if path[0] == "quotas":
            return {"value": _set_quota(path[1], path[2], body)}
        return {"down": self._outages.set(path[1], down=method == "PUT")}

    def _backend_with(self, store: str, identifier: str) -> Any:
        """EC2 of the Region that has a resource; of the region's own if none has it, for its error."""
        found = (one for one in ec2.all_backends(self.settings.account) if identifier in getattr(one, store))
        return next(found, ec2.region_backend(self.settings.account, self.settings.region))

    def _boots(self) -> dict[str, int]:
        return {name: count for one in ec2.all_backends(self.settings.account) for name, count in one.boots.items()}

    def _stacks(self) -> dict[str, str]:
        """Name → status; behind the name of a stack in another Region stands that Region."""
        found = {}
        for region in regions.used(self.settings):
            with regions.scope(self.settings, region):
                for stack in ministack.module("services.cloudformation")._stacks.values():
                    if stack["StackStatus"] != "DELETE_COMPLETE":
                        place = "" if region == self.settings.region else f" ({region})"
                        found[f"{stack['StackName']}{place}"] = stack["StackStatus"]
        return found

    def _status(self) -> dict[str, Any]:
        backends = ec2.all_backends(self.settings.account)
        connections = [one for backend in backends for one in backend.vpn_connections.values()]
        return {
            "pid": os.getpid(),
            "account": self.settings.account,
            "region": self.settings.region,
            "signals": self.settings.signals,
            "stacks": self._stacks(),
            "vpn_connections": len([one for one in connections if one.exists]),
        }

    def _reset(self) -> tuple[int, Any]:
        ec2.reset(self.settings)
        ministack.module("app")._reset_all_state()
        monitoring.reset()
        quotas.reset()
        regions.reset()
        return 200, {"reset": True}

    def _announce(self, body: bytes) -> tuple[int, Any]:
        try:
            with regions.scope(self.settings, self.settings.region):
                health_events.announce(**json.loads(body))
        except (json.JSONDecodeError, TypeError) as problem:
            raise BadRequestError(f"a health event needs service, code, category and resources: {problem}") from None
        return 200, {"announced": True}

    def _note_change(self) -> tuple[int, Any]:
        ec2.changes.note()
        return 200, {"changes": ec2.changes.count}

    def _client_vpn(self, method: str, identifier: str, rest: list[str], body: bytes) -> tuple[int, Any]:
        backend = self._backend_with("client_vpn_endpoints", identifier)
        if (method, rest) == ("PUT", ["connections"]):
            endpoint = backend.client_vpn_endpoint(identifier)
            begun, ended = endpoint.take_report(**json.loads(body))
            with regions.scope(self.settings, backend.region_name):
                connection_logs.write(endpoint, begun, ended)
        return 200, backend.server_of_clients(identifier)

    def _report(self, identifier: str, address: str, body: bytes) -> tuple[int, Any]:
        try:
            report = TunnelReport(**json.loads(body))
        except (json.JSONDecodeError, TypeError) as problem:
            raise BadRequestError(f"a tunnel report is an object with 'status': {problem}") from None
        backend = self._backend_with("vpn_connections", identifier)
        connection, tunnel = backend.tunnel(identifier, address)
        was_up, had = tunnel.status == "UP", tunnel.learned_prefixes
        tunnel.report(report.status, report.message, report.learned_prefixes, report.negotiated)
        tunnel.count_traffic(report.bytes_in, report.bytes_out)
        if (tunnel.status == "UP", tunnel.learned_prefixes) != (was_up, had):
            ec2.changes.note()
        with regions.scope(self.settings, backend.region_name):
            tunnel_logs.write(connection, tunnel, was_up, had, report.message)
        return 200, {"reported": True}


def _set_quota(region: str, code: str, body: bytes) -> int:
    """Set a quota to the value in the body; without a body, restore the default."""
    value = json.loads(body)["value"] if body else None
    if value is not None and (not isinstance(value, int) or value < 0):
        raise BadRequestError(f"the value of a quota is a whole number from 0, but is {value!r}")
    try:
        return quotas.change(region, code, value)
    except LookupError as problem:
        raise BadRequestError(str(problem.args[0])) from None

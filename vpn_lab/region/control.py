"""The region's own HTTP pages, besides the AWS APIs: for reports of a network simulation and for questions of people.

========  =========================================================  ==================================================
GET       ``/_region/status``                                        settings, process, counts
POST      ``/_region/reset``                                         back to an empty account
GET       ``/_region/instances``                                     each instance and how often it has booted
GET       ``/_region/instance-credentials``                          the temporary keys of each instance with a role
GET       ``/_region/changes/COUNT``                                 the number of changes, as soon as it exceeds COUNT
POST      ``/_region/changes``                                       count a change that happened outside the region
PUT       ``/_region/outages/SERVICE``                               take a service down: its requests get a 503
DELETE    ``/_region/outages/SERVICE``                               bring it up again
POST      ``/_region/health-events``                                 publish an AWS Health event
PUT       ``/_region/quotas/REGION/CODE``                            set a quota in a Region: ``{"value": 5}``
DELETE    ``/_region/quotas/REGION/CODE``                            restore AWS's default of a quota
PUT       ``/_region/vpn-connections/ID/tunnels/OUTSIDE-ADDRESS``    the state of a tunnel: see ``TunnelReport``
GET       ``/_region/device-commands``                               SSM's commands for devices that nobody has taken
PUT       ``/_region/device-commands/ID``                            the outcome of one: see ``CommandReport``
GET       ``/_region/client-vpn-endpoints/ID``                       what its servers need: certificates, keys, lists
PUT       ``/_region/client-vpn-endpoints/ID/connections``           who is connected, as the API shows it, and the ids
                                                                     of all refused attempts; the answer names the
                                                                     connections to end
========  =========================================================  ==================================================

Every request needs the region's token in the header ``x-region-token`` (``guard.gate``). The answer to a wrong request
is one line: ``{"error": "…"}``.

A tunnel is DOWN and has learned no routes until something reports its state.
"""

from __future__ import annotations

import inspect
import json
import os
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from moto.ec2.exceptions import EC2ClientError

from vpn_lab.region import device_commands, ec2, ministack, monitoring, quotas, regions
from vpn_lab.region.guard.credentials import Directory
from vpn_lab.region.monitoring import connection_logs, health_events, tunnel_logs
from vpn_lab.region.outages import Outages
from vpn_lab.region.reports import (
    BadRequestError,
    ClientReport,
    CommandReport,
    HealthEvent,
    QuotaValue,
    TunnelReport,
)
from vpn_lab.region.settings import Settings, known_regions

PREFIX = "/_region/"
COUNT = re.compile(r"-?[0-9]{1,18}")
LONGEST_WAIT_SECONDS = 10.0
ROLE_CREDENTIALS = {
    "Code": "Success",
    "Type": "AWS-HMAC",
    "LastUpdated": "2020-01-01T00:00:00Z",
    "Expiration": "2099-01-01T00:00:00Z",
}

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Page = Callable[[bytes], Any]


class Pages:
    def __init__(self, settings: Settings, outages: Outages, directory: Directory) -> None:
        self.settings = settings
        self._outages = outages
        self._directory = directory
        self._simple: dict[str, dict[str, Page]] = {
            "status": {"GET": lambda _: self._status()},
            "reset": {"POST": lambda _: self._reset()},
            "instances": {"GET": lambda _: self._boots()},
            "instance-credentials": {"GET": lambda _: self._instance_credentials()},
            "changes": {"POST": lambda _: self._note_change()},
            "health-events": {"POST": self._announce},
            "device-commands": {"GET": lambda _: device_commands.take()},
        }

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        # the gate has checked the token, and has read the whole body
        body = (await receive()).get("body", b"")
        path = scope["path"].removeprefix(PREFIX).split("/")
        status, answer = await self._answer(scope["method"], path, body)
        content = json.dumps(answer).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, method: str, path: list[str], body: bytes) -> tuple[int, Any]:
        methods = self._methods(path)
        if methods is None:
            return 404, {"error": f"no page {PREFIX}{'/'.join(path)}"}
        if method not in methods:
            return 405, {"error": f"{PREFIX}{'/'.join(path)} answers to {', '.join(methods)}, not to {method}"}
        try:
            answer = methods[method](body)
            return 200, await answer if inspect.isawaitable(answer) else answer
        except (BadRequestError, EC2ClientError) as problem:
            return 400, {"error": " ".join(str(problem).split())}

    def _methods(self, path: list[str]) -> dict[str, Page] | None:
        """The methods of a page, each with what it does with a body; None if there is no such page."""
        found: dict[str, Page] | None = None
        match path:
            case [name] if name in self._simple:
                found = self._simple[name]
            case ["changes", count] if COUNT.fullmatch(count):
                found = {"GET": lambda _: ec2.changes.after(int(count), LONGEST_WAIT_SECONDS)}
            case ["outages", service]:
                put, delete = (partial(self._set_outage, service, down=down) for down in (True, False))
                found = {"PUT": lambda _: put(), "DELETE": lambda _: delete()}
            case ["quotas", region, code]:
                found = {
                    "PUT": lambda body: {"value": _set_quota(region, code, QuotaValue.of(body).value)},
                    "DELETE": lambda _: {"value": _set_quota(region, code, None)},
                }
            case ["vpn-connections", identifier, "tunnels", address]:
                found = {"PUT": lambda body: self._report(identifier, address, body)}
            case ["device-commands", number]:
                found = {"PUT": lambda body: self._finish_command(number, body)}
            case ["client-vpn-endpoints", identifier]:
                found = {"GET": lambda _: self._endpoints(identifier).server_of_clients(identifier)}
            case ["client-vpn-endpoints", identifier, "connections"]:
                found = {"PUT": lambda body: self._report_clients(identifier, body)}
        return found

    def _backend_with(self, store: str, identifier: str) -> Any:
        """EC2 of the Region that has a resource; of the region's own if none has it, for its error."""
        found = (one for one in ec2.all_backends(self.settings.account) if identifier in getattr(one, store))
        return next(found, ec2.region_backend(self.settings.account, self.settings.region))

    def _endpoints(self, identifier: str) -> Any:
        return self._backend_with("client_vpn_endpoints", identifier)

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

    def _reset(self) -> dict[str, Any]:
        ec2.reset(self.settings)
        ministack.module("app")._reset_all_state()
        monitoring.reset()
        quotas.reset()
        regions.reset()
        return {"reset": True}

    def _instance_credentials(self) -> dict[str, Any]:
        """What the metadata service answers about the role of each instance that has one."""
        found = {}
        for instance in (one for backend in ec2.all_backends(self.settings.account) for one in backend.all_instances()):
            if instance.iam_instance_profile and instance.state != "terminated":
                profile = instance.iam_instance_profile["Arn"].rsplit("/", 1)[-1]
                keys = self._directory.of_profile(profile, instance.id)
                if keys is not None:
                    found[instance.id] = {**ROLE_CREDENTIALS, **keys}
        return found

    def _set_outage(self, service: str, *, down: bool) -> dict[str, Any]:
        known = ministack.module("app").SERVICE_HANDLERS
        if service not in known:
            raise BadRequestError(f"service {service!r} is unknown; use one of {', '.join(sorted(known))}")
        return {"down": self._outages.set(service, down=down)}

    def _announce(self, body: bytes) -> dict[str, Any]:
        event = HealthEvent.of(body)
        with regions.scope(self.settings, self.settings.region):
            health_events.announce(event.service, event.code, event.category, event.resources)
        return {"announced": True}

    def _note_change(self) -> dict[str, Any]:
        ec2.changes.note()
        return {"changes": ec2.changes.count}

    def _finish_command(self, number: str, body: bytes) -> dict[str, Any]:
        report = CommandReport.of(body)
        return {"awaited": device_commands.finish(number, report.code, report.output, report.errors)}

    def _report_clients(self, identifier: str, body: bytes) -> dict[str, Any]:
        report = ClientReport.of(body)
        backend = self._endpoints(identifier)
        endpoint = backend.client_vpn_endpoint(identifier)
        begun, ended = endpoint.take_report(report.connections, report.refused)
        with regions.scope(self.settings, backend.region_name):
            connection_logs.write(endpoint, begun, ended)
        return {"terminating": endpoint.terminating}

    def _report(self, identifier: str, address: str, body: bytes) -> dict[str, Any]:
        report = TunnelReport.of(body)
        backend = self._backend_with("vpn_connections", identifier)
        connection, tunnel = backend.tunnel(identifier, address)
        was_up, had = tunnel.status == "UP", tunnel.learned_prefixes
        tunnel.report(report.status, report.message, report.learned_prefixes, report.negotiated)
        tunnel.count_traffic(report.bytes_in, report.bytes_out)
        if (tunnel.status == "UP", tunnel.learned_prefixes) != (was_up, had):
            ec2.changes.note()
        with regions.scope(self.settings, backend.region_name):
            tunnel_logs.write(connection, tunnel, was_up, had, report.message)
        return {"reported": True}


def _set_quota(region: str, code: str, value: int | None) -> int:
    if region not in known_regions():
        raise BadRequestError(f"region {region!r} is not a Region of AWS")
    try:
        return quotas.change(region, code, value)
    except LookupError as problem:
        raise BadRequestError(str(problem.args[0])) from None

"""Publishes the state of the device once per minute as CloudWatch metrics.

CloudWatch turns a line in its embedded metric format into a metric. So the role needs one action on one log stream,
while ``cloudwatch:PutMetricData`` can only be allowed on everything.
"""

from __future__ import annotations

import json
import re
import time
from typing import Any, Callable

from cgw_device.aws_api import LOGS, AwsApi, AwsError
from cgw_device.health import ALIVE, DEAD
from cgw_device.keepalived import MASTER
from cgw_device.settings import Metrics, Settings
from cgw_device.status import Capture, capture_output, collect

PERIOD_SECONDS = 60.0
HEADERS = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": "Logs_20140328.PutLogEvents",
    "x-amzn-logs-format": "json/emf",
}
UNITS = {"PacketsDropped": "Count", "BgpSessions": "Count", "BgpRoutes": "Count", "TunnelsLeft": "Count"}
# What the firewall keeps from leaving unencrypted, and what the kernel could not encrypt or decrypt.
DROPPED_BY_FIREWALL = ["nft", "list", "table", "inet", "cgw"]
DROPPED_BY_IPSEC = ["cat", "/proc/net/xfrm_stat"]
_PACKETS = re.compile(r"counter packets (\d+) bytes \d+ drop")
_ERRORS = re.compile(r"^Xfrm\w+\s+(\d+)$", re.MULTILINE)

Values = dict[str, float]


class Publisher:
    """Collects and sends. What cannot be sent is dropped: an old state is of no use later."""

    def __init__(
        self,
        settings: Settings,
        capture: Capture,
        send: Callable[[list[str]], None],
        log: Callable[[str], None],
    ) -> None:
        if settings.metrics is None:
            raise SystemExit("metrics: device.json names no log stream; nothing to do")
        self._settings = settings
        self._metrics = settings.metrics
        self._capture = capture
        self._send = send
        self._log = log
        self._dropped = dropped(capture)
        self._trouble: str | None = None

    def round(self) -> None:
        """Publish the current state."""
        found = collect(self._settings, self._capture)
        count = dropped(self._capture)
        # the counters restart at zero with the firewall or the machine
        lost = count - self._dropped if count >= self._dropped else count
        self._dropped = count
        self.publish(found, lost)

    def publish(self, found: dict[str, Any], lost: int) -> None:
        """Publish what was found, and how many packets were lost since the previous round."""
        documents = [self._document(device_values(found, lost), {})]
        for row in found["tunnels"]:
            values = tunnel_values(self._settings, found, row)
            if values:
                documents.append(self._document(values, {"Tunnel": str(row["number"])}))
        trouble = ""
        try:
            self._send(documents)
        except AwsError as error:
            trouble = str(error)
        if trouble != self._trouble:
            self._log(f"metrics: {trouble or 'published'}")
        self._trouble = trouble

    def _document(self, values: Values, dimensions: dict[str, str]) -> str:
        named = {"Device": self._metrics.device, **dimensions}
        directive = {
            "Namespace": self._metrics.namespace,
            "Dimensions": [list(named)],
            "Metrics": [{"Name": name, "Unit": UNITS.get(name, "None")} for name in values],
        }
        heading = {"Timestamp": round(time.time() * 1000), "CloudWatchMetrics": [directive]}
        return json.dumps({"_aws": heading, **named, **values})


def device_values(found: dict[str, Any], lost: int) -> Values:
    """Return the metrics of the device as a whole, from what ``cgw-status`` shows."""
    values: Values = {"Healthy": int(found["healthy"]), "PacketsDropped": lost}
    if found["vrrp"] is not None:
        values["Master"] = int(found["vrrp"] == MASTER)
    if found["routing"] == "bgp":
        values["BgpSessions"] = sum(peer["state"] == "Established" for peer in found["bgp"].values())
        rows = (found["steering"] or {}).get("tunnels", {})
        values["TunnelsLeft"] = sum(bool(row["left"]) for row in rows.values())
    return values


def tunnel_values(settings: Settings, found: dict[str, Any], row: dict[str, Any]) -> Values:
    """Return the metrics of one tunnel; without ``ProbeAlive`` if no probe was ever answered."""
    values: Values = {}
    if row["probe"] in (ALIVE, DEAD):
        values["ProbeAlive"] = int(row["probe"] == ALIVE)
    if found["routing"] == "bgp":
        address = next(tunnel.aws_address for tunnel in settings.tunnels if tunnel.number == row["number"])
        values["BgpRoutes"] = found["bgp"].get(address, {}).get("prefixes_received", 0)
    return values


def dropped(capture: Capture) -> int:
    """Count the packets that were dropped since the counters started."""
    counts = _PACKETS.findall(capture(DROPPED_BY_FIREWALL)) + _ERRORS.findall(capture(DROPPED_BY_IPSEC))
    return sum(int(count) for count in counts)


def sender(api: AwsApi, metrics: Metrics) -> Callable[[list[str]], None]:
    """Return a function that writes documents to the device's log stream."""

    def send(documents: list[str]) -> None:
        now = round(time.time() * 1000)
        request = {
            "logGroupName": metrics.log_group,
            "logStreamName": metrics.log_stream,
            "logEvents": [{"timestamp": now, "message": document} for document in documents],
        }
        api.call(LOGS, HEADERS, json.dumps(request).encode())

    return send


def run(settings: Settings) -> int:
    """Publish until stopped."""
    if settings.metrics is None:
        raise SystemExit("metrics: device.json names no log stream; nothing to do")
    send = sender(AwsApi(settings.region, print), settings.metrics)
    publisher = Publisher(settings, capture_output, send, print)
    due = time.monotonic()
    while True:
        publisher.round()
        due = max(due + PERIOD_SECONDS, time.monotonic())
        time.sleep(max(0.0, due - time.monotonic()))

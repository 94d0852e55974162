"""A custom resource that finds a connection's outside addresses by the inside addresses of its tunnels."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import boto3


def handler(event: dict[str, Any], _context: object) -> None:
    try:
        data = {} if event["RequestType"] == "Delete" else outside_addresses(event["ResourceProperties"])
        answer(event, "SUCCESS", data)
    except Exception as problem:  # report every error to CloudFormation
        answer(event, "FAILED", reason=repr(problem))


def outside_addresses(properties: dict[str, Any]) -> dict[str, str]:
    found = boto3.client("ec2").describe_vpn_connections(VpnConnectionIds=[properties["VpnConnectionId"]])
    tunnels = found["VpnConnections"][0]["Options"]["TunnelOptions"]
    by_inside = {tunnel["TunnelInsideCidr"]: tunnel["OutsideIpAddress"] for tunnel in tunnels}
    return {f"Tunnel{number}": by_inside[cidr] for number, cidr in enumerate(properties["InsideCidrs"], start=1)}


def answer(event: dict[str, Any], status: str, data: dict[str, str] | None = None, reason: str = "") -> None:
    body = {
        "Status": status,
        "Reason": reason,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "PhysicalResourceId": event.get("PhysicalResourceId", event["LogicalResourceId"]),
        "Data": data or {},
    }
    content = json.dumps(body).encode()
    urllib.request.urlopen(  # noqa: S310 -- the URL is CloudFormation's
        urllib.request.Request(event["ResponseURL"], content, {"content-type": ""}, method="PUT")  # noqa: S310
    )

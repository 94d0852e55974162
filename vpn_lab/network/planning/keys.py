"""Pre-shared keys, as AWS's ends of the tunnels have them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

SERVER_ERROR = 500

_held: dict[str, dict[str, str]] = {}


def of_tunnels(client: Callable[[str], Any]) -> dict[str, str]:
    """Return the keys of all tunnels by their outside addresses."""
    found: dict[str, str] = {}
    for connection in client("ec2").describe_vpn_connections()["VpnConnections"]:
        if connection["State"] != "deleted":
            found |= _in_secrets_manager(client, connection)
            for tunnel in connection["Options"]["TunnelOptions"]:
                if tunnel.get("PreSharedKey"):
                    found[tunnel["OutsideIpAddress"]] = tunnel["PreSharedKey"]
    return found


def _in_secrets_manager(client: Callable[[str], Any], entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the keys that a connection keeps in Secrets Manager, by outside address.

    While Secrets Manager does not answer, an end of a tunnel keeps the keys that it has.
    """
    arn = entry.get("PreSharedKeyArn")
    if not arn:
        return {}
    try:
        secret = client("secretsmanager").get_secret_value(SecretId=arn)
    except ClientError as problem:
        if arn in _held and problem.response["ResponseMetadata"]["HTTPStatusCode"] >= SERVER_ERROR:
            return _held[arn]
        raise
    _held[arn] = json.loads(secret["SecretString"])
    return _held[arn]

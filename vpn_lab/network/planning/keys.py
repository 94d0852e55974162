"""Pre-shared keys, as AWS's ends of the tunnels have them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

SERVER_ERROR = 500

_held: dict[str, dict[str, str]] = {}


def of_connection(client: Callable[[str], Any], entry: Mapping[str, Any]) -> dict[str, str]:
    """Return the keys of a connection that keeps them in Secrets Manager, by outside address; of another one nothing.

    While Secrets Manager is away, an end of a tunnel goes on with the keys that it has.
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

"""Saved Logs Insights queries: PutQueryDefinition, DescribeQueryDefinitions, DeleteQueryDefinition."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from vpn_lab.region import regions

Request = Mapping[str, Any]
Answer = dict[str, Any]


@cache
def _definitions() -> Any:
    return regions.scoped_store()


class NotFoundError(LookupError):
    """There is no such query."""


def put(request: Request) -> Answer:
    """Create a query, or replace the one with the given id."""
    identifier = request.get("queryDefinitionId") or str(uuid.uuid4())
    if request.get("queryDefinitionId") and identifier not in _definitions():
        raise NotFoundError(f"query definition {identifier} does not exist")
    _definitions()[identifier] = {
        "queryDefinitionId": identifier,
        "name": request["name"],
        "queryString": request["queryString"],
        "logGroupNames": list(request.get("logGroupNames") or ()),
        "lastModified": int(time.time() * 1000),
    }
    return {"queryDefinitionId": identifier}


def describe(request: Request) -> Answer:
    """Return all queries whose name has the given prefix."""
    prefix = request.get("queryDefinitionNamePrefix") or ""
    found = [one for one in _definitions().values() if one["name"].startswith(prefix)]
    return {"queryDefinitions": sorted(found, key=lambda one: str(one["name"]))}


def delete(request: Request) -> Answer:
    """Delete a query."""
    if _definitions().pop(request["queryDefinitionId"], None) is None:
        raise NotFoundError(f"query definition {request['queryDefinitionId']} does not exist")
    return {"success": True}


def reset() -> None:
    """Forget all."""
    _definitions().clear()


ACTIONS: dict[str, Callable[[Request], Answer]] = {
    "PutQueryDefinition": put,
    "DescribeQueryDefinitions": describe,
    "DeleteQueryDefinition": delete,
}

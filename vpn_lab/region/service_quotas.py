"""The API of Service Quotas, as far as it only reads: services, quotas with the values that apply, and defaults."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vpn_lab.region import ministack, quotas, regions
from vpn_lab.region.quotas import QUOTAS, SERVICES, Quota

Request = Mapping[str, Any]
Answer = dict[str, Any]
PAGE = 100


class NoSuchResourceError(LookupError):
    """Service Quotas does not know the service or the quota."""


def install() -> None:
    """Answer the requests that are signed for Service Quotas; ministack has no such service."""
    ministack.module("app").SERVICE_HANDLERS["servicequotas"] = handle_request


async def handle_request(
    method: str,  # noqa: ARG001 -- every service has the same signature
    path: str,  # noqa: ARG001
    headers: Mapping[str, str],
    body: bytes,
    query: Mapping[str, object],  # noqa: ARG001
) -> tuple[int, dict[str, str], bytes]:
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    if action not in ACTIONS:
        return _answer(400, {"__type": "UnknownOperationException", "message": f"The region does not serve {action}"})
    try:
        return _answer(200, ACTIONS[action](json.loads(body or b"{}")))
    except NoSuchResourceError as problem:
        return _answer(400, {"__type": "NoSuchResourceException", "Message": str(problem)})


def _answer(status: int, content: Answer) -> tuple[int, dict[str, str], bytes]:
    headers = {"Content-Type": "application/x-amz-json-1.1"}
    if "__type" in content:
        headers["x-amzn-errortype"] = content["__type"]
    return status, headers, json.dumps(content).encode()


def _list_services(request: Request) -> Answer:
    return _page(request, "Services", [{"ServiceCode": code, "ServiceName": name} for code, name in SERVICES.items()])


def _get(request: Request) -> Answer:
    return {"Quota": _shown(_found(request), default=False)}


def _get_default(request: Request) -> Answer:
    return {"Quota": _shown(_found(request), default=True)}


def _list(request: Request) -> Answer:
    code = request.get("QuotaCode")
    listed = [_shown(one, default=False) for one in _of_service(request) if code in (None, one.code)]
    return _page(request, "Quotas", listed)


def _list_defaults(request: Request) -> Answer:
    return _page(request, "Quotas", [_shown(one, default=True) for one in _of_service(request)])


def _of_service(request: Request) -> Iterator[Quota]:
    service = request.get("ServiceCode")
    if service not in SERVICES:
        raise NoSuchResourceError(f"The service {service} does not exist")
    return (one for one in QUOTAS.values() if one.service == service and one.listed)


def _found(request: Request) -> Quota:
    for one in _of_service(request):
        if one.code == request.get("QuotaCode"):
            return one
    raise NoSuchResourceError(f"The quota {request.get('QuotaCode')} does not exist in {request['ServiceCode']}")


def _shown(quota: Quota, *, default: bool) -> Answer:
    region = regions.current()
    account = "" if default else ministack.module("core.responses").get_account_id()
    shown = {
        "ServiceCode": quota.service,
        "ServiceName": SERVICES[quota.service],
        "QuotaArn": f"arn:aws:servicequotas:{region}:{account}:{quota.service}/{quota.code}",
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "Value": float(quota.default if default else quotas.applied(region, quota.code)),
        "Unit": "None",
        "Adjustable": quota.adjustable,
        "GlobalQuota": False,
    }
    if quota.usage:
        shown["UsageMetric"] = {
            "MetricNamespace": "AWS/Usage",
            "MetricName": "ResourceCount",
            "MetricDimensions": quota.usage,
            "MetricStatisticRecommendation": "Maximum",
        }
    return shown


def _page(request: Request, name: str, found: list[Answer]) -> Answer:
    """One page of a list; a token is the number of the first member of the next page."""
    start = int(request.get("NextToken") or 0)
    end = start + int(request.get("MaxResults") or PAGE)
    return {name: found[start:end], **({"NextToken": str(end)} if end < len(found) else {})}


ACTIONS: dict[str, Callable[[Request], Answer]] = {
    "GetServiceQuota": _get,
    "GetAWSDefaultServiceQuota": _get_default,
    "ListServiceQuotas": _list,
    "ListAWSDefaultServiceQuotas": _list_defaults,
    "ListServices": _list_services,
}

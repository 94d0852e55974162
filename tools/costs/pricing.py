"""Counts the billed resources of a template and prices them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.template import Resource, Template

PRICES_FILE = Path(__file__).with_name("prices.json")
TUNNELS = 2
ITEM_OF_TYPE = {
    "AWS::EC2::ClientVpnTargetNetworkAssociation": "Client VPN association",
    "AWS::EC2::EIP": "public IPv4 address",
    "AWS::EC2::TransitGatewayAttachment": "transit gateway attachment",
    "AWS::EC2::TransitGatewayVpcAttachment": "transit gateway attachment",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::CloudWatch::Alarm": "CloudWatch alarm",
}


@dataclass(frozen=True)
class PriceList:
    """Hourly prices of one Region at one date, and the resource types that have no hourly price."""

    region: str
    date: str
    hourly: Mapping[str, float]
    hours_per_month: int
    sources: Mapping[str, str]
    without_hourly_price: frozenset[str]
    by_usage: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Line:
    """One line of the bill."""

    item: str
    quantity: int
    per_hour: float


def read_prices(path: Path = PRICES_FILE) -> PriceList:
    data = json.loads(path.read_text())
    hours = {"hour": 1, "month": data["hours_per_month"]}
    return PriceList(
        region=data["region"],
        date=data["date"],
        hourly={entry["item"]: entry["price"] / hours[entry["per"]] for entry in data["prices"]},
        hours_per_month=data["hours_per_month"],
        sources={entry["item"]: entry["source"] for entry in data["prices"]},
        without_hourly_price=frozenset(f"AWS::{kind}" for kind in (*data["free"], *data["only_by_usage"])),
        by_usage=tuple(data["by_usage"]),
    )


def bill(template: Template, prices: PriceList) -> list[Line]:
    """The hourly costs of a template, most expensive first.

    Raises:
        LookupError: The price list does not know a resource type or instance type of the template. Leaving it out
            would give a wrong total that nobody notices.
    """
    quantities: Counter[str] = Counter()
    for resource in template:
        items = _items(resource)
        known = resource.type in prices.without_hourly_price or resource.type.startswith("Custom::")
        missing = [item for item in items if item not in prices.hourly]
        if missing or not (items or known):
            raise LookupError(
                f"no price for {', '.join(missing) or resource.type} ({resource.logical_id} of {template.name}); "
                f"add it to {PRICES_FILE.name}"
            )
        quantities.update(items)
    lines = [Line(item, quantity, quantity * prices.hourly[item]) for item, quantity in quantities.items() if quantity]
    return sorted(lines, key=lambda line: (-line.per_hour, line.item))


def total(lines: list[Line]) -> float:
    return sum(line.per_hour for line in lines)


def _items(resource: Resource) -> Counter[str]:
    """The billed items of a resource."""
    if resource.type == "AWS::EC2::Instance":
        return _instance(resource)
    if resource.type == "AWS::EC2::VPNConnection":
        return _connection(resource)
    if resource.type == "AWS::CloudWatch::Dashboard":
        return Counter({"CloudWatch dashboard": 1, "CloudWatch custom metric": len(custom_metrics(resource))})
    return Counter([ITEM_OF_TYPE[resource.type]] if resource.type in ITEM_OF_TYPE else [])


def _instance(resource: Resource) -> Counter[str]:
    volumes = [mapping["Ebs"] for mapping in resource["BlockDeviceMappings"] or () if "Ebs" in mapping]
    items = Counter({str(resource["InstanceType"]): 1})
    for volume in volumes:
        items[f"EBS {volume['VolumeType']}, GB"] += volume["VolumeSize"]
    if resource["Monitoring"]:
        items["EC2 detailed monitoring, instance"] = 1
    return items


def custom_metrics(dashboard: Resource) -> set[str]:
    """The custom metrics on a dashboard, which all have the same price.

    No resource lists the metrics that a device publishes, but all of them are on the dashboard.
    """
    body = dashboard["DashboardBody"]
    parts = body["Fn::Join"][1] if isinstance(body, Mapping) else [body]
    text = "".join(part if isinstance(part, str) else "?" for part in parts)
    metrics = [metric for widget in json.loads(text)["widgets"] for metric in widget["properties"].get("metrics", ())]
    names = [[word for word in metric if isinstance(word, str)] for metric in metrics]
    return {"/".join(name) for name in names if not name[0].startswith("AWS/")}


def _connection(resource: Resource) -> Counter[str]:
    """A connection has one public address per tunnel, and one secret if AWS keeps its keys in Secrets Manager."""
    large = resource["TunnelBandwidth"] == "large"
    items = Counter(
        {
            "Site-to-Site VPN connection" + (", large tunnels" if large else ""): 1,
            "public IPv4 address": TUNNELS,
        }
    )
    if resource["PreSharedKeyStorage"] == "SecretsManager":
        items["secret"] = 1
    if resource["TransitGatewayId"]:
        items["transit gateway attachment"] = 1
    return items

"""The list of prices: of one Region, at one date, with a source for each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

PRICES = "data/prices.json"


@dataclass(frozen=True)
class UsagePrice:
    """A price of something that is in no template: traffic, logs, time."""

    item: str
    price: float
    """The price in USD; 0 for what costs next to nothing at this scale."""
    per: str
    only_with: str | None
    """The type of the resource that it comes with, such as ``AWS::EC2::TransitGateway``; None for all templates."""
    source: str


@dataclass(frozen=True)
class PriceList:
    """Prices in USD."""

    region: str
    date: str
    """Year and month: ``2026-11``."""
    hourly: Mapping[str, float]
    """The price per hour of each item."""
    hours_per_month: int
    sources: Mapping[str, str]
    """The page of AWS that each item's price is from."""
    without_hourly_price: frozenset[str]
    """The resource types that cost nothing per hour: they are free, or only their use is paid."""
    by_usage: tuple[UsagePrice, ...]


def read_prices(path: Path | None = None) -> PriceList:
    """Read a list of prices; by default the one that comes with the package.

    Raises:
        OSError: The file cannot be read.
        KeyError: Something is missing in it.
    """
    data = json.loads(path.read_text() if path else (files("vpn_model") / PRICES).read_text())
    hours = {"hour": 1, "month": data["hours_per_month"]}
    return PriceList(
        region=data["region"],
        date=data["date"],
        hourly={entry["item"]: entry["price"] / hours[entry["per"]] for entry in data["prices"]},
        hours_per_month=data["hours_per_month"],
        sources={entry["item"]: entry["source"] for entry in data["prices"]},
        without_hourly_price=frozenset(map(_type, (*data["free"], *data["only_by_usage"]))),
        by_usage=tuple(
            UsagePrice(
                item=entry["item"],
                price=entry["price"],
                per=entry["per"],
                only_with=_type(entry["only_with"]) if "only_with" in entry else None,
                source=entry["source"],
            )
            for entry in data["by_usage"]
        ),
    )


def _type(name: str) -> str:
    """The list has the types without what all of them begin with."""
    return f"AWS::{name}"

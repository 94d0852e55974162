"""Counts the billed resources of a template and prices them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vpn_model.costs.items import items_of
from vpn_model.costs.prices import PriceList, UsagePrice
from vpn_model.read_template.template import Resource, Template

CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")


class UnknownPriceError(LookupError):
    """A price is needed and not known."""


@dataclass(frozen=True)
class Line:
    """One line of the bill."""

    item: str
    """``not known: TYPE`` or ``not known: item`` if there is no price for it."""
    quantity: int
    per_hour: float | None
    """The price of all of them in USD; None if it is not known."""
    resources: tuple[str, ...] = ()
    """The logical ids of the resources that it is for."""

    @property
    def is_known(self) -> bool:
        return self.per_hour is not None


def bill(template: Template, prices: PriceList) -> list[Line]:
    """What the template costs per hour, the most expensive line first and what is not known last.

    A resource with a condition that is not known counts as existing. A macro may make more resources; it is a line of
    its own that is not known.

    Raises:
        TemplateError: A property is malformed.
    """
    quantities: dict[str, int] = {}
    resources: dict[str, list[str]] = {}
    for resource in template:
        for item, quantity in _priced(template, resource, prices):
            quantities[item] = quantities.get(item, 0) + quantity
            resources.setdefault(item, []).append(resource.logical_id)
    for macro in template.transforms:
        quantities[f"not known: {macro}"] = 1
    lines = [
        Line(item, quantity, _times(quantity, prices.hourly.get(item)), tuple(resources.get(item, ())))
        for item, quantity in quantities.items()
    ]
    return sorted(lines, key=lambda line: (not line.is_known, -(line.per_hour or 0), line.item))


def total(lines: Iterable[Line]) -> float:
    """The sum of what is known, in USD per hour."""
    return sum(line.per_hour or 0 for line in lines)


def require_known(lines: Iterable[Line]) -> list[Line]:
    """Return a bill on which every price has to be known.

    Raises:
        UnknownPriceError: One is not. A total that leaves something out would look just as exact.
    """
    found = list(lines)
    missing = [f"{one.item} ({', '.join(one.resources)})" for one in found if not one.is_known]
    if missing:
        raise UnknownPriceError(f"{'; '.join(missing)}: no price; add it to vpn_model/data/prices.json")
    return found


def usage(template: Template, prices: PriceList) -> list[UsagePrice]:
    """What usage costs in addition to a template's bill."""
    return [one for one in prices.by_usage if one.only_with is None or template.of_type(one.only_with)]


def _priced(template: Template, resource: Resource, prices: PriceList) -> list[tuple[str, int]]:
    """The items of a resource; those without a price by the name of what is not known."""
    items = items_of(template, resource)
    if not items and resource.type not in prices.without_hourly_price and not resource.type.startswith(CUSTOM):
        items[resource.type] = 1
    return [
        (item if item in prices.hourly else f"not known: {item}", quantity)
        for item, quantity in items.items()
        if quantity
    ]


def _times(quantity: int, price: float | None) -> float | None:
    return None if price is None else quantity * price

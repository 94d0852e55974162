"""Reads from EC2's answers where a route and an Elastic IP point to."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree


def route_interfaces(answer: str) -> dict[str, str]:
    """Return the interface that each IPv4 route of DescribeRouteTables leads to, by its destination."""
    return {
        _text(item, "destinationCidrBlock"): _text(item, "networkInterfaceId") for item in _items(answer, "routeSet")
    }


def address_place(answer: str) -> tuple[str, str]:
    """Return the interface and the private address that the Elastic IP of DescribeAddresses is associated with."""
    for item in _items(answer, "addressesSet"):
        return _text(item, "networkInterfaceId"), _text(item, "privateIpAddress")
    return "", ""


def _items(answer: str, name: str) -> Iterator[ElementTree.Element]:
    """Yield the members of every list with this name; nothing if the answer is no XML."""
    try:
        root = ElementTree.fromstring(answer)  # noqa: S314 - from AWS, over a verified connection
    except ElementTree.ParseError:
        return
    for found in root.iter():
        if _local(found) == name:
            yield from (item for item in found if _local(item) == "item")


def _text(item: ElementTree.Element, name: str) -> str:
    return next((one.text or "" for one in item if _local(one) == name), "")


def _local(element: ElementTree.Element) -> str:
    """The name of an element without its namespace, which contains the version of the API."""
    return element.tag.rpartition("}")[2]

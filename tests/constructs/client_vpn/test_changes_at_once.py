"""How many changes of one endpoint CloudFormation makes at once: AWS refuses the eleventh."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.constructs.client_vpn.bad_client_vpn import client_vpn
from tests.constructs.site import Site, most_at_once

ENDPOINT_PARTS = ("TargetNetworkAssociation", "Route", "AuthorizationRule")


def changes(numbers: Iterable[int]) -> dict[str, Any]:
    """What each change of an endpoint that reaches these networks waits for."""
    site = Site()
    made = client_vpn(site)
    for number in numbers:
        made.reach(f"10.{90 + number}.0.0/16")
    return {
        name: resource.get("DependsOn", [])
        for part in ENDPOINT_PARTS
        for name, resource in site.template.find_resources(f"AWS::EC2::ClientVpn{part}").items()
    }


def test_aws_gets_at_most_eight_changes_of_an_endpoint_at_once_in_whatever_order_they_are_written() -> None:
    found = changes(range(8))
    assert len(found) > 16
    assert most_at_once(found) <= 8
    assert changes(reversed(range(8))) == found


def test_each_route_still_waits_for_its_own_association() -> None:
    found = changes(range(8))
    routes = {name: names for name, names in found.items() if "Route" in name}
    assert routes
    assert all(any("Association" in one for one in names) for names in routes.values())

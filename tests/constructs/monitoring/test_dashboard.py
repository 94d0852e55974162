"""The one page on which a person sees how connections and devices are."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.constructs.site import Site, resources

DEVICE_PROGRAMS = Path(__file__).parents[3] / "assets" / "cgw" / "device"


def widgets(site: Site) -> list[dict[str, Any]]:
    """The dashboard's widgets, references as words."""
    (dashboard,) = resources(site.template, "AWS::CloudWatch::Dashboard")
    parts = dashboard["DashboardBody"]["Fn::Join"][1]
    body = "".join(part if isinstance(part, str) else "-".join(_words(part)) for part in parts)
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    return found


def _words(reference: dict[str, Any]) -> list[str]:
    (name,) = reference.values()
    return name if isinstance(name, list) else [name]


def test_the_dashboard_shows_what_the_program_publishes(pair: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DEVICE_PROGRAMS))
    from cgw_device import metrics  # noqa: PLC0415 -- on the device it is a zip of its own

    found = {
        "healthy": True,
        "routing": "bgp",
        "vrrp": "MASTER",
        "bgp": {"169.254.10.1": {"state": "Established", "prefixes_received": 1}},
        "steering": None,
    }
    tunnel = type("Tunnel", (), {"number": 1, "aws_address": "169.254.10.1"})
    settings: Any = type("Settings", (), {"tunnels": [tunnel]})
    published = set(metrics.device_values(found, 0))
    published |= set(metrics.tunnel_values(settings, found, {"number": 1, "probe": "alive"}))
    shown = {
        metric[1]
        for widget in widgets(pair)
        for metric in widget["properties"].get("metrics", ())
        if metric[0] == "CustomerGateway"
    }
    assert shown == published
    for name in [name for name in sys.modules if name.startswith("cgw_device")]:
        monkeypatch.delitem(sys.modules, name)


def test_the_page_shows_alarms_first_and_then_tunnels(branch: Site) -> None:
    shown = [(widget["type"], widget["properties"].get("title")) for widget in widgets(branch)]
    assert shown == [
        ("text", None),
        ("alarm", "Alarms"),
        ("metric", "Tunnels now (1 = up)"),
        ("metric", "Tunnel state over time (1 = up)"),
        ("metric", "Bytes in (towards AWS) per tunnel"),
        ("metric", "Bytes out (from AWS) per tunnel"),
        ("log", "Why tunnels went down"),
        ("log", "Withdrawn routes and lost BGP sessions"),
    ]


def test_the_page_shows_which_of_two_devices_works(pair: Site) -> None:
    titles = [widget["properties"].get("title") for widget in widgets(pair)]
    assert "Device that carries the traffic (1 = master)" in titles
    assert "BGP routes received from AWS" in titles
    assert "Tunnel probes (1 = AWS answers)" in titles


def test_every_tunnel_is_in_every_tunnel_widget(pair: Site) -> None:
    for widget in widgets(pair):
        metrics = widget["properties"].get("metrics", [])
        if metrics and metrics[0][0] == "AWS/VPN":
            assert len(metrics) == 4


def test_no_two_widgets_lie_on_each_other(pair: Site) -> None:
    taken: set[tuple[int, int]] = set()
    for widget in widgets(pair):
        x, y, width, height = (widget[name] for name in ("x", "y", "width", "height"))
        cells = {(column, row) for column in range(x, x + width) for row in range(y, y + height)}
        assert x + width <= 24
        assert not cells & taken
        taken |= cells


def test_the_dashboard_is_named_after_its_stack_and_its_region(branch: Site) -> None:
    """A dashboard belongs to the account: the same stack in another Region must not have the same name."""
    name = resources(branch.template, "AWS::CloudWatch::Dashboard")[0]["DashboardName"]
    assert name == {"Fn::Join": ["", ["Stack-Monitoring-", {"Ref": "AWS::Region"}]]}

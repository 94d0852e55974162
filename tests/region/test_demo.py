"""The demonstration: its output, and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from vpn_lab.demo import report as demo_report
from vpn_lab.readback import ConnectionView, RouteTableView, StackView, TunnelView

PROJECT = Path(__file__).parents[2]

TUNNEL = TunnelView(
    "198.51.100.1", "169.254.10.0/30", "DOWN", ("ikev2",), ("AES256-GCM-16",), ("SHA2-384",), (20,), "add", 30
)
OTHER = replace(TUNNEL, outside_address="192.0.2.1", inside_cidr="169.254.11.0/30")
CONNECTION = ConnectionView(
    "vpn-1", "Stack/Vpn", "available", "cgw-1", "203.0.113.1", "65000", "vgw-1", False, (), (TUNNEL, OTHER)
)
TABLE = RouteTableView("rtb-1", "Stack/Cloud", ("vgw-1",), ())
GOOD = StackView((), {"Tunnel1": "198.51.100.1", "Tunnel2": "192.0.2.1"}, (CONNECTION,), (TABLE,))


def with_tunnel(**changes: object) -> StackView:
    changed = replace(CONNECTION, tunnels=(replace(TUNNEL, **changes), OTHER))  # type: ignore[arg-type]
    return replace(GOOD, connections=(changed,))


def failures(view: StackView) -> list[str]:
    checks = demo_report.Checks(Console(file=StringIO()))
    demo_report.check_stack(checks, view)
    return checks.failures


def test_a_sound_stack_passes_every_check() -> None:
    assert failures(GOOD) == []


@pytest.mark.parametrize(
    ("view", "failure"),
    [
        (replace(GOOD, connections=()), "the stack has a VPN connection"),
        (replace(GOOD, outputs={}), "outputs"),
        (replace(GOOD, route_tables=()), "propagates"),
        (replace(GOOD, connections=(replace(CONNECTION, state="pending"),)), "available"),
        (replace(GOOD, connections=(replace(CONNECTION, tunnels=(TUNNEL,)),)), "two tunnels"),
        (with_tunnel(outside_address="192.0.2.1"), "its own outside address"),
        (with_tunnel(ike_versions=("ikev1", "ikev2")), "IKEv2"),
        (with_tunnel(dh_groups=(2, 20)), "DH group"),
        (with_tunnel(integrity=("SHA1",)), "SHA-1"),
    ],
)
def test_what_is_not_as_it_should_be_fails_its_check(view: StackView, failure: str) -> None:
    assert any(failure in one for one in failures(view))


def test_what_is_left_over_fails() -> None:
    checks = demo_report.Checks(Console(file=StringIO()))
    left = {"secret": frozenset({"arn:of:a:secret"})}
    demo_report.show_leftovers(Console(file=StringIO()), checks, left, {}, left)
    assert checks.failures == ["nothing is left but arn:of:a:secret"]


def demonstrate(folder: Path, scenario: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join([str(PROJECT), str(PROJECT / "constructs")])
    return subprocess.run(
        [sys.executable, "-m", "vpn_lab.demo", scenario, "--no-network"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": paths, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_deploys_shows_and_removes_a_scenario(tmp_path: Path) -> None:
    shown = demonstrate(tmp_path, "ScenarioDualCgwBgp")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    for tunnel in ("169.254.10.0/30", "169.254.11.0/30", "169.254.20.0/30", "169.254.21.0/30"):
        assert tunnel in shown.stdout
    assert "✓ nothing is left" in shown.stdout
    assert "✗" not in shown.stdout
    assert list(tmp_path.glob("**/running.json")) == []


def test_a_scenario_that_does_not_exist_ends_with_an_error(tmp_path: Path) -> None:
    shown = demonstrate(tmp_path, "ScenarioOfDreams")
    assert shown.returncode == 1
    assert "ScenarioOfDreams" in shown.stdout
    assert list(tmp_path.glob("**/running.json")) == []

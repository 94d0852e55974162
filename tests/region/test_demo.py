"""The demonstration: its output, and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from vpn_lab.demo import report as demo_report
from vpn_model.connection import Tunnel, VpnConnection
from vpn_model.network import Network, Stack
from vpn_model.read_api.inventory import Inventory
from vpn_model.routing import RouteTable
from vpn_model.tunnel_options import TunnelOptions

PROJECT = Path(__file__).parents[2]

OPTIONS = TunnelOptions(
    ike_versions=("ikev2",),
    phase1_integrity=("SHA2-384",),
    phase1_dh_groups=(20,),
    phase2_integrity=("SHA2-384",),
    phase2_dh_groups=(20,),
)
TUNNEL, OTHER = Tunnel("198.51.100.1", "169.254.10.0/30", OPTIONS), Tunnel("192.0.2.1", "169.254.11.0/30", OPTIONS)
CONNECTION = VpnConnection("vpn-1", "Stack/Vpn", "cgw-1", (TUNNEL, OTHER), vpn_gateway_id="vgw-1", state="available")
GOOD = Network(
    "us-east-1",
    route_tables={"rtb-1": RouteTable("rtb-1", "Stack/Cloud", "vpc-1", (), propagating_gateway_ids=("vgw-1",))},
    vpn_connections={"vpn-1": CONNECTION},
    stack=Stack("Stack", (), {"Tunnel1": "198.51.100.1", "Tunnel2": "192.0.2.1"}),
)


def with_connection(**changes: Any) -> Network:
    return replace(GOOD, vpn_connections={"vpn-1": replace(CONNECTION, **changes)})


def with_options(**changes: Any) -> Network:
    return with_connection(tunnels=(replace(TUNNEL, options=replace(OPTIONS, **changes)), OTHER))


def failures(network: Network) -> list[str]:
    checks = demo_report.Checks(Console(file=StringIO()))
    demo_report.check_stack(checks, network)
    return checks.failures


def test_a_sound_stack_passes_every_check() -> None:
    assert failures(GOOD) == []


@pytest.mark.parametrize(
    ("network", "failure"),
    [
        (replace(GOOD, vpn_connections={}), "the stack has a VPN connection"),
        (replace(GOOD, stack=Stack("Stack", ())), "outputs"),
        (replace(GOOD, route_tables={}), "propagates"),
        (with_connection(state="pending"), "available"),
        (with_connection(tunnels=(TUNNEL,)), "two tunnels"),
        (with_connection(tunnels=(OTHER, OTHER)), "its own outside address"),
        (with_options(ike_versions=("ikev1", "ikev2")), "IKEv2"),
        (with_options(phase2_dh_groups=(2, 20)), "DH group"),
        (with_options(phase1_integrity=("SHA1",)), "SHA-1"),
    ],
)
def test_what_is_not_as_it_should_be_fails_its_check(network: Network, failure: str) -> None:
    assert any(failure in one for one in failures(network))


def test_what_is_left_over_fails() -> None:
    checks = demo_report.Checks(Console(file=StringIO()))
    left = Inventory({"secret": frozenset({"arn:of:a:secret"})})
    demo_report.show_leftovers(Console(file=StringIO()), checks, Inventory({}), left, left)
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

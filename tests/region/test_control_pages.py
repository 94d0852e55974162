"""The control pages: what they answer to wrong methods and wrong bodies, and who gets a private key."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tests.region.requests_by_hand import page
from tests.region.test_process import processor_seconds
from vpn_lab.region import Region

WRONG_BODIES = (b"", b"text", b"[]", b"7", b"null", b"{}", b'{"a": 1}', b"[" * 100_000, b"\xff")
MEBIBYTE = 1 << 20


@pytest.mark.parametrize(
    "name",
    [
        "client-vpn-endpoints/cvpn-endpoint-0/connections",
        "vpn-connections/vpn-0/tunnels/192.0.2.1",
        "quotas/us-east-1/L-1216C47A",
        "health-events",
    ],
)
def test_a_wrong_body_is_answered_in_one_line(region: Region, name: str) -> None:
    method = "POST" if name == "health-events" else "PUT"
    for body in WRONG_BODIES:
        answer = page(region, method, name, body)
        assert answer.status == 400, body[:20]
        assert "\n" not in json.loads(answer.text)["error"]


@pytest.mark.parametrize(
    "body",
    [
        {"connections": 7, "refused": []},
        {"connections": ["a"], "refused": []},
        {"connections": [{}], "refused": []},
        {"connections": [{"ConnectionId": "a", "IngressBytes": "many"}], "refused": []},
        {"connections": [], "refused": [1]},
        {"connections": []},
    ],
)
def test_a_report_about_clients_is_checked_before_anything_changes(region: Region, body: Any) -> None:
    assert page(region, "PUT", "client-vpn-endpoints/cvpn-endpoint-0/connections", body).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {"status": "MAYBE"},
        {"status": ["UP"]},
        {"status": "UP", "learned_prefixes": "10.0.0.0/8"},
        {"status": "UP", "learned_prefixes": ["10.0.0.1/8"]},
        {"status": "UP", "negotiated": []},
        {"status": "UP", "bytes_in": "1"},
        {"status": "UP", "bytes_in": -1},
        {"status": "UP", "message": None},
    ],
)
def test_a_report_about_a_tunnel_is_checked_before_anything_changes(region: Region, body: Any) -> None:
    assert page(region, "PUT", "vpn-connections/vpn-0/tunnels/192.0.2.1", body).status == 400


def test_a_wrong_method_and_a_wrong_page_are_told_apart(region: Region) -> None:
    for method, name, status in (
        ("DELETE", "status", 405),
        ("GET", "reset", 405),
        ("POST", "changes/0", 405),
        ("GET", "changes/many", 404),
        ("GET", "changes/٣", 404),
        ("PUT", "nothing", 404),
        ("GET", "", 404),
        ("DELETE", "client-vpn-endpoints/cvpn-endpoint-0", 405),
        ("POST", "client-vpn-endpoints/cvpn-endpoint-0", 405),
        ("GET", "client-vpn-endpoints/cvpn-endpoint-0/connections", 405),
        ("GET", "client-vpn-endpoints/cvpn-endpoint-0", 400),
        ("PUT", "outages/anything", 400),
        ("GET", "outages/ec2", 405),
        ("DELETE", "quotas/nowhere/L-1216C47A", 400),
        ("DELETE", "quotas/us-east-1/L-0", 400),
        ("PUT", "quotas/us-east-1/L-1216C47A", 400),
        ("GET", "quotas/us-east-1/L-1216C47A", 405),
    ):
        target = "/".join(part if part.isascii() else "%D9%A3" for part in name.split("/"))
        answer = page(region, method, target)
        assert (answer.status, list(json.loads(answer.text))) == (status, ["error"]), (method, name)


def test_a_long_body_costs_little_and_is_refused(region: Region) -> None:
    before = processor_seconds(region.pid)
    begin = time.monotonic()
    for name in ("changes", "health-events"):
        try:
            assert page(region, "POST", name, b" " * (40 * MEBIBYTE)).status == 413
        except (BrokenPipeError, ConnectionResetError):
            # the region does not wait for the rest
            continue
    assert processor_seconds(region.pid) - before < 1.0
    assert time.monotonic() - begin < 20

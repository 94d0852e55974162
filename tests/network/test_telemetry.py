"""DescribeVpnConnections shows the states that strongSwan and FRR report."""

from __future__ import annotations

from typing import Any

import pytest

from vpn_lab.network.guest.ike import in_force
from vpn_lab.network.reporting import telemetry

CHILD = {"state": b"INSTALLED", "encr-alg": b"AES_GCM_16", "encr-keysize": b"256", "local-ts": [b"0.0.0.0/0"]}
LISTED = {
    "tun10-0": {
        **{"uniqueid": b"1", "version": b"2", "state": b"ESTABLISHED", "local-host": b"198.51.100.1"},
        **{"encr-alg": b"AES_GCM_16", "encr-keysize": b"128", "prf-alg": b"PRF_HMAC_SHA2_256", "dh-group": b"ECP_256"},
        "child-sas": {"tun10-0-2": CHILD},
    }
}


def seen(**changes: Any) -> dict[str, Any]:
    found = in_force([LISTED])["tun10-0"]
    return {"established": True, "bgp": None, "prefixes": [], "ike": found["ike"], "esp": found["esp"], **changes}


def test_the_algorithms_in_force_have_the_names_of_aws() -> None:
    assert telemetry.negotiated(seen()) == {
        "IkeVersion": "ikev2",
        "Phase1EncryptionAlgorithm": "AES128-GCM-16",
        "Phase1IntegrityAlgorithm": "SHA2-256",
        "Phase1DHGroup": 19,
        "Phase2EncryptionAlgorithm": "AES256-GCM-16",
    }


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({}, "UP", ""),
        ({"established": False}, "DOWN", "IPSEC IS DOWN"),
        ({"bgp": "Active"}, "DOWN", "IPSEC IS UP"),
        ({"bgp": "Established", "prefixes": ["10.60.0.0/16"]}, "UP", "1 BGP ROUTES"),
    ],
)
def test_a_tunnel_with_bgp_is_up_once_its_session_is(changes: dict[str, Any], status: str, message: str) -> None:
    report = telemetry.report(seen(**changes))
    assert (report["status"], report["message"]) == (status, message)


def test_an_association_without_child_is_no_tunnel() -> None:
    begun = {**LISTED["tun10-0"], "child-sas": {"tun10-0-2": {**CHILD, "state": b"CREATED"}}}
    assert "esp" not in in_force([{"tun10-0": begun}])["tun10-0"]


def test_traffic_is_what_the_association_has_counted_and_is_no_news() -> None:
    counted = seen(esp={**seen()["esp"], "bytes-in": "4200", "bytes-out": "8400"})
    report = telemetry.report(counted)
    assert (report["bytes_in"], report["bytes_out"]) == (4200, 8400)
    assert telemetry.without_traffic(report) == telemetry.without_traffic(telemetry.report(seen()))
    assert telemetry.report(seen(established=False))["bytes_in"] is None

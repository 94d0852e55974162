"""What a device cannot be told: each mistake stops at once, and says what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import accumulate
from typing import Any

import pytest

from cdk_aws_vpn.connection.inside_network import InsideNetwork
from cdk_aws_vpn.device.configuration import (
    DeviceConfig,
    PairConfig,
    ProbeConfig,
    TunnelConfig,
    render_files,
)
from cdk_aws_vpn.errors import VpnConfigurationError, VpnError
from tests.device.shapes import BGP, SHAPES, token, tunnel

TUNNEL = tunnel(1)


def changed_tunnel(**changes: Any) -> TunnelConfig:
    return replace(TUNNEL, **changes)


def negotiating(**changes: Any) -> TunnelConfig:
    return replace(TUNNEL, negotiation=replace(TUNNEL.negotiation, **changes))


def changed_pair(**changes: Any) -> PairConfig:
    pair = SHAPES["dual-bgp-active"]().pair
    assert pair is not None
    return replace(pair, **changes)


def device(shape: str = "dual-bgp-active", **changes: Any) -> DeviceConfig:
    return replace(SHAPES[shape](), **changes)


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "tunnel number 3": (lambda: changed_tunnel(number=3), r"number 3 .*1 or 2"),
    "DPD after more than an hour": (
        lambda: negotiating(dpd_timeout_seconds=3601),
        r"dpd_timeout_seconds 3601 .*30 to 3600",
    ),
    "a second group": (
        lambda: negotiating(phase2_dh_group_numbers=(19, 20)),
        r"phase2_dh_group_numbers \(19, 20\) .*that of phase 1.*\(20,\)",
    ),
    "AWS renews the keys too soon": (
        lambda: negotiating(phase2_lifetime_seconds=900, rekey_margin_time_seconds=316),
        r"rekey_margin_time_seconds 316 .*at most 630 seconds",
    ),
    "an inside CIDR outside 169.254": (lambda: InsideNetwork("10.0.0.0/30"), r"inside_cidr '10\.0\.0\.0/30'.*169\.254"),
    "a reserved inside CIDR": (lambda: InsideNetwork("169.254.0.0/30"), r"169\.254\.0\.0/30.*reserve"),
    "an inside CIDR that is no /30": (lambda: InsideNetwork("169.254.10.0/29"), r"a /30 of"),
    "an inside CIDR that is a token": (lambda: InsideNetwork(token("Cidr")), r"a literal /30.*leave inside_cidr out"),
    "BGP that announces more than AWS takes": (
        lambda: device(local_prefixes=tuple(f"10.61.{number}.0/24" for number in range(101))),
        r"local_prefixes 101 .*100 at most",
    ),
    "an unknown role": (lambda: changed_pair(role="primary"), r"role 'primary' .*active or standby"),
    "virtual router 0": (lambda: changed_pair(virtual_router_id=0), r"virtual_router_id 0 .*1 to 255"),
    "virtual router 256": (lambda: changed_pair(virtual_router_id=256), r"virtual_router_id 256 .*1 to 255"),
    "a shared address without a private one": (
        lambda: changed_pair(shared_address_allocation_id="eipalloc-1"),
        r"ike_private_address None .*give both",
    ),
    "a private address without a shared one": (
        lambda: changed_pair(ike_private_address="10.60.0.110"),
        r"ike_private_address '10\.60\.0\.110' .*give both",
    ),
    "text for a number": (
        lambda: ProbeConfig(silence_milliseconds="600"),  # type: ignore[arg-type]
        r"silence_milliseconds .600. .*a whole number, 300 to 10000",
    ),
    "probes every 99 ms": (lambda: ProbeConfig(interval_milliseconds=99), r"interval_milliseconds 99 .*100 to 5000"),
    "probes every 5001 ms": (lambda: ProbeConfig(interval_milliseconds=5001), r"5001 .*100 to 5000"),
    "dead after a moment": (lambda: ProbeConfig(silence_milliseconds=299), r"silence_milliseconds 299 .*300 to 10000"),
    "alive after none": (lambda: ProbeConfig(recoveries=0), r"recoveries 0 .*1 to 200"),
    "a name that is none": (lambda: device(name="no name"), r"name 'no name' .*host name"),
    "a name that would break out of the shell": (lambda: device(name="x'; reboot'"), r"name .*host name"),
    "no tunnel": (lambda: device(tunnels=()), r"tunnels \[\] .*one tunnel"),
    "the same tunnel twice": (lambda: device(tunnels=(TUNNEL, TUNNEL)), r"tunnels \[1, 1\]"),
    "two tunnels with one inside CIDR": (
        lambda: device(tunnels=(TUNNEL, replace(TUNNEL, number=2))),
        r"inside_cidr '169\.254\.11\.0/30' .*of its own",
    ),
    "the inside CIDR of the devices' own link": (
        lambda: device(tunnels=(TUNNEL, changed_tunnel(number=2, inside=InsideNetwork("169.254.255.248/30")))),
        r"inside_cidr '169\.254\.255\.248/30' .*joins the devices",
    ),
    "no remote prefix": (lambda: device(remote_prefixes=()), r"remote_prefixes \(\) "),
    "all of the internet as remote": (
        lambda: device(remote_prefixes=("0.0.0.0/0",)),
        r"remote_prefixes '0\.0\.0\.0/0'",
    ),
    "all of the internet as local": (lambda: device(local_prefixes=("0.0.0.0/0",)), r"local_prefixes '0\.0\.0\.0/0'"),
    "a remote network around the local one": (
        lambda: device(remote_prefixes=("10.0.0.0/8",)),
        r"remote_prefixes '10\.0\.0\.0/8' .*shares no address with 10\.60\.0\.0/16",
    ),
    "two static tunnels that nobody probes": (lambda: device("dual-tunnel", probe=None), r"probe None .*ProbeConfig"),
    "a pair that nobody probes": (lambda: device(probe=None), r"probe None .*in a pair"),
    "probes without programs": (lambda: device("dual-tunnel", code=None), r"code None .*CodeAsset"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_stops_with_the_value_and_the_remedy(mistake: str) -> None:
    make, message = MISTAKES[mistake]
    with pytest.raises(VpnConfigurationError, match=message) as caught:
        make()
    assert isinstance(caught.value, VpnError)
    assert "Token[" not in str(caught.value) or mistake.endswith("token")


def test_one_tunnel_with_bgp_needs_no_programs() -> None:
    alone = replace(SHAPES["single-tunnel"](), bgp=BGP)
    assert "/etc/frr/frr.conf" in render_files(alone)


def test_tunnel_2_alone_is_tunnel_2_on_the_device() -> None:
    files = render_files(replace(SHAPES["single-tunnel"](), tunnels=(tunnel(2),)))
    assert "conn tunnel2" in files["/etc/ipsec.conf"]
    assert "dev ipsec2 " in files["/opt/cgw/tunnels"]
    assert '"ipsec2"' in files["/etc/cgw/firewall.nft"]


@pytest.mark.parametrize(("seconds", "retransmit_timeout"), [(30, 15), (47, 31), (48, 31), (3600, 2047)])
def test_libreswan_gives_up_within_the_time_of_dead_peer_detection(seconds: int, retransmit_timeout: int) -> None:
    silent = negotiating(dpd_timeout_seconds=seconds)
    text = render_files(replace(SHAPES["single-tunnel"](), tunnels=(silent,)))["/etc/ipsec.conf"]
    assert f"retransmit-timeout={retransmit_timeout}s" in text
    waits = accumulate(0.5 * 2**count for count in range(20))
    given_up = next(waited for waited in waits if waited >= retransmit_timeout)
    assert seconds / 2 < seconds // 3 + given_up <= seconds

"""Hypothesis strategies: values that AWS accepts, and values that it rejects."""

from __future__ import annotations

import ipaddress
from typing import Any

from hypothesis import strategies as st

from cdk_aws_vpn.checks.addressing import INSIDE_NETWORK, RESERVED_INSIDE_CIDRS
from cdk_aws_vpn.checks.asns import MAX_ASN, RESERVED_ASNS

# Taken from AWS's "Tunnel options for your AWS Site-to-Site VPN connection", independently of the library.
RANGES = {
    "phase1_lifetime_seconds": (900, 28800),
    "phase2_lifetime_seconds": (900, 3600),
    "rekey_margin_time_seconds": (60, 1800),
    "rekey_fuzz_percentage": (0, 100),
    "replay_window_size": (64, 2048),
    "dpd_timeout_seconds": (30, None),
}
_ENCRYPTION = ("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16")
_INTEGRITY = ("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")
_PHASE1_GROUPS = (2, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24)
CHOICES: dict[str, tuple[str, ...] | tuple[int, ...]] = {
    "ike_versions": ("ikev1", "ikev2"),
    "phase1_encryption_algorithms": _ENCRYPTION,
    "phase1_integrity_algorithms": _INTEGRITY,
    "phase1_dh_group_numbers": _PHASE1_GROUPS,
    "phase2_encryption_algorithms": _ENCRYPTION,
    "phase2_integrity_algorithms": _INTEGRITY,
    "phase2_dh_group_numbers": (2, 5, *_PHASE1_GROUPS[1:]),
}
_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"


def _network(address: int, prefix_length: int) -> str:
    return str(ipaddress.IPv4Network((address >> (32 - prefix_length) << (32 - prefix_length), prefix_length)))


def cidrs(smallest: int = 1, largest: int = 32) -> st.SearchStrategy[str]:
    """IPv4 networks with a prefix length from ``smallest`` to ``largest``."""
    return st.builds(_network, st.integers(0, 2**32 - 1), st.integers(smallest, largest))


@st.composite
def unaligned_cidrs(draw: st.DrawFn) -> str:
    """Networks with a host bit set."""
    length = draw(st.integers(1, 31))
    network = ipaddress.IPv4Network(draw(cidrs(length, length)))
    host = draw(st.integers(1, network.num_addresses - 1))
    return f"{network[host]}/{length}"


def _inside(number: int) -> str:
    return str(ipaddress.IPv4Network((int(INSIDE_NETWORK[0]) + 4 * number, 30)))


def inside_cidrs() -> st.SearchStrategy[str]:
    """Blocks that a tunnel may use."""
    return st.integers(0, 2**14 - 1).map(_inside).filter(lambda block: block not in RESERVED_INSIDE_CIDRS)


def invalid_inside_cidrs() -> st.SearchStrategy[str]:
    """Reserved blocks, blocks of another size, and blocks outside 169.254.0.0/16."""
    outside = cidrs(30, 30).filter(lambda block: not block.startswith("169.254."))
    other_size = st.integers(17, 32).filter(lambda length: length != 30).map(lambda n: f"169.254.128.0/{n}")
    return st.one_of(st.sampled_from(RESERVED_INSIDE_CIDRS), outside, other_size, unaligned_cidrs())


def bgp_asns() -> st.SearchStrategy[int]:
    """ASNs that a customer gateway may have."""
    return st.integers(1, MAX_ASN).filter(lambda asn: asn not in RESERVED_ASNS)


def invalid_bgp_asns() -> st.SearchStrategy[Any]:
    """ASNs that are out of range, reserved by AWS, or not whole numbers."""
    return st.one_of(
        st.integers(max_value=0),
        st.integers(min_value=MAX_ASN + 1),
        st.sampled_from((*RESERVED_ASNS, "65000", 65000.5, True, None)),
    )


def amazon_side_asns() -> st.SearchStrategy[int]:
    """Private ASNs of 16 and of 32 bits."""
    return st.integers(64512, 65534) | st.integers(4200000000, 4294967294)


def invalid_amazon_side_asns() -> st.SearchStrategy[int]:
    """ASNs that are not private."""
    return st.one_of(
        st.integers(max_value=64511), st.integers(65535, 4199999999), st.integers(min_value=4294967295, max_value=2**40)
    )


def connection_names() -> st.SearchStrategy[str]:
    """Construct paths."""
    return st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,12}(/[A-Za-z][A-Za-z0-9-]{0,12}){1,3}", fullmatch=True)


def pre_shared_keys() -> st.SearchStrategy[str]:
    """Keys that AWS accepts."""
    return st.text(_KEY_ALPHABET, min_size=8, max_size=64).filter(lambda key: not key.startswith("0"))


def invalid_pre_shared_keys() -> st.SearchStrategy[str]:
    """Keys that are too short or too long, start with 0, or hold another character."""
    good = st.text(_KEY_ALPHABET.replace("0", ""), min_size=8, max_size=63)
    return st.one_of(
        st.text(_KEY_ALPHABET, max_size=7),
        st.text(_KEY_ALPHABET, min_size=65, max_size=80),
        good.map(lambda key: f"0{key}"),
        st.builds(lambda key, char: key + char, good, st.characters().filter(lambda char: char not in _KEY_ALPHABET)),
    )


@st.composite
def tunnel_options(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments of ``TunnelOptions`` that AWS accepts together."""
    phase2 = draw(st.integers(900, 3600))
    options: dict[str, Any] = {
        "phase1_lifetime_seconds": draw(st.integers(phase2 + 1, 28800)),
        "phase2_lifetime_seconds": phase2,
        "rekey_margin_time_seconds": draw(st.integers(60, phase2 // 2)),
        "rekey_fuzz_percentage": draw(st.integers(0, 100)),
        "replay_window_size": draw(st.integers(64, 2048)),
        "dpd_timeout_seconds": draw(st.integers(30, 86400)),
        "dpd_timeout_action": draw(st.sampled_from(("clear", "none", "restart"))),
        "startup_action": draw(st.sampled_from(("add", "start"))),
    }
    for name, allowed in CHOICES.items():
        values = draw(st.none() | st.lists(st.sampled_from(allowed), min_size=1, unique=True).map(tuple))
        options[name] = ("ikev2",) if name == "ike_versions" and options["startup_action"] == "start" else values
    if draw(st.booleans()):
        options["inside_cidr"] = draw(inside_cidrs())
    return options


@st.composite
def invalid_tunnel_options(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Valid arguments, one of which was made invalid, and the name of that argument."""
    options = draw(tunnel_options())
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(RANGES)))
        low, high = RANGES[name]
        too_large = st.nothing() if high is None else st.integers(min_value=high + 1)
        options[name] = draw(st.integers(max_value=low - 1) | too_large)
    else:
        name = draw(st.sampled_from(sorted(CHOICES)))
        stranger: st.SearchStrategy[Any] = st.integers(25, 99) if name.endswith("numbers") else st.text(max_size=8)
        wrong = draw(stranger.filter(lambda value: value not in CHOICES[name]))
        options[name] = draw(st.sampled_from(((), (wrong,), (CHOICES[name][0], wrong), (CHOICES[name][0],) * 2)))
    return name, options

"""The options of one tunnel: how the EC2 API accepts, checks and shows them."""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from vpn_lab.region.ec2.errors import invalid_value

Options = Mapping[str, Any]

RESERVED_INSIDE_CIDRS = frozenset(
    IPv4Network(cidr)
    for cidr in (
        "169.254.0.0/30",
        "169.254.1.0/30",
        "169.254.2.0/30",
        "169.254.3.0/30",
        "169.254.4.0/30",
        "169.254.5.0/30",
        "169.254.169.252/30",
    )
)
INSIDE_NETWORK = IPv4Network("169.254.0.0/16")
INSIDE_IPV6_NETWORK = IPv6Network("fd00::/8")
PRE_SHARED_KEY = re.compile(r"(?!0)[A-Za-z0-9._]{8,64}")

ALLOWED_VALUES: dict[str, frozenset[object]] = {
    "IKEVersions": frozenset({"ikev1", "ikev2"}),
    "Phase1DHGroupNumbers": frozenset({2, *range(14, 25)}),
    "Phase2DHGroupNumbers": frozenset({2, 5, *range(14, 25)}),
    "Phase1EncryptionAlgorithms": frozenset({"AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"}),
    "Phase2EncryptionAlgorithms": frozenset({"AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"}),
    "Phase1IntegrityAlgorithms": frozenset({"SHA1", "SHA2-256", "SHA2-384", "SHA2-512"}),
    "Phase2IntegrityAlgorithms": frozenset({"SHA1", "SHA2-256", "SHA2-384", "SHA2-512"}),
}
ALLOWED_WORDS = {"DPDTimeoutAction": ("clear", "none", "restart"), "StartupAction": ("add", "start")}
ALLOWED_RANGES = {
    "Phase1LifetimeSeconds": (900, 28800),
    "Phase2LifetimeSeconds": (900, 3600),
    "RekeyFuzzPercentage": (0, 100),
    "ReplayWindowSize": (64, 2048),
    "DPDTimeoutSeconds": (30, 2**31 - 1),
}
SHOWN_AS = {"DPDTimeoutAction": "DpdTimeoutAction", "DPDTimeoutSeconds": "DpdTimeoutSeconds"}


def random_pre_shared_key() -> str:
    """A key as AWS generates it: 32 characters that never start with a zero."""
    alphabet = string.ascii_letters + string.digits
    return secrets.choice(string.ascii_letters) + "".join(secrets.choice(alphabet) for _ in range(31))


def check(options: Options) -> None:
    """Reject what EC2 rejects: first each option, then combinations."""
    for name, allowed in ALLOWED_VALUES.items():
        for value in values(options, name):
            if value not in allowed:
                raise invalid_value(name, value, f"Valid values: {_listed(allowed)}.")
    for name, words in ALLOWED_WORDS.items():
        if name in options and options[name] not in words:
            raise invalid_value(name, options[name], f"Valid values: {', '.join(words)}.")
    for name, (lowest, highest) in ALLOWED_RANGES.items():
        if name in options and not lowest <= int(options[name]) <= highest:
            raise invalid_value(name, options[name], f"The value must be between {lowest} and {highest}.")
    _check_key(options)
    _check_inside_cidrs(options)
    _check_combinations(options)


def values(options: Options, name: str) -> list[Any]:
    """The values of a list option, each of which the API wraps."""
    return [item["Value"] for item in options.get(name) or ()]


def _listed(allowed: Iterable[object]) -> str:
    return ", ".join(str(value) for value in sorted(allowed, key=str))


def _check_key(options: Options) -> None:
    key = options.get("PreSharedKey")
    if key is not None and not PRE_SHARED_KEY.fullmatch(key):
        rule = "It must be 8 to 64 letters, digits, periods or underscores and must not start with zero."
        raise invalid_value("PreSharedKey", "****", rule)


def _check_inside_cidrs(options: Options) -> None:
    inside = options.get("TunnelInsideCidr")
    if inside is not None:
        network = _network("TunnelInsideCidr", inside)
        if not (isinstance(network, IPv4Network) and network.prefixlen == 30 and network.subnet_of(INSIDE_NETWORK)):
            raise invalid_value("TunnelInsideCidr", inside, f"It must be a /30 of {INSIDE_NETWORK}.")
        if network in RESERVED_INSIDE_CIDRS:
            raise invalid_value("TunnelInsideCidr", inside, "The CIDR block is reserved by AWS.")
    inside6 = options.get("TunnelInsideIpv6Cidr")
    if inside6 is not None:
        network = _network("TunnelInsideIpv6Cidr", inside6)
        if not (
            isinstance(network, IPv6Network) and network.prefixlen == 126 and network.subnet_of(INSIDE_IPV6_NETWORK)
        ):
            raise invalid_value("TunnelInsideIpv6Cidr", inside6, f"It must be a /126 of {INSIDE_IPV6_NETWORK}.")


def _network(name: str, value: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(value)
    except ValueError as problem:
        raise invalid_value(name, value, f"{problem}.") from None


def _check_combinations(options: Options) -> None:
    phase1 = int(options.get("Phase1LifetimeSeconds", 28800))
    phase2 = int(options.get("Phase2LifetimeSeconds", 3600))
    if phase2 >= phase1:
        raise invalid_value("Phase2LifetimeSeconds", phase2, f"It must be less than Phase1LifetimeSeconds ({phase1}).")
    margin = options.get("RekeyMarginTimeSeconds")
    if margin is not None and not 60 <= int(margin) <= phase2 // 2:
        rule = f"The value must be between 60 and half of Phase2LifetimeSeconds ({phase2 // 2})."
        raise invalid_value("RekeyMarginTimeSeconds", margin, rule)
    if options.get("StartupAction") == "start" and "ikev1" in (values(options, "IKEVersions") or ["ikev1"]):
        raise invalid_value("StartupAction", "start", "It is only supported when IKEVersions allows ikev2 alone.")


def shown(options: Options, outside_address: str, pre_shared_key: str | None) -> dict[str, Any]:
    """The options of one tunnel in the answer of DescribeVpnConnections: the requested and the assigned values."""
    answer = {SHOWN_AS.get(name, name): value for name, value in options.items() if name != "PreSharedKey"}
    if "IKEVersions" in answer:
        answer["IkeVersions"] = answer.pop("IKEVersions")
    answer["OutsideIpAddress"] = outside_address
    if pre_shared_key is not None:
        answer["PreSharedKey"] = pre_shared_key
    return answer


def free_inside_cidr(used: Iterable[str]) -> str:
    """The /30 that AWS assigns to a tunnel without a requested one."""
    taken = {IPv4Network(cidr) for cidr in used}
    networks = list(INSIDE_NETWORK.subnets(new_prefix=30))
    while True:
        network = secrets.choice(networks)
        if network not in taken and network not in RESERVED_INSIDE_CIDRS:
            return str(network)


def free_inside_ipv6_cidr(used: Iterable[str | None]) -> str:
    """The /126 that AWS assigns to an IPv6 tunnel without a requested one."""
    taken = set(used)
    while True:
        address = (0xFD << 120) + (secrets.randbits(118) << 2)
        network = str(IPv6Network((address, 126)))
        if network not in taken:
            return network

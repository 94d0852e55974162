"""Rules for a connection as a whole: inside addresses, and where AWS keeps the keys."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from vpn_model.rules.findings import Rule, Violation
from vpn_model.rules.negotiation import OPTIONS
from vpn_model.rules.subject import Network, Subject, network, tunnels

INSIDE = ("TunnelInsideCidr", "TunnelInsideIpv6Cidr")
RESERVED = tuple(
    ipaddress.ip_network(one)
    for one in (
        *(f"169.254.{third}.0/30" for third in range(6)),
        "169.254.169.252/30",
    )
)

RESERVED_CIDR = Rule(
    id="VPN_NO_RESERVED_INSIDE_CIDR",
    severity="error",
    title="Inside addresses are not those that AWS reserves",
    why=f"AWS refuses these blocks ({OPTIONS}).",
    remedy="choose another /30 of 169.254.0.0/16",
)
UNIQUE_CIDR = Rule(
    id="VPN_INSIDE_CIDR_ONCE",
    severity="error",
    title="Each tunnel has inside addresses of its own",
    why=f"Inside addresses must be unique among all tunnels of a gateway; AWS refuses a second use ({OPTIONS}).",
    remedy="give each tunnel another block, or leave the blocks out so that AWS chooses them",
)
KEY_STORAGE = Rule(
    id="VPN_KEY_STORAGE",
    severity="note",
    title="AWS keeps the keys in Secrets Manager",
    why="With the storage Standard, everyone with ec2:DescribeVpnConnections can read the keys (AWS Site-to-Site VPN "
    "User Guide, pre-shared key storage).",
    remedy="set PreSharedKeyStorage to SecretsManager",
)
RULES = (RESERVED_CIDR, UNIQUE_CIDR, KEY_STORAGE)


def addresses(connection: Subject) -> Iterator[Violation]:
    """Find inside addresses that AWS reserves, or that both tunnels have; and keys that EC2's API shows."""
    seen: dict[Network, int] = {}
    for tunnel in tunnels(connection):
        for name in INSIDE:
            block = network(tunnel.options.get(name))
            if block is None:
                continue
            path = f"{tunnel.path}.{name}"
            if block in RESERVED:
                message = f"AWS reserves {block}"
                yield Violation(rule=RESERVED_CIDR, path=path, message=message, tunnel=tunnel.number)
            if block in seen:
                message = f"tunnel {seen[block]} has {block}, too"
                yield Violation(rule=UNIQUE_CIDR, path=path, message=message, tunnel=tunnel.number)
            seen.setdefault(block, tunnel.number)
    storage = connection.properties.get("PreSharedKeyStorage", "" if connection.has_macro else "Standard")
    if storage == "Standard" and not connection.uses_certificate:
        yield Violation(rule=KEY_STORAGE, path="Properties.PreSharedKeyStorage", message="the storage is Standard")

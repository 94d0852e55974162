"""The filters of a VPC's router: security groups, source/destination check, and the Internet gateway's NAT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vpn_lab.network.planning.addresses import INTERNET_PORT, port_of
from vpn_model.filters import SecurityGroup, SecurityRule
from vpn_model.hosts import Interface
from vpn_model.unknown import Text, known

Members = dict[str, list[str]]


def router(security_groups: Mapping[str, SecurityGroup], interfaces: Sequence[Interface]) -> str:
    """Return nftables rules for a VPC's router."""
    members = _members(interfaces)
    chains, check = [], []
    for interface in interfaces:
        port = port_of(interface.id)
        groups = [security_groups[name] for name in interface.group_ids if name in security_groups]
        chains += _chain(f"in-{port}", "saddr", (one for group in groups for one in group.ingress), members)
        chains += _chain(f"out-{port}", "daddr", (one for group in groups for one in group.egress), members)
        if interface.source_dest_check:
            own = _set(address.private for address in interface.addresses)
            check += [f'\t\tiifname "{port}" ip saddr != {own} drop', f'\t\toifname "{port}" ip daddr != {own} drop']
    ports = [port_of(interface.id) for interface in interfaces]
    lines = [
        *("table ip vpc", "delete table ip vpc", "table ip vpc {"),
        *_internet_gateway(interfaces),
        *chains,
        *("\tchain forward {", "\t\ttype filter hook forward priority 0;", *check),
        "\t\tct state established,related accept",
        *_verdicts("iifname", "out", ports),
        *_verdicts("oifname", "in", ports),
        *("\t}", "}"),
    ]
    return "\n".join(lines) + "\n"


def _members(interfaces: Iterable[Interface]) -> Members:
    """Return the addresses that a rule matches when it names a security group, for each group."""
    members: Members = {}
    for interface in interfaces:
        for group in interface.group_ids:
            members.setdefault(group, []).extend(known(address.private) for address in interface.addresses)
    return members


def _internet_gateway(interfaces: Iterable[Interface]) -> list[str]:
    """Translate addresses one to one and statelessly: when a public address moves, its traffic follows immediately.

    In both directions, the translation happens outside connection tracking, so that security groups see only private
    addresses.
    """
    pairs = {
        known(address.public): known(address.private)
        for one in interfaces
        for address in one.addresses
        if address.public
    }
    inward = ", ".join(f"{public} : {private}" for public, private in sorted(pairs.items()))
    outward = ", ".join(f"{private} : {public}" for public, private in sorted(pairs.items()))
    lines = ["\tchain from-internet {", "\t\ttype filter hook prerouting priority -300;"]
    if pairs:
        lines.append(f'\t\tiifname "{INTERNET_PORT}" ip daddr set ip daddr map {{ {inward} }} accept')
    lines += [f'\t\tiifname "{INTERNET_PORT}" drop', "\t}"]
    lines += ["\tchain to-internet {", "\t\ttype filter hook postrouting priority 300;"]
    if pairs:
        lines.append(f'\t\toifname "{INTERNET_PORT}" ip saddr set ip saddr map {{ {outward} }} accept')
    return [*lines, f'\t\toifname "{INTERNET_PORT}" drop', "\t}"]


def _chain(name: str, side: str, rules: Iterable[SecurityRule], members: Members) -> list[str]:
    """Return a chain that returns for allowed packets and drops all others."""
    lines = [f"ip {side} {_set(peers)}{_service(rule)} return" for rule in rules if (peers := _peers(rule, members))]
    return [f"\tchain {name} {{", *(f"\t\t{line}" for line in lines), "\t\tdrop", "\t}"]


def _peers(rule: SecurityRule, members: Members) -> list[str]:
    """Return the addresses that a rule is about; IPv6 and prefix lists are left out."""
    peer = known(rule.peer)
    if rule.peer_kind == "security group":
        return members.get(peer, [])
    return [peer] if rule.peer_kind == "ipv4" else []


def _service(rule: SecurityRule) -> str:
    protocol, first, last = known(rule.protocol), rule.from_port, rule.to_port
    if protocol == "-1":
        return ""
    if protocol in ("icmp", "1"):
        kind = "" if first in (None, -1) else f" icmp type {first}"
        code = "" if last in (None, -1) or not kind else f" icmp code {last}"
        return f" ip protocol icmp{kind}{code}"
    if protocol in ("tcp", "udp", "6", "17"):
        name = {"6": "tcp", "17": "udp"}.get(protocol, protocol)
        everything = first is None or (first, last) in ((-1, -1), (0, 65535))
        return f" ip protocol {name}" if everything else f" {name} dport {first}-{last}"
    return f" ip protocol {protocol}"


def _verdicts(match: str, direction: str, ports: Sequence[str]) -> list[str]:
    if not ports:
        return []
    verdicts = ", ".join(f'"{port}" : jump {direction}-{port}' for port in ports)
    return [f"\t\t{match} vmap {{ {verdicts} }}"]


def _set(values: Iterable[Text]) -> str:
    everything = sorted({known(value) for value in values})
    return "0.0.0.0/0" if "0.0.0.0/0" in everything else "{ " + ", ".join(everything) + " }"

"""Rules for what is open: SSH from the Internet, and Client VPN without a log or open to everybody."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from vpn_model.read_template.references import Reference
from vpn_model.rules.findings import Rule, Violation
from vpn_model.rules.subject import Network, Subject, flag, is_unknown, network, whole_number

SSH_PORT = 22
WIDE = {4: 8, 6: 16}
"""A shorter prefix is more than any organization has: it is a part of the Internet, whatever it is called."""
HALF = {4: 2**31, 6: 2**124}
"""So many addresses together are the Internet, however small the ranges. Global IPv6 is 2000::/3."""
PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "fc00::/7", "fe80::/10")))

GROUP_SSH = Rule(
    id="VPN_NO_SSH_FROM_THE_WORLD",
    severity="error",
    title="No security group opens SSH, or all ports, to the Internet",
    why="Devices and hosts are attacked there within minutes (AWS Security Hub control EC2.13).",
    remedy="use Session Manager or EC2 Instance Connect; otherwise name addresses and ports",
)
RULE_SSH = Rule(
    id="VPN_NO_SSH_RULE_FROM_THE_WORLD",
    severity="error",
    title="No separate rule of a security group opens SSH, or all ports, to the Internet",
    why=GROUP_SSH.why,
    remedy=GROUP_SSH.remedy,
)
CLIENT_LOG = Rule(
    id="VPN_CLIENT_CONNECTION_LOG",
    severity="error",
    title="A Client VPN endpoint logs connections",
    why="Without the log nobody knows who was connected (AWS Security Hub control EC2.51).",
    remedy="set ConnectionLogOptions with Enabled true and a log group",
)
CLIENT_OPEN = Rule(
    id="VPN_CLIENT_NOT_OPEN_TO_ALL",
    severity="error",
    title="No authorization rule of Client VPN opens everything to everybody",
    why="Every connected user reaches every network that the endpoint has a route to (AWS Client VPN Administrator "
    "Guide, authorization rules).",
    remedy="authorize single networks, or groups with AccessGroupId",
)
RULES = (GROUP_SSH, RULE_SSH, CLIENT_LOG, CLIENT_OPEN)


def is_internet(block: Network) -> bool:
    """Whether a range is the Internet, or a part of it that no organization has."""
    private = any(block.version == one.version and block.subnet_of(one) for one in PRIVATE)  # type: ignore[arg-type]
    return block.prefixlen < WIDE[block.version] and not private


def are_internet(blocks: Iterable[Network]) -> bool:
    """Whether ranges together cover half of the Internet."""
    for version in (4, 6):
        together = ipaddress.collapse_addresses(one for one in blocks if one.version == version)  # type: ignore[type-var]
        if sum(one.num_addresses for one in together) >= HALF[version]:
            return True
    return False


def opens_ssh(ingress: Mapping[str, Any]) -> bool:
    """Whether a rule certainly lets SSH in."""
    protocol = ingress.get("IpProtocol")
    if is_unknown(protocol):
        return False
    if str(protocol).strip().lower() in ("-1", "all"):
        return True
    if str(protocol).strip().lower() not in ("tcp", "6"):
        return False
    if is_unknown(ingress.get("FromPort")) or is_unknown(ingress.get("ToPort")):
        return False
    first, last = whole_number(ingress.get("FromPort", -1)), whole_number(ingress.get("ToPort", -1))
    if first is None or last is None:
        return False
    return -1 in (first, last) or first <= SSH_PORT <= last


def sources(ingress: Mapping[str, Any], lists: Mapping[str, Sequence[Network]]) -> Iterator[tuple[str, Network]]:
    for name in ("CidrIp", "CidrIpv6"):
        block = network(ingress.get(name))
        if block is not None:
            yield name, block
    prefix_list = ingress.get("SourcePrefixListId")
    if isinstance(prefix_list, Reference):
        yield from (("SourcePrefixListId", block) for block in lists.get(prefix_list.logical_id, ()))


def _describe(ingress: Mapping[str, Any]) -> str:
    everything = str(ingress.get("IpProtocol")).strip().lower() in ("-1", "all")
    return "all ports are open" if everything else "SSH is open"


def security_group(group: Subject) -> Iterator[Violation]:
    """Find rules inside a security group that open SSH to the Internet, one by one or together."""
    small: list[Network] = []
    for position, ingress in group.mappings("SecurityGroupIngress"):
        if not opens_ssh(ingress):
            continue
        for name, block in sources(ingress, group.prefix_lists):
            if is_internet(block):
                path = f"Properties.SecurityGroupIngress.{position}.{name}"
                yield Violation(rule=GROUP_SSH, path=path, message=f"{_describe(ingress)} to {block}")
            else:
                small.append(block)
    if are_internet(small):
        message = "SSH is open to most of the Internet, by several ranges together"
        yield Violation(rule=GROUP_SSH, path="Properties.SecurityGroupIngress", message=message)


def separate_rule(ingress: Subject) -> Iterator[Violation]:
    """Find a separate rule of a security group that opens SSH to the Internet."""
    if opens_ssh(ingress.properties):
        for name, block in sources(ingress.properties, ingress.prefix_lists):
            if is_internet(block):
                message = f"{_describe(ingress.properties)} to {block}"
                yield Violation(rule=RULE_SSH, path=f"Properties.{name}", message=message)


def client_endpoint(endpoint: Subject) -> Iterator[Violation]:
    """Find a Client VPN endpoint without a connection log."""
    options = endpoint.mapping("ConnectionLogOptions")
    if not options and endpoint.has_macro:
        return
    if options is not None and flag(options.get("Enabled", False)) is False:
        path = "Properties.ConnectionLogOptions.Enabled"
        yield Violation(rule=CLIENT_LOG, path=path, message="the connection log is off")


def authorization(rule: Subject) -> Iterator[Violation]:
    """Find an authorization rule that opens all networks to all groups."""
    everybody = flag(rule.properties.get("AuthorizeAllGroups", False))
    block = network(rule.properties.get("TargetNetworkCidr"))
    if everybody and block is not None and is_internet(block):
        path = "Properties.TargetNetworkCidr"
        yield Violation(rule=CLIENT_OPEN, path=path, message=f"{block} is open to all groups")

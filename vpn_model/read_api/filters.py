"""Security groups and network ACLs, as the EC2 API describes them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from vpn_model.filters import AclEntry, Direction, NetworkAcl, PeerKind, SecurityGroup, SecurityRule, protocol_name
from vpn_model.read_api.calls import Calls, Entry, name_of
from vpn_model.read_api.scope import Question, Scope, in_vpcs

SECURITY_GROUP = Question("describe_security_groups", "SecurityGroups", "SecurityGroup", "GroupId", "group-id")
NETWORK_ACL = Question("describe_network_acls", "NetworkAcls", "NetworkAcl", "NetworkAclId", "network-acl-id")
PEERS: dict[str, tuple[str, PeerKind]] = {
    "IpRanges": ("CidrIp", "ipv4"),
    "Ipv6Ranges": ("CidrIpv6", "ipv6"),
    "UserIdGroupPairs": ("GroupId", "security group"),
    "PrefixListIds": ("PrefixListId", "prefix list"),
}
DIRECTIONS: dict[str, Direction] = {"IpPermissions": "ingress", "IpPermissionsEgress": "egress"}


def security_groups(calls: Calls, scope: Scope, inside: Collection[str] | None) -> dict[str, SecurityGroup]:
    """The groups of VPCs, and those that a stack made elsewhere; ``inside`` is None for all."""
    entries = in_vpcs(calls, SECURITY_GROUP, scope, inside)
    return {
        one["GroupId"]: SecurityGroup(
            id=one["GroupId"],
            name=name_of(one),
            vpc_id=one.get("VpcId", ""),
            group_name=one["GroupName"],
            description=one.get("Description", ""),
            rules=tuple(_rules(one)),
        )
        for one in entries
    }


def _rules(group: Entry) -> Iterator[SecurityRule]:
    for member, direction in DIRECTIONS.items():
        for permission in group.get(member) or ():
            for peers, (key, kind) in PEERS.items():
                for peer in permission.get(peers) or ():
                    yield SecurityRule(
                        direction=direction,
                        protocol=protocol_name(permission["IpProtocol"]),
                        from_port=permission.get("FromPort"),
                        to_port=permission.get("ToPort"),
                        peer=peer.get(key, ""),
                        peer_kind=kind,
                        description=peer.get("Description", ""),
                    )


def network_acls(calls: Calls, scope: Scope, inside: Collection[str] | None) -> dict[str, NetworkAcl]:
    """The network ACLs of VPCs, and those that a stack made elsewhere; ``inside`` is None for all."""
    entries = in_vpcs(calls, NETWORK_ACL, scope, inside)
    return {
        one["NetworkAclId"]: NetworkAcl(
            id=one["NetworkAclId"],
            name=name_of(one),
            vpc_id=one["VpcId"],
            is_default=bool(one.get("IsDefault")),
            subnet_ids=tuple(end["SubnetId"] for end in one.get("Associations") or ()),
            entries=tuple(_entry(rule) for rule in one.get("Entries") or ()),
        )
        for one in entries
    }


def _entry(entry: Entry) -> AclEntry:
    ports, icmp = entry.get("PortRange") or {}, entry.get("IcmpTypeCode") or {}
    return AclEntry(
        direction="egress" if entry["Egress"] else "ingress",
        number=entry["RuleNumber"],
        action=entry["RuleAction"],
        protocol=entry["Protocol"],
        cidr=entry.get("CidrBlock") or entry.get("Ipv6CidrBlock", ""),
        from_port=ports.get("From", icmp.get("Type")),
        to_port=ports.get("To", icmp.get("Code")),
    )

"""Security groups and network ACLs of a template, with those that come with a VPC."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vpn_model.filters import AclEntry, Direction, NetworkAcl, PeerKind, SecurityGroup, SecurityRule, protocol_name
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.template import Template
from vpn_model.read_template.vpcs import chosen, default_group
from vpn_model.unknown import Number, Text
from vpn_model.vpc import Vpc

SEPARATE: dict[str, Direction] = {
    "AWS::EC2::SecurityGroupIngress": "ingress",
    "AWS::EC2::SecurityGroupEgress": "egress",
}
NETWORKS: dict[str, PeerKind] = {"CidrIp": "ipv4", "CidrIpv6": "ipv6"}
GROUPS: dict[str, PeerKind] = {
    "SourceSecurityGroupId": "security group",
    "DestinationSecurityGroupId": "security group",
    "SourcePrefixListId": "prefix list",
    "DestinationPrefixListId": "prefix list",
}
LAST_ENTRY = 32767


def security_groups(template: Template, vpcs: Mapping[str, Vpc]) -> dict[str, SecurityGroup]:
    """All groups: those of the template, the default one of each VPC, and those of others that it adds rules to."""
    separate: dict[str, list[SecurityRule]] = {}
    for kind, direction in SEPARATE.items():
        for fields in map(template.fields, template.of_type(kind)):
            separate.setdefault(fields.id("GroupId"), []).append(_rule(fields, direction))
    found = {
        vpc: SecurityGroup(vpc, "", name, "default", "default VPC security group", _default_rules(vpc, vpcs[name]))
        for vpc, name in ((default_group(name), name) for name in vpcs)
    }
    for resource in template.of_type("AWS::EC2::SecurityGroup"):
        identifier, fields = resource.logical_id, template.fields(resource)
        found[identifier] = SecurityGroup(
            id=identifier,
            name=template.tag_name(resource),
            vpc_id=fields.id("VpcId"),
            group_name=fields.text("GroupName", chosen(identifier, "GroupName")),
            description=fields.text("GroupDescription"),
            rules=tuple(_inline_rules(fields, vpcs.get(fields.id("VpcId")))),
        )
    for name, rules in separate.items():
        outside = SecurityGroup(
            name, "", chosen(name, "VpcId").text, chosen(name, "GroupName"), chosen(name, "Description"), ()
        )
        group = found.get(name, outside)
        found[name] = SecurityGroup(
            name, group.name, group.vpc_id, group.group_name, group.description, (*group.rules, *rules)
        )
    return found


def _inline_rules(fields: Fields, vpc: Vpc | None) -> Iterator[SecurityRule]:
    yield from (_rule(one, "ingress") for one in fields.items("SecurityGroupIngress"))
    if "SecurityGroupEgress" in fields:
        yield from (_rule(one, "egress") for one in fields.items("SecurityGroupEgress"))
    else:
        yield from _to_everywhere(vpc)


def _default_rules(group: str, vpc: Vpc) -> tuple[SecurityRule, ...]:
    return (SecurityRule("ingress", "-1", None, None, group, "security group"), *_to_everywhere(vpc))


def _to_everywhere(vpc: Vpc | None) -> Iterator[SecurityRule]:
    """What AWS adds to a group that is told nothing of its outbound traffic."""
    yield SecurityRule("egress", "-1", None, None, "0.0.0.0/0", "ipv4")
    if vpc and vpc.ipv6_cidrs:
        yield SecurityRule("egress", "-1", None, None, "::/0", "ipv6")


def _rule(fields: Fields, direction: Direction) -> SecurityRule:
    protocol = protocol_name(fields.text("IpProtocol"))
    everything = protocol == "-1"
    peer, kind = _peer(fields)
    return SecurityRule(
        direction=direction,
        protocol=protocol,
        from_port=None if everything else fields.optional_number("FromPort"),
        to_port=None if everything else fields.optional_number("ToPort"),
        peer=peer,
        peer_kind=kind,
        description=str(fields.text("Description")),
    )


def _peer(fields: Fields) -> tuple[Text, PeerKind]:
    for name, kind in NETWORKS.items():
        if name in fields:
            return fields.text(name), kind
    for name, kind in GROUPS.items():
        if name in fields:
            return fields.id(name), kind
    return fields.text("SourceSecurityGroupName"), "security group"


def network_acls(template: Template, vpcs: Mapping[str, Vpc]) -> dict[str, NetworkAcl]:
    """All ACLs: those of the template, the default one of each VPC, and those of others that it adds entries to."""
    entries: dict[str, list[AclEntry]] = {}
    for fields in map(template.fields, template.of_type("AWS::EC2::NetworkAclEntry")):
        entries.setdefault(fields.id("NetworkAclId"), []).append(_entry(fields))
    subnets: dict[str, list[str]] = {}
    for fields in map(template.fields, template.of_type("AWS::EC2::SubnetNetworkAclAssociation")):
        subnets.setdefault(fields.id("NetworkAclId"), []).append(fields.id("SubnetId"))
    own = {one.logical_id: one for one in template.of_type("AWS::EC2::NetworkAcl")}
    default = {f"{name}.DefaultNetworkAcl": vpc for name, vpc in vpcs.items()}
    vpc_of = {name: vpc.id for name, vpc in default.items()}
    vpc_of |= {name: template.fields(one).id("VpcId") for name, one in own.items()}
    elsewhere = {*entries, *subnets} - vpc_of.keys()
    vpc_of |= {name: chosen(name, "VpcId").text for name in sorted(elsewhere)}
    return {
        name: NetworkAcl(
            id=name,
            name=template.tag_name(own[name]) if name in own else "",
            vpc_id=vpc,
            is_default=name in default,
            subnet_ids=tuple(subnets.get(name, ())),
            entries=(
                *(_allow_all(default[name]) if name in default else ()),
                *entries.get(name, ()),
                *_deny_the_rest(vpcs.get(vpc)),
            ),
        )
        for name, vpc in vpc_of.items()
    }


def _entry(fields: Fields) -> AclEntry:
    ports, icmp = fields.inner("PortRange"), fields.inner("Icmp")
    first: Number | None = ports.optional_number("From")
    last: Number | None = ports.optional_number("To")
    return AclEntry(
        direction="egress" if fields.flag("Egress", False) is True else "ingress",
        number=fields.number("RuleNumber", 0),
        action=fields.text("RuleAction"),
        protocol=fields.text("Protocol"),
        cidr=fields.text("CidrBlock" if "CidrBlock" in fields else "Ipv6CidrBlock"),
        from_port=icmp.optional_number("Type") if first is None else first,
        to_port=icmp.optional_number("Code") if last is None else last,
    )


def _everywhere(vpc: Vpc | None) -> tuple[tuple[str, int], ...]:
    """Everything, and how far the entry for it is behind that for IPv4."""
    return (("0.0.0.0/0", 0), ("::/0", 1)) if vpc and vpc.ipv6_cidrs else (("0.0.0.0/0", 0),)


def _allow_all(vpc: Vpc) -> Iterator[AclEntry]:
    for cidr, more in _everywhere(vpc):
        yield AclEntry("ingress", 100 + more, "allow", "-1", cidr)
        yield AclEntry("egress", 100 + more, "allow", "-1", cidr)


def _deny_the_rest(vpc: Vpc | None) -> Iterator[AclEntry]:
    for cidr, more in _everywhere(vpc):
        yield AclEntry("ingress", LAST_ENTRY + more, "deny", "-1", cidr)
        yield AclEntry("egress", LAST_ENTRY + more, "deny", "-1", cidr)

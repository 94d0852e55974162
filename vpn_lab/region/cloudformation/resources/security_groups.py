# ruff: noqa: ARG002 -- every type has the same signatures
"""Security groups with inline rules, and rules that are resources of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vpn_lab.region.cloudformation.resource import (
    Attributes,
    Place,
    Properties,
    ResourceType,
    picked,
    retag,
    tag,
)

EVERYTHING_OUT = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def permission(rule: Mapping[str, Any]) -> dict[str, Any]:
    """One rule as the API's IpPermissions takes it."""
    note = picked(rule, "Description")
    made: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"]), **picked(rule, "FromPort", "ToPort")}
    if rule.get("CidrIp"):
        made["IpRanges"] = [{"CidrIp": rule["CidrIp"], **note}]
    if rule.get("CidrIpv6"):
        made["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **note}]
    for name in ("SourcePrefixListId", "DestinationPrefixListId"):
        if rule.get(name):
            made["PrefixListIds"] = [{"PrefixListId": rule[name], **note}]
    for name in ("SourceSecurityGroupId", "DestinationSecurityGroupId"):
        if rule.get(name):
            made["UserIdGroupPairs"] = [{"GroupId": rule[name], **note}]
    return made


class SecurityGroup(ResourceType):
    name = "AWS::EC2::SecurityGroup"

    def create(self, properties: Properties, place: Place) -> str:
        made = self.ec2.create_security_group(
            GroupName=properties.get("GroupName") or place.random_name(),
            Description=properties["GroupDescription"],
            **picked(properties, "VpcId"),
        )
        return str(made["GroupId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        tag(physical_id, properties)
        self._change(physical_id, {}, properties)

    def _change(self, identifier: str, old: Properties, new: Properties) -> None:
        self._move(identifier, "ingress", old.get("SecurityGroupIngress") or (), new.get("SecurityGroupIngress") or ())
        before = old.get("SecurityGroupEgress") or (EVERYTHING_OUT,)
        self._move(identifier, "egress", before, new.get("SecurityGroupEgress") or (EVERYTHING_OUT,))

    def _move(self, identifier: str, way: str, old: Iterable[Properties], new: Iterable[Properties]) -> None:
        """A group without egress rules allows all egress, which is EC2's default."""
        before, after = [permission(rule) for rule in old], [permission(rule) for rule in new]
        gone = [rule for rule in before if rule not in after]
        come = [rule for rule in after if rule not in before]
        if gone:
            getattr(self.ec2, f"revoke_security_group_{way}")(GroupId=identifier, IpPermissions=gone)
        if come:
            getattr(self.ec2, f"authorize_security_group_{way}")(GroupId=identifier, IpPermissions=come)

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        group = self.ec2.describe_security_groups(GroupIds=[physical_id])["SecurityGroups"][0]
        return {"Id": physical_id, "GroupId": physical_id, "VpcId": group.get("VpcId", "")}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        self._change(physical_id, old, new)
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_security_group(GroupId=physical_id)


class Rule(ResourceType):
    """An ingress or egress rule of a group that is another resource."""

    way: str

    def create(self, properties: Properties, place: Place) -> str:
        authorize = getattr(self.ec2, f"authorize_security_group_{self.way}")
        made = authorize(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])
        return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        change = getattr(self.ec2, f"update_security_group_rule_descriptions_{self.way}")
        change(GroupId=new["GroupId"], IpPermissions=[permission(new)])

    def delete(self, physical_id: str, properties: Properties) -> None:
        revoke = getattr(self.ec2, f"revoke_security_group_{self.way}")
        revoke(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])


class SecurityGroupIngress(Rule):
    name = "AWS::EC2::SecurityGroupIngress"
    way = "ingress"


class SecurityGroupEgress(Rule):
    name = "AWS::EC2::SecurityGroupEgress"
    way = "egress"

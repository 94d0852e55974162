# ruff: noqa: ARG002 -- every type has the same signatures
"""Security groups with inline rules, and rules that are resources of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

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


class Calls(NamedTuple):
    """The calls of the EC2 API for the rules of one direction."""

    authorize: Any
    describe: Any
    revoke: Any


def ingress(ec2: Any) -> Calls:
    """The calls for rules that let packets in."""
    return Calls(
        ec2.authorize_security_group_ingress,
        ec2.update_security_group_rule_descriptions_ingress,
        ec2.revoke_security_group_ingress,
    )


def egress(ec2: Any) -> Calls:
    """The calls for rules that let packets out."""
    return Calls(
        ec2.authorize_security_group_egress,
        ec2.update_security_group_rule_descriptions_egress,
        ec2.revoke_security_group_egress,
    )


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
        came_in, comes_in = old.get("SecurityGroupIngress") or (), new.get("SecurityGroupIngress") or ()
        self._move(identifier, ingress(self.ec2), came_in, comes_in)
        before = old.get("SecurityGroupEgress") or (EVERYTHING_OUT,)
        self._move(identifier, egress(self.ec2), before, new.get("SecurityGroupEgress") or (EVERYTHING_OUT,))

    def _move(self, identifier: str, calls: Calls, old: Iterable[Properties], new: Iterable[Properties]) -> None:
        """A group without egress rules allows all egress, which is EC2's default."""
        before, after = [permission(rule) for rule in old], [permission(rule) for rule in new]
        gone = [rule for rule in before if rule not in after]
        come = [rule for rule in after if rule not in before]
        if gone:
            calls.revoke(GroupId=identifier, IpPermissions=gone)
        if come:
            calls.authorize(GroupId=identifier, IpPermissions=come)

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

    def calls(self) -> Calls:
        """The calls for the direction of this rule."""
        raise NotImplementedError

    def create(self, properties: Properties, place: Place) -> str:
        made = self.calls().authorize(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])
        return str(made["SecurityGroupRules"][0]["SecurityGroupRuleId"])

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        self.calls().describe(GroupId=new["GroupId"], IpPermissions=[permission(new)])

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.calls().revoke(GroupId=properties["GroupId"], IpPermissions=[permission(properties)])


class SecurityGroupIngress(Rule):
    name = "AWS::EC2::SecurityGroupIngress"

    def calls(self) -> Calls:
        return ingress(self.ec2)


class SecurityGroupEgress(Rule):
    name = "AWS::EC2::SecurityGroupEgress"

    def calls(self) -> Calls:
        return egress(self.ec2)

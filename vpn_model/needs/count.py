"""What each resource of a template counts against the quotas of an account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vpn_model.needs.quotas import QUOTAS, vcpu_quota
from vpn_model.read_template.hosts import instance_fields
from vpn_model.read_template.template import FOR_EACH, MACRO, Resource, Template
from vpn_model.unknown import Unknown

COUNTED = {
    "AWS::EC2::EIP": "addresses",
    "AWS::EC2::VPC": "vpcs",
    "AWS::EC2::InternetGateway": "internet_gateways",
    "AWS::EC2::InstanceConnectEndpoint": "instance_connect_endpoints",
    "AWS::EC2::CustomerGateway": "customer_gateways",
    "AWS::EC2::VPNGateway": "vpn_gateways",
    "AWS::EC2::VPNConnection": "vpn_connections",
    "AWS::EC2::TransitGateway": "transit_gateways",
    "AWS::EC2::ClientVpnEndpoint": "client_vpn_endpoints",
}
ATTACHMENTS = ("AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment")
NOT_COUNTED = {
    "AWS::AutoScaling::AutoScalingGroup": "the instances that it starts",
    "AWS::EC2::EC2Fleet": "the instances that it starts",
    "AWS::EC2::SpotFleet": "the instances that it starts",
    "AWS::CloudFormation::Stack": "the resources of a nested stack",
    "AWS::CloudFormation::StackSet": "the resources of its stacks",
    FOR_EACH: "the resources of a loop over an unknown list",
    MACRO: "what the macro makes",
}
DEFAULT_TYPE = "m1.small"


@dataclass(frozen=True)
class Need:
    """What one resource counts against one quota.

    Attributes:
        quota: Key of the quota.
        logical_id: The resource.
        amount: How much it needs; the number of instances for a quota of vCPUs.
        instance_type: The type whose vCPUs count.
        parent: The gateway whose own quota this is: a logical id, or an id in the account.
    """

    quota: str
    logical_id: str
    amount: int = 1
    instance_type: str | None = None
    parent: str | None = None


@dataclass(frozen=True)
class Needs:
    """What a template needs, and what could not be counted, in words."""

    found: tuple[Need, ...]
    not_counted: tuple[str, ...]

    def total(self, quota: str) -> int:
        """The sum for a quota; instances, not vCPUs, for a quota of vCPUs."""
        return sum(one.amount for one in self.found if one.quota == quota)


def needs_of(template: Template) -> Needs:
    """Count what a template needs.

    A resource with a condition that is not known counts as existing.

    Raises:
        TemplateError: A property is malformed.
    """
    found: list[Need] = []
    missing = [f"what the macro {macro} makes of the template" for macro in template.transforms if macro != LANGUAGE]
    for resource in template:
        if resource.type in NOT_COUNTED:
            missing.append(f"{resource.logical_id}: {NOT_COUNTED[resource.type]}")
        for need in _needs(template, resource):
            if isinstance(need, str):
                missing.append(need)
            else:
                found.append(need)
    return Needs(tuple(found), tuple(missing))


LANGUAGE = "AWS::LanguageExtensions"
"""A macro that makes no resources, except in loops, which are named one by one."""


def _needs(template: Template, resource: Resource) -> Iterator[Need | str]:
    identifier = resource.logical_id
    if resource.type in COUNTED:
        yield Need(COUNTED[resource.type], identifier)
    if resource.type == "AWS::EC2::Instance":
        yield _instance(template, resource)
    if resource.type == "AWS::EC2::VPNConnection":
        fields = template.fields(resource)
        gateway, transit = fields.optional_id("VpnGatewayId"), fields.optional_id("TransitGatewayId")
        if gateway:
            yield Need("vpn_connections_per_gateway", identifier, parent=gateway)
        if transit:
            yield Need("transit_gateway_attachments", identifier, parent=transit)
    if resource.type in ATTACHMENTS:
        transit = template.fields(resource).optional_id("TransitGatewayId")
        if transit:
            yield Need("transit_gateway_attachments", identifier, parent=transit)


def _instance(template: Template, resource: Resource) -> Need | str:
    fields = instance_fields(template, resource)
    kind = fields.text("InstanceType", Unknown("the launch template's") if "LaunchTemplate" in fields else DEFAULT_TYPE)
    if isinstance(kind, Unknown):
        return f"{resource.logical_id}: the vCPUs of the instance type {kind}"
    quota = vcpu_quota(kind)
    if quota is None or quota not in QUOTAS:
        return f"{resource.logical_id}: the quota of the instance type {kind}"
    return Need(quota, resource.logical_id, instance_type=kind)

"""Instances and Elastic IP addresses of a template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vpn_model.hosts import ElasticIp, Instance, Interface, InterfaceAddress
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.references import Reference
from vpn_model.read_template.template import Resource, Template
from vpn_model.read_template.vpcs import PLANNED, chosen
from vpn_model.unknown import Text, Unknown
from vpn_model.vpc import Subnet


def instance_fields(template: Template, resource: Resource) -> Fields:
    """The properties of an instance, with those of its launch template behind them."""
    fields = template.fields(resource)
    reference = fields.inner("LaunchTemplate").raw("LaunchTemplateId")
    behind = template.get(reference.logical_id) if isinstance(reference, Reference) else None
    if behind is None:
        return fields
    data: Any = template.fields(behind).raw("LaunchTemplateData")
    return Fields({**data, **fields.mapping}, resource.logical_id) if isinstance(data, dict) else fields


def instances(
    template: Template, subnets: Mapping[str, Subnet], interfaces: Mapping[str, Interface]
) -> dict[str, Instance]:
    found = {}
    for resource in template.of_type("AWS::EC2::Instance"):
        identifier, fields = resource.logical_id, instance_fields(template, resource)
        monitoring = fields.raw("Monitoring")
        found[identifier] = Instance(
            id=identifier,
            name=template.tag_name(resource),
            state=PLANNED,
            instance_type=fields.text("InstanceType", "m1.small"),
            image_id=fields.text("ImageId", chosen(identifier, "ImageId")),
            zone=_zone(identifier, fields, subnets, interfaces),
            instance_profile=_profile(fields),
            # a launch template writes it as a mapping
            detailed_monitoring=fields.inner("Monitoring").flag("Enabled", False)
            if isinstance(monitoring, dict)
            else fields.flag("Monitoring", False),
        )
    return found


def _zone(identifier: str, fields: Fields, subnets: Mapping[str, Subnet], interfaces: Mapping[str, Interface]) -> Text:
    mine = (one.subnet_id for one in interfaces.values() if one.instance_id == identifier)
    known = (subnets[subnet].zone for subnet in mine if subnet in subnets)
    return fields.text("AvailabilityZone", next(known, chosen(identifier, "AvailabilityZone")))


def _profile(fields: Fields) -> str | None:
    # a launch template names it in a mapping
    if isinstance(fields.raw("IamInstanceProfile"), dict):
        inner = fields.inner("IamInstanceProfile")
        return inner.optional_id("Name") or inner.optional_id("Arn")
    return fields.optional_id("IamInstanceProfile")


def elastic_ips(template: Template, interfaces: Mapping[str, Interface]) -> dict[str, ElasticIp]:
    """The Elastic IPs of a template and those of others that it associates, each with what it is associated with."""
    found = {}
    for resource in template.of_type("AWS::EC2::EIP"):
        fields = template.fields(resource)
        address = ElasticIp(resource.logical_id, template.tag_name(resource), chosen(resource.logical_id, "PublicIp"))
        found[address.id] = _associated(address, fields, interfaces) if "InstanceId" in fields else address
    for fields in map(template.fields, template.of_type("AWS::EC2::EIPAssociation")):
        identifier, known = _allocation(fields)
        address = found.get(identifier, ElasticIp(identifier, "", known or chosen(identifier, "PublicIp")))
        found[identifier] = _associated(address, fields, interfaces)
    return found


def _allocation(fields: Fields) -> tuple[str, Text | None]:
    """The id of an association's Elastic IP, and its address if that is what is written."""
    if "AllocationId" in fields:
        return fields.id("AllocationId"), None
    raw, address = fields.raw("EIP"), fields.text("EIP")
    return (raw.logical_id, None) if isinstance(raw, Reference) else (str(address), address)


def _associated(address: ElasticIp, fields: Fields, interfaces: Mapping[str, Interface]) -> ElasticIp:
    instance = fields.optional_id("InstanceId")
    interface = interfaces.get(fields.id("NetworkInterfaceId"))
    if interface is None and instance:
        mine = (one for one in interfaces.values() if one.instance_id == instance)
        interface = min(mine, key=lambda one: one.device_index, default=None)
    private: Text | None = fields.optional_text("PrivateIpAddress")
    return replace(
        address,
        interface_id=interface.id if interface else fields.optional_id("NetworkInterfaceId"),
        instance_id=instance or (interface.instance_id if interface else None),
        private_address=private or (interface.primary_address if interface else None),
    )


def with_elastic_ips(interfaces: Mapping[str, Interface], elastic_ips: Mapping[str, ElasticIp]) -> dict[str, Interface]:
    """The interfaces with the public addresses that are associated with them."""
    held = {(one.interface_id, one.private_address): one for one in elastic_ips.values() if one.interface_id}
    owners = {interface for interface, _ in held}

    def address(interface: Interface, one: InterfaceAddress) -> InterfaceAddress:
        elastic = held.get((interface.id, one.private))
        if elastic:
            return InterfaceAddress(one.private, elastic.address, elastic.id)
        # with an Elastic IP the address from the launch is given back
        return replace(one, public=None) if interface.id in owners and one.public else one

    return {
        name: replace(interface, addresses=tuple(address(interface, one) for one in interface.addresses))
        for name, interface in interfaces.items()
    }


def launch_address(identifier: str, subnet: Subnet | None, wanted: Any) -> Unknown | None:
    """The public address that AWS gives at launch; None if it gives none."""
    given = (subnet.public_address_on_launch if subnet else False) if wanted is None else wanted
    if isinstance(given, Unknown):
        return Unknown(f"${{{identifier}.PublicIp}}", "only if the subnet gives public addresses at launch")
    return chosen(identifier, "PublicIp") if given else None

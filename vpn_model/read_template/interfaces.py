"""Network interfaces of a template: resources of their own, and those that come with an instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vpn_model.hosts import Interface, InterfaceAddress
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.hosts import instance_fields, launch_address
from vpn_model.read_template.template import Resource, Template
from vpn_model.read_template.vpcs import chosen, default_group, vpc_of_subnet
from vpn_model.unknown import Text, Unknown
from vpn_model.vpc import Subnet


def network_interfaces(template: Template, subnets: Mapping[str, Subnet]) -> dict[str, Interface]:
    found = {
        resource.logical_id: _interface(
            resource.logical_id, template.fields(resource), subnets, name=template.tag_name(resource)
        )
        for resource in template.of_type("AWS::EC2::NetworkInterface")
    }
    for fields in map(template.fields, template.of_type("AWS::EC2::NetworkInterfaceAttachment")):
        _attach(found, fields, fields.id("InstanceId"))
    for resource in template.of_type("AWS::EC2::Instance"):
        _add_those_of(template, resource, subnets, found)
    return found


def _add_those_of(
    template: Template, resource: Resource, subnets: Mapping[str, Subnet], found: dict[str, Interface]
) -> None:
    """Attach the interfaces that an instance names, and add those that come with it."""
    instance, fields = resource.logical_id, instance_fields(template, resource)
    inline = fields.items("NetworkInterfaces")
    for position, one in enumerate(inline):
        if one.optional_id("NetworkInterfaceId"):
            _attach(found, one, instance)
        else:
            made = _new(instance, one, subnets, _index(one, position))
            found[made.id] = made
    if not inline:
        made = _new(instance, fields, subnets, 0)
        found[made.id] = made
    check = fields.flag("SourceDestCheck", True)
    for interface in list(found.values()):
        # the property of the instance is that of its first interface
        if (interface.instance_id, interface.device_index) == (instance, 0) and "SourceDestCheck" in fields:
            found[interface.id] = replace(interface, source_dest_check=check)


def _attach(found: dict[str, Interface], fields: Fields, instance: str) -> None:
    """Attach an interface that is a resource of its own, or of another stack."""
    identifier, index = fields.id("NetworkInterfaceId"), _index(fields, 0)
    elsewhere = _interface(identifier, Fields({}, identifier), {})
    known = found.get(identifier, replace(elsewhere, subnet_id=chosen(identifier, "SubnetId").text, group_ids=()))
    found[identifier] = replace(known, instance_id=instance, device_index=index)


def _new(instance: str, fields: Fields, subnets: Mapping[str, Subnet], index: int) -> Interface:
    made = _interface(f"{instance}.NetworkInterfaces.{index}", fields, subnets)
    if index != 0 and "AssociatePublicIpAddress" not in fields:
        public = None
    else:
        wanted = fields.flag("AssociatePublicIpAddress", False) if "AssociatePublicIpAddress" in fields else None
        public = launch_address(instance, subnets.get(made.subnet_id), wanted)
    first, *others = made.addresses
    addresses = (replace(first, public=public), *others)
    return replace(made, addresses=addresses, instance_id=instance, device_index=index)


def _interface(identifier: str, fields: Fields, subnets: Mapping[str, Subnet], *, name: str = "") -> Interface:
    subnet = fields.id("SubnetId") or chosen(identifier, "SubnetId").text
    vpc = vpc_of_subnet(subnets, subnet)
    groups = fields.ids("GroupSet") or fields.ids("Groups") or fields.ids("SecurityGroupIds")
    return Interface(
        id=identifier,
        name=name,
        vpc_id=vpc,
        subnet_id=subnet,
        addresses=tuple(InterfaceAddress(one) for one in _private_addresses(identifier, fields)),
        group_ids=groups or fields.ids("SecurityGroups") or (default_group(vpc),),
        source_dest_check=fields.flag("SourceDestCheck", True),
        description=str(fields.text("Description")),
        ipv6_addresses=tuple(one.text("Ipv6Address") for one in fields.items("Ipv6Addresses")),
        kind=str(fields.text("InterfaceType", "interface")),
    )


def _private_addresses(identifier: str, fields: Fields) -> tuple[Text, ...]:
    """The private addresses, the primary one first; those that AWS chooses are unknown."""
    listed = fields.items("PrivateIpAddresses")
    primary = next((one.text("PrivateIpAddress") for one in listed if one.flag("Primary", False) is True), None)
    first = fields.text("PrivateIpAddress", chosen(identifier, "PrivateIpAddress") if primary is None else primary)
    others = [one.text("PrivateIpAddress") for one in listed if one.flag("Primary", False) is not True]
    count = fields.number("SecondaryPrivateIpAddressCount", 0)
    more = 1 if isinstance(count, Unknown) else count
    others += [chosen(identifier, f"SecondaryPrivateIpAddresses.{number}") for number in range(more)]
    return tuple(dict.fromkeys((first, *others)))


def _index(fields: Fields, default: int) -> int:
    index = fields.number("DeviceIndex", default)
    return default if isinstance(index, Unknown) else index

"""Finds the subnets of a VPC in a template: where they are, what stands in them, where their routes lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools.pictures.network import Instance, Route, Subnet
from tools.pictures.permissions import allowed_instances
from tools.template import Resource, Template

TARGETS = (
    "GatewayId",
    "NetworkInterfaceId",
    "InstanceId",
    "NatGatewayId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
)
MOVABLE = ("AWS::EC2::Instance", "AWS::EC2::NetworkInterface")


def read_subnets(template: Template, vpc: Resource, devices: set[str]) -> tuple[Subnet, ...]:
    """The subnets of ``vpc``, zone by zone, public before private."""
    subnets = [
        _subnet(template, resource, devices)
        for resource in template.of_type("EC2::Subnet")
        if template.target(resource["VpcId"]) is vpc
    ]
    return tuple(sorted(subnets, key=lambda subnet: (subnet.zone, not subnet.is_public, subnet.cidr)))


def interfaces(template: Template, instance: Resource) -> list[Resource]:
    """The network interfaces of an instance that are resources of their own."""
    mentioned = template.targets_within(instance["NetworkInterfaces"])
    return [found for found in mentioned if found.type == "AWS::EC2::NetworkInterface"]


def _subnet(template: Template, resource: Resource, devices: set[str]) -> Subnet:
    routes = tuple(_routes(template, resource))
    return Subnet(
        id=resource.logical_id,
        cidr=template.text(resource["CidrBlock"]),
        zone=_zone(template, resource["AvailabilityZone"]),
        is_public=any(route.target == "internet gateway" for route in routes),
        instances=tuple(
            _instance(template, instance, devices)
            for instance in template.of_type("EC2::Instance")
            if resource in _subnets_of(template, instance)
        ),
        routes=routes,
    )


def _zone(template: Template, value: Any) -> str:
    if isinstance(value, Mapping) and "Fn::Select" in value:
        return f"Availability Zone {int(value['Fn::Select'][0]) + 1}"
    return template.text(value)


def _subnets_of(template: Template, instance: Resource) -> list[Resource]:
    values = [instance["SubnetId"], *(interface["SubnetId"] for interface in interfaces(template, instance))]
    values += [inline.get("SubnetId") for inline in instance["NetworkInterfaces"] or ()]
    return [found for found in map(template.target, values) if found]


def _instance(template: Template, resource: Resource, devices: set[str]) -> Instance:
    return Instance(
        id=resource.logical_id,
        name=short_name(template, resource),
        instance_type=template.text(resource["InstanceType"]),
        private_addresses=private_addresses(template, resource),
        is_device=resource.logical_id in devices,
    )


def private_addresses(template: Template, instance: Resource) -> tuple[str, ...]:
    """The addresses that the template gives to an instance, the primary one first."""
    holders = [instance.properties, *(one.properties for one in interfaces(template, instance))]
    holders += [inline for inline in instance["NetworkInterfaces"] or () if isinstance(inline, Mapping)]
    found: list[str] = []
    for holder in holders:
        several = sorted(holder.get("PrivateIpAddresses", ()), key=lambda one: not one["Primary"])
        addresses = [holder.get("PrivateIpAddress"), *(one["PrivateIpAddress"] for one in several)]
        found += [template.text(address) for address in addresses if address]
    return tuple(dict.fromkeys(found))


def short_name(template: Template, resource: Resource) -> str:
    """The Name tag without what the picture says already: the stack, and the VPC that it stands in."""
    name = resource.name.removeprefix(f"{template.name}/")
    return name.removesuffix("/Vpc") if resource.type == "AWS::EC2::VPC" else name.split("/")[-1]


def _routes(template: Template, subnet: Resource) -> Iterator[Route]:
    for association in template.of_type("EC2::SubnetRouteTableAssociation"):
        table = template.target(association["RouteTableId"])
        if table and template.target(association["SubnetId"]) is subnet:
            yield from _routes_of(template, table)


def _routes_of(template: Template, table: Resource) -> Iterator[Route]:
    for route in template.of_type("EC2::Route"):
        if template.target(route["RouteTableId"]) is table:
            target = next((template.target(route[name]) for name in TARGETS if route[name]), None)
            yield Route(
                destination=template.text(route["DestinationCidrBlock"]),
                target=_target_name(template, target) if target else "outside this stack",
                may_move_to=tuple(
                    short_name(template, instance)
                    for instance in template.of_type("EC2::Instance")
                    if target
                    and target.type in MOVABLE
                    and instance.logical_id in allowed_instances(template, "ec2:ReplaceRoute", table)
                ),
            )
    for propagation in template.of_type("EC2::VPNGatewayRoutePropagation"):
        if table in template.targets_within(propagation["RouteTableIds"]):
            yield Route("", "virtual private gateway")


def _target_name(template: Template, target: Resource) -> str:
    if target.type == "AWS::EC2::InternetGateway":
        return "internet gateway"
    for instance in template.of_type("EC2::Instance"):
        if target in interfaces(template, instance):
            return short_name(template, instance)
    return short_name(template, target)

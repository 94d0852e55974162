"""Instances, network interfaces and Elastic IP addresses, as the EC2 API describes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from vpn_model.hosts import ElasticIp, Instance, Interface, InterfaceAddress
from vpn_model.read_api.calls import Calls, Entry, name_of, optional
from vpn_model.read_api.scope import Question, Scope, described, in_vpcs
from vpn_model.unknown import Text

RESERVATION = Question("describe_instances", "Reservations", "Instance", "InstanceId", "instance-id")
# CloudFormation's id of an Elastic IP is its address
ELASTIC_IP = Question("describe_addresses", "Addresses", "EIP", "PublicIp", "public-ip")
INTERFACE = Question(
    "describe_network_interfaces", "NetworkInterfaces", "NetworkInterface", "NetworkInterfaceId", "network-interface-id"
)
Elastic = Mapping[tuple[str | None, Text | None], ElasticIp]
ENDED = frozenset({"terminated", "shutting-down"})


def instances(calls: Calls, scope: Scope, inside: Collection[str] | None) -> dict[str, Instance]:
    """The instances of VPCs, and those that a stack made elsewhere; ``inside`` is None for all."""
    found = [one for group in described(calls, RESERVATION, inside, "vpc-id") for one in group["Instances"]]
    missing = set(scope.of_type("Instance") or ()) - {one["InstanceId"] for one in found}
    found += [one for group in described(calls, RESERVATION, missing) for one in group["Instances"]]
    return {one["InstanceId"]: _instance(one) for one in found if one["State"]["Name"] not in ENDED}


def _instance(entry: Entry) -> Instance:
    profile = (entry.get("IamInstanceProfile") or {}).get("Arn")
    return Instance(
        id=entry["InstanceId"],
        name=name_of(entry),
        state=entry["State"]["Name"],
        instance_type=entry["InstanceType"],
        image_id=entry["ImageId"],
        zone=entry["Placement"]["AvailabilityZone"],
        instance_profile=profile.rsplit("/", 1)[-1] if profile else None,
        detailed_monitoring=(entry.get("Monitoring") or {}).get("State") in ("enabled", "pending"),
    )


def elastic_ips(calls: Calls, scope: Scope, interfaces: Iterable[str] | None) -> dict[str, ElasticIp]:
    """The Elastic IPs of interfaces, and those that a stack made; everything if no interfaces are given."""
    found = in_vpcs(calls, ELASTIC_IP, scope, interfaces, "network-interface-id")
    return {
        one["AllocationId"]: ElasticIp(
            id=one["AllocationId"],
            name=name_of(one),
            address=one["PublicIp"],
            interface_id=optional(one, "NetworkInterfaceId"),
            instance_id=optional(one, "InstanceId"),
            private_address=optional(one, "PrivateIpAddress"),
        )
        for one in found
        if one.get("AllocationId")
    }


def interface_entries(calls: Calls, scope: Scope, inside: Collection[str] | None) -> list[Entry]:
    """The interfaces of VPCs, and those that a stack made elsewhere; ``inside`` is None for all."""
    return in_vpcs(calls, INTERFACE, scope, inside)


def interfaces(entries: Iterable[Entry], elastic_ips: Mapping[str, ElasticIp]) -> dict[str, Interface]:
    elastic: Elastic = {
        (one.interface_id, one.private_address): one for one in elastic_ips.values() if one.interface_id
    }
    return {one["NetworkInterfaceId"]: _interface(one, elastic) for one in entries}


def _interface(entry: Entry, elastic: Elastic) -> Interface:
    attachment = entry.get("Attachment") or {}
    # an interface with IPv6 alone has no address here
    addresses = entry.get("PrivateIpAddresses") or ()
    return Interface(
        id=entry["NetworkInterfaceId"],
        name=name_of(entry),
        vpc_id=entry["VpcId"],
        subnet_id=entry.get("SubnetId", ""),
        addresses=tuple(
            _address(entry, one, elastic) for one in sorted(addresses, key=lambda one: not one.get("Primary"))
        ),
        group_ids=tuple(group["GroupId"] for group in entry.get("Groups") or ()),
        source_dest_check=bool(entry.get("SourceDestCheck", True)),
        instance_id=optional(attachment, "InstanceId"),
        device_index=int(attachment.get("DeviceIndex") or 0),
        description=entry.get("Description") or "",
        ipv6_addresses=tuple(one["Ipv6Address"] for one in entry.get("Ipv6Addresses") or ()),
        kind=entry.get("InterfaceType") or "interface",
        is_managed=bool(entry.get("RequesterManaged")),
    )


def _address(interface: Entry, entry: Entry, elastic: Elastic) -> InterfaceAddress:
    identifier, private = interface["NetworkInterfaceId"], entry["PrivateIpAddress"]
    held = elastic.get((identifier, private))
    if held:
        return InterfaceAddress(private, held.address, held.id)
    if any(owner == identifier for owner, _ in elastic):
        # with an Elastic IP on one of its addresses an interface has no public address from its launch
        return InterfaceAddress(private)
    association = entry.get("Association") or (interface.get("Association") if entry.get("Primary") else None) or {}
    return InterfaceAddress(private, optional(association, "PublicIp"), optional(association, "AllocationId"))

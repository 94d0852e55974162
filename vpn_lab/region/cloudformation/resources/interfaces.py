# ruff: noqa: ARG002 -- every type has the same signatures
"""Network interfaces."""

from __future__ import annotations

from typing import Any

from vpn_lab.region.cloudformation.resource import (
    Attributes,
    Place,
    Properties,
    ResourceType,
    changed,
    picked,
    retag,
    tag,
)


def secondary(properties: Properties) -> list[str]:
    return [one["PrivateIpAddress"] for one in properties.get("PrivateIpAddresses") or () if not one["Primary"]]


def primary(properties: Properties) -> str | None:
    named = [one["PrivateIpAddress"] for one in properties.get("PrivateIpAddresses") or () if one["Primary"]]
    return properties.get("PrivateIpAddress") or (named[0] if named else None)


class NetworkInterface(ResourceType):
    name = "AWS::EC2::NetworkInterface"

    def create(self, properties: Properties, place: Place) -> str:
        asked = picked(
            properties, "SubnetId", "Description", "PrivateIpAddress", "PrivateIpAddresses",
            "SecondaryPrivateIpAddressCount",
        )  # fmt: skip
        if properties.get("GroupSet"):
            asked["Groups"] = properties["GroupSet"]
        return str(self.ec2.create_network_interface(**asked)["NetworkInterface"]["NetworkInterfaceId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        tag(physical_id, properties)
        if "SourceDestCheck" in properties:
            self._set(physical_id, SourceDestCheck={"Value": properties["SourceDestCheck"]})

    def _set(self, identifier: str, **attribute: Any) -> None:
        self.ec2.modify_network_interface_attribute(NetworkInterfaceId=identifier, **attribute)

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        interface = self.ec2.describe_network_interfaces(NetworkInterfaceIds=[physical_id])["NetworkInterfaces"][0]
        addresses = interface["PrivateIpAddresses"]
        return {
            "Id": physical_id,
            "VpcId": interface["VpcId"],
            "PrimaryPrivateIpAddress": interface["PrivateIpAddress"],
            "SecondaryPrivateIpAddresses": [one["PrivateIpAddress"] for one in addresses if not one["Primary"]],
        }

    def needs_replacement(self, old: Properties, new: Properties) -> bool:
        return primary(old) != primary(new)

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        if changed(old, new, "SourceDestCheck"):
            self._set(physical_id, SourceDestCheck={"Value": new.get("SourceDestCheck", True)})
        if changed(old, new, "GroupSet") and new.get("GroupSet"):
            self._set(physical_id, Groups=new["GroupSet"])
        if changed(old, new, "Description"):
            self._set(physical_id, Description={"Value": new.get("Description", "")})
        gone = [address for address in secondary(old) if address not in secondary(new)]
        come = [address for address in secondary(new) if address not in secondary(old)]
        if gone:
            self.ec2.unassign_private_ip_addresses(NetworkInterfaceId=physical_id, PrivateIpAddresses=gone)
        if come:
            self.ec2.assign_private_ip_addresses(NetworkInterfaceId=physical_id, PrivateIpAddresses=come)
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_network_interface(NetworkInterfaceId=physical_id)

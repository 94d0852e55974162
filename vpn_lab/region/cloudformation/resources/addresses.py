# ruff: noqa: ARG002 -- every type has the same signatures
"""Elastic IP addresses and their associations."""

from __future__ import annotations

from typing import Any

from vpn_lab.region.cloudformation.resource import Attributes, Place, Properties, ResourceType, picked, retag, tag


class ElasticAddress(ResourceType):
    name = "AWS::EC2::EIP"

    def create(self, properties: Properties, place: Place) -> str:
        return str(self.ec2.allocate_address(Domain="vpc", **picked(properties, "Address"))["PublicIp"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        allocation = self._found(physical_id)["AllocationId"]
        tag(allocation, properties)
        if properties.get("InstanceId"):
            self.ec2.associate_address(AllocationId=allocation, InstanceId=properties["InstanceId"])

    def _found(self, public_ip: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ec2.describe_addresses(PublicIps=[public_ip])["Addresses"][0]
        return found

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"AllocationId": self._found(physical_id)["AllocationId"], "PublicIp": physical_id}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        address = self._found(physical_id)
        if old.get("InstanceId") and not new.get("InstanceId"):
            self.ec2.disassociate_address(AssociationId=address["AssociationId"])
        elif new.get("InstanceId") and old.get("InstanceId") != new["InstanceId"]:
            self.ec2.associate_address(
                AllocationId=address["AllocationId"], InstanceId=new["InstanceId"], AllowReassociation=True
            )
        retag(address["AllocationId"], old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        address = self._found(physical_id)
        if properties.get("InstanceId") and address.get("AssociationId"):
            self.ec2.disassociate_address(AssociationId=address["AssociationId"])
        self.ec2.release_address(AllocationId=address["AllocationId"])


class ElasticAddressAssociation(ResourceType):
    name = "AWS::EC2::EIPAssociation"

    def create(self, properties: Properties, place: Place) -> str:
        asked = picked(properties, "AllocationId", "NetworkInterfaceId", "InstanceId", "PrivateIpAddress")
        if properties.get("EIP"):
            asked["PublicIp"] = properties["EIP"]
        return str(self.ec2.associate_address(**asked)["AssociationId"])

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.disassociate_address(AssociationId=physical_id)

# ruff: noqa: ARG002 -- every type has the same signatures
"""VPCs, subnets, internet gateways, and the attachments of gateways to VPCs."""

from __future__ import annotations

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


class Vpc(ResourceType):
    name = "AWS::EC2::VPC"

    def create(self, properties: Properties, place: Place) -> str:
        return str(self.ec2.create_vpc(**picked(properties, "CidrBlock", "InstanceTenancy"))["Vpc"]["VpcId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        tag(physical_id, properties)
        self._set_attributes(physical_id, properties)

    def _set_attributes(self, identifier: str, properties: Properties) -> None:
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            if name in properties:
                self.ec2.modify_vpc_attribute(VpcId=identifier, **{name: {"Value": properties[name]}})

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        vpc = self.ec2.describe_vpcs(VpcIds=[physical_id])["Vpcs"][0]
        here = [{"Name": "vpc-id", "Values": [physical_id]}]
        default = self.ec2.describe_security_groups(Filters=[*here, {"Name": "group-name", "Values": ["default"]}])
        acls = self.ec2.describe_network_acls(Filters=[*here, {"Name": "default", "Values": ["true"]}])
        return {
            "VpcId": physical_id,
            "CidrBlock": vpc["CidrBlock"],
            "CidrBlockAssociations": [one["AssociationId"] for one in vpc["CidrBlockAssociationSet"]],
            "DefaultSecurityGroup": default["SecurityGroups"][0]["GroupId"],
            "DefaultNetworkAcl": acls["NetworkAcls"][0]["NetworkAclId"],
            "Ipv6CidrBlocks": [],
        }

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        self._set_attributes(physical_id, new)
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_vpc(VpcId=physical_id)


class Subnet(ResourceType):
    name = "AWS::EC2::Subnet"

    def create(self, properties: Properties, place: Place) -> str:
        asked = picked(properties, "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId")
        return str(self.ec2.create_subnet(**asked)["Subnet"]["SubnetId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        tag(physical_id, properties)
        self._set_public_addresses(physical_id, properties)

    def _set_public_addresses(self, identifier: str, properties: Properties) -> None:
        wanted = bool(properties.get("MapPublicIpOnLaunch", False))
        self.ec2.modify_subnet_attribute(SubnetId=identifier, MapPublicIpOnLaunch={"Value": wanted})

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        subnet = self.ec2.describe_subnets(SubnetIds=[physical_id])["Subnets"][0]
        acls = self.ec2.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [physical_id]}])
        associations = acls["NetworkAcls"][0]["Associations"]
        own = next(one for one in associations if one["SubnetId"] == physical_id)
        return {
            "SubnetId": physical_id,
            "VpcId": subnet["VpcId"],
            "CidrBlock": subnet["CidrBlock"],
            "AvailabilityZone": subnet["AvailabilityZone"],
            "AvailabilityZoneId": subnet["AvailabilityZoneId"],
            "NetworkAclAssociationId": own["NetworkAclAssociationId"],
            "Ipv6CidrBlocks": [],
        }

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        if changed(old, new, "MapPublicIpOnLaunch"):
            self._set_public_addresses(physical_id, new)
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_subnet(SubnetId=physical_id)


class InternetGateway(ResourceType):
    name = "AWS::EC2::InternetGateway"

    def create(self, properties: Properties, place: Place) -> str:
        return str(self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"])

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"InternetGatewayId": physical_id}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        retag(physical_id, old, new)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_internet_gateway(InternetGatewayId=physical_id)


class VpcGatewayAttachment(ResourceType):
    name = "AWS::EC2::VPCGatewayAttachment"

    def create(self, properties: Properties, place: Place) -> str:
        if properties.get("InternetGatewayId"):
            self.ec2.attach_internet_gateway(**picked(properties, "VpcId", "InternetGatewayId"))
            return f"IGW|{properties['VpcId']}"
        self.ec2.attach_vpn_gateway(**picked(properties, "VpcId", "VpnGatewayId"))
        return f"VGW|{properties['VpcId']}"

    def settle(self, physical_id: str, properties: Properties) -> None:
        """An attachment carries no tags."""

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"AttachmentType": physical_id.partition("|")[0]}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        self.delete(physical_id, old)
        self.create(new, place)

    def delete(self, physical_id: str, properties: Properties) -> None:
        if properties.get("InternetGatewayId"):
            self.ec2.detach_internet_gateway(**picked(properties, "VpcId", "InternetGatewayId"))
        else:
            self.ec2.detach_vpn_gateway(**picked(properties, "VpcId", "VpnGatewayId"))

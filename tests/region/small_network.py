"""A VPC with one subnet and an internet gateway, for tests of the EC2 API."""

from __future__ import annotations

from typing import Any


class Network:
    """A VPC 10.0.0.0/16 with one subnet 10.0.1.0/24 and an internet gateway."""

    def __init__(self, ec2: Any) -> None:
        self.ec2 = ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnet = ec2.create_subnet(VpcId=self.vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
        self.gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(VpcId=self.vpc, InternetGatewayId=self.gateway)

    def interface(self, **options: Any) -> dict[str, Any]:
        return dict(self.ec2.create_network_interface(SubnetId=self.subnet, **options)["NetworkInterface"])

    def shown(self, interface: dict[str, Any]) -> dict[str, Any]:
        identifiers = [interface["NetworkInterfaceId"]]
        return dict(self.ec2.describe_network_interfaces(NetworkInterfaceIds=identifiers)["NetworkInterfaces"][0])

    def address(self) -> dict[str, Any]:
        return dict(self.ec2.allocate_address(Domain="vpc"))

    def remove(self) -> None:
        for address in self.ec2.describe_addresses()["Addresses"]:
            if "AssociationId" in address:
                self.ec2.disassociate_address(AssociationId=address["AssociationId"])
            self.ec2.release_address(AllocationId=address["AllocationId"])
        mine = [{"Name": "vpc-id", "Values": [self.vpc]}]
        for interface in self.ec2.describe_network_interfaces(Filters=mine)["NetworkInterfaces"]:
            self.ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
        self.ec2.detach_internet_gateway(VpcId=self.vpc, InternetGatewayId=self.gateway)
        self.ec2.delete_internet_gateway(InternetGatewayId=self.gateway)
        self.ec2.delete_subnet(SubnetId=self.subnet)
        self.ec2.delete_vpc(VpcId=self.vpc)

"""Resources that several tests use in their templates."""

from __future__ import annotations

from typing import Any

Resources = dict[str, dict[str, Any]]


def vpc(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", **properties}}


def subnet(**properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24", **properties},
    }


def parameter(value: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}


def customer_gateway(address: str, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::EC2::CustomerGateway",
        "Properties": {"Type": "ipsec.1", "IpAddress": address, "BgpAsn": 65000, **properties},
    }


IMAGE = "{{resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64}}"


def device(user_data: Any = "#!/bin/sh", **properties: Any) -> Resources:
    """A VPC, a subnet, an interface with a fixed address, and an instance on it."""
    return {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-east-1b"},
        },
        "Interface": {
            "Type": "AWS::EC2::NetworkInterface",
            "Properties": {
                "SubnetId": {"Ref": "Subnet"},
                "PrivateIpAddress": "10.0.1.10",
                "SourceDestCheck": False,
            },
        },
        "Device": {
            "Type": "AWS::EC2::Instance",
            "Properties": {
                "ImageId": IMAGE,
                "InstanceType": "t3.micro",
                "UserData": {"Fn::Base64": user_data},
                "NetworkInterfaces": [{"DeviceIndex": "0", "NetworkInterfaceId": {"Ref": "Interface"}}],
                **properties,
            },
        },
    }

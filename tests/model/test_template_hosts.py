"""Interfaces, instances and Elastic IPs of templates, in each of the ways in which they are written."""

from __future__ import annotations

import pytest

from tests.model.planned import network
from vpn_model.hosts import InterfaceAddress
from vpn_model.unknown import Unknown, UnknownValueError, all_known, known

SUBNETS = """
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
Public:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a, MapPublicIpOnLaunch: true}
Private:
  Type: AWS::EC2::Subnet
  Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [0, !GetAZs ""]}
Group: {Type: AWS::EC2::SecurityGroup, Properties: {VpcId: !Ref Vpc, GroupDescription: x}}
"""
LAUNCHED = InterfaceAddress(Unknown("${Host.NetworkInterfaces.0.PrivateIpAddress}"), Unknown("${Host.PublicIp}"))


def test_an_instance_without_interfaces_has_one() -> None:
    found = network(
        SUBNETS,
        """
        Host:
          Type: AWS::EC2::Instance
          Properties:
            SubnetId: !Ref Private
            SecurityGroupIds: [!GetAtt Group.GroupId]
            PrivateIpAddress: 10.0.1.100
            InstanceType: t3.micro
            ImageId: ami-1
            IamInstanceProfile: !Ref Profile
            Monitoring: true
            SourceDestCheck: "false"
            Tags: [{Key: Other, Value: x}, {Key: Name, Value: host}]
        Profile: {Type: AWS::IAM::InstanceProfile}
        """,
    )
    (interface,) = found.interfaces_of("Host")
    assert (interface.id, interface.vpc_id, interface.subnet_id) == ("Host.NetworkInterfaces.0", "Vpc", "Private")
    assert interface.addresses == (InterfaceAddress("10.0.1.100"),)
    assert interface.group_ids == ("Group",)
    assert interface.source_dest_check is False
    host = found.instances["Host"]
    assert (host.name, host.instance_type, host.image_id, host.instance_profile) == (
        "host",
        "t3.micro",
        "ami-1",
        "Profile",
    )
    assert host.zone == Unknown("${GetAZs.0}")
    assert host.detailed_monitoring is True
    assert (host.state, host.is_running) == ("planned", False)


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ("SubnetId: !Ref Public", LAUNCHED),
        ("SubnetId: !Ref Private", InterfaceAddress(LAUNCHED.private)),
        ("NetworkInterfaces: [{DeviceIndex: 0, SubnetId: !Ref Private, AssociatePublicIpAddress: true}]", LAUNCHED),
        (
            "NetworkInterfaces: [{DeviceIndex: '0', SubnetId: !Ref Public, AssociatePublicIpAddress: false}]",
            InterfaceAddress(LAUNCHED.private),
        ),
    ],
)
def test_the_public_address_of_a_launch(properties: str, expected: InterfaceAddress) -> None:
    host = f"Host: {{Type: AWS::EC2::Instance, Properties: {{{properties}}}}}\n"
    (interface,) = network(SUBNETS, host).interfaces_of("Host")
    assert interface.addresses == (expected,)
    assert interface.group_ids == ("Vpc.DefaultSecurityGroup",)


def test_interfaces_inline_and_of_their_own() -> None:
    found = network(
        SUBNETS,
        """
        Uplink:
          Type: AWS::EC2::NetworkInterface
          Properties:
            SubnetId: !Ref Public
            GroupSet: [!Ref Group]
            SourceDestCheck: false
            PrivateIpAddresses:
              - {PrivateIpAddress: 10.0.0.11, Primary: false}
              - {PrivateIpAddress: 10.0.0.10, Primary: true}
        Third:
          Type: AWS::EC2::NetworkInterface
          Properties: {SubnetId: !Ref Private, SecondaryPrivateIpAddressCount: 1}
        Device:
          Type: AWS::EC2::Instance
          Properties:
            NetworkInterfaces:
              - {DeviceIndex: "0", NetworkInterfaceId: !Ref Uplink}
              - {DeviceIndex: "1", SubnetId: !Ref Private, GroupSet: [!Ref Group], PrivateIpAddress: 10.0.1.10}
        Later:
          Type: AWS::EC2::NetworkInterfaceAttachment
          Properties: {InstanceId: !Ref Device, NetworkInterfaceId: !Ref Third, DeviceIndex: "2"}
        """,
    )
    first, second, third = found.interfaces_of("Device")
    assert (first.id, first.source_dest_check, first.primary_address) == ("Uplink", False, "10.0.0.10")
    assert [one.private for one in first.addresses] == ["10.0.0.10", "10.0.0.11"]
    assert (second.id, second.addresses) == ("Device.NetworkInterfaces.1", (InterfaceAddress("10.0.1.10"),))
    assert (third.id, len(third.addresses)) == ("Third", 2)
    assert found.instances["Device"].zone == "us-east-1a"


def test_an_interface_of_another_stack_is_attached() -> None:
    (interface,) = network(
        """
        Device:
          Type: AWS::EC2::Instance
          Properties: {NetworkInterfaces: [{NetworkInterfaceId: eni-1, DeviceIndex: 0}]}
        """
    ).interfaces_of("Device")
    assert (interface.id, interface.subnet_id) == ("eni-1", "${eni-1.SubnetId}")


def test_a_launch_template_stands_behind_an_instance() -> None:
    found = network(
        SUBNETS,
        """
        Template:
          Type: AWS::EC2::LaunchTemplate
          Properties:
            LaunchTemplateData:
              InstanceType: m8g.large
              ImageId: ami-1
              IamInstanceProfile: {Name: device}
              Monitoring: {Enabled: true}
              SecurityGroupIds: [!Ref Group]
        Host:
          Type: AWS::EC2::Instance
          Properties:
            LaunchTemplate: {LaunchTemplateId: !Ref Template, Version: "1"}
            ImageId: ami-2
            SubnetId: !Ref Private
        """,
    )
    host = found.instances["Host"]
    assert (host.instance_type, host.image_id, host.instance_profile) == ("m8g.large", "ami-2", "device")
    assert host.detailed_monitoring is True
    assert found.interfaces_of("Host")[0].group_ids == ("Group",)
    assert [one.type for one in found.others] == ["AWS::EC2::LaunchTemplate"]


DEVICE = """
Uplink: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: !Ref Public, PrivateIpAddress: 10.0.0.10}}
Device:
  Type: AWS::EC2::Instance
  Properties: {NetworkInterfaces: [{DeviceIndex: "0", NetworkInterfaceId: !Ref Uplink}]}
Gateway: {Type: AWS::EC2::CustomerGateway, Properties: {IpAddress: !Ref Address, BgpAsn: 65001, Type: ipsec.1}}
"""
ASSOCIATIONS = {
    "by the instance": "Address: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Device}}",
    "to the interface": """
        Address: {Type: AWS::EC2::EIP}
        Held:
          Type: AWS::EC2::EIPAssociation
          Properties: {AllocationId: !GetAtt Address.AllocationId, NetworkInterfaceId: !Ref Uplink}
        """,
    "to the instance by the address": """
        Address: {Type: AWS::EC2::EIP}
        Held:
          Type: AWS::EC2::EIPAssociation
          Properties: {EIP: !Ref Address, InstanceId: !Ref Device, PrivateIpAddress: 10.0.0.10}
        """,
}


@pytest.mark.parametrize("way", ASSOCIATIONS)
def test_an_elastic_ip_is_the_public_address_of_what_has_it(way: str) -> None:
    found = network(SUBNETS, DEVICE, ASSOCIATIONS[way])
    address = found.elastic_ips["Address"]
    assert (address.interface_id, address.instance_id, address.private_address) == ("Uplink", "Device", "10.0.0.10")
    public = Unknown("${Address.PublicIp}")
    assert found.interfaces["Uplink"].addresses == (InterfaceAddress("10.0.0.10", public, "Address"),)
    # the value that tells that the customer gateway is this device
    assert found.customer_gateways["Gateway"].address == address.address == public


def test_an_elastic_ip_of_another_stack() -> None:
    found = network(
        SUBNETS,
        DEVICE.replace("!Ref Address", "192.0.2.7"),
        """
        Held:
          Type: AWS::EC2::EIPAssociation
          Properties: {AllocationId: eipalloc-1, NetworkInterfaceId: !Ref Uplink}
        """,
    )
    assert found.interfaces["Uplink"].addresses[0].allocation_id == "eipalloc-1"
    assert found.elastic_ips["eipalloc-1"].address == Unknown("${eipalloc-1.PublicIp}")
    assert found.customer_gateways["Gateway"].address == "192.0.2.7"


def test_a_nat_gateway_and_an_instance_connect_endpoint() -> None:
    found = network(
        SUBNETS,
        """
        Address: {Type: AWS::EC2::EIP}
        Nat:
          Type: AWS::EC2::NatGateway
          Properties: {SubnetId: !Ref Public, AllocationId: !GetAtt Address.AllocationId}
        Inner: {Type: AWS::EC2::NatGateway, Properties: {SubnetId: !Ref Private, ConnectivityType: private}}
        Connect: {Type: AWS::EC2::InstanceConnectEndpoint, Properties: {SubnetId: !Ref Private, PreserveClientIp: true}}
        """,
    )
    nat = found.nat_gateways["Nat"]
    assert (nat.vpc_id, nat.addresses[0].allocation_id) == ("Vpc", "Address")
    assert nat.addresses[0].public == Unknown("${Address.PublicIp}")
    assert found.nat_gateways["Inner"].addresses[0].public is None
    connect = found.instance_connect_endpoints["Connect"]
    assert (connect.vpc_id, connect.group_ids, connect.preserve_client_address) == (
        "Vpc",
        ("Vpc.DefaultSecurityGroup",),
        True,
    )


def test_known_values_and_the_error_for_an_unknown_one() -> None:
    assert known("10.0.0.0/16") == "10.0.0.0/16"
    assert all_known(["a", "b"]) == ("a", "b")
    message = r"the value of \$\{Pool\} is not known \(parameter without a value\); read the network from the API"
    with pytest.raises(UnknownValueError, match=message):
        all_known(["a", Unknown("${Pool}", "parameter without a value")])

"""Two networks are the same, or each difference that matters to packets is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.model.planned import network
from vpn_model.compare.differences import differences
from vpn_model.network import Network, Stack, StackResource, Unreadable
from vpn_model.unknown import Unknown
from vpn_model.vpc import Vpc

PLAN = """
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24, AvailabilityZone: us-east-1a}}
Second: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, AvailabilityZone: us-east-1b}}
Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
In: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {RouteTableId: !Ref Table, SubnetId: !Ref Subnet}}
Out:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.9.0.0/16, GatewayId: !Ref Vgw}
Vgw: {Type: AWS::EC2::VPNGateway, Properties: {AmazonSideAsn: 64600}}
Into: {Type: AWS::EC2::VPNGatewayRoutePropagation, Properties: {VpnGatewayId: !Ref Vgw, RouteTableIds: [!Ref Table]}}
Group:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: !Ref Vpc
    GroupDescription: x
    SecurityGroupIngress: [{IpProtocol: udp, FromPort: 500, ToPort: 500, CidrIp: 192.0.2.1/32}]
Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
Denied:
  Type: AWS::EC2::NetworkAclEntry
  Properties: {NetworkAclId: !Ref Acl, RuleNumber: 10, RuleAction: deny, Protocol: 17, CidrBlock: 10.9.0.0/16}
Host:
  Type: AWS::EC2::Instance
  Properties: {SubnetId: !Ref Subnet, PrivateIpAddress: 10.0.0.9, SecurityGroupIds: [!Ref Group], ImageId: ami-1}
Address: {Type: AWS::EC2::EIP, Properties: {InstanceId: !Ref Host}}
Customer: {Type: AWS::EC2::CustomerGateway, Properties: {IpAddress: !Ref Address, BgpAsn: 65001}}
Vpn:
  Type: AWS::EC2::VPNConnection
  Properties:
    CustomerGatewayId: !Ref Customer
    VpnGatewayId: !Ref Vgw
    VpnTunnelOptionsSpecifications: [{TunnelInsideCidr: 169.254.10.0/30, IKEVersions: [{Value: ikev2}]}]
Prefix: {Type: AWS::EC2::VPNConnectionRoute, Properties: {VpnConnectionId: !Ref Vpn, DestinationCidrBlock: 10.9.0.0/16}}
Tgw: {Type: AWS::EC2::TransitGateway, Properties: {VpnEcmpSupport: enable}}
Attached:
  Type: AWS::EC2::TransitGatewayVpcAttachment
  Properties: {TransitGatewayId: !Ref Tgw, VpcId: !Ref Vpc, SubnetIds: [!Ref Subnet]}
Users:
  Type: AWS::EC2::ClientVpnEndpoint
  Properties: {ClientCidrBlock: 10.70.0.0/22, SplitTunnel: true, ServerCertificateArn: arn}
Entered:
  Type: AWS::EC2::ClientVpnAuthorizationRule
  Properties: {ClientVpnEndpointId: !Ref Users, TargetNetworkCidr: 10.0.0.0/16, AuthorizeAllGroups: true}
Log: {Type: AWS::Logs::LogGroup}
"""

CHANGES = {
    "CidrBlock: 10.0.0.0/16}}\nSubnet": ("CidrBlock: 10.1.0.0/16}}\nSubnet", "VPC Vpc: cidrs"),
    "10.0.1.0/24": ("10.0.2.0/24", "subnet Second: cidr: expected 10.0.1.0/24, found 10.0.2.0/24"),
    "us-east-1b": ("us-east-1a", "subnet Second: zone: expected zone 2, found zone 1"),
    "SubnetId: !Ref Subnet}}\nOut": (
        "SubnetId: !Ref Second}}\nOut",
        "subnet Subnet: route_table: expected Table, found Vpc.MainRouteTable",
    ),
    "DestinationCidrBlock: 10.9.0.0/16, GatewayId: !Ref Vgw": (
        "DestinationCidrBlock: 10.9.0.0/16, InstanceId: !Ref Host",
        "route table Table: routes: missing (10.9.0.0/16, virtual private gateway, Vgw, created, active); "
        "surplus (10.9.0.0/16, instance, Host, created, active)",
    ),
    "RouteTableIds: [!Ref Table]": ("RouteTableIds: []", "route table Table: propagating_gateways: missing Vgw"),
    "ToPort: 500": (
        "ToPort: 4500",
        "security group Group: rules: missing (ingress, udp, 500, 500, ipv4, 192.0.2.1/32)",
    ),
    "RuleAction: deny": ("RuleAction: allow", "network ACL Acl: entries"),
    "PrivateIpAddress: 10.0.0.9": ("PrivateIpAddress: 10.0.0.8", "interface Host.NetworkInterfaces.0: addresses"),
    "SecurityGroupIds: [!Ref Group]": ("SourceDestCheck: false", "interface Host.NetworkInterfaces.0: groups"),
    "ImageId: ami-1": ("ImageId: ami-2", "instance Host: image: expected ami-1, found ami-2"),
    "{InstanceId: !Ref Host}": ("{Domain: vpc}", "Elastic IP Address: interface"),
    "IpAddress: !Ref Address": ("IpAddress: 192.0.2.7", "customer gateway Customer: address"),
    "BgpAsn: 65001": ("BgpAsn: 65002", "customer gateway Customer: asn: expected 65001, found 65002"),
    "AmazonSideAsn: 64600": ("AmazonSideAsn: 64601", "virtual private gateway Vgw: asn"),
    "VpnGatewayId: !Ref Vgw\n    Vpn": ("TransitGatewayId: !Ref Tgw\n    Vpn", "VPN connection Vpn: gateway"),
    "169.254.10.0/30": ("169.254.11.0/30", "tunnel 1 of Vpn: inside_cidr"),
    "Value: ikev2": ("Value: ikev1", "tunnel 1 of Vpn: ike_versions: missing ikev2; surplus ikev1"),
    "Ref Vpn, DestinationCidrBlock: 10.9": ("Ref Vpn, DestinationCidrBlock: 10.8", "VPN connection Vpn: static_routes"),
    "VpnEcmpSupport: enable": ("VpnEcmpSupport: disable", "transit gateway Tgw: ecmp: expected True, found False"),
    "SubnetIds: [!Ref Subnet]": ("SubnetIds: [!Ref Second]", "transit attachment Attached: subnets"),
    "SplitTunnel: true": ("SplitTunnel: false", "Client VPN endpoint Users: split_tunnel"),
    "TargetNetworkCidr: 10.0.0.0/16": (
        "TargetNetworkCidr: 10.0.0.0/8",
        "Client VPN endpoint Users: authorization_rules",
    ),
    "Log: {Type: AWS::Logs::LogGroup}": ("", "what is not modelled: types: missing (Log, AWS::Logs::LogGroup)"),
    "Users:": ("Others:", "Client VPN endpoint Others: found, and not expected"),
}


def test_a_network_is_the_same_as_itself() -> None:
    assert differences(network(PLAN), network(PLAN)) == []


@pytest.mark.parametrize("old", CHANGES)
def test_a_difference_is_named(old: str) -> None:
    new, message = CHANGES[old]
    assert PLAN.count(old) == 1
    assert message in "\n".join(differences(network(PLAN), network(PLAN.replace(old, new))))


def deployed(vpc_cidr: str, *, name: str = "") -> Network:
    """A network as the API would describe it."""
    stack = Stack("vpn", (StackResource("Vpc", "vpc-1", "AWS::EC2::VPC"),))
    return Network("us-east-1", {"vpc-1": Vpc("vpc-1", name, (vpc_cidr,))}, stack=stack)


def planned(cidr: str | Unknown) -> Network:
    stack = Stack("vpn", (StackResource("Vpc", "Vpc", "AWS::EC2::VPC"),))
    return Network(Unknown("${AWS::Region}"), {"Vpc": Vpc("Vpc", "vpc", (cidr,))}, stack=stack)


def test_ids_and_names_do_not_matter() -> None:
    assert differences(planned("10.0.0.0/16"), deployed("10.0.0.0/16", name="other")) == []


def test_an_unknown_value_stands_for_one_value() -> None:
    real = deployed("10.0.0.0/16")
    assert differences(planned(Unknown("${Vpc.CidrBlock}")), real) == []
    two = replace(real, vpcs={"vpc-1": Vpc("vpc-1", "", ("10.0.0.0/16", "10.1.0.0/16"))})
    assert differences(planned(Unknown("${Vpc.CidrBlock}")), two) == ["VPC Vpc: cidrs: surplus 10.1.0.0/16"]
    assert differences(planned("10.1.0.0/16"), two) == ["VPC Vpc: cidrs: surplus 10.0.0.0/16"]


def test_what_could_not_be_read_is_a_difference() -> None:
    refused = replace(deployed("10.0.0.0/16"), unreadable=(Unreadable("ec2:DescribeSubnets", "AccessDenied"),))
    assert differences(planned("10.0.0.0/16"), refused) == [
        "what could not be read: calls: surplus ec2:DescribeSubnets"
    ]

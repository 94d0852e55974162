"""Security groups and network ACLs of templates, with what AWS adds to them."""

from __future__ import annotations

from tests.model.planned import network
from vpn_model.filters import AclEntry, SecurityRule
from vpn_model.unknown import Unknown

ONE_VPC = "Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"
TO_EVERYWHERE = SecurityRule("egress", "-1", None, None, "0.0.0.0/0", "ipv4")

GROUPS = """
Group:
  Type: AWS::EC2::SecurityGroup
  Properties:
    VpcId: !Ref Vpc
    GroupDescription: device
    SecurityGroupIngress:
      - {IpProtocol: "17", FromPort: 500, ToPort: 500, CidrIp: 192.0.2.1/32, Description: IKE}
      - {IpProtocol: icmp, FromPort: 8, ToPort: -1, CidrIp: !Sub "${Address}/32"}
      - {IpProtocol: TCP, FromPort: "22", ToPort: "22", SourceSecurityGroupId: !GetAtt Other.GroupId}
      - {IpProtocol: -1, FromPort: 0, ToPort: 65535, SourcePrefixListId: pl-1}
Other:
  Type: AWS::EC2::SecurityGroup
  Properties: {VpcId: !Ref Vpc, GroupDescription: other, SecurityGroupEgress: []}
Address: {Type: AWS::EC2::EIP}
Separate:
  Type: AWS::EC2::SecurityGroupIngress
  Properties: {GroupId: !Ref Other, IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIpv6: "::/0"}
Elsewhere:
  Type: AWS::EC2::SecurityGroupEgress
  Properties: {GroupId: !ImportValue group, IpProtocol: "-1", DestinationSecurityGroupId: !Ref Group}
"""


def test_security_groups_have_inline_and_separate_rules() -> None:
    groups = network(ONE_VPC, GROUPS).security_groups
    assert groups["Group"].rules == (
        SecurityRule("ingress", "udp", 500, 500, "192.0.2.1/32", "ipv4", "IKE"),
        SecurityRule("ingress", "icmp", 8, -1, Unknown("${Address.PublicIp}/32"), "ipv4"),
        SecurityRule("ingress", "tcp", 22, 22, "Other", "security group"),
        SecurityRule("ingress", "-1", None, None, "pl-1", "prefix list"),
        TO_EVERYWHERE,
    )
    assert groups["Other"].rules == (SecurityRule("ingress", "udp", 53, 53, "::/0", "ipv6"),)
    outside = groups["${Import:group}"]
    assert outside.rules == (SecurityRule("egress", "-1", None, None, "Group", "security group"),)
    assert outside.group_name == Unknown("${Import:group.GroupName}")


def test_rules_that_are_not_known_are_there_as_unknown() -> None:
    group = network(
        ONE_VPC + "Group: {Type: AWS::EC2::SecurityGroup, Properties: "
        "{VpcId: !Ref Vpc, GroupDescription: x, SecurityGroupIngress: !Transform {Name: Rules}}}\n"
    ).security_groups["Group"]
    unknown = Unknown("${Transform:Rules}")
    (rule,) = group.ingress
    assert (rule.protocol, rule.from_port, rule.to_port, rule.peer) == (unknown,) * 4


ACLS = """
Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
Acl: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
In:
  Type: AWS::EC2::SubnetNetworkAclAssociation
  Properties: {SubnetId: !Ref Subnet, NetworkAclId: !Ref Acl}
Ike:
  Type: AWS::EC2::NetworkAclEntry
  Properties:
    NetworkAclId: !Ref Acl
    RuleNumber: 100
    RuleAction: allow
    Protocol: 17
    CidrBlock: 0.0.0.0/0
    PortRange: {From: 500, To: 500}
Ping:
  Type: AWS::EC2::NetworkAclEntry
  Properties:
    NetworkAclId: !Ref Acl
    Egress: true
    RuleNumber: 90
    RuleAction: deny
    Protocol: 1
    CidrBlock: 0.0.0.0/0
    Icmp: {Type: 8, Code: -1}
Default:
  Type: AWS::EC2::NetworkAclEntry
  Properties:
    NetworkAclId: !GetAtt Vpc.DefaultNetworkAcl
    RuleNumber: 50
    RuleAction: deny
    Protocol: -1
    CidrBlock: 192.0.2.0/24
"""


def test_network_acls_have_their_entries_and_subnets() -> None:
    found = network(ONE_VPC, ACLS)
    acl = found.network_acl_of("Subnet")
    assert acl is found.network_acls["Acl"]
    assert acl.entries == (
        AclEntry("ingress", 100, "allow", "17", "0.0.0.0/0", 500, 500),
        AclEntry("egress", 90, "deny", "1", "0.0.0.0/0", 8, -1),
        AclEntry("ingress", 32767, "deny", "-1", "0.0.0.0/0"),
        AclEntry("egress", 32767, "deny", "-1", "0.0.0.0/0"),
    )
    assert found.network_acls["Vpc.DefaultNetworkAcl"].entries[2].cidr == "192.0.2.0/24"

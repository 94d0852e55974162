"""VPCs and their routes, of templates, with what AWS adds by itself."""

from __future__ import annotations

from tests.model.planned import network
from vpn_model.filters import AclEntry
from vpn_model.network import Network
from vpn_model.routing import Route
from vpn_model.unknown import Unknown, is_unknown_id

VPC = """
Vpc:
  Type: AWS::EC2::VPC
  Properties: {CidrBlock: 10.0.0.0/16, Tags: [{Key: Name, Value: !Sub "${AWS::StackName}/Vpc"}]}
Second: {Type: AWS::EC2::VPCCidrBlock, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.1.0.0/16}}
Six:
  Type: AWS::EC2::VPCCidrBlock
  Properties: {VpcId: !Ref Vpc, AmazonProvidedIpv6CidrBlock: true}
"""
SUBNET = """
Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
"""
ONE_VPC = "Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"


def routes(found: Network, table: str) -> list[Route]:
    """The routes of a table but the VPC's own."""
    return [one for one in found.route_tables[table].routes if one.origin != "local"]


def test_a_vpc_has_all_its_blocks_and_its_name() -> None:
    vpc = network(VPC, stack_name="vpn").vpcs["Vpc"]
    assert vpc.name == "vpn/Vpc"
    assert vpc.cidrs == ("10.0.0.0/16", "10.1.0.0/16")
    assert vpc.ipv6_cidrs == (Unknown("${Vpc.Ipv6CidrBlocks.0}"),)


def test_a_block_that_ipam_gives_is_unknown_and_a_name_keeps_its_known_part() -> None:
    vpc = network(VPC.replace("CidrBlock: 10.0.0.0/16", "Ipv4IpamPoolId: !Ref Pool")).vpcs["Vpc"]
    assert vpc.cidrs == (Unknown("${Vpc.CidrBlock}"), "10.1.0.0/16")
    assert vpc.name == "${AWS::StackName}/Vpc"


def test_what_comes_with_a_vpc() -> None:
    found = network(VPC, SUBNET)
    table = found.route_tables["Vpc.MainRouteTable"]
    assert [route.destination for route in table.routes] == [
        "10.0.0.0/16",
        "10.1.0.0/16",
        Unknown("${Vpc.Ipv6CidrBlocks.0}"),
    ]
    assert {(route.target_kind, route.origin) for route in table.routes} == {("local", "local")}
    assert found.route_table_of("Subnet") is table
    group = found.security_groups["Vpc.DefaultSecurityGroup"]
    assert [one.peer for one in group.ingress] == ["Vpc.DefaultSecurityGroup"]
    assert [one.peer for one in group.egress] == ["0.0.0.0/0", "::/0"]
    acl = found.network_acl_of("Subnet")
    assert acl is not None
    assert acl.id == "Vpc.DefaultNetworkAcl"
    assert AclEntry("ingress", 100, "allow", "-1", "0.0.0.0/0") in acl.entries
    assert AclEntry("egress", 32768, "deny", "-1", "::/0") in acl.entries


def test_a_subnet_in_a_vpc_of_another_stack() -> None:
    found = network(
        """
        Subnet:
          Type: AWS::EC2::Subnet
          Properties: {VpcId: !ImportValue hub, CidrBlock: 10.0.1.0/24}
        Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !ImportValue hub}}
        In:
          Type: AWS::EC2::SubnetRouteTableAssociation
          Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
        """,
    )
    subnet, table = found.subnets["Subnet"], found.route_table_of("Subnet")
    assert table is found.route_tables["Table"]
    assert subnet.vpc_id == table.vpc_id == "${Import:hub}"
    assert is_unknown_id(subnet.vpc_id)
    assert not is_unknown_id(subnet.id)
    assert table.routes == (Route(Unknown("${Import:hub.CidrBlock}"), "local", "local", "local"),)


TABLE = ONE_VPC + "Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}\n"


ROUTES = """
Igw: {Type: AWS::EC2::InternetGateway}
Vgw: {Type: AWS::EC2::VPNGateway}
Eni: {Type: AWS::EC2::NetworkInterface, Properties: {SubnetId: subnet-1}}
R1:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}
R2:
  Type: AWS::EC2::Route
  Properties:
    RouteTableId: !Ref Table
    DestinationCidrBlock: 10.9.0.0/16
    GatewayId: !GetAtt Vgw.VPNGatewayId
R3:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationIpv6CidrBlock: "::/0", NetworkInterfaceId: !Ref Eni}
R4:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationPrefixListId: pl-1, TransitGatewayId: tgw-1}
R5:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.8.0.0/16, GatewayId: !ImportValue gateway}
R6:
  Type: AWS::EC2::Route
  Properties:
    RouteTableId: !Ref Table
    DestinationCidrBlock: !ImportValue site
    VpcPeeringConnectionId: !Ref Peer
R7:
  Type: AWS::EC2::Route
  Properties: {RouteTableId: rtb-1, DestinationCidrBlock: 10.7.0.0/16, GatewayId: igw-1}
"""


def test_the_targets_of_routes() -> None:
    found = network(TABLE, ROUTES)
    assert [(one.destination, one.target_id, one.target_kind) for one in routes(found, "Table")] == [
        ("0.0.0.0/0", "Igw", "internet gateway"),
        ("10.9.0.0/16", "Vgw", "virtual private gateway"),
        ("::/0", "Eni", "network interface"),
        ("pl-1", "tgw-1", "transit gateway"),
        ("10.8.0.0/16", "${Import:gateway}", "unknown"),
        (Unknown("${Import:site}"), "${Peer}", "VPC peering connection"),
    ]
    assert routes(found, "rtb-1") == [Route("10.7.0.0/16", "igw-1", "internet gateway")]


def test_static_prefixes_are_propagated_and_a_route_of_the_table_wins() -> None:
    found = network(
        TABLE,
        """
        Vgw: {Type: AWS::EC2::VPNGateway}
        Attached:
          Type: AWS::EC2::VPCGatewayAttachment
          Properties: {VpcId: !Ref Vpc, VpnGatewayId: !Ref Vgw}
        Into:
          Type: AWS::EC2::VPNGatewayRoutePropagation
          Properties: {VpnGatewayId: !Ref Vgw, RouteTableIds: [!Ref Table]}
        Vpn:
          Type: AWS::EC2::VPNConnection
          Properties: {CustomerGatewayId: cgw-1, VpnGatewayId: !Ref Vgw, StaticRoutesOnly: true}
        A:
          Type: AWS::EC2::VPNConnectionRoute
          Properties: {VpnConnectionId: !Ref Vpn, DestinationCidrBlock: 10.8.0.0/16}
        B:
          Type: AWS::EC2::VPNConnectionRoute
          Properties: {VpnConnectionId: !Ref Vpn, DestinationCidrBlock: 10.9.0.0/16}
        Own:
          Type: AWS::EC2::Route
          Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 10.9.0.0/16, InstanceId: i-1}
        """,
    )
    assert routes(found, "Table") == [
        Route("10.9.0.0/16", "i-1", "instance"),
        Route("10.8.0.0/16", "Vgw", "virtual private gateway", "propagated"),
    ]
    assert found.route_tables["Table"].propagating_gateway_ids == ("Vgw",)
    assert found.vpn_gateways["Vgw"].vpc_id == "Vpc"


def test_a_subnet_with_a_route_to_an_internet_gateway_is_public() -> None:
    found = network(
        TABLE,
        SUBNET,
        """
        Igw: {Type: AWS::EC2::InternetGateway}
        Attached:
          Type: AWS::EC2::VPCGatewayAttachment
          Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Igw}
        In:
          Type: AWS::EC2::SubnetRouteTableAssociation
          Properties: {SubnetId: !Ref Subnet, RouteTableId: !Ref Table}
        Out:
          Type: AWS::EC2::Route
          Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Igw}
        """,
    )
    assert found.is_public("Subnet")
    assert not network(TABLE, SUBNET).is_public("Subnet")
    gateway = found.internet_gateway_of("Vpc")
    assert gateway is not None
    assert gateway.id == "Igw"

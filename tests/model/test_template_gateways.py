"""Transit gateways and Client VPN endpoints of templates."""

from __future__ import annotations

from tests.model.planned import network
from vpn_model.client_vpn import Authentication, AuthorizationRule, ClientVpnRoute
from vpn_model.transit import TransitRoute
from vpn_model.unknown import Unknown

TRANSIT = """
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
Attached:
  Type: AWS::EC2::TransitGatewayVpcAttachment
  Properties:
    TransitGatewayId: !Ref Tgw
    VpcId: !Ref Vpc
    SubnetIds: [!Ref Subnet]
    Options: {ApplianceModeSupport: enable}
Static:
  Type: AWS::EC2::VPNConnection
  Properties: {CustomerGatewayId: cgw-1, TransitGatewayId: !Ref Tgw, StaticRoutesOnly: true}
Prefix:
  Type: AWS::EC2::VPNConnectionRoute
  Properties: {VpnConnectionId: !Ref Static, DestinationCidrBlock: 10.9.0.0/16}
"""


def test_the_default_table_of_a_transit_gateway() -> None:
    gateway = network(TRANSIT, "Tgw: {Type: AWS::EC2::TransitGateway, Properties: {VpnEcmpSupport: disable}}")
    tgw = gateway.transit_gateways["Tgw"]
    assert (tgw.asn, tgw.ecmp) == (64512, False)
    (table,) = tgw.tables
    assert table.id == "Tgw.DefaultRouteTable" == tgw.default_association_table_id
    assert table.propagating_attachment_ids == ("Attached", "Static.TransitAttachment")
    assert table.routes == (
        TransitRoute("10.0.0.0/16", ("Attached",), "propagated"),
        TransitRoute("10.9.0.0/16", ("Static.TransitAttachment",), "propagated"),
    )
    assert {one.table_id for one in tgw.attachments} == {table.id}
    (vpc,) = tgw.of_kind("vpc")
    assert (vpc.resource_id, vpc.subnet_ids, vpc.appliance_mode) == ("Vpc", ("Subnet",), True)
    (vpn,) = tgw.of_kind("vpn")
    assert (vpn.resource_id, vpn.table_id) == ("Static", table.id)


OWN_TABLES = """
Tgw:
  Type: AWS::EC2::TransitGateway
  Properties: {AmazonSideAsn: "64600", DefaultRouteTableAssociation: disable, DefaultRouteTablePropagation: disable}
Table:
  Type: AWS::EC2::TransitGatewayRouteTable
  Properties: {TransitGatewayId: !Ref Tgw, Tags: [{Key: Name, Value: table}]}
Lookup: {Type: Custom::Attachment, Properties: {Connection: !Ref Static}}
A:
  Type: AWS::EC2::TransitGatewayRouteTableAssociation
  Properties: {TransitGatewayRouteTableId: !Ref Table, TransitGatewayAttachmentId: !GetAtt Lookup.AttachmentId}
P:
  Type: AWS::EC2::TransitGatewayRouteTablePropagation
  Properties: {TransitGatewayRouteTableId: !Ref Table, TransitGatewayAttachmentId: !GetAtt Attached.Id}
R:
  Type: AWS::EC2::TransitGatewayRoute
  Properties:
    TransitGatewayRouteTableId: !Ref Table
    TransitGatewayAttachmentId: !GetAtt Lookup.AttachmentId
    DestinationCidrBlock: 10.0.0.0/16
B:
  Type: AWS::EC2::TransitGatewayRoute
  Properties: {TransitGatewayRouteTableId: !Ref Table, Blackhole: true, DestinationCidrBlock: 10.66.0.0/16}
"""


def test_own_tables_and_an_attachment_that_a_custom_resource_looks_up() -> None:
    tgw = network(TRANSIT, OWN_TABLES).transit_gateways["Tgw"]
    assert (tgw.asn, tgw.default_association_table_id) == (64600, None)
    (table,) = tgw.tables
    assert (table.name, table.propagating_attachment_ids) == ("table", ("Attached",))
    # the static route to the same block wins over the propagated one
    assert table.routes == (
        TransitRoute("10.0.0.0/16", ("Static.TransitAttachment",)),
        TransitRoute("10.66.0.0/16", (), "static", "blackhole"),
    )
    assert {one.id: one.table_id for one in tgw.attachments} == {"Attached": None, "Static.TransitAttachment": "Table"}


def test_a_transit_gateway_of_another_stack() -> None:
    found = network(TRANSIT.replace("!Ref Tgw", "!ImportValue hub"))
    tgw = found.transit_gateways["${Import:hub}"]
    assert [one.id for one in tgw.attachments] == ["Attached", "Static.TransitAttachment"]
    assert tgw.asn == Unknown("${Import:hub.AmazonSideAsn}")


CLIENT_VPN = """
Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
Endpoint:
  Type: AWS::EC2::ClientVpnEndpoint
  Properties:
    ClientCidrBlock: 10.70.0.0/22
    ServerCertificateArn: !Ref Certificate
    AuthenticationOptions:
      - Type: certificate-authentication
        MutualAuthentication: {ClientRootCertificateChainArn: arn}
      - Type: federated-authentication
        FederatedAuthentication: {SAMLProviderArn: saml}
    ConnectionLogOptions: {Enabled: false}
    SelfServicePortal: enabled
    SplitTunnel: true
    TagSpecifications: [{ResourceType: client-vpn-endpoint, Tags: [{Key: Name, Value: users}]}]
In:
  Type: AWS::EC2::ClientVpnTargetNetworkAssociation
  Properties: {ClientVpnEndpointId: !Ref Endpoint, SubnetId: !Ref Subnet}
Out:
  Type: AWS::EC2::ClientVpnRoute
  Properties: {ClientVpnEndpointId: !Ref Endpoint, DestinationCidrBlock: 10.9.0.0/16, TargetVpcSubnetId: !Ref Subnet}
All:
  Type: AWS::EC2::ClientVpnAuthorizationRule
  Properties: {ClientVpnEndpointId: !Ref Endpoint, TargetNetworkCidr: 10.0.0.0/16, AuthorizeAllGroups: true}
Some:
  Type: AWS::EC2::ClientVpnAuthorizationRule
  Properties: {ClientVpnEndpointId: cvpn-1, TargetNetworkCidr: 10.0.0.0/16, AccessGroupId: admins}
"""


def test_a_client_vpn_endpoint_with_its_parts() -> None:
    endpoints = network(CLIENT_VPN).client_vpn_endpoints
    endpoint = endpoints["Endpoint"]
    assert (endpoint.name, endpoint.client_cidr, endpoint.vpc_id) == ("users", "10.70.0.0/22", "Vpc")
    assert endpoint.authentication == (
        Authentication("certificate-authentication", "arn"),
        Authentication("federated-authentication", "saml"),
    )
    assert endpoint.server_certificate_arn == Unknown("${Certificate}")
    assert (endpoint.split_tunnel, endpoint.self_service_portal, endpoint.port) == (True, True, 443)
    assert endpoint.group_ids == ("Vpc.DefaultSecurityGroup",)
    assert endpoint.routes == (
        ClientVpnRoute("10.0.0.0/16", "Subnet", "associate"),
        ClientVpnRoute("10.9.0.0/16", "Subnet"),
    )
    assert endpoint.authorization_rules == (AuthorizationRule("10.0.0.0/16"),)
    assert endpoint.authorization_rules[0].allows_everyone


def test_a_rule_for_an_endpoint_of_another_stack_stays_visible() -> None:
    outside = network(CLIENT_VPN).client_vpn_endpoints["cvpn-1"]
    assert outside.authorization_rules == (AuthorizationRule("10.0.0.0/16", "admins"),)
    assert isinstance(outside.client_cidr, Unknown)

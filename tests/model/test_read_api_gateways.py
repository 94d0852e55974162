"""Transit gateways, Client VPN endpoints and what else stands around a VPC, as the APIs describe it."""

from __future__ import annotations

from tests.model.fake_clients import FakeClients
from vpn_model.client_vpn import Authentication, AuthorizationRule, ClientVpnAssociation, ClientVpnRoute
from vpn_model.filters import AclEntry
from vpn_model.read_api.network import read_network
from vpn_model.transit import TransitAttachment, TransitRoute

ATTACHMENT = {"TransitGatewayAttachmentId": "tgw-attach-1", "State": "available"}
ACTIVE = {"Status": {"Code": "active"}}
TRANSIT = FakeClients(
    describe_transit_gateways=[
        [
            {
                "TransitGatewayId": "tgw-1",
                "State": "available",
                "Options": {
                    "AmazonSideAsn": 64512,
                    "VpnEcmpSupport": "enable",
                    "DefaultRouteTableAssociation": "enable",
                    "AssociationDefaultRouteTableId": "tgw-rtb-1",
                    "DefaultRouteTablePropagation": "disable",
                },
            },
            {"TransitGatewayId": "tgw-2", "State": "deleted"},
        ]
    ],
    describe_transit_gateway_attachments=[
        [
            {
                **ATTACHMENT,
                "ResourceType": "vpc",
                "ResourceId": "vpc-1",
                "Association": {"TransitGatewayRouteTableId": "tgw-rtb-1"},
            },
            {**ATTACHMENT, "State": "deleted", "ResourceType": "vpn", "ResourceId": "vpn-9"},
        ]
    ],
    describe_transit_gateway_vpc_attachments=[
        [{**ATTACHMENT, "SubnetIds": ["subnet-1"], "Options": {"ApplianceModeSupport": "enable"}}]
    ],
    describe_transit_gateway_route_tables=[[{"TransitGatewayRouteTableId": "tgw-rtb-1", "State": "available"}]],
    get_transit_gateway_route_table_propagations=[[{**ATTACHMENT, "State": "enabled"}]],
    search_transit_gateway_routes=[
        [
            {
                "DestinationCidrBlock": "10.0.0.0/16",
                "TransitGatewayAttachments": [ATTACHMENT],
                "Type": "propagated",
                "State": "active",
            }
        ],
        [{"DestinationCidrBlock": "10.66.0.0/16", "Type": "static", "State": "blackhole"}],
    ],
)


def test_a_transit_gateway_with_its_attachments_and_tables() -> None:
    (gateway,) = read_network(TRANSIT, "us-east-1").transit_gateways.values()
    assert (gateway.ecmp, gateway.default_association, gateway.default_propagation) == (True, True, False)
    assert gateway.default_association_table_id == "tgw-rtb-1"
    assert gateway.attachments == (
        TransitAttachment("tgw-attach-1", "", "vpc", "vpc-1", "tgw-rtb-1", ("subnet-1",), True, "available"),
    )
    (table,) = gateway.tables
    assert table.propagating_attachment_ids == ("tgw-attach-1",)
    assert table.routes == (
        TransitRoute("10.0.0.0/16", ("tgw-attach-1",), "propagated"),
        TransitRoute("10.66.0.0/16", (), "static", "blackhole"),
    )


CLIENT_VPN = FakeClients(
    describe_client_vpn_endpoints=[
        [
            {
                "ClientVpnEndpointId": "cvpn-1",
                "Status": {"Code": "available"},
                "DnsName": "*.cvpn-1.example",
                "ClientCidrBlock": "10.70.0.0/22",
                "SplitTunnel": True,
                "VpnPort": 1194,
                "AuthenticationOptions": [
                    {"Type": "directory-service-authentication", "ActiveDirectory": {"DirectoryId": "d-1"}}
                ],
                "ConnectionLogOptions": {"Enabled": True, "CloudwatchLogGroup": "group"},
                "ClientConnectOptions": {"Enabled": False, "LambdaFunctionArn": "arn"},
                "SelfServicePortalUrl": "https://example",
            },
            {"ClientVpnEndpointId": "cvpn-2", "Status": {"Code": "deleted"}},
        ]
    ],
    describe_client_vpn_target_networks=[
        [{"AssociationId": "a-1", "TargetNetworkId": "subnet-1", "Status": {"Code": "associated"}}],
        [{"AssociationId": "a-2", "TargetNetworkId": "subnet-2", "Status": {"Code": "disassociated"}}],
    ],
    describe_client_vpn_routes=[
        [{"DestinationCidr": "10.0.0.0/16", "TargetSubnet": "subnet-1", "Origin": "associate", **ACTIVE}]
    ],
    describe_client_vpn_authorization_rules=[
        [
            {"DestinationCidr": "10.0.0.0/16", "AccessAll": True, "GroupId": "", **ACTIVE},
            {"DestinationCidr": "10.9.0.0/16", "AccessAll": False, "GroupId": "admins", **ACTIVE},
        ]
    ],
)


def test_a_client_vpn_endpoint_with_its_parts() -> None:
    (endpoint,) = read_network(CLIENT_VPN, "us-east-1").client_vpn_endpoints.values()
    assert (endpoint.port, endpoint.split_tunnel, endpoint.self_service_portal) == (1194, True, True)
    assert endpoint.authentication == (Authentication("directory-service-authentication", "d-1"),)
    assert (endpoint.connection_log.group, endpoint.client_connect_function_arn) == ("group", None)
    assert endpoint.associations == (ClientVpnAssociation("a-1", "subnet-1", "associated"),)
    assert endpoint.routes == (ClientVpnRoute("10.0.0.0/16", "subnet-1", "associate", "active"),)
    assert endpoint.authorization_rules == (
        AuthorizationRule("10.0.0.0/16", None, "active"),
        AuthorizationRule("10.9.0.0/16", "admins", "active"),
    )


AROUND = FakeClients(
    describe_internet_gateways=[
        [{"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1", "State": "available"}]}],
        [{"InternetGatewayId": "igw-2", "Attachments": []}],
    ],
    describe_nat_gateways=[
        [
            {
                "NatGatewayId": "nat-1",
                "VpcId": "vpc-1",
                "SubnetId": "subnet-1",
                "State": "available",
                "NatGatewayAddresses": [{"PrivateIp": "10.0.0.4", "PublicIp": "192.0.2.4", "AllocationId": "e-1"}],
            },
            {"NatGatewayId": "nat-2", "VpcId": "vpc-1", "State": "deleted"},
        ]
    ],
    describe_network_acls=[
        [
            {
                "NetworkAclId": "acl-1",
                "VpcId": "vpc-1",
                "IsDefault": True,
                "Associations": [{"SubnetId": "subnet-1"}],
                "Entries": [
                    {
                        "Egress": False,
                        "RuleNumber": 100,
                        "RuleAction": "allow",
                        "Protocol": "6",
                        "CidrBlock": "0.0.0.0/0",
                        "PortRange": {"From": 1, "To": 2},
                    }
                ],
            }
        ]
    ],
    describe_vpn_gateways=[
        [
            {
                "VpnGatewayId": "vgw-1",
                "State": "available",
                "AmazonSideAsn": 64512,
                "VpcAttachments": [
                    {"VpcId": "vpc-0", "State": "detached"},
                    {"VpcId": "vpc-1", "State": "attached"},
                ],
            }
        ]
    ],
    describe_instance_connect_endpoints=[
        [
            {
                "InstanceConnectEndpointId": "eice-1",
                "VpcId": "vpc-1",
                "SubnetId": "subnet-1",
                "State": "create-complete",
                "SecurityGroupIds": ["sg-1"],
                "NetworkInterfaceIds": ["eni-1"],
            }
        ]
    ],
)


def test_what_stands_around_a_vpc() -> None:
    found = read_network(AROUND, "us-east-1")
    assert {one.id: one.vpc_id for one in found.internet_gateways.values()} == {"igw-1": "vpc-1", "igw-2": None}
    assert list(found.nat_gateways) == ["nat-1"]
    assert found.nat_gateways["nat-1"].addresses[0].public == "192.0.2.4"
    assert found.network_acls["acl-1"].entries == (AclEntry("ingress", 100, "allow", "6", "0.0.0.0/0", 1, 2),)
    assert found.vpn_gateways["vgw-1"].vpc_id == "vpc-1"
    assert found.instance_connect_endpoints["eice-1"].interface_ids == ("eni-1",)

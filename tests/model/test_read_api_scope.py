"""What is asked for of one stack."""

from __future__ import annotations

from typing import Any

from tests.model.fake_clients import FakeClients
from vpn_model.read_api.network import read_moved, read_network

VPC = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}
CONNECTION = {
    "VpnConnectionId": "vpn-1",
    "CustomerGatewayId": "cgw-1",
    "TransitGatewayId": "tgw-1",
    "State": "available",
}
STACK: dict[str, Any] = {
    "list_stack_resources": [
        [
            {
                "LogicalResourceId": logical,
                "PhysicalResourceId": physical,
                "ResourceType": kind,
                "ResourceStatus": "CREATE_COMPLETE",
            }
            for logical, physical, kind in (
                ("Vpc", "vpc-1", "AWS::EC2::VPC"),
                ("Vpn", "vpn-1", "AWS::EC2::VPNConnection"),
                ("Subnet", "subnet-9", "AWS::EC2::Subnet"),
                ("Log", "/vpn/log", "AWS::Logs::LogGroup"),
            )
        ],
        [
            {"LogicalResourceId": "New", "ResourceType": "AWS::EC2::Instance", "ResourceStatus": "CREATE_IN_PROGRESS"},
            {
                "LogicalResourceId": "Gone",
                "PhysicalResourceId": "i-9",
                "ResourceType": "AWS::EC2::Instance",
                "ResourceStatus": "DELETE_COMPLETE",
            },
        ],
    ],
    "describe_stacks": [[{"Description": "d", "Outputs": [{"OutputKey": "VpnId", "OutputValue": "vpn-1"}]}]],
}


def test_of_a_stack_only_what_it_made_and_uses_is_asked_for() -> None:
    clients = FakeClients(
        **STACK,
        describe_vpcs=[[VPC]],
        describe_vpn_connections=[[CONNECTION]],
    )
    found = read_network(clients, "us-east-1", stack="vpn")
    assert clients.filters("describe_vpcs") == [{"vpc-id": ["vpc-1"]}]
    assert clients.filters("describe_vpn_connections") == [{"vpn-connection-id": ["vpn-1"]}]
    assert clients.filters("describe_customer_gateways") == [{"customer-gateway-id": ["cgw-1"]}]
    assert clients.filters("describe_transit_gateways") == [{"transit-gateway-id": ["tgw-1"]}]
    # a subnet that the stack made in a VPC of another one
    assert clients.filters("describe_subnets") == [{"vpc-id": ["vpc-1"]}, {"subnet-id": ["subnet-9"]}]
    assert clients.filters("describe_instances") == [{"vpc-id": ["vpc-1"]}]
    assert "describe_client_vpn_endpoints" not in clients.calls()
    assert found.stack is not None
    assert (found.stack.name, found.stack.outputs) == ("vpn", {"VpnId": "vpn-1"})
    assert [one.logical_id for one in found.stack.resources] == ["Vpc", "Vpn", "Subnet", "Log", "New"]
    assert [(one.id, one.type) for one in found.others] == [("/vpn/log", "AWS::Logs::LogGroup")]
    clients.asked.clear()
    read_moved(clients, found)
    assert clients.filters("describe_route_tables") == [{"vpc-id": ["vpc-1"]}]


def test_many_ids_are_asked_for_in_parts() -> None:
    vpcs = [{**VPC, "VpcId": f"vpc-{number:03}"} for number in range(450)]
    resources = [
        {
            "LogicalResourceId": one["VpcId"],
            "PhysicalResourceId": one["VpcId"],
            "ResourceType": "AWS::EC2::VPC",
            "ResourceStatus": "CREATE_COMPLETE",
        }
        for one in vpcs
    ]
    clients = FakeClients(list_stack_resources=[resources], describe_vpcs=[vpcs])
    read_network(clients, "us-east-1", stack="vpn")
    assert [len(one["vpc-id"]) for one in clients.filters("describe_vpcs")] == [200, 200, 50]

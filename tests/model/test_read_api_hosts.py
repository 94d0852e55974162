"""Interfaces, routes and security groups, as the API describes them; and what is read again after a takeover."""

from __future__ import annotations

from typing import Any

from tests.model.fake_clients import FakeClients
from vpn_model.filters import SecurityRule
from vpn_model.hosts import InterfaceAddress
from vpn_model.read_api.network import read_moved, read_network
from vpn_model.routing import Route

VPC = {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}
INTERFACE = {
    "NetworkInterfaceId": "eni-1",
    "VpcId": "vpc-1",
    "SubnetId": "subnet-1",
    "PrivateIpAddresses": [
        {"PrivateIpAddress": "10.0.0.11", "Primary": False},
        {"PrivateIpAddress": "10.0.0.10", "Primary": True, "Association": {"PublicIp": "192.0.2.8"}},
    ],
    "Groups": [{"GroupId": "sg-1"}],
    "SourceDestCheck": False,
    "Attachment": {"InstanceId": "i-1", "DeviceIndex": 1},
    "TagSet": [{"Key": "Name", "Value": "uplink"}],
}
ELASTIC = {
    "AllocationId": "eipalloc-1",
    "PublicIp": "192.0.2.9",
    "NetworkInterfaceId": "eni-1",
    "PrivateIpAddress": "10.0.0.11",
    "InstanceId": "i-1",
}


def test_addresses_of_interfaces() -> None:
    clients = FakeClients(describe_network_interfaces=[[INTERFACE]])
    launched = read_network(clients, "us-east-1").interfaces["eni-1"]
    assert launched.addresses == (InterfaceAddress("10.0.0.10", "192.0.2.8"), InterfaceAddress("10.0.0.11"))
    assert (launched.name, launched.instance_id, launched.device_index) == ("uplink", "i-1", 1)
    clients.answers["describe_addresses"] = [[ELASTIC]]
    held = read_network(clients, "us-east-1").interfaces["eni-1"]
    assert held.addresses == (
        InterfaceAddress("10.0.0.10"),
        InterfaceAddress("10.0.0.11", "192.0.2.9", "eipalloc-1"),
    )


TABLE: dict[str, Any] = {
    "RouteTableId": "rtb-1",
    "VpcId": "vpc-1",
    "Associations": [{"Main": True}, {"SubnetId": "subnet-1"}, {"GatewayId": "igw-1"}],
    "PropagatingVgws": [{"GatewayId": "vgw-1"}],
    "Routes": [
        {
            "DestinationCidrBlock": "10.0.0.0/16",
            "GatewayId": "local",
            "Origin": "CreateRouteTable",
            "State": "active",
        },
        {
            "DestinationCidrBlock": "10.9.0.0/16",
            "NetworkInterfaceId": "eni-1",
            "InstanceId": "i-1",
            "Origin": "CreateRoute",
            "State": "blackhole",
        },
        {
            "DestinationCidrBlock": "10.8.0.0/16",
            "GatewayId": "vgw-1",
            "Origin": "EnableVgwRoutePropagation",
            "State": "active",
        },
        {
            "DestinationPrefixListId": "pl-1",
            "GatewayId": "vpce-1",
            "Origin": "CreateRoute",
            "State": "active",
        },
        {"DestinationIpv6CidrBlock": "::/0", "OdbNetworkArn": "arn", "Origin": "Advertisement", "State": "active"},
    ],
}


def test_routes() -> None:
    table = read_network(FakeClients(describe_route_tables=[[TABLE]]), "us-east-1").route_tables["rtb-1"]
    assert table.routes == (
        Route("10.0.0.0/16", "local", "local", "local"),
        Route("10.9.0.0/16", "eni-1", "network interface", "created", "blackhole"),
        Route("10.8.0.0/16", "vgw-1", "virtual private gateway", "propagated"),
        Route("pl-1", "vpce-1", "VPC endpoint"),
        Route("::/0", "", "unknown", "advertised"),
    )
    assert table.routes[1].is_blackhole
    assert (table.is_main, table.subnet_ids, table.gateway_ids) == (True, ("subnet-1",), ("igw-1",))
    assert table.propagating_gateway_ids == ("vgw-1",)


def test_the_rules_of_a_security_group_are_one_for_each_peer() -> None:
    group = {
        "GroupId": "sg-1",
        "GroupName": "device",
        "VpcId": "vpc-1",
        "IpPermissions": [
            {
                "IpProtocol": "udp",
                "FromPort": 500,
                "ToPort": 500,
                "IpRanges": [{"CidrIp": "192.0.2.1/32", "Description": "IKE"}, {"CidrIp": "192.0.2.2/32"}],
                "UserIdGroupPairs": [{"GroupId": "sg-2"}],
                "PrefixListIds": [{"PrefixListId": "pl-1"}],
            }
        ],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}],
    }
    found = read_network(FakeClients(describe_security_groups=[[group]]), "us-east-1").security_groups["sg-1"]
    assert found.rules == (
        SecurityRule("ingress", "udp", 500, 500, "192.0.2.1/32", "ipv4", "IKE"),
        SecurityRule("ingress", "udp", 500, 500, "192.0.2.2/32", "ipv4"),
        SecurityRule("ingress", "udp", 500, 500, "sg-2", "security group"),
        SecurityRule("ingress", "udp", 500, 500, "pl-1", "prefix list"),
        SecurityRule("egress", "-1", None, None, "::/0", "ipv6"),
    )


def test_what_moves_is_read_again_with_three_calls() -> None:
    clients = FakeClients(describe_vpcs=[[VPC]], describe_route_tables=[[TABLE]])
    before = read_network(clients, "us-east-1")
    clients.asked.clear()
    moved = {**TABLE, "Routes": [{**TABLE["Routes"][1], "NetworkInterfaceId": "eni-2"}]}
    clients.answers |= {
        "describe_route_tables": [[moved]],
        "describe_network_interfaces": [[INTERFACE]],
        "describe_addresses": [[ELASTIC]],
    }
    after = read_moved(clients, before)
    assert sorted(clients.calls()) == ["describe_addresses", "describe_network_interfaces", "describe_route_tables"]
    assert [route.target_id for route in after.route_tables["rtb-1"].routes] == ["eni-2"]
    assert list(after.interfaces) == ["eni-1"]
    assert after.vpcs is before.vpcs

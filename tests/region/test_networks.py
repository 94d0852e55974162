"""VPCs, addresses and interfaces: what is in use cannot be deleted or taken, and the calls of a device work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.region.small_network import Network


@pytest.mark.parametrize(
    ("cidr", "code"), [("10.1.0.0/24", "InvalidSubnet.Range"), ("10.0.1.128/25", "InvalidSubnet.Conflict")]
)
def test_a_subnet_lies_in_its_vpc_and_beside_the_others(
    cidr: str, code: str, network: Network, refusal: Callable[..., str]
) -> None:
    assert refusal(network.ec2.create_subnet, VpcId=network.vpc, CidrBlock=cidr) == code


@pytest.mark.parametrize("last_octet", [0, 1, 2, 3, 255])
def test_the_first_four_and_the_last_address_of_a_subnet_are_reserved(
    last_octet: int, network: Network, refusal: Callable[..., str]
) -> None:
    request = {"SubnetId": network.subnet, "PrivateIpAddress": f"10.0.1.{last_octet}"}
    assert refusal(network.ec2.create_network_interface, **request) == "InvalidParameterValue"


def test_a_private_address_is_used_once_and_freed_with_its_interface(
    network: Network, refusal: Callable[..., str]
) -> None:
    request = {"SubnetId": network.subnet, "PrivateIpAddress": "10.0.1.10"}
    taken = network.interface(PrivateIpAddress="10.0.1.10")
    assert refusal(network.ec2.create_network_interface, **request) == "InvalidIPAddress.InUse"
    network.ec2.delete_network_interface(NetworkInterfaceId=taken["NetworkInterfaceId"])
    assert network.interface(PrivateIpAddress="10.0.1.10")["PrivateIpAddress"] == "10.0.1.10"


def test_a_secondary_address_counts_as_used(network: Network, refusal: Callable[..., str]) -> None:
    addresses = [
        {"PrivateIpAddress": "10.0.1.20", "Primary": True},
        {"PrivateIpAddress": "10.0.1.21", "Primary": False},
    ]
    made = network.interface(PrivateIpAddresses=addresses)
    shown = [(one["PrivateIpAddress"], one["Primary"]) for one in network.shown(made)["PrivateIpAddresses"]]
    assert shown == [("10.0.1.20", True), ("10.0.1.21", False)]
    request = {"SubnetId": network.subnet, "PrivateIpAddress": "10.0.1.21"}
    assert refusal(network.ec2.create_network_interface, **request) == "InvalidIPAddress.InUse"
    other = network.interface()
    assign = {"NetworkInterfaceId": other["NetworkInterfaceId"], "PrivateIpAddresses": ["10.0.1.20"]}
    assert refusal(network.ec2.assign_private_ip_addresses, **assign) == "InvalidIPAddress.InUse"


def test_addresses_that_nobody_chose_are_free_ones_of_the_subnet(network: Network) -> None:
    network.interface(PrivateIpAddress="10.0.1.4")
    chosen = [network.interface()["PrivateIpAddress"] for _ in range(3)]
    assert chosen == ["10.0.1.5", "10.0.1.6", "10.0.1.7"]


def test_elastic_addresses_are_unique_and_from_a_documentation_range(network: Network) -> None:
    addresses = [network.address()["PublicIp"] for _ in range(5)]
    assert len(set(addresses)) == 5
    assert all(one.startswith("203.0.113.") for one in addresses)


def test_an_elastic_address_maps_to_any_private_address_of_an_interface(network: Network) -> None:
    addresses = [
        {"PrivateIpAddress": "10.0.1.30", "Primary": True},
        {"PrivateIpAddress": "10.0.1.31", "Primary": False},
    ]
    interface = network.interface(PrivateIpAddresses=addresses)
    first, second = network.address(), network.address()
    identifier = interface["NetworkInterfaceId"]
    network.ec2.associate_address(AllocationId=first["AllocationId"], NetworkInterfaceId=identifier)
    network.ec2.associate_address(
        AllocationId=second["AllocationId"], NetworkInterfaceId=identifier, PrivateIpAddress="10.0.1.31"
    )
    shown = {
        one["PrivateIpAddress"]: one["Association"]["PublicIp"]
        for one in network.shown(interface)["PrivateIpAddresses"]
    }
    assert shown == {"10.0.1.30": first["PublicIp"], "10.0.1.31": second["PublicIp"]}
    targets = {one["PublicIp"]: one["PrivateIpAddress"] for one in network.ec2.describe_addresses()["Addresses"]}
    assert targets == {first["PublicIp"]: "10.0.1.30", second["PublicIp"]: "10.0.1.31"}


def test_an_address_moves_only_when_that_is_allowed(network: Network, refusal: Callable[..., str]) -> None:
    one, two, address = network.interface(), network.interface(), network.address()
    request = {"AllocationId": address["AllocationId"], "NetworkInterfaceId": two["NetworkInterfaceId"]}
    network.ec2.associate_address(**{**request, "NetworkInterfaceId": one["NetworkInterfaceId"]})
    assert refusal(network.ec2.associate_address, **request) == "Resource.AlreadyAssociated"
    network.ec2.associate_address(**request, AllowReassociation=True)
    assert "Association" not in network.shown(one)
    assert network.shown(two)["Association"]["PublicIp"] == address["PublicIp"]


def test_an_address_needs_an_internet_gateway(network: Network, refusal: Callable[..., str]) -> None:
    interface, address = network.interface(), network.address()
    network.ec2.detach_internet_gateway(VpcId=network.vpc, InternetGatewayId=network.gateway)
    request = {"AllocationId": address["AllocationId"], "NetworkInterfaceId": interface["NetworkInterfaceId"]}
    assert refusal(network.ec2.associate_address, **request) == "Gateway.NotAttached"
    network.ec2.attach_internet_gateway(VpcId=network.vpc, InternetGatewayId=network.gateway)


def test_what_is_in_use_is_not_deleted(network: Network, refusal: Callable[..., str]) -> None:
    ec2 = network.ec2
    group = ec2.create_security_group(GroupName="g", Description="d", VpcId=network.vpc)["GroupId"]
    interface, address = network.interface(Groups=[group]), network.address()
    ec2.associate_address(AllocationId=address["AllocationId"], NetworkInterfaceId=interface["NetworkInterfaceId"])
    assert refusal(ec2.delete_vpc, VpcId=network.vpc) == "DependencyViolation"
    assert refusal(ec2.delete_subnet, SubnetId=network.subnet) == "DependencyViolation"
    assert refusal(ec2.delete_security_group, GroupId=group) == "DependencyViolation"
    assert refusal(ec2.release_address, AllocationId=address["AllocationId"]) == "InvalidIPAddress.InUse"
    detach = {"VpcId": network.vpc, "InternetGatewayId": network.gateway}
    assert refusal(ec2.detach_internet_gateway, **detach) == "DependencyViolation"
    assert refusal(ec2.delete_internet_gateway, InternetGatewayId=network.gateway) == "DependencyViolation"
    ec2.delete_network_interface(NetworkInterfaceId=interface["NetworkInterfaceId"])
    ec2.delete_security_group(GroupId=group)


def test_a_group_that_another_group_names_is_not_deleted(network: Network, refusal: Callable[..., str]) -> None:
    ec2 = network.ec2
    named, naming = (
        ec2.create_security_group(GroupName=name, Description="d", VpcId=network.vpc)["GroupId"] for name in "ab"
    )
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": named}]}
    ec2.authorize_security_group_ingress(GroupId=naming, IpPermissions=[rule])
    assert refusal(ec2.delete_security_group, GroupId=named) == "DependencyViolation"
    ec2.delete_security_group(GroupId=naming)
    ec2.delete_security_group(GroupId=named)


def test_a_group_of_another_vpc_is_refused(network: Network, refusal: Callable[..., str]) -> None:
    other = network.ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    group = network.ec2.create_security_group(GroupName="g", Description="d", VpcId=other)["GroupId"]
    request = {"SubnetId": network.subnet, "Groups": [group]}
    assert refusal(network.ec2.create_network_interface, **request) == "InvalidParameter"
    network.ec2.delete_security_group(GroupId=group)
    network.ec2.delete_vpc(VpcId=other)


def test_a_device_moves_a_route_to_itself(network: Network, refusal: Callable[..., str]) -> None:
    ec2 = network.ec2
    one, two = network.interface(), network.interface()
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    route = {"RouteTableId": table, "DestinationCidrBlock": "10.50.0.0/16"}
    assert refusal(ec2.replace_route, NetworkInterfaceId=one["NetworkInterfaceId"], **route) == "InvalidParameterValue"
    ec2.create_route(NetworkInterfaceId=one["NetworkInterfaceId"], **route)
    ec2.replace_route(NetworkInterfaceId=two["NetworkInterfaceId"], **route)
    shown = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    assert [(one["DestinationCidrBlock"], one.get("NetworkInterfaceId"), one["State"]) for one in shown] == [
        ("10.0.0.0/16", None, "active"),
        ("10.50.0.0/16", two["NetworkInterfaceId"], "blackhole"),
    ]
    ec2.delete_route_table(RouteTableId=table)


def test_a_route_needs_a_gateway_of_its_vpc(network: Network, refusal: Callable[..., str]) -> None:
    ec2 = network.ec2
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    loose = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    request = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": loose}
    assert refusal(ec2.create_route, **request) == "InvalidParameterValue"
    ec2.delete_internet_gateway(InternetGatewayId=loose)
    ec2.delete_route_table(RouteTableId=table)


def test_the_main_route_table_stays(network: Network, refusal: Callable[..., str]) -> None:
    mine = [{"Name": "vpc-id", "Values": [network.vpc]}]
    main = network.ec2.describe_route_tables(Filters=mine)["RouteTables"][0]["RouteTableId"]
    assert refusal(network.ec2.delete_route_table, RouteTableId=main) == "DependencyViolation"


def test_a_vpc_has_one_gateway_of_a_kind(network: Network, refusal: Callable[..., str]) -> None:
    ec2 = network.ec2
    second = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    request = {"VpcId": network.vpc, "InternetGatewayId": second}
    assert refusal(ec2.attach_internet_gateway, **request) == "InvalidParameterValue"
    ec2.delete_internet_gateway(InternetGatewayId=second)


def test_an_action_that_is_not_emulated_says_so(ec2: Any, refusal: Callable[..., str]) -> None:
    assert refusal(ec2.create_route_server, AmazonSideAsn=64512) == "InvalidAction"

"""What a pair and a cluster of devices put into the template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import aws_logs as logs

from cdk_aws_vpn import CgwCluster, CgwPair, Static, TunnelLogOptions
from tests.constructs.site import CLOUD, IDC, Site, resources

WAIT = "AWS::CloudFormation::WaitCondition"


def instances(site: Site) -> dict[str, dict[str, Any]]:
    """The devices, by the names that the console shows."""
    found = [dict(resource) for resource in site.template.find_resources("AWS::EC2::Instance").values()]
    return {resource["Properties"]["Tags"][0]["Value"].split("/")[-1]: resource for resource in found}


def user_data(site: Site, name: str) -> str:
    return json.dumps(instances(site)[name]["Properties"]["UserData"])


def permissions(site: Site, name: str) -> dict[str, str]:
    policies = resources(site.template, "AWS::IAM::ManagedPolicy")
    (policy,) = (policy for policy in policies if policy["Description"].endswith(f"/{name} may do"))
    return {str(one["Action"]): json.dumps(one["Resource"]) for one in policy["PolicyDocument"]["Statement"]}


def logical_id(site: Site, resource_type: str, word: str) -> str:
    (found,) = (name for name in site.template.find_resources(resource_type) if word in name)
    return found


@pytest.fixture(scope="module")
def pair() -> Site:
    site = Site()
    arguments: dict[str, Any] = {**site.pair(), "idc_route_tables": site.idc.private_route_tables}
    CgwPair(site.stack, "Pair", **arguments)
    return site


@pytest.fixture(scope="module")
def cluster() -> Site:
    site = Site()
    made = CgwCluster(
        site.stack,
        "Cluster",
        active=site.member(),
        standby=site.member("Standby", 1),
        active_shared_address="10.60.0.110",
        standby_shared_address="10.60.2.110",
        idc_route_tables=site.idc.private_route_tables,
    )
    made.connect(site.connection("Shared", customer_gateway=made.customer_gateway, routing=Static([IDC])))
    return site


class TestPair:
    """Two devices, two connections."""

    def test_cloudformation_starts_and_changes_the_standby_after_the_active_device_is_up(self, pair: Site) -> None:
        ready = logical_id(pair, WAIT, "ActiveReady")
        assert ready in instances(pair)["Standby"]["DependsOn"]
        assert not any("Ready" in name for name in instances(pair)["Active"].get("DependsOn", []))

    def test_the_routes_of_the_data_centre_point_to_the_active_device_first(self, pair: Site) -> None:
        interface = logical_id(pair, "AWS::EC2::NetworkInterface", "Active")
        routes = [route for route in resources(pair.template, "AWS::EC2::Route") if "NetworkInterfaceId" in route]
        assert len(routes) == 2
        assert {route["DestinationCidrBlock"] for route in routes} == {CLOUD}
        assert {route["NetworkInterfaceId"]["Ref"] for route in routes} == {interface}

    def test_the_routes_are_made_after_the_instance_that_has_the_interface(self, pair: Site) -> None:
        instance = logical_id(pair, "AWS::EC2::Instance", "Active")
        routes = pair.template.find_resources("AWS::EC2::Route").values()
        waiting = [route["DependsOn"] for route in routes if "NetworkInterfaceId" in route["Properties"]]
        assert waiting == [[instance]] * 2

    @pytest.mark.parametrize("name", ["Active", "Standby"])
    def test_each_device_may_replace_the_routes_of_those_tables_and_no_others(self, pair: Site, name: str) -> None:
        tables = [pair.stack.resolve(table.route_table_id)["Ref"] for table in pair.idc.private_route_tables]
        allowed = permissions(pair, name)["ec2:ReplaceRoute"]
        assert allowed.count(":route-table/") == len(tables) == 2
        assert all(f'"{table}"' in allowed for table in tables)
        assert "ec2:AssociateAddress" not in permissions(pair, name)
        assert permissions(pair, name)["ec2:DescribeRouteTables"] == '"*"'

    @pytest.mark.parametrize(("name", "peer"), [("Active", "10.60.2.100"), ("Standby", "10.60.0.100")])
    def test_each_device_watches_the_other(self, pair: Site, name: str, peer: str) -> None:
        text = user_data(pair, name)
        assert "keepalived.conf" in text
        assert peer in text

    def test_the_keys_of_one_device_are_not_readable_by_the_other(self, pair: Site) -> None:
        active, standby = (permissions(pair, name)["secretsmanager:GetSecretValue"] for name in ("Active", "Standby"))
        assert active != standby


class TestCluster:
    """Two devices, one address, one connection."""

    def test_aws_sees_one_customer_gateway_at_the_shared_address(self, cluster: Site) -> None:
        shared = logical_id(cluster, "AWS::EC2::EIP", "Cluster")
        gateway = resources(cluster.template, "AWS::EC2::VPNConnection")[0]["CustomerGatewayId"]["Ref"]
        found = cluster.template.find_resources("AWS::EC2::CustomerGateway")
        assert found[gateway]["Properties"]["IpAddress"] == {"Fn::GetAtt": [shared, "PublicIp"]}
        cluster.template.resource_count_is("AWS::EC2::VPNConnection", 1)

    def test_each_device_keeps_an_address_of_its_own_besides(self, cluster: Site) -> None:
        cluster.template.resource_count_is("AWS::EC2::EIP", 3)
        cluster.template.resource_count_is("AWS::EC2::EIPAssociation", 2)

    def test_each_interface_has_a_second_address_for_the_shared_one(self, cluster: Site) -> None:
        interfaces = resources(cluster.template, "AWS::EC2::NetworkInterface")
        addresses = [[one["PrivateIpAddress"] for one in each["PrivateIpAddresses"]] for each in interfaces]
        assert addresses == [["10.60.0.100", "10.60.0.110"], ["10.60.2.100", "10.60.2.110"]]
        assert all([one["Primary"] for one in each["PrivateIpAddresses"]] == [True, False] for each in interfaces)

    @pytest.mark.parametrize("name", ["Active", "Standby"])
    def test_each_device_may_move_the_shared_address_to_its_own_interface_only(self, cluster: Site, name: str) -> None:
        allowed = permissions(cluster, name)["ec2:AssociateAddress"]
        shared = logical_id(cluster, "AWS::EC2::EIP", "Cluster")
        interface = logical_id(cluster, "AWS::EC2::NetworkInterface", name)
        assert f'"{shared}"' in allowed
        assert f'"{interface}"' in allowed
        assert allowed.count(":network-interface/") == 1

    @pytest.mark.parametrize("name", ["Active", "Standby"])
    def test_both_devices_read_the_same_two_keys(self, cluster: Site, name: str) -> None:
        keys = cluster.template.find_resources("AWS::SecretsManager::Secret")
        text = user_data(cluster, name)
        assert len(keys) == 2
        assert all(f'{{"Ref": "{key}"}}' in text for key in keys)

    def test_the_shared_address_is_the_identity_of_both_devices(self, cluster: Site) -> None:
        shared = logical_id(cluster, "AWS::EC2::EIP", "Cluster")
        for name in ("Active", "Standby"):
            assert f'{{"Fn::GetAtt": ["{shared}", "PublicIp"]}}' in user_data(cluster, name)

    def test_the_interfaces_are_deleted_before_the_shared_address(self, cluster: Site) -> None:
        shared = logical_id(cluster, "AWS::EC2::EIP", "Cluster")
        interfaces = cluster.template.find_resources("AWS::EC2::NetworkInterface").values()
        assert all(shared in interface["DependsOn"] for interface in interfaces)

    def test_the_interfaces_are_deleted_before_the_internet_gateway_is_detached(self, cluster: Site) -> None:
        ways_out = {
            name
            for name, route in cluster.template.find_resources("AWS::EC2::Route").items()
            if route["Properties"]["DestinationCidrBlock"] == "0.0.0.0/0"
        }
        attachment = logical_id(cluster, "AWS::EC2::VPCGatewayAttachment", "Idc")
        routes = cluster.template.find_resources("AWS::EC2::Route")
        assert all(attachment in routes[name]["DependsOn"] for name in ways_out)
        interfaces = cluster.template.find_resources("AWS::EC2::NetworkInterface").values()
        assert len({*ways_out} & {name for one in interfaces for name in one["DependsOn"]}) == len(interfaces) == 2


def test_the_second_connection_of_a_pair_waits_until_the_first_carries_traffic(pair: Site) -> None:
    """The order that CloudFormation follows: connection, device, tunnels up, connection, device."""
    template = pair.template.to_json()["Resources"]
    up = logical_id(pair, "Custom::VpnTunnelsUp", "")
    connections = {name: one for name, one in template.items() if one["Type"] == "AWS::EC2::VPNConnection"}
    waiting = [name for name, one in connections.items() if up in one.get("DependsOn", [])]
    (first,) = connections.keys() - set(waiting)
    assert len(waiting) == 1
    ready = logical_id(pair, WAIT, "Active")
    assert ready in template[up]["DependsOn"]
    assert template[up]["Properties"]["VpnConnectionId"] == {"Ref": first}
    assert len(template[up]["Properties"]["OutsideAddresses"]) == 2


def test_whatever_changes_the_first_connection_calls_the_function_between_the_two_again() -> None:
    def digest(log_output_format: str) -> str:
        site = Site()
        arguments: dict[str, Any] = {**site.pair(), "idc_route_tables": site.idc.private_route_tables}
        CgwPair(site.stack, "Pair", **arguments)
        group = logs.LogGroup.from_log_group_name(site.stack, "Group", "/vpn")
        # later than the pair, as monitoring does
        arguments["active"].connection.log_to(TunnelLogOptions(log_group=group, log_output_format=log_output_format))
        (found,) = resources(site.template, "Custom::VpnTunnelsUp")
        return str(found["TunnelOptionsDigest"])

    assert digest("json") == digest("json") != digest("text")

"""What holds in all scenarios."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.stacks.scenes import SCENARIOS, Scene
from tests.stacks.scenes import scene as scene_of

IDC, CLOUD = "10.60.0.0/16", "10.50.0.0/16"
WORLD = ("0.0.0.0/0", "::/0")
SECOND_CLOUD = "10.51.0.0/16"
# Actions without resource-level permissions; the second one is asked for by a scenario with a transit gateway.
WILDCARDS = {("ec2:DescribeVpnConnections", '"*"')}
TRANSIT_WILDCARDS = {("ec2:DescribeTransitGatewayAttachments", '"*"')}


def clouds(scene: Scene) -> dict[str, str]:
    """The VPCs of AWS's side: their networks by their names."""
    found = {"Cloud": CLOUD}
    return {**found, "SecondCloud": SECOND_CLOUD} if scene.ids("AWS::EC2::TransitGateway") else found


def ingress(scene: Scene) -> list[dict[str, Any]]:
    """Every ingress rule of every security group."""
    inline = [rule for group in scene.all("AWS::EC2::SecurityGroup") for rule in group.get("SecurityGroupIngress", [])]
    return [*inline, *scene.all("AWS::EC2::SecurityGroupIngress")]


def test_each_stack_is_called_like_its_class_and_says_what_it_is(scene: Scene) -> None:
    stack = next(iter(scene.all("AWS::EC2::VPC")[0]["Tags"]))
    assert stack["Value"].split("/")[0] in SCENARIOS
    assert 20 < len(scene.template["Description"]) < 200


def test_both_tunnels_of_every_connection_are_specified_by_the_recommended_profile(scene: Scene) -> None:
    for connection in scene.all("AWS::EC2::VPNConnection"):
        tunnels = connection["VpnTunnelOptionsSpecifications"]
        assert len(tunnels) == 2
        for number, tunnel in enumerate(tunnels, start=1):
            on_a_device = f"conn tunnel{number}" in str(scene.all("AWS::EC2::Instance"))
            assert tunnel["IKEVersions"] == [{"Value": "ikev2"}]
            for phase in ("Phase1", "Phase2"):
                groups = {one["Value"] for one in tunnel[f"{phase}DHGroupNumbers"]}
                assert groups == ({20} if on_a_device else {19, 20, 21})
                assert all("GCM" in one["Value"] for one in tunnel[f"{phase}EncryptionAlgorithms"])
            assert tunnel["DPDTimeoutSeconds"] == 30


def test_inside_blocks_are_never_used_twice(scene: Scene) -> None:
    blocks = [
        tunnel["TunnelInsideCidr"]
        for connection in scene.all("AWS::EC2::VPNConnection")
        for tunnel in connection["VpnTunnelOptionsSpecifications"]
    ]
    assert len(set(blocks)) == len(blocks)


def test_every_tunnel_has_a_key_of_its_own_by_dynamic_reference(scene: Scene) -> None:
    keys = [
        json.dumps(tunnel["PreSharedKey"])
        for connection in scene.all("AWS::EC2::VPNConnection")
        for tunnel in connection["VpnTunnelOptionsSpecifications"]
    ]
    assert all("{{resolve:secretsmanager:" in key for key in keys)
    assert len(set(keys)) == len(keys) == len(scene.ids("AWS::SecretsManager::Secret"))


def test_the_cloud_learns_its_routes_in_every_route_table(scene: Scene) -> None:
    cloud = [name for name in scene.ids("AWS::EC2::RouteTable") if name.startswith(tuple(clouds(scene)))]
    if scene.ids("AWS::EC2::TransitGateway"):
        # a VPC learns no routes from a transit gateway: its owner adds them
        routes = [route for route in scene.all("AWS::EC2::Route") if "TransitGatewayId" in route]
        assert {route["DestinationCidrBlock"] for route in routes} == {IDC}
        tables = [route["RouteTableId"]["Ref"] for route in routes]
    else:
        propagation = scene.one("AWS::EC2::VPNGatewayRoutePropagation")
        tables = [each["Ref"] for each in propagation["RouteTableIds"]]
    assert sorted(tables) == sorted(cloud)
    (gateway,) = (*scene.all("AWS::EC2::VPNGateway"), *scene.all("AWS::EC2::TransitGateway"))
    assert gateway["AmazonSideAsn"] == 64512


def test_hosts_of_the_data_centre_reach_the_cloud_through_a_device(scene: Scene) -> None:
    interfaces = scene.ids("AWS::EC2::NetworkInterface")
    routes = [route for route in scene.all("AWS::EC2::Route") if "NetworkInterfaceId" in route]
    private = [name for name in scene.ids("AWS::EC2::RouteTable") if name.startswith("IdcVpcPrivate")]
    networks = clouds(scene).values()
    assert sorted(route["RouteTableId"]["Ref"] for route in routes) == sorted(private * len(networks))
    assert {route["DestinationCidrBlock"] for route in routes} == set(networks)
    assert {route["NetworkInterfaceId"]["Ref"] for route in routes} <= set(interfaces)


def test_nothing_is_open_to_the_world(scene: Scene) -> None:
    assert not [rule for rule in ingress(scene) if rule.get("CidrIp") in WORLD or rule.get("CidrIpv6") in WORLD]


def test_ssh_is_taken_from_the_connect_endpoints_only(scene: Scene) -> None:
    ssh = [rule for rule in ingress(scene) if rule["IpProtocol"] == "tcp" and rule["FromPort"] <= 22 <= rule["ToPort"]]
    assert len(ssh) == len(scene.ids("AWS::EC2::VPC"))
    assert all("CidrIp" not in rule and "InstanceConnectGroup" in str(rule["SourceSecurityGroupId"]) for rule in ssh)


def test_devices_take_ike_and_esp_from_the_tunnel_endpoints_only(scene: Scene) -> None:
    udp = [rule for rule in ingress(scene) if rule["IpProtocol"] == "udp"]
    assert {(rule["FromPort"], rule["ToPort"]) for rule in udp} == {(500, 500), (4500, 4500)}
    for rule in udp:
        (parts,) = rule["CidrIp"].values()
        assert "OutsideAddress" in parts[1][0]["Fn::GetAtt"][1]
        assert parts[1][1] == "/32"


def test_whatever_else_reaches_a_device_comes_from_the_data_centre(scene: Scene) -> None:
    others = [rule for rule in scene.all("AWS::EC2::SecurityGroupIngress") if rule["IpProtocol"] != "udp"]
    assert {rule["CidrIp"] for rule in others} == {IDC}


def test_every_instance_has_imdsv2_an_encrypted_disk_and_no_key_pair(scene: Scene) -> None:
    for instance in scene.all("AWS::EC2::Instance"):
        assert instance["MetadataOptions"]["HttpTokens"] == "required"
        assert all(one["Ebs"]["Encrypted"] is True for one in instance["BlockDeviceMappings"])
        assert "KeyName" not in instance
        assert instance["Monitoring"] is True


def test_devices_forward_and_hosts_have_no_public_address(scene: Scene) -> None:
    assert all(interface["SourceDestCheck"] is False for interface in scene.all("AWS::EC2::NetworkInterface"))
    assert all(subnet["MapPublicIpOnLaunch"] is False for subnet in scene.all("AWS::EC2::Subnet"))
    hosts = {name: each for name, each in scene.named("AWS::EC2::Instance").items() if name.endswith("Host")}
    assert sorted(hosts) == sorted(f"{name}/Host" for name in ("Idc", *clouds(scene)))
    assert all("IamInstanceProfile" not in scene.resources[each]["Properties"] for each in hosts.values())


def test_no_policy_has_a_wildcard_but_the_one_that_aws_leaves_no_choice_in(scene: Scene) -> None:
    found: set[tuple[str, str]] = set()
    for policy in scene.all("AWS::IAM::ManagedPolicy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert all("*" not in action for action in actions)
            resource = json.dumps(statement["Resource"])
            if "*" in resource:
                found.update((action, resource) for action in actions)
    assert found == WILDCARDS | (TRANSIT_WILDCARDS if scene.ids("AWS::EC2::TransitGateway") else set())


def test_no_role_has_an_inline_policy_and_only_the_devices_have_a_managed_one_of_aws(scene: Scene) -> None:
    for name in scene.ids("AWS::IAM::Role"):
        role = scene.resources[name]["Properties"]
        assert "Policies" not in role
        managed = json.dumps(role.get("ManagedPolicyArns", []))
        assert ("AmazonSSMManagedInstanceCore" in managed) is ("PermissionsRole" in name)


def test_cloudformation_waits_for_every_device(scene: Scene) -> None:
    waits = [scene.resources[name] for name in scene.ids("AWS::CloudFormation::WaitCondition")]
    assert len(waits) == len(scene.devices)
    waited = {depends for wait in waits for depends in wait["DependsOn"]}
    assert waited == {name for name in scene.ids("AWS::EC2::Instance") if name.startswith("Cgw")}


def test_user_data_has_room_below_the_limit_of_ec2(scene: Scene) -> None:
    for device in scene.devices:
        assert len(scene.user_data(device)) < 16384 * 0.9


def test_the_outputs_are_what_a_person_looks_for_next(scene: Scene) -> None:
    outputs = scene.template["Outputs"]
    for name in ("IdcHostSession", "CloudHostSession", "IdcHostAddress", "CloudHostAddress"):
        assert name in outputs
    assert all(output.get("Description") for output in outputs.values())
    tunnels = [name for name in outputs if name.endswith(("Tunnel1", "Tunnel2"))]
    assert len(tunnels) == 2 * len(scene.ids("AWS::EC2::VPNConnection"))
    sessions = [name for name in outputs if name.startswith("Cgw") and name.endswith("Session")]
    assert len(sessions) == len(scene.devices)


def test_everything_carries_the_scenarios_name(scene: Scene) -> None:
    for vpc in scene.all("AWS::EC2::VPC"):
        tags = {tag["Key"]: tag["Value"] for tag in vpc["Tags"]}
        assert tags["Scenario"] in SCENARIOS
        assert tags["Name"].startswith(tags["Scenario"] + "/")


@pytest.mark.parametrize(
    ("name", "devices", "connections", "customer_gateways", "static", "tunnels_used", "addresses"),
    [
        ("ScenarioSingleTunnel", 1, 1, 1, True, 1, 1),
        ("ScenarioDualTunnel", 1, 1, 1, True, 2, 1),
        ("ScenarioCgwCluster", 2, 1, 1, True, 4, 3),
        ("ScenarioDualCgwStatic", 2, 2, 2, True, 4, 2),
        ("ScenarioDualCgwBgp", 2, 2, 2, False, 4, 2),
        ("ScenarioTransitGatewayEcmp", 2, 2, 2, False, 4, 2),
        ("ScenarioClientVpn", 1, 1, 1, True, 2, 1),
    ],
)
def test_the_network_is_the_one_of_the_diagram(  # noqa: PLR0917
    name: str,
    devices: int,
    connections: int,
    customer_gateways: int,
    static: bool,
    tunnels_used: int,
    addresses: int,
) -> None:
    scene = scene_of(name)
    assert len(scene.devices) == devices
    assert len(scene.ids("AWS::EC2::VPNConnection")) == connections
    assert len({json.dumps(one["CustomerGatewayId"]) for one in scene.all("AWS::EC2::VPNConnection")}) == connections
    assert len(scene.ids("AWS::EC2::CustomerGateway")) == customer_gateways
    assert {one["StaticRoutesOnly"] for one in scene.all("AWS::EC2::VPNConnection")} == {static}
    routes = [route["DestinationCidrBlock"] for route in scene.all("AWS::EC2::VPNConnectionRoute")]
    assert routes == ([IDC] * connections if static else [])
    used = sum(scene.user_data(device).count("conn tunnel") for device in scene.devices)
    assert used == tunnels_used
    assert len(scene.ids("AWS::EC2::EIP")) == addresses

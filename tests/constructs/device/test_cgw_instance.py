"""What a device puts into the template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk.assertions import Match

from cdk_aws_vpn import CgwInstance, PinnedAmi, ProbeConfig, Static
from tests.constructs.site import CLOUD, IDC, Site, resources

INGRESS = "AWS::EC2::SecurityGroupIngress"


@pytest.fixture(scope="module")
def site() -> Site:
    """One device with a BGP connection; its template is made once."""
    site = Site()
    site.connected(private_address="10.60.0.100", local_prefixes=[IDC])
    return site


def device(site: Site) -> dict[str, Any]:
    (instance,) = resources(site.template, "AWS::EC2::Instance")
    return instance


def user_data(site: Site) -> str:
    return json.dumps(device(site)["UserData"])


def statements(site: Site) -> list[dict[str, Any]]:
    policies = resources(site.template, "AWS::IAM::ManagedPolicy")
    (policy,) = (policy for policy in policies if "the device" in policy["Description"])
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def test_the_metadata_service_takes_version_2_only(site: Site) -> None:
    assert device(site)["MetadataOptions"] == {
        "HttpEndpoint": "enabled",
        "HttpPutResponseHopLimit": 1,
        "HttpTokens": "required",
    }


def test_the_volume_is_encrypted_and_goes_with_the_instance(site: Site) -> None:
    (volume,) = device(site)["BlockDeviceMappings"]
    assert volume["Ebs"] == {"DeleteOnTermination": True, "Encrypted": True, "VolumeSize": 8, "VolumeType": "gp3"}


def test_no_key_pair_opens_the_device(site: Site) -> None:
    assert "KeyName" not in device(site)


def test_the_interface_forwards_and_outlives_the_instance(site: Site) -> None:
    (interface,) = resources(site.template, "AWS::EC2::NetworkInterface")
    assert interface["SourceDestCheck"] is False
    assert interface["PrivateIpAddress"] == "10.60.0.100"
    name = next(iter(site.template.find_resources("AWS::EC2::NetworkInterface")))
    assert device(site)["NetworkInterfaces"] == [{"DeviceIndex": "0", "NetworkInterfaceId": {"Ref": name}}]


def test_the_customer_gateway_is_the_devices_elastic_ip(site: Site) -> None:
    address = next(iter(site.template.find_resources("AWS::EC2::EIP")))
    site.template.has_resource_properties(
        "AWS::EC2::CustomerGateway", {"IpAddress": {"Fn::GetAtt": [address, "PublicIp"]}, "BgpAsn": 65000}
    )


def test_the_world_reaches_udp_500_and_4500_from_the_tunnel_endpoints_only(site: Site) -> None:
    rules = [rule for rule in resources(site.template, INGRESS) if rule.get("CidrIp") != IDC]
    assert sorted((rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) for rule in rules) == [
        ("udp", 500, 500),
        ("udp", 500, 500),
        ("udp", 4500, 4500),
        ("udp", 4500, 4500),
    ]
    endpoints = {json.dumps(rule["CidrIp"]) for rule in rules}
    assert len(endpoints) == 2
    assert all("OutsideAddress" in endpoint and endpoint.endswith('"/32"]]}') for endpoint in endpoints)


def test_no_security_group_admits_the_whole_internet(site: Site) -> None:
    groups = resources(site.template, "AWS::EC2::SecurityGroup")
    inside = [rule for group in groups for rule in group.get("SecurityGroupIngress", [])]
    assert all(rule.get("CidrIp") != "0.0.0.0/0" for rule in [*inside, *resources(site.template, INGRESS)])


def test_the_way_out_is_https_the_tunnels_and_the_network_behind(site: Site) -> None:
    (group,) = resources(site.template, "AWS::EC2::SecurityGroup")
    out = [(rule["IpProtocol"], rule["CidrIp"], rule.get("ToPort")) for rule in group["SecurityGroupEgress"]]
    assert out == [("tcp", "0.0.0.0/0", 443), ("-1", IDC, None)]
    egress = resources(site.template, "AWS::EC2::SecurityGroupEgress")
    assert sorted(rule["ToPort"] for rule in egress) == [500, 500, 4500, 4500]


def test_the_device_may_read_its_two_keys_and_its_programs_and_nothing_else(site: Site) -> None:
    allowed = {(str(one["Action"]), json.dumps(one["Resource"])) for one in statements(site)}
    keys = site.template.find_resources("AWS::SecretsManager::Secret")
    secrets = {("secretsmanager:GetSecretValue", json.dumps({"Ref": name})) for name in keys}
    assert len(secrets) == 2
    assert secrets < allowed
    (programs,) = allowed - secrets
    assert programs[0] == "s3:GetObject"
    assert "*" not in programs[1]


def test_the_device_may_never_describe_vpn_connections(site: Site) -> None:
    assert "ec2:Describe" not in json.dumps(statements(site))


def test_cloudformation_waits_for_one_signal_of_the_device(site: Site) -> None:
    handle = next(iter(site.template.find_resources("AWS::CloudFormation::WaitConditionHandle")))
    instance = next(iter(site.template.find_resources("AWS::EC2::Instance")))
    site.template.has_resource(
        "AWS::CloudFormation::WaitCondition",
        {"Properties": {"Count": 1, "Handle": {"Ref": handle}, "Timeout": "1200"}, "DependsOn": [instance]},
    )
    assert f'{{"Ref": "{handle}"}}' in user_data(site)


def test_the_configuration_can_be_read_in_the_template(site: Site) -> None:
    text = user_data(site)
    for part in ("conn tunnel1", "conn tunnel2", "router bgp 65000", "10.60.0.0/16"):
        assert part in text
    assert "keepalived.conf" not in text


def test_the_user_data_as_text_is_what_the_template_holds(site: Site) -> None:
    made = site.stack.node.find_child("Cgw")
    assert isinstance(made, CgwInstance)
    assert site.stack.resolve(made.user_data) == device(site)["UserData"]["Fn::Base64"]


def test_a_device_that_was_given_no_connection_fails_the_synthesis() -> None:
    site = Site()
    site.device()
    with pytest.raises(RuntimeError, match=r"\[Stack/Cgw\] the device has no VPN connection.*call connect"):
        site.app.synth()


def test_one_static_tunnel_needs_no_programs_and_opens_two_ports() -> None:
    site = Site()
    one = site.device()
    one.connect(site.connection(customer_gateway=one.customer_gateway, routing=Static([IDC])), tunnels=(2,))
    assert one.is_connected
    assert not one.uses_bgp
    assert len(statements(site)) == 1
    tunnels = [rule for rule in resources(site.template, INGRESS) if rule["IpProtocol"] == "udp"]
    assert [rule["FromPort"] for rule in tunnels] == [500, 4500]
    assert all("Tunnel2OutsideAddress" in json.dumps(rule["CidrIp"]) for rule in tunnels)
    assert "conn tunnel1" not in user_data(site)


def test_a_key_of_ones_own_encryption_key_can_be_decrypted() -> None:
    site = Site()
    arn = "arn:aws:kms:eu-west-1:111122223333:key/0123"
    one = site.device()
    key = kms.Key.from_key_arn(site.stack, "Key", arn)
    one.connect(site.connection(customer_gateway=one.customer_gateway, encryption_key=key))
    assert {"Action": "kms:Decrypt", "Effect": "Allow", "Resource": arn} in statements(site)


def test_arm_devices_take_an_arm_type_and_an_arm_image() -> None:
    site = Site()
    site.connected(architecture="arm64", image_release="7")
    assert device(site)["InstanceType"] == "t4g.micro"
    site.template.has_resource_properties(
        "Custom::PinnedAmi", {"ParameterName": Match.string_like_regexp("kernel-6.1-arm64$"), "Release": "7"}
    )


def test_an_image_and_a_type_of_ones_own_replace_the_pinned_ones() -> None:
    site = Site(env={"region": "eu-west-1", "account": "111122223333"})
    image = ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"})
    site.connected(machine_image=image, instance_type="c7i-flex.large", ready_timeout_minutes=5)
    assert (device(site)["ImageId"], device(site)["InstanceType"]) == ("ami-0123456789abcdef0", "c7i-flex.large")
    site.template.resource_count_is("Custom::PinnedAmi", 0)
    site.template.has_resource_properties("AWS::CloudFormation::WaitCondition", {"Timeout": "300"})


def test_devices_of_one_architecture_share_an_image_and_those_of_another_release_do_not() -> None:
    site = Site()
    images = [PinnedAmi.of(site.stack, architecture="x86_64", release=release).image_id for release in "112"]
    assert images[0] == images[1] != images[2]
    site.template.resource_count_is("Custom::PinnedAmi", 2)
    site.template.resource_count_is("AWS::Lambda::Function", 1)


def test_the_image_function_may_read_the_two_public_parameters_only() -> None:
    site = Site()
    assert PinnedAmi(site.stack, "Image").image_id
    (policy,) = resources(site.template, "AWS::IAM::ManagedPolicy")
    first = policy["PolicyDocument"]["Statement"][0]
    assert first["Action"] == "ssm:GetParameter"
    assert [json.dumps(arn).count("al2023-ami-kernel-6.1-") for arn in first["Resource"]] == [1, 1]


def test_routes_of_the_networks_behind_aws_point_to_the_interface() -> None:
    site = Site()
    one = site.connected(remote_prefixes=[CLOUD, "10.51.0.0/16"])
    one.route_from([*site.idc.private_route_tables, site.idc.private_route_tables[0]])
    interface = next(iter(site.template.find_resources("AWS::EC2::NetworkInterface")))
    routes = [route for route in resources(site.template, "AWS::EC2::Route") if "NetworkInterfaceId" in route]
    assert sorted(route["DestinationCidrBlock"] for route in routes) == [CLOUD, CLOUD, "10.51.0.0/16", "10.51.0.0/16"]
    assert {route["NetworkInterfaceId"]["Ref"] for route in routes} == {interface}


def test_the_probe_that_was_asked_for_reaches_the_device() -> None:
    site = Site()
    site.connected(probe=ProbeConfig(interval_milliseconds=250, silence_milliseconds=900, recoveries=20))
    text = user_data(site)
    for part in ("interval_milliseconds", "250", "silence_milliseconds", "900"):
        assert part in text


def test_a_device_stands_in_an_existing_vpc_and_announces_its_network() -> None:
    site = Site()
    site.connected(vpc=site.vpc, subnet=site.vpc.public_subnets[0])
    (interface,) = resources(site.template, "AWS::EC2::NetworkInterface")
    assert interface["SubnetId"] == "subnet-0123456789abcdef0"
    assert "PrivateIpAddress" not in interface
    assert f"network {IDC}" in user_data(site)


def test_a_network_known_only_at_deployment_reaches_the_device_as_a_reference() -> None:
    site = Site()
    site.connected()
    vpc = next(iter(site.template.find_resources("AWS::EC2::VPC")))
    assert f'{{"Fn::GetAtt": ["{vpc}", "CidrBlock"]}}' in user_data(site)

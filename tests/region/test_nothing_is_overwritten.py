"""A call that creates something does not silently replace, move or take over what is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.region.small_network import Network
from vpn_lab.region import Region

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}
NAMED: dict[str, dict[str, Any]] = {
    "AWS::CloudWatch::Alarm": {
        "AlarmName": "taken", "ComparisonOperator": "LessThanThreshold", "EvaluationPeriods": 1, "MetricName": "M",
        "Namespace": "N", "Period": 60, "Threshold": 1, "Statistic": "Sum",
    },
    "AWS::CloudWatch::Dashboard": {"DashboardName": "taken", "DashboardBody": "{}"},
    "AWS::Events::Rule": {"Name": "taken", "EventPattern": {"source": ["aws.health"]}},
    "AWS::IAM::ManagedPolicy": {"ManagedPolicyName": "taken", "PolicyDocument": POLICY},
    "AWS::IAM::Role": {"RoleName": "taken", "AssumeRolePolicyDocument": TRUST},
    "AWS::Lambda::Function": {
        "FunctionName": "taken", "Role": "arn:aws:iam::123456789012:role/any", "Handler": "index.handler",
        "Runtime": "python3.12", "Code": {"ZipFile": "def handler(event, context): pass"},
    },
    "AWS::Logs::LogGroup": {"LogGroupName": "taken"},
    "AWS::Logs::LogStream": {"LogGroupName": "taken", "LogStreamName": "taken"},
    "AWS::Logs::MetricFilter": {
        "LogGroupName": "taken", "FilterName": "taken", "FilterPattern": "x",
        "MetricTransformations": [{"MetricName": "M", "MetricNamespace": "N", "MetricValue": "1"}],
    },
    "AWS::Logs::ResourcePolicy": {"PolicyName": "taken", "PolicyDocument": json.dumps(POLICY)},
    "AWS::SNS::Topic": {"TopicName": "taken"},
    "AWS::SQS::Queue": {"QueueName": "taken"},
    "AWS::SSM::Parameter": {"Name": "taken", "Type": "String", "Value": "v"},
    "AWS::SecretsManager::Secret": {"Name": "taken"},
    "AWS::IAM::InstanceProfile": {"InstanceProfileName": "taken", "Roles": ["taken"]},
}  # fmt: skip


def test_a_destination_has_one_route_whatever_its_target_and_however_it_is_written(
    network: Network, refusal: Callable[..., str]
) -> None:
    ec2 = network.ec2
    one, other = network.interface(), network.interface()
    table = ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"]
    targets = {
        "NetworkInterfaceId": one["NetworkInterfaceId"],
        "GatewayId": network.gateway,
    }
    for first, value in targets.items():
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="10.50.0.0/16", **{first: value})
        for block in ("10.50.0.0/16", "10.50.7.7/16"):
            for second in (targets, {"NetworkInterfaceId": other["NetworkInterfaceId"]}):
                for name, target in second.items():
                    asked = {"RouteTableId": table, "DestinationCidrBlock": block, name: target}
                    assert refusal(ec2.create_route, **asked) == "RouteAlreadyExists"
        ec2.delete_route(RouteTableId=table, DestinationCidrBlock="10.50.0.0/16")
    request = {"RouteTableId": table, "NetworkInterfaceId": other["NetworkInterfaceId"]}
    assert refusal(ec2.create_route, DestinationCidrBlock="10.0.0.0/16", **request) == "RouteAlreadyExists"
    ec2.create_route(DestinationIpv6CidrBlock="fd00::/64", **request)
    assert refusal(ec2.create_route, DestinationIpv6CidrBlock="fd00::1/64", **request) == "RouteAlreadyExists"
    ec2.delete_route_table(RouteTableId=table)


def test_an_interface_of_another_vpc_is_no_target(network: Network, refusal: Callable[..., str]) -> None:
    ec2 = network.ec2
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    asked = {"RouteTableId": table, "DestinationCidrBlock": "10.50.0.0/16"}
    foreign = network.interface()["NetworkInterfaceId"]
    assert refusal(ec2.create_route, **asked, NetworkInterfaceId=foreign) == "InvalidParameterValue"
    assert refusal(ec2.replace_route, **asked, NetworkInterfaceId=foreign) == "InvalidParameterValue"
    ec2.delete_route_table(RouteTableId=table)
    ec2.delete_vpc(VpcId=vpc)


def test_a_subnet_keeps_its_route_table(network: Network, refusal: Callable[..., str]) -> None:
    ec2 = network.ec2
    tables = [ec2.create_route_table(VpcId=network.vpc)["RouteTable"]["RouteTableId"] for _ in range(2)]
    made = ec2.associate_route_table(RouteTableId=tables[0], SubnetId=network.subnet)["AssociationId"]
    again = ec2.associate_route_table(RouteTableId=tables[0], SubnetId=network.subnet)["AssociationId"]
    asked = {"RouteTableId": tables[1], "SubnetId": network.subnet}
    assert (again, refusal(ec2.associate_route_table, **asked)) == (made, "Resource.AlreadyAssociated")
    ec2.disassociate_route_table(AssociationId=made)
    for table in tables:
        ec2.delete_route_table(RouteTableId=table)


def test_gateways_and_addresses_stay_where_they_are(network: Network, refusal: Callable[..., str]) -> None:
    ec2 = network.ec2
    asked = {"VpcId": network.vpc, "InternetGatewayId": network.gateway}
    assert refusal(ec2.attach_internet_gateway, **asked) == "Resource.AlreadyAssociated"
    interface, address = network.interface()["NetworkInterfaceId"], network.address()["AllocationId"]
    associate = {"AllocationId": address, "NetworkInterfaceId": interface}
    made = ec2.associate_address(**associate)["AssociationId"]
    assert ec2.associate_address(**associate)["AssociationId"] == made, "the same request changes nothing"


def test_an_interface_stays_on_its_instance(network: Network, refusal: Callable[..., str]) -> None:
    ec2 = network.ec2
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]

    def launch(interface: str) -> dict[str, Any]:
        return {
            "ImageId": image, "MinCount": 1, "MaxCount": 1,
            "NetworkInterfaces": [{"DeviceIndex": 0, "NetworkInterfaceId": interface}],
        }  # fmt: skip

    one, other, free = (network.interface()["NetworkInterfaceId"] for _ in range(3))
    instances = [ec2.run_instances(**launch(each))["Instances"][0]["InstanceId"] for each in (one, other)]
    assert refusal(ec2.run_instances, **launch(one)) == "InvalidNetworkInterface.InUse"
    for interface, index, code in ((one, 1, "InvalidNetworkInterface.InUse"), (free, 0, "InvalidParameterValue")):
        asked = {"NetworkInterfaceId": interface, "InstanceId": instances[1], "DeviceIndex": index}
        assert refusal(ec2.attach_network_interface, **asked) == code
    found = ec2.describe_network_interfaces(NetworkInterfaceIds=[one])["NetworkInterfaces"][0]
    assert found["Attachment"]["InstanceId"] == instances[0]
    ec2.terminate_instances(InstanceIds=instances)


@pytest.fixture
def taken(new_stack: Callable[[], Any]) -> None:
    resources: dict[str, Any] = {
        name.replace(":", ""): {"Type": name, "Properties": properties} for name, properties in NAMED.items()
    }
    for dependent, needed in (("LogsLogStream", "LogsLogGroup"), ("LogsMetricFilter", "LogsLogGroup"),
                              ("IAMInstanceProfile", "IAMRole")):  # fmt: skip
        resources[f"AWS{dependent}"]["DependsOn"] = [f"AWS{needed}"]
    assert new_stack().create(resources) == "CREATE_COMPLETE"


@pytest.mark.usefixtures("taken")
def test_a_stack_does_not_take_over_what_has_the_name_already(new_stack: Callable[[], Any]) -> None:
    for name, properties in NAMED.items():
        stack = new_stack()
        assert stack.create({"Mine": {"Type": name, "Properties": properties}}) == "ROLLBACK_COMPLETE", name
        reason = stack.reason("Mine")
        assert any(word in reason for word in ("already exists", "AlreadyExists")), (name, reason)


def test_an_update_does_not_take_over_a_name_either(new_stack: Callable[[], Any], region: Region) -> None:
    def dashboard(name: str, body: str = "{}") -> dict[str, Any]:
        return {
            "D": {"Type": "AWS::CloudWatch::Dashboard", "Properties": {"DashboardName": name, "DashboardBody": body}}
        }

    one, other = new_stack(), new_stack()
    assert (one.create(dashboard("one")), other.create(dashboard("other"))) == ("CREATE_COMPLETE", "CREATE_COMPLETE")
    assert other.update(dashboard("one", '{"a":1}')) == "UPDATE_ROLLBACK_COMPLETE"
    assert "already exists" in other.reason("D")
    assert region.client("cloudwatch").get_dashboard(DashboardName="one")["DashboardBody"] == "{}"


def test_what_stays_under_another_logical_id_is_refused(stack: Any) -> None:
    """Otherwise the update would succeed, and then delete what both logical ids mean."""

    def resources(suffix: str) -> dict[str, Any]:
        vpc, gateway = {"Ref": "Vpc"}, {"Ref": "Gateway"}
        return {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
            "Gateway": {"Type": "AWS::EC2::VPNGateway", "Properties": {"Type": "ipsec.1"}},
            f"Attachment{suffix}": {
                "Type": "AWS::EC2::VPCGatewayAttachment",
                "Properties": {"VpcId": vpc, "VpnGatewayId": gateway},
            },
        }

    assert stack.create(resources("1")) == "CREATE_COMPLETE"
    assert stack.update(resources("2")) == "UPDATE_ROLLBACK_COMPLETE"
    assert "already exists" in stack.reason("Attachment2")

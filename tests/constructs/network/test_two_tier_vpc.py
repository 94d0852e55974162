"""What the two ends and their hosts put into the template."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk.assertions import Match

from cdk_aws_vpn import CloudVpc, IdcVpc, TwoTierVpc
from tests.constructs.site import CLOUD, IDC, Site, resources


@pytest.fixture
def site() -> Site:
    return Site()


def blocks(site: Site) -> list[str]:
    return [subnet["CidrBlock"] for subnet in resources(site.template, "AWS::EC2::Subnet")]


def test_two_zones_have_the_classic_labs_addresses(site: Site) -> None:
    IdcVpc(site.stack, "Idc", max_azs=2)
    assert blocks(site) == ["10.60.0.0/24", "10.60.2.0/24", "10.60.1.0/24", "10.60.3.0/24"]
    (vpc,) = resources(site.template, "AWS::EC2::VPC")
    assert vpc["CidrBlock"] == "10.60.0.0/16"


def test_one_zone_has_one_subnet_in_each_tier(site: Site) -> None:
    CloudVpc(site.stack, "Cloud")
    assert blocks(site) == ["10.50.0.0/24", "10.50.1.0/24"]


@pytest.mark.parametrize(
    ("cidr", "expected"),
    [
        ("10.70.0.0/20", ["10.70.0.0/24", "10.70.2.0/24", "10.70.1.0/24", "10.70.3.0/24"]),
        ("10.70.0.0/23", ["10.70.0.0/25", "10.70.1.0/25", "10.70.0.128/25", "10.70.1.128/25"]),
        ("10.70.0.0/26", ["10.70.0.0/28", "10.70.0.32/28", "10.70.0.16/28", "10.70.0.48/28"]),
    ],
)
def test_smaller_networks_are_divided_as_far_as_they_need(site: Site, cidr: str, expected: list[str]) -> None:
    IdcVpc(site.stack, "Idc", cidr=cidr, max_azs=2)
    assert blocks(site) == expected


def test_the_data_centre_reaches_the_internet_from_its_public_tier_only(site: Site) -> None:
    idc = IdcVpc(site.stack, "Idc", max_azs=2)
    defaults = resources(site.template, "AWS::EC2::Route")
    public = [site.stack.resolve(subnet.route_table.route_table_id) for subnet in idc.public_subnets]
    assert [route["RouteTableId"] for route in defaults] == public
    assert {route["DestinationCidrBlock"] for route in defaults} == {"0.0.0.0/0"}
    site.template.resource_count_is("AWS::EC2::NatGateway", 0)


def test_the_cloud_has_no_way_to_the_internet_unless_it_is_asked_for() -> None:
    without, with_gateway = Site(), Site()
    CloudVpc(without.stack, "Cloud")
    CloudVpc(with_gateway.stack, "Cloud", internet_access=True)
    without.template.resource_count_is("AWS::EC2::InternetGateway", 0)
    without.template.resource_count_is("AWS::EC2::Route", 0)
    with_gateway.template.resource_count_is("AWS::EC2::InternetGateway", 1)


def test_no_subnet_hands_out_public_addresses(site: Site) -> None:
    IdcVpc(site.stack, "Idc", max_azs=2)
    assert {subnet["MapPublicIpOnLaunch"] for subnet in resources(site.template, "AWS::EC2::Subnet")} == {False}


def test_all_traffic_of_the_vpc_is_logged_for_a_month(site: Site) -> None:
    CloudVpc(site.stack, "Cloud")
    site.template.has_resource_properties(
        "AWS::EC2::FlowLog", {"ResourceType": "VPC", "TrafficType": "ALL", "LogDestinationType": "cloud-watch-logs"}
    )
    site.template.has_resource(
        "AWS::Logs::LogGroup", {"Properties": {"RetentionInDays": 30}, "DeletionPolicy": "Delete"}
    )


def test_the_flow_logs_role_may_write_to_its_own_group_only(site: Site) -> None:
    CloudVpc(site.stack, "Cloud")
    (policy,) = resources(site.template, "AWS::IAM::ManagedPolicy")
    (statement,) = policy["PolicyDocument"]["Statement"]
    group = next(iter(site.template.find_resources("AWS::Logs::LogGroup")))
    assert statement["Resource"] == {"Fn::GetAtt": [group, "Arn"]}


def test_the_flow_logs_role_serves_flow_logs_of_this_account_only(site: Site) -> None:
    IdcVpc(site.stack, "Idc")
    (role,) = resources(site.template, "AWS::IAM::Role")
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "vpc-flow-logs.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_the_tiers_and_their_route_tables_are_found_by_name(site: Site) -> None:
    idc = IdcVpc(site.stack, "Idc", max_azs=2)
    assert [subnet.ipv4_cidr_block for subnet in idc.private_subnets] == ["10.60.1.0/24", "10.60.3.0/24"]
    assert len(idc.route_tables) == 4
    private = [subnet.route_table.route_table_id for subnet in idc.private_subnets]
    assert [table.route_table_id for table in idc.private_route_tables] == private
    assert [table.route_table_id for table in idc.route_tables][2:] == private
    assert idc.address(idc.private_subnets[1], 7) == "10.60.3.7"


class TestHost:
    """A host of the private tier."""

    @pytest.fixture
    def cloud(self, site: Site) -> TwoTierVpc:
        cloud = CloudVpc(site.stack, "Cloud")
        cloud.add_host("Host", reachable_from=[IDC])
        return cloud

    def group(self, site: Site) -> dict[str, Any]:
        groups = resources(site.template, "AWS::EC2::SecurityGroup")
        return next(group for group in groups if "iperf3" in group["GroupDescription"])

    def test_it_has_the_classic_address_no_public_one_and_no_role(self, site: Site, cloud: TwoTierVpc) -> None:
        assert cloud.private_subnets
        (instance,) = resources(site.template, "AWS::EC2::Instance")
        assert instance["PrivateIpAddress"] == "10.50.1.100"
        for name in ("IamInstanceProfile", "KeyName", "NetworkInterfaces", "UserData"):
            assert name not in instance

    def test_it_answers_pings_and_iperf3_of_the_other_side_and_nothing_else(
        self, site: Site, cloud: TwoTierVpc
    ) -> None:
        assert cloud.private_subnets
        group = self.group(site)
        for direction in ("SecurityGroupIngress", "SecurityGroupEgress"):
            rules = [rule for rule in group[direction] if "CidrIp" in rule]
            assert [(rule["CidrIp"], rule["IpProtocol"], rule["FromPort"]) for rule in rules] == [
                (IDC, "icmp", 8),
                (IDC, "tcp", 5201),
            ]

    def test_one_logs_in_through_an_endpoint_that_reaches_this_vpc_only(self, site: Site, cloud: TwoTierVpc) -> None:
        assert cloud.private_subnets
        site.template.resource_count_is("AWS::EC2::InstanceConnectEndpoint", 1)
        site.template.has_resource_properties(
            "AWS::EC2::SecurityGroup",
            {"SecurityGroupEgress": [Match.object_like({"CidrIp": CLOUD, "FromPort": 22, "ToPort": 22})]},
        )
        (ssh,) = (rule for rule in self.group(site)["SecurityGroupIngress"] if rule["FromPort"] <= 22 <= rule["ToPort"])
        assert "SourceSecurityGroupId" in ssh
        assert "CidrIp" not in ssh

    def test_two_hosts_share_the_endpoint(self, site: Site, cloud: TwoTierVpc) -> None:
        cloud.add_host("Second", reachable_from=[IDC], private_address="10.50.1.101")
        site.template.resource_count_is("AWS::EC2::InstanceConnectEndpoint", 1)
        site.template.resource_count_is("AWS::EC2::Instance", 2)


def test_a_host_of_arm_takes_an_arm_type_and_an_arm_image(site: Site) -> None:
    IdcVpc(site.stack, "Idc").add_host("Host", reachable_from=[CLOUD], architecture="arm64")
    site.template.has_resource_properties("AWS::EC2::Instance", {"InstanceType": "t4g.micro"})
    site.template.has_resource_properties(
        "Custom::PinnedAmi", {"ParameterName": Match.string_like_regexp("kernel-6.1-arm64$")}
    )

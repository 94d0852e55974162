"""Service Quotas answers with AWS's defaults or with what a test has set, and the region refuses what exceeds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.vpn_site import Site
from vpn_lab.region import Region, RegionError, quotas

ELSEWHERE = "eu-west-1"


@pytest.fixture
def service(region: Region) -> Any:
    return region.client("service-quotas")


def test_a_quota_has_awss_default_until_it_is_set(service: Any, set_quota: Callable[[str, int], None]) -> None:
    asked = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}
    found = service.get_service_quota(**asked)["Quota"]
    assert (found["QuotaName"], found["Value"], found["Adjustable"], found["Unit"]) == (
        "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 5.0, True, "None",
    )  # fmt: skip
    assert found["UsageMetric"]["MetricDimensions"]["Resource"] == "vCPU"
    assert found["QuotaArn"] == "arn:aws:servicequotas:us-east-1:123456789012:ec2/L-1216C47A"
    set_quota("L-1216C47A", 32)
    assert service.get_service_quota(**asked)["Quota"]["Value"] == 32.0
    assert service.get_aws_default_service_quota(**asked)["Quota"]["Value"] == 5.0


def test_lists_come_in_pages_and_contain_what_a_vpn_needs(service: Any, set_quota: Callable[[str, int], None]) -> None:
    set_quota("L-0263D0A3", 12)
    pages = service.get_paginator("list_service_quotas").paginate(
        ServiceCode="ec2", PaginationConfig={"PageSize": 3}
    )  # fmt: skip
    found = {one["QuotaCode"]: one["Value"] for page in pages for one in page["Quotas"]}
    assert found.items() >= {
        "L-1216C47A": 5.0, "L-0263D0A3": 12.0, "L-4FB7FF5D": 50.0, "L-3E6EC3A3": 50.0, "L-B91E5754": 10.0,
        "L-7029FAB6": 5.0, "L-A2478D36": 5.0, "L-8EA77D34": 5.0,
    }.items()  # fmt: skip
    assert quotas.INSTANCE_CONNECT_ENDPOINTS not in found, "Service Quotas has no code for it that is known"
    listed = service.list_aws_default_service_quotas(ServiceCode="vpc")["Quotas"]
    assert {one["QuotaCode"]: one["Value"] for one in listed}.items() >= {"L-F678F1CE": 5.0, "L-A4707A72": 5.0}.items()
    assert {one["ServiceCode"] for one in service.list_services()["Services"]} == {"ec2", "vpc"}


@pytest.mark.parametrize("asked", [("ec2", "L-00000000"), ("vpc", "L-1216C47A"), ("nothing", "L-1216C47A")])
def test_an_unknown_quota_is_refused(service: Any, asked: tuple[str, str]) -> None:
    with pytest.raises(ClientError, match="does not exist") as problem:
        service.get_service_quota(ServiceCode=asked[0], QuotaCode=asked[1])
    assert problem.value.response["Error"]["Code"] == "NoSuchResourceException"


@pytest.mark.parametrize(("code", "value"), [("L-00000000", 1), ("L-1216C47A", -1)])
def test_the_page_refuses_what_is_no_quota(region: Region, code: str, value: int) -> None:
    with pytest.raises(RegionError, match="quota"):
        region.set_quota(code, value)


def test_quotas_belong_to_one_region(region: Region, service: Any) -> None:
    region.set_quota("L-F678F1CE", 9, region=ELSEWHERE)
    try:
        assert service.get_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")["Quota"]["Value"] == 5.0
    finally:
        region.set_quota("L-F678F1CE", None, region=ELSEWHERE)


def test_what_exceeds_a_quota_is_refused(
    ec2: Any, site: Site, set_quota: Callable[[str, int], None], refusal: Callable[..., str]
) -> None:
    used = {"VpcId": site.vpc, "CidrBlock": "10.50.1.0/24"}
    subnet = ec2.create_subnet(**used)["Subnet"]["SubnetId"]
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    launch = {"ImageId": image, "SubnetId": subnet, "MinCount": 1, "MaxCount": 1}
    for code, value in (
        (quotas.VPCS, len(ec2.describe_vpcs()["Vpcs"])),
        (quotas.INTERNET_GATEWAYS, len(ec2.describe_internet_gateways()["InternetGateways"])),
        (quotas.ADDRESSES, len(ec2.describe_addresses()["Addresses"])),
        (quotas.CUSTOMER_GATEWAYS, 0),
        (quotas.VPN_GATEWAYS, 0),
        (quotas.TRANSIT_GATEWAYS, 0),
        (quotas.INSTANCE_CONNECT_ENDPOINTS, 0),
        (quotas.VCPUS, 5),
    ):
        set_quota(code, value)
    assert refusal(ec2.create_vpc, CidrBlock="10.9.0.0/16") == "VpcLimitExceeded"
    assert refusal(ec2.create_internet_gateway) == "InternetGatewayLimitExceeded"
    assert refusal(ec2.allocate_address, Domain="vpc") == "AddressLimitExceeded"
    asked = {"Type": "ipsec.1", "PublicIp": "198.51.100.77", "BgpAsn": 65010}
    assert refusal(ec2.create_customer_gateway, **asked) == "CustomerGatewayLimitExceeded"
    assert refusal(ec2.create_vpn_gateway, Type="ipsec.1") == "VpnGatewayLimitExceeded"
    assert refusal(ec2.create_transit_gateway) == "TransitGatewayLimitExceeded"
    assert refusal(ec2.create_instance_connect_endpoint, SubnetId=subnet) == "ResourceLimitExceeded"
    # 4 vCPUs of 5 run; a stopped instance and one with a quota of its own do not count
    first = ec2.run_instances(**launch, InstanceType="t3.xlarge")["Instances"][0]["InstanceId"]
    assert refusal(ec2.run_instances, **launch, InstanceType="t3.micro") == "VcpuLimitExceeded"
    other = ec2.run_instances(**launch, InstanceType="g4dn.xlarge")["Instances"][0]["InstanceId"]
    ec2.stop_instances(InstanceIds=[first])
    second = ec2.run_instances(**launch, InstanceType="t3.micro")["Instances"][0]["InstanceId"]
    assert refusal(ec2.start_instances, InstanceIds=[first]) == "VcpuLimitExceeded"
    ec2.terminate_instances(InstanceIds=[first, other, second])
    ec2.delete_subnet(SubnetId=subnet)

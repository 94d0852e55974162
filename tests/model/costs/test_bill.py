"""A template is counted and priced; what has no price stays visible."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vpn_model.costs.bill import Line, UnknownPriceError, bill, require_known, total, usage
from vpn_model.costs.prices import PriceList, read_prices
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.template import Template

DISK = [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": 8, "VolumeType": "gp3"}}]


@pytest.fixture(scope="module")
def prices() -> PriceList:
    return read_prices()


def one(kind: str, **properties: Any) -> Template:
    return several(It={"Type": kind, "Properties": properties})


def several(parameters: dict[str, Any] | None = None, **resources: Any) -> Template:
    return Template({"Parameters": parameters or {}, "Resources": resources})


def quantities(lines: list[Line]) -> dict[str, int]:
    return {line.item: line.quantity for line in lines}


def test_a_connection_costs_its_hour_two_public_addresses_and_the_secret_of_its_keys(prices: PriceList) -> None:
    lines = require_known(bill(one("AWS::EC2::VPNConnection", PreSharedKeyStorage="SecretsManager"), prices))
    assert quantities(lines) == {"Site-to-Site VPN connection": 1, "public IPv4 address": 2, "secret": 1}
    assert total(lines) == pytest.approx(0.05 + 2 * 0.005 + 0.40 / 730)


def test_large_tunnels_and_a_transit_gateway_have_prices_of_their_own(prices: PriceList) -> None:
    lines = bill(one("AWS::EC2::VPNConnection", TunnelBandwidth="large", TransitGatewayId="tgw-1"), prices)
    assert total(lines) == pytest.approx(0.60 + 0.05 + 2 * 0.005)


def test_a_connection_over_direct_connect_has_no_public_address(prices: PriceList) -> None:
    lines = bill(one("AWS::EC2::VPNConnection", OutsideIpAddressType="PrivateIpv4"), prices)
    assert quantities(lines) == {"Site-to-Site VPN connection": 1}


def test_an_instance_costs_its_hour_its_disk_and_its_monitoring(prices: PriceList) -> None:
    template = one("AWS::EC2::Instance", InstanceType="t3.micro", Monitoring=True, BlockDeviceMappings=DISK)
    assert total(require_known(bill(template, prices))) == pytest.approx(0.0104 + (8 * 0.08 + 2.10) / 730)


def test_what_a_launch_template_says_counts_for_its_instance(prices: PriceList) -> None:
    data = {"InstanceType": "t3.micro", "BlockDeviceMappings": DISK, "Monitoring": {"Enabled": True}}
    template = several(
        Launch={"Type": "AWS::EC2::LaunchTemplate", "Properties": {"LaunchTemplateData": data}},
        It={"Type": "AWS::EC2::Instance", "Properties": {"LaunchTemplate": {"LaunchTemplateId": {"Ref": "Launch"}}}},
    )
    assert total(require_known(bill(template, prices))) == pytest.approx(0.0104 + (8 * 0.08 + 2.10) / 730)


def test_a_parameter_counts_with_its_value(prices: PriceList) -> None:
    parameters = {"Type": {"Type": "String", "Default": "t4g.nano"}}
    template = several(
        parameters,
        It={"Type": "AWS::EC2::Instance", "Properties": {"InstanceType": {"Ref": "Type"}, "BlockDeviceMappings": DISK}},
    )
    assert quantities(bill(template, prices)) == {"t4g.nano": 1, "EBS gp3, GB": 8}


def test_a_dashboard_costs_its_month_and_each_metric_that_is_not_awss_own_once(prices: PriceList) -> None:
    healthy = ["CustomerGateway", "Healthy", "Device", "Cgw", {"label": "Cgw"}]
    widgets = [
        {"properties": {"metrics": [["AWS/VPN", "TunnelState", "VpnId", "vpn-1"], healthy]}},
        {"properties": {"metrics": [healthy, ["CustomerGateway", "Healthy", "Device", "Other"]]}},
        {"properties": {"markdown": "no metric"}},
    ]
    body = {"Fn::Join": ["", [json.dumps({"widgets": widgets}), {"Ref": "AWS::NoValue"}]]}
    lines = require_known(bill(one("AWS::CloudWatch::Dashboard", DashboardBody=body), prices))
    assert quantities(lines) == {"CloudWatch dashboard": 1, "CloudWatch custom metric": 2}
    assert total(lines) == pytest.approx((3 + 2 * 0.30) / 730)


@pytest.mark.parametrize(
    ("template", "item"),
    [
        (one("AWS::EC2::NatGateway"), "AWS::EC2::NatGateway"),
        (one("AWS::EC2::Instance", InstanceType="x9.huge", BlockDeviceMappings=DISK), "x9.huge"),
        (one("AWS::EC2::Instance", InstanceType="t3.micro"), "the disk of the image"),
        (one("AWS::EC2::Instance", BlockDeviceMappings=[{"Ebs": {}}]), "EBS gp2 of unknown size"),
        (
            one("AWS::EC2::Instance", LaunchTemplate={"LaunchTemplateId": "lt-1"}, BlockDeviceMappings=DISK),
            "instance type of a launch template",
        ),
        (one("AWS::EC2::VPNConnection", EnableAcceleration=True), "acceleration of a VPN connection"),
        (one("AWS::CloudWatch::Dashboard", DashboardBody="${Body}"), "the metrics of a dashboard"),
        (
            several(
                {"Type": {"Type": "String"}},
                It={"Type": "AWS::EC2::Instance", "Properties": {"InstanceType": {"Ref": "Type"}}},
            ),
            "instance type ${Type}",
        ),
    ],
    ids=["type", "instance type", "disk", "size", "launch template", "acceleration", "dashboard", "parameter"],
)
def test_what_has_no_price_stays_on_the_bill_and_is_not_free(template: Template, item: str, prices: PriceList) -> None:
    lines = bill(template, prices)
    (line,) = [one for one in lines if one.item == f"not known: {item}"]
    assert (line.per_hour, line.resources) == (None, ("It",))
    assert not lines[-1].is_known, "what is known comes first"
    with pytest.raises(UnknownPriceError, match=r"not known: .*\(It\).*: no price; add it"):
        require_known(lines)


def test_a_macro_may_make_something_that_costs(prices: PriceList) -> None:
    template = Template({"Transform": "AWS::Serverless-2016-10-31", "Resources": {}}, Environment())
    assert quantities(bill(template, prices)) == {"not known: AWS::Serverless-2016-10-31": 1}


def test_what_is_not_known_adds_nothing_to_the_total(prices: PriceList) -> None:
    template = several(Nat={"Type": "AWS::EC2::NatGateway"}, Address={"Type": "AWS::EC2::EIP"})
    assert total(bill(template, prices)) == pytest.approx(0.005)


def test_what_is_free_is_not_on_the_bill(prices: PriceList) -> None:
    template = several(
        Vpc={"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}, It={"Type": "Custom::It"}
    )
    assert bill(template, prices) == []


def test_usage_of_a_transit_gateway_is_paid_only_with_one(prices: PriceList) -> None:
    without, with_one = (
        {item.item for item in usage(one(kind), prices)} for kind in ("AWS::EC2::VPC", "AWS::EC2::TransitGateway")
    )
    assert with_one - without == {"data into a transit gateway"}


def test_every_price_has_its_source(prices: PriceList) -> None:
    assert all(source.startswith("https://aws.amazon.com/") for source in prices.sources.values())
    assert set(prices.sources) == set(prices.hourly)

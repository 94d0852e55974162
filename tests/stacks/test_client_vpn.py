"""ScenarioClientVpn: where clients connect, and which networks they reach."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.stacks.scenes import Scene, synthesize
from tests.stacks.scenes import scene as scene_of

SERVER, CLIENTS = (f"arn:aws:acm:eu-west-1:111122223333:certificate/{number}" for number in range(2))
ENDPOINT = "AWS::EC2::ClientVpnEndpoint"


@pytest.fixture
def scene() -> Scene:
    return scene_of("ScenarioClientVpn")


def trusted(scene: Scene) -> Any:
    (way,) = scene.one(ENDPOINT)["AuthenticationOptions"]
    return way["MutualAuthentication"]["ClientRootCertificateChainArn"]


def test_clients_come_in_through_both_private_subnets_of_the_cloud(scene: Scene) -> None:
    associations = scene.all("AWS::EC2::ClientVpnTargetNetworkAssociation")
    subnets = {one["SubnetId"]["Ref"] for one in associations}
    assert len(subnets) == 2
    assert all(name.startswith("CloudVpcPrivate") for name in subnets)


def test_the_data_centre_has_a_route_through_each_and_the_cloud_none(scene: Scene) -> None:
    routes = scene.all("AWS::EC2::ClientVpnRoute")
    assert [one["DestinationCidrBlock"] for one in routes] == ["10.60.0.0/16"] * 2
    assert len({one["TargetVpcSubnetId"]["Ref"] for one in routes}) == 2
    rules = {one["TargetNetworkCidr"] for one in scene.all("AWS::EC2::ClientVpnAuthorizationRule")}
    assert rules == {"10.50.0.0/16", "10.60.0.0/16"}


def test_the_way_on_is_propagated_to_the_subnets_that_clients_come_in_through(scene: Scene) -> None:
    (propagation,) = scene.all("AWS::EC2::VPNGatewayRoutePropagation")
    tables = {one["Ref"] for one in propagation["RouteTableIds"]}
    associations = scene.all("AWS::EC2::ClientVpnTargetNetworkAssociation")
    for subnet in (one["SubnetId"]["Ref"] for one in associations):
        pairs = scene.all("AWS::EC2::SubnetRouteTableAssociation")
        assert any(one["SubnetId"]["Ref"] == subnet and one["RouteTableId"]["Ref"] in tables for one in pairs)


def test_both_hosts_let_in_what_comes_with_an_address_of_the_cloud(scene: Scene) -> None:
    for host in ("Idc/Host", "Cloud/Host"):
        instance = scene.resources[scene.named("AWS::EC2::Instance")[host]]["Properties"]
        (group,) = (one["Fn::GetAtt"][0] for one in instance["SecurityGroupIds"])
        rules = scene.resources[group]["Properties"]["SecurityGroupIngress"]
        assert any(rule["IpProtocol"] == "icmp" and rule["CidrIp"] == "10.50.0.0/16" for rule in rules)


def test_without_a_certificate_the_template_says_how_to_get_one(scene: Scene) -> None:
    assert scene.template["Parameters"]["ServerCertificateArn"]["Default"] == ""
    assert scene.one(ENDPOINT)["ServerCertificateArn"] == trusted(scene) == {"Ref": "ServerCertificateArn"}
    (assertion,) = scene.template["Rules"]["CertificateGiven"]["Assertions"]
    assert assertion["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "ServerCertificateArn"}, ""]}]}
    assert "vpn-ops client-vpn certificates" in assertion["AssertDescription"]


def test_a_certificate_in_the_context_takes_the_place_of_the_parameter() -> None:
    given = synthesize("ScenarioClientVpn", context={"server_certificate_arn": SERVER})
    assert given.one(ENDPOINT)["ServerCertificateArn"] == trusted(given) == SERVER
    assert "ServerCertificateArn" not in given.template.get("Parameters", {})
    both = synthesize("ScenarioClientVpn", context={"server_certificate_arn": SERVER, "client_ca_arn": CLIENTS})
    assert (both.one(ENDPOINT)["ServerCertificateArn"], trusted(both)) == (SERVER, CLIENTS)


def test_no_certificate_or_key_is_in_the_template(scene: Scene) -> None:
    assert "-----BEGIN" not in json.dumps(scene.template)


def test_the_outputs_lead_to_a_profile(scene: Scene) -> None:
    command = json.dumps(scene.template["Outputs"]["ClientVpnProfile"]["Value"])
    assert "vpn-ops client-vpn profile USER --endpoint " in command

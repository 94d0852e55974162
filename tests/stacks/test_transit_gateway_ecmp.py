"""What makes flows spread over four tunnels, and keeps the VPCs apart."""

from __future__ import annotations

import json

import pytest

from cdk_aws_vpn import VpnConfigurationError
from stacks.settings import ScenarioSettings
from tests.stacks.scenes import TRANSIT, Scene, synthesize
from tests.stacks.scenes import scene as scene_of


@pytest.fixture
def scene() -> Scene:
    return scene_of(TRANSIT)


def relations(scene: Scene, kind: str) -> dict[str, list[str]]:
    """The attachments of each route table, by the kind of relation."""
    found: dict[str, list[str]] = {}
    for one in scene.all(f"AWS::EC2::TransitGatewayRouteTable{kind}"):
        table, attachment = one["TransitGatewayRouteTableId"]["Ref"], one["TransitGatewayAttachmentId"]
        name = attachment["Ref"] if "Ref" in attachment else attachment["Fn::GetAtt"][0]
        found.setdefault(table[:-8], []).append(name[:-8])
    return found


def test_ecmp_is_on_and_no_default_route_table_takes_an_attachment(scene: Scene) -> None:
    gateway = scene.one("AWS::EC2::TransitGateway")
    assert gateway["VpnEcmpSupport"] == "enable"
    assert gateway["DefaultRouteTableAssociation"] == gateway["DefaultRouteTablePropagation"] == "disable"
    assert gateway["AutoAcceptSharedAttachments"] == "disable"


def test_the_vpcs_know_the_way_to_the_data_centre_and_none_to_each_other(scene: Scene) -> None:
    vpcs, vpns = ["CloudAttachment", "SecondCloudAttachment"], ["VpnActiveAttachment", "VpnStandbyAttachment"]
    assert relations(scene, "Association") == {"FromVpcs": vpcs, "FromIdc": vpns}
    assert relations(scene, "Propagation") == {"FromVpcs": vpns, "FromIdc": vpcs}


def test_both_devices_announce_equal_paths_and_tell_each_other_of_dead_ones(scene: Scene) -> None:
    for device, other in (("CgwActive", "10.60.2.100"), ("CgwStandby", "10.60.0.100")):
        text = json.loads(scene.user_data(device))
        told = json.dumps(text).replace("\\\\\\", "\\").replace('\\"', '"')
        assert f'"partner_address": "{other}"' in told
        assert '"active_active": true' in told
        assert "maximum-paths 2" in scene.user_data(device)
        assert "fib_multipath_hash_policy = 1" in scene.user_data(device)


def test_elsewhere_no_device_announces_equal_paths() -> None:
    scene = scene_of("ScenarioDualCgwBgp")
    assert not any("active_active" in scene.user_data(device) for device in scene.devices)


def test_the_second_vpc_may_not_overlap_the_others() -> None:
    with pytest.raises(VpnConfigurationError, match=r"10\.50\.0\.0/16"):
        synthesize(TRANSIT, settings=ScenarioSettings(second_cloud_cidr="10.50.0.0/16"))

"""What holds in the scenarios with two devices."""

from __future__ import annotations

import pytest

from tests.stacks.scenes import TRANSIT, TWO_DEVICES, Scene
from tests.stacks.scenes import scene as scene_of


@pytest.fixture(params=TWO_DEVICES)
def scene(request: pytest.FixtureRequest) -> Scene:
    return scene_of(str(request.param))


def ready(scene: Scene, device: str) -> str:
    (found,) = (name for name in scene.ids("AWS::CloudFormation::WaitCondition") if name.startswith(f"{device}Ready"))
    return found


def test_the_devices_stand_in_two_zones(scene: Scene) -> None:
    subnets = [interface["SubnetId"]["Ref"] for interface in scene.all("AWS::EC2::NetworkInterface")]
    zones = [str(scene.resources[subnet]["Properties"]["AvailabilityZone"]) for subnet in subnets]
    assert len(set(zones)) == len(zones) == 2


def test_the_standby_device_starts_and_changes_only_after_the_active_one_is_up(scene: Scene) -> None:
    assert ready(scene, "CgwActive") in scene.devices["CgwStandby"]["DependsOn"]
    assert ready(scene, "CgwStandby") not in str(scene.devices["CgwActive"])


def test_the_routes_of_the_data_centre_start_at_the_active_device(scene: Scene) -> None:
    routes = [route for route in scene.all("AWS::EC2::Route") if "NetworkInterfaceId" in route]
    assert len(routes) == (4 if scene.ids("AWS::EC2::TransitGateway") else 2)
    assert all(route["NetworkInterfaceId"]["Ref"].startswith("CgwActive") for route in routes)


def test_each_device_may_move_exactly_those_routes(scene: Scene) -> None:
    tables = {route["RouteTableId"]["Ref"] for route in scene.all("AWS::EC2::Route") if "NetworkInterfaceId" in route}
    for device in scene.devices:
        allowed = scene.permissions(device)["ec2:ReplaceRoute"]
        assert allowed.count(":route-table/") == len(tables)
        assert all(f'"{table}"' in allowed for table in tables)


def test_only_the_cluster_may_move_an_address() -> None:
    for name in TWO_DEVICES:
        movers = [
            "ec2:AssociateAddress" in scene_of(name).permissions(device) for device in ("CgwActive", "CgwStandby")
        ]
        assert movers == [name == "ScenarioCgwCluster"] * 2


@pytest.mark.parametrize("name", ["ScenarioDualCgwStatic", "ScenarioDualCgwBgp", TRANSIT])
def test_a_device_reads_its_own_keys_and_never_its_partners(name: str) -> None:
    scene = scene_of(name)
    active, standby = (scene.user_data(device) for device in ("CgwActive", "CgwStandby"))
    for key in scene.ids("AWS::SecretsManager::Secret"):
        assert (f'"{key}"' in active) is not (f'"{key}"' in standby)


@pytest.mark.parametrize("name", ["ScenarioDualCgwBgp", TRANSIT])
def test_with_bgp_both_devices_announce_the_data_centre_and_speak_to_each_other(name: str) -> None:
    scene = scene_of(name)
    for device in scene.devices:
        text = scene.user_data(device)
        assert "router bgp 65000" in text
        assert "remote-as 64512" in text
        assert "10.60.0.0/16" in text
        assert "partner0" in text

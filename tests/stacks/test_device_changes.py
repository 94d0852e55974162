"""What a change does to a deployed device: a restart in place and a new wait, or nothing at all."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk import aws_sqs as sqs
from aws_cdk.assertions import Template
from constructs import Construct

from stacks.scenario import Scenario
from stacks.settings import ScenarioSettings
from tests.stacks.scenes import SCENARIOS, TRANSIT, Scene, new_app
from tests.stacks.scenes import scene as scene_of

WAITS = ("AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle")
# AWS::EC2::Instance: "Update requires: Replacement", of what our instances have.
REPLACING = ("ImageId", "NetworkInterfaces", "BlockDeviceMappings", "SubnetId", "PrivateIpAddress", "SecurityGroupIds")


def waits(scene: Scene) -> set[str]:
    return {name for resource_type in WAITS for name in scene.ids(resource_type)}


@pytest.fixture(params=SCENARIOS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


CHANGES: dict[str, dict[str, Any]] = {
    "another cloud network": {"cloud_cidr": "10.52.0.0/16"},
    "another profile": {"security_profile": "cnsa"},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_configuration_is_waited_for_anew_and_replaces_no_instance(name: str, change: str) -> None:
    before, after = scene_of(name), scene_of(name, ScenarioSettings(**CHANGES[change]))
    assert not waits(before) & waits(after)
    assert len(waits(before)) == len(waits(after))
    for device, old in before.devices.items():
        new = after.devices[device]
        assert old["Properties"]["UserData"] != new["Properties"]["UserData"]
        assert [old["Properties"].get(prop) for prop in REPLACING] == [
            new["Properties"].get(prop) for prop in REPLACING
        ]
    assert before.ids("AWS::EC2::Instance") == after.ids("AWS::EC2::Instance")


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_an_address_of_its_own_survives_a_changed_configuration(name: str, change: str) -> None:
    before, after = scene_of(name), scene_of(name, ScenarioSettings(**CHANGES[change]))
    for resource_type in ("AWS::EC2::EIP", "AWS::EC2::NetworkInterface", "AWS::EC2::CustomerGateway"):
        kept = {each: before.resources[each] for each in before.ids(resource_type)}
        assert kept
        assert kept == {each: after.resources[each] for each in after.ids(resource_type)}


def test_another_asn_of_amazon_changes_the_device_only_where_it_speaks_bgp(name: str) -> None:
    before, after = scene_of(name), scene_of(name, ScenarioSettings(amazon_side_asn=64600))
    assert (waits(before) == waits(after)) is (name not in {"ScenarioDualCgwBgp", TRANSIT})


def test_a_new_image_is_what_replaces_the_devices(name: str) -> None:
    before, after = scene_of(name), scene_of(name, ScenarioSettings(image_release="2"))
    images = [{str(each["Properties"]["ImageId"]) for each in scene.devices.values()} for scene in (before, after)]
    assert images[0] != images[1]


def test_what_has_nothing_to_do_with_a_device_changes_nothing_of_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build = Scenario.__init__

    def with_a_queue(self: Scenario, scope: Construct, **arguments: Any) -> None:
        build(self, scope, **arguments)
        sqs.Queue(self, "Unrelated")  # before everything that the scenario itself adds

    before = scene_of(name)
    monkeypatch.setattr(Scenario, "__init__", with_a_queue)
    changed = Scene(dict(Template.from_stack(SCENARIOS[name](new_app())).to_json()))
    assert set(changed.resources) - set(before.resources) == set(changed.ids("AWS::SQS::Queue"))
    assert {each: changed.resources[each] for each in before.resources} == before.resources


def test_two_synths_give_the_same_template(name: str) -> None:
    again = Template.from_stack(SCENARIOS[name](new_app())).to_json()
    assert again == scene_of(name).template

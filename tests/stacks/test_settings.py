"""The settings of the scenarios, by constructor argument and by context, and their environments."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Environment, Stage
from aws_cdk.assertions import Template

from cdk_aws_vpn import VpnError, apply_vpn_policy
from stacks.settings import ScenarioSettings
from tests.stacks.scenes import SCENARIOS, Scene, new_app, synthesize
from tests.stacks.scenes import scene as scene_of

OTHER = {
    "idc_cidr": "10.61.0.0/20",
    "cloud_cidr": "172.16.0.0/16",
    "second_cloud_cidr": "172.17.0.0/16",
    "client_cidr": "10.80.0.0/20",
    "device_asn": 65010,
    "amazon_side_asn": 64900,
    "architecture": "arm64",
    "instance_type": "c7g.medium",
    "image_release": "2",
    "security_profile": "cnsa",
    "availability_zones": "xx-east-1b,xx-east-1c",
}


def vpc_blocks(scene: Scene) -> set[str]:
    return {vpc["CidrBlock"] for vpc in scene.all("AWS::EC2::VPC")}


@pytest.fixture(scope="module", params=SCENARIOS)
def changed(request: pytest.FixtureRequest) -> Scene:
    """Each scenario with every setting changed by constructor argument."""
    return synthesize(str(request.param), settings=ScenarioSettings(**OTHER))  # type: ignore[arg-type]


def test_every_setting_has_a_test() -> None:
    assert {field.name for field in fields(ScenarioSettings)} == {*OTHER, "hosts"}
    defaults = ScenarioSettings()
    assert all(getattr(defaults, name) != value for name, value in OTHER.items())


def test_the_networks_are_those_that_were_asked_for(changed: Scene) -> None:
    second = {"172.17.0.0/16"} if changed.all("AWS::EC2::TransitGateway") else set()
    assert vpc_blocks(changed) == {"10.61.0.0/20", "172.16.0.0/16"} | second
    text = json.dumps(changed.template)
    assert "10.60." not in text
    assert "10.50." not in text
    assert "10.51." not in text


def test_both_asns_are_those_that_were_asked_for(changed: Scene) -> None:
    assert {one["BgpAsn"] for one in changed.all("AWS::EC2::CustomerGateway")} == {65010}
    gateways = [*changed.all("AWS::EC2::VPNGateway"), *changed.all("AWS::EC2::TransitGateway")]
    assert [gateway["AmazonSideAsn"] for gateway in gateways] == [64900]


def test_the_devices_have_the_type_and_every_instance_the_architecture(changed: Scene) -> None:
    types = {name: changed.resources[each]["Properties"] for name, each in changed.named("AWS::EC2::Instance").items()}
    assert {types[name]["InstanceType"] for name in changed.devices} == {"c7g.medium"}
    assert {types[name]["InstanceType"] for name in ("Idc/Host", "Cloud/Host")} == {"t4g.micro"}
    images = [(one["ParameterName"].split("-")[-1], one["Release"]) for one in changed.all("Custom::PinnedAmi")]
    assert set(images) == {("arm64", "1"), ("arm64", "2")}


def test_the_subnets_are_in_the_zones_that_were_asked_for(changed: Scene) -> None:
    assert {one["AvailabilityZone"] for one in changed.all("AWS::EC2::Subnet")} <= {"xx-east-1b", "xx-east-1c"}


def test_the_profile_is_the_one_that_was_asked_for(changed: Scene) -> None:
    for connection in changed.all("AWS::EC2::VPNConnection"):
        for tunnel in connection["VpnTunnelOptionsSpecifications"]:
            assert tunnel["Phase2EncryptionAlgorithms"] == [{"Value": "AES256-GCM-16"}]
            assert tunnel["Phase1DHGroupNumbers"] == [{"Value": 20}]


@pytest.mark.parametrize("name", SCENARIOS)
def test_context_says_the_same_as_constructor_arguments(name: str) -> None:
    context = {key: str(value) for key, value in OTHER.items()}  # as `cdk -c key=value` gives them
    settings = ScenarioSettings(**OTHER)  # type: ignore[arg-type]
    assert synthesize(name, context=context).template == scene_of(name, settings).template


def test_constructor_arguments_win_over_context() -> None:
    settings = ScenarioSettings(idc_cidr="10.62.0.0/16")
    scene = synthesize("ScenarioSingleTunnel", context={"idc_cidr": "10.61.0.0/16"}, settings=settings)
    assert "10.62.0.0/16" in vpc_blocks(scene)


def test_two_copies_stand_in_two_accounts_and_regions() -> None:
    templates = {}
    for region, account in (("eu-west-1", "111122223333"), ("ap-southeast-2", "444455556666")):
        scene = synthesize("ScenarioDualCgwBgp", env=Environment(region=region, account=account))
        templates[region] = json.dumps(scene.template)
    assert "eu-west-1" in templates["eu-west-1"]
    assert "eu-west-1" not in templates["ap-southeast-2"]
    assert "444455556666" not in templates["eu-west-1"]


def without_digest(logical_id: str) -> str:
    """The name of a wait condition depends on the user-data, which contains the stack's name."""
    return re.sub(r"(Ready(Handle)?)[0-9a-f]{8}$", r"\1", logical_id)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_stands_in_a_stage(name: str) -> None:
    app = new_app()
    stack = SCENARIOS[name](Stage(app, "Test"))
    inside = Scene(dict(Template.from_stack(stack).to_json()))
    assert stack.stack_name == f"Test-{name}"
    assert sorted(inside.devices) == sorted(scene_of(name).devices)
    assert list(map(without_digest, inside.resources)) == list(map(without_digest, scene_of(name).resources))


CONTEXT = {
    "idc_cdir": ("10.99.0.0/16", "write 'idc_cidr'"),
    "idc-cidr": ("10.99.0.0/16", "write 'idc_cidr'"),
    "IDC_CIDR": ("10.99.0.0/16", "write 'idc_cidr'"),
    "device_as": ("65010", "write 'device_asn'"),
    "instance_types": ("t3.small", "write 'instance_type'"),
    "cdk-aws-vpn:quota": ('{"vpn-connections-per-vgw": 20}', "write 'cdk-aws-vpn:quotas'"),
}
"""Keys of the context that are almost the name of a setting."""


@pytest.mark.parametrize("key", CONTEXT)
def test_a_mistyped_setting_is_refused_and_not_ignored(key: str) -> None:
    value, remedy = CONTEXT[key]
    with pytest.raises(VpnError, match=rf"^context '{key}' is not allowed; .*{remedy}$"):
        ScenarioSettings.from_context(App(context={key: value}))


def test_keys_of_others_in_the_context_are_left_alone() -> None:
    keys = ("cidr", "device", "client", "region", "profile", "env", "@aws-cdk/core:x", "aws:cdk:y", "tgw:asn")
    assert ScenarioSettings.from_context(App(context=dict.fromkeys(keys, "1"))) == ScenarioSettings()


@pytest.mark.parametrize("field", [field.name for field in fields(ScenarioSettings) if field.name != "hosts"])
@pytest.mark.parametrize("value", ["{{resolve:ssm:/x}}", "${Token[TOKEN.1]}", ["10.60.0.0/16"], True])
def test_a_setting_is_a_text_that_is_known_at_synthesis(field: str, value: object) -> None:
    with pytest.raises(VpnError, match=rf"^{field} .* is not allowed; allowed: a text that is known at synthesis"):
        ScenarioSettings.from_context(App(context={field: value}))


def test_the_profile_for_old_devices_passes_the_policy(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path), context={"security_profile": "compatibility"})
    apply_vpn_policy(app, rule_packs=[])
    SCENARIOS["ScenarioSingleTunnel"](app)
    app.synth()
    assert '"ikev1"' in (tmp_path / "ScenarioSingleTunnel.template.json").read_text()


@pytest.mark.parametrize("name", SCENARIOS)
def test_hosts_and_what_is_there_for_them_can_be_left_out(name: str) -> None:
    without, usual = synthesize(name, context={"hosts": "false"}), scene_of(name)
    hosts = set(usual.named("AWS::EC2::Instance")) - set(usual.devices)
    assert len(hosts) == (3 if name == "ScenarioTransitGatewayEcmp" else 2)
    assert set(without.named("AWS::EC2::Instance")) == set(usual.devices) == set(without.devices)
    assert without.all("AWS::EC2::InstanceConnectEndpoint") == []
    assert len(usual.all("AWS::EC2::InstanceConnectEndpoint")) == len(hosts)
    assert not [key for key in (*without.resources, *without.template["Outputs"]) if "Host" in key or "Connect" in key]
    assert without.resources.items() <= usual.resources.items(), "the rest is the same"


@pytest.mark.parametrize("value", ["no", "", 0, "0"])
def test_a_switch_in_the_context_is_true_or_false(value: Any) -> None:
    with pytest.raises(VpnError, match=r"hosts .* true or false; write it like -c hosts=false"):
        synthesize("ScenarioSingleTunnel", context={"hosts": value})


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a network with a host bit": ({"idc_cidr": "10.60.0.1/16"}, "idc_cidr"),
    "a network that is none": ({"cloud_cidr": "cloud"}, "cloud_cidr"),
    "a network with a netmask": ({"idc_cidr": "10.60.0.0/255.255.0.0"}, "idc_cidr"),
    "a network that hides the insides of the tunnels": ({"idc_cidr": "169.254.0.0/16"}, "cidr"),
    "a network that is too large": ({"idc_cidr": "10.0.0.0/8"}, "idc_cidr"),
    "a network that is too small": ({"idc_cidr": "10.60.0.0/24"}, "idc_cidr"),
    "two networks that overlap": ({"cloud_cidr": "10.60.128.0/17"}, "cloud_cidr"),
    "asns that are equal": ({"device_asn": 64512}, "bgp_asn"),
    "an asn of amazon": ({"device_asn": 7224}, "bgp_asn"),
    "a public asn for amazon": ({"amazon_side_asn": 3356}, "amazon_side_asn"),
    "an unknown architecture": ({"architecture": "mips"}, "architecture"),
    "an instance type of the other architecture": ({"instance_type": "t4g.micro"}, "instance_type"),
    "an instance type that is none": ({"instance_type": "large"}, "instance_type"),
    "an unknown profile": ({"security_profile": "strong"}, "security_profile"),
    "an empty release": ({"image_release": ""}, "image_release"),
    "one zone": ({"availability_zones": "us-east-1b"}, "availability_zones"),
    "the same zone twice": ({"availability_zones": "us-east-1b,us-east-1b"}, "availability_zones"),
    "a zone by its letter": ({"availability_zones": "b,c"}, "availability_zones"),
    "no zone": ({"availability_zones": ""}, "availability_zones"),
    "a word for a switch": ({"hosts": "false"}, "hosts"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_setting_that_cannot_work_is_named(case: str) -> None:
    arguments, prop = BAD[case]
    with pytest.raises(VpnError, match=rf"^{prop} .* is not allowed; allowed: .*; "):
        synthesize("ScenarioDualCgwBgp", settings=ScenarioSettings(**arguments))


def test_a_list_for_a_setting_is_refused() -> None:
    with pytest.raises(VpnError, match=r"device_asn \[65000\] .* a text that is known at synthesis"):
        synthesize("ScenarioSingleTunnel", context={"device_asn": [65000]})


@pytest.mark.parametrize("value", ["many", "65000.5", ""])
def test_an_asn_in_the_context_must_be_a_whole_number(value: Any) -> None:
    with pytest.raises(VpnError, match=r"device_asn .* a whole number; write it like -c device_asn=65000"):
        synthesize("ScenarioSingleTunnel", context={"device_asn": value})

"""What a connection puts into the template."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_aws_vpn import (
    PROFILES,
    CustomerGateway,
    SecurityProfile,
    Static,
    TunnelLogOptions,
    TunnelOptions,
)
from tests.constructs.site import IDC, Site, resources

VPN = "AWS::EC2::VPNConnection"
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0123"
LISTS = {
    "IKEVersions": "ike_versions",
    "Phase1EncryptionAlgorithms": "encryption_algorithms",
    "Phase2EncryptionAlgorithms": "encryption_algorithms",
    "Phase1IntegrityAlgorithms": "integrity_algorithms",
    "Phase2IntegrityAlgorithms": "integrity_algorithms",
    "Phase1DHGroupNumbers": "dh_group_numbers",
    "Phase2DHGroupNumbers": "dh_group_numbers",
}


def connection(site: Site) -> dict[str, Any]:
    (properties,) = resources(site.template, VPN)
    return properties


def tunnels(site: Site) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = connection(site)["VpnTunnelOptionsSpecifications"]
    assert len(found) == 2
    return found


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_both_tunnels_have_the_algorithms_of_the_profile_and_no_others(site: Site, profile: SecurityProfile) -> None:
    site.connection(security_profile=profile.name)
    for tunnel in tunnels(site):
        for name, attribute in LISTS.items():
            assert tuple(item["Value"] for item in tunnel[name]) == getattr(profile, attribute)


def test_every_timer_of_both_tunnels_is_written_down(site: Site) -> None:
    site.connection()
    for tunnel in tunnels(site):
        assert {name: tunnel[name] for name in tunnel if "Seconds" in name or name.startswith(("Re", "DPD"))} == {
            "Phase1LifetimeSeconds": 28800,
            "Phase2LifetimeSeconds": 3600,
            "RekeyMarginTimeSeconds": 270,
            "RekeyFuzzPercentage": 100,
            "ReplayWindowSize": 1024,
            "DPDTimeoutSeconds": 30,
            "DPDTimeoutAction": "clear",
        }
        assert (tunnel["StartupAction"], tunnel["EnableTunnelLifecycleControl"]) == ("add", True)


def test_options_of_one_tunnel_leave_the_other_alone(site: Site) -> None:
    first = TunnelOptions(
        phase1_lifetime_seconds=14400,
        phase2_lifetime_seconds=1800,
        rekey_margin_time_seconds=120,
        rekey_fuzz_percentage=50,
        replay_window_size=2048,
        dpd_timeout_seconds=45,
        dpd_timeout_action="restart",
        startup_action="start",
        enable_tunnel_lifecycle_control=False,
        phase2_dh_group_numbers=(21,),
    )
    site.connection(tunnels=(first, TunnelOptions()))
    one, other = tunnels(site)
    assert {name: value for name, value in one.items() if value != other[name]} == {
        "TunnelInsideCidr": one["TunnelInsideCidr"],
        "PreSharedKey": one["PreSharedKey"],
        "Phase1LifetimeSeconds": 14400,
        "Phase2LifetimeSeconds": 1800,
        "RekeyMarginTimeSeconds": 120,
        "RekeyFuzzPercentage": 50,
        "ReplayWindowSize": 2048,
        "DPDTimeoutSeconds": 45,
        "DPDTimeoutAction": "restart",
        "StartupAction": "start",
        "EnableTunnelLifecycleControl": False,
        "Phase2DHGroupNumbers": [{"Value": 21}],
    }


def test_each_tunnel_has_a_generated_key_that_follows_awss_rule(site: Site) -> None:
    site.connection()
    secrets = resources(site.template, "AWS::SecretsManager::Secret")
    assert [secret["GenerateSecretString"] for secret in secrets] == [
        {"ExcludeCharacters": "0", "ExcludePunctuation": True, "IncludeSpace": False, "PasswordLength": 64}
    ] * 2
    assert len({secret["Description"] for secret in secrets}) == 2


def test_keys_reach_the_connection_by_reference_only(site: Site) -> None:
    site.connection()
    secrets = set(site.template.find_resources("AWS::SecretsManager::Secret"))
    references = [json.dumps(tunnel["PreSharedKey"]) for tunnel in tunnels(site)]
    assert all("{{resolve:secretsmanager:" in reference for reference in references)
    assert {name for name in secrets if any(f'"{name}"' in reference for reference in references)} == secrets


def test_a_key_of_ones_own_replaces_the_generated_one(site: Site) -> None:
    own = secretsmanager.Secret.from_secret_name_v2(site.stack, "Own", "branch/key")
    site.connection(tunnels=(TunnelOptions(pre_shared_key=own), TunnelOptions()))
    assert "branch/key" in json.dumps(tunnels(site)[0]["PreSharedKey"])
    site.template.resource_count_is("AWS::SecretsManager::Secret", 1)


def test_generated_keys_are_encrypted_with_the_key_that_was_given(site: Site) -> None:
    arn = "arn:aws:kms:eu-west-1:111122223333:key/0123"
    site.connection(encryption_key=kms.Key.from_key_arn(site.stack, "Key", arn))
    site.template.all_resources_properties("AWS::SecretsManager::Secret", {"KmsKeyId": arn})


@pytest.mark.parametrize("storage", ["SecretsManager", "Standard"])
def test_ec2_stores_the_keys_as_asked(site: Site, storage: str) -> None:
    site.connection(pre_shared_key_storage=storage)
    assert connection(site)["PreSharedKeyStorage"] == storage


def test_with_a_certificate_there_are_no_keys_at_all(site: Site) -> None:
    cgw = CustomerGateway(site.stack, "Certified", address="203.0.113.8", certificate_arn=CERTIFICATE)
    made = site.connection(customer_gateway=cgw)
    assert [tunnel.pre_shared_key for tunnel in made.tunnels] == [None, None]
    assert not any("PreSharedKey" in tunnel for tunnel in tunnels(site))
    assert "PreSharedKeyStorage" not in connection(site)
    site.template.resource_count_is("AWS::SecretsManager::Secret", 0)


def test_static_routing_makes_one_route_for_each_network(site: Site) -> None:
    made = site.connection(routing=Static([IDC, "10.61.0.0/16"]))
    made.add_static_route("10.62.0.0/16")
    assert connection(site)["StaticRoutesOnly"] is True
    routes = resources(site.template, "AWS::EC2::VPNConnectionRoute")
    assert [route["DestinationCidrBlock"] for route in routes] == [IDC, "10.61.0.0/16", "10.62.0.0/16"]


def test_bgp_makes_no_static_route(site: Site) -> None:
    site.connection()
    assert connection(site)["StaticRoutesOnly"] is False
    site.template.resource_count_is("AWS::EC2::VPNConnectionRoute", 0)


def test_the_connection_joins_existing_gateways_by_their_ids(site: Site) -> None:
    site.connection(customer_gateway=CustomerGateway.from_id(site.stack, "Old", "cgw-0123456789abcdef0"))
    found = connection(site)
    assert (found["CustomerGatewayId"], found["VpnGatewayId"], found["Type"]) == (
        "cgw-0123456789abcdef0",
        "vgw-0123456789abcdef0",
        "ipsec.1",
    )
    assert "TransitGatewayId" not in found


def test_what_only_a_transit_gateway_offers_reaches_the_template(site: Site) -> None:
    blocks = (TunnelOptions(inside_ipv6_cidr="fd00::/126"), TunnelOptions(inside_ipv6_cidr="fd00::4/126"))
    site.connection(gateway=site.tgw, enable_acceleration=True, tunnel_inside_ip_version="ipv6", tunnels=blocks)
    found = connection(site)
    assert found["TransitGatewayId"] == "tgw-0123456789abcdef0"
    assert "VpnGatewayId" not in found
    assert (found["EnableAcceleration"], found["TunnelInsideIpVersion"]) == (True, "ipv6")
    assert [tunnel["TunnelInsideIpv6Cidr"] for tunnel in tunnels(site)] == ["fd00::/126", "fd00::4/126"]


def test_large_bandwidth_reaches_the_template(site: Site) -> None:
    site.connection(gateway=site.tgw, tunnel_bandwidth="large")
    assert connection(site)["TunnelBandwidth"] == "large"


def test_the_networks_that_the_tunnels_accept_reach_the_template(site: Site) -> None:
    site.connection(local_ipv4_network_cidr="10.60.0.0/16", remote_ipv4_network_cidr="10.0.0.0/8", name="Branch")
    found = connection(site)
    assert (found["LocalIpv4NetworkCidr"], found["RemoteIpv4NetworkCidr"]) == ("10.60.0.0/16", "10.0.0.0/8")
    assert {"Key": "Name", "Value": "Branch"} in found["Tags"]


def test_the_name_in_the_console_is_the_path_of_the_construct(site: Site) -> None:
    site.connection("Branch")
    assert {"Key": "Name", "Value": "Stack/Branch"} in connection(site)["Tags"]


def test_tunnel_logs_name_their_groups_as_ec2_wants_it(site: Site) -> None:
    ike = logs.LogGroup.from_log_group_name(site.stack, "Ike", "/aws/vendedlogs/ike")
    bgp = logs.LogGroup.from_log_group_name(site.stack, "BgpLog", "/aws/vendedlogs/bgp")
    one = TunnelOptions(log_options=TunnelLogOptions(log_group=ike, bgp_log_group=bgp, bgp_log_output_format="text"))
    two = TunnelOptions(log_options=TunnelLogOptions(log_group=ike))
    site.connection(tunnels=(one, two))
    first, second = (tunnel["LogOptions"]["CloudwatchLogOptions"] for tunnel in tunnels(site))
    assert (first["LogEnabled"], first["LogOutputFormat"]) == (True, "json")
    assert (first["BgpLogEnabled"], first["BgpLogOutputFormat"]) == (True, "text")
    assert json.dumps(first["LogGroupArn"]).endswith(':log-group:/aws/vendedlogs/ike"]]}')
    assert second["BgpLogEnabled"] is False
    assert "BgpLogGroupArn" not in second


def test_a_connection_keeps_its_inside_blocks_when_another_is_added_before_it() -> None:
    alone, together = Site(), Site()
    alone.connection("Branch")
    together.connection("Another")
    together.connection("Branch")
    kept = [tunnel["TunnelInsideCidr"] for tunnel in tunnels(alone)]
    branch = together.template.find_resources(VPN, {"Properties": {"Tags": [{"Key": "Name", "Value": "Stack/Branch"}]}})
    (found,) = branch.values()
    assert [tunnel["TunnelInsideCidr"] for tunnel in found["Properties"]["VpnTunnelOptionsSpecifications"]] == kept


def test_a_given_inside_block_is_never_given_out_a_second_time(site: Site) -> None:
    wanted = Site().connection("Branch").tunnels[0].inside_cidr
    made = site.connection("Branch", tunnels=(TunnelOptions(), TunnelOptions(inside_cidr=wanted)))
    assert made.tunnels[1].inside_cidr == wanted
    assert made.tunnels[0].inside_cidr != wanted


def test_the_ends_of_a_tunnel_are_the_first_and_the_second_inside_address(site: Site) -> None:
    tunnel = site.connection(tunnels=(TunnelOptions(inside_cidr="169.254.10.0/30"), TunnelOptions())).tunnels[0]
    assert tunnel.inside.aws_address == "169.254.10.1"
    assert tunnel.inside.device_address == "169.254.10.2"

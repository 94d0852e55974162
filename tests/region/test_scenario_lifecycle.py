"""The whole life of every scenario, with the real CDK CLI: fail, deploy, repeat, change, fail, destroy.

All scenarios go through each phase in parallel, in one run of the CLI. That saves minutes, and shows that they do not
depend on being alone in an account. The state after each phase is recorded, and the tests check the records.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.region.lifecycle import SCENARIOS, Life, of, traces, updates, without_times
from vpn_lab.region import Region
from vpn_lab.region.quotas import VPN_GATEWAYS
from vpn_model.compare.differences import differences
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.network import read_network
from vpn_model.read_template.template import Template

TRANSIT = "ScenarioTransitGatewayEcmp"
STATIC = {name for name in SCENARIOS if name not in {"ScenarioDualCgwBgp", TRANSIT}}
CONNECTIONS = dict.fromkeys(SCENARIOS, 1) | {"ScenarioDualCgwStatic": 2, "ScenarioDualCgwBgp": 2, TRANSIT: 2}
DEVICES = dict.fromkeys(SCENARIOS, 1) | dict.fromkeys(SCENARIOS[2:6], 2)
SYNTHESIS = Path(__file__).with_name("assemblies.py")


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("assemblies")
    environment = {**os.environ, "CDK_VALIDATION": "false"}
    subprocess.run([sys.executable, str(SYNTHESIS), str(folder)], check=True, env=environment)
    # together, the scenarios have more gateways than the default quota
    with Region.start() as region:
        region.set_quota(VPN_GATEWAYS, 10)
        region.bootstrap()
        yield Life(region, folder)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_creation_that_fails_at_its_very_end_rolls_back(life: Life, scenario: str) -> None:
    assert life.broken.exit_code != 0
    assert of(life.broken, scenario).status == "ROLLBACK_COMPLETE"
    assert "InvalidAllocationID.NotFound" in of(life.broken, scenario).events


def test_what_was_rolled_back_left_nothing(life: Life) -> None:
    assert life.broken.exists.new_since(life.before) == {}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_deploys_two_tunnels_for_each_connection_with_the_options_asked_for(life: Life, scenario: str) -> None:
    snapshot = of(life.base, scenario)
    assert snapshot.status == "CREATE_COMPLETE"
    connections = snapshot.network.vpn_connections.values()
    assert len(connections) == CONNECTIONS[scenario]
    for connection in connections:
        assert connection.state == "available"
        assert len(connection.tunnels) == 2
        assert connection.static_routes_only == (scenario in STATIC)
        for options in (tunnel.options for tunnel in connection.tunnels):
            assert options.ike_versions == ("ikev2",)
            assert set(options.phase1_encryption + options.phase2_encryption) <= {"AES128-GCM-16", "AES256-GCM-16"}
            assert set(options.phase1_integrity + options.phase2_integrity) <= {"SHA2-256", "SHA2-384", "SHA2-512"}
            assert set(options.phase1_dh_groups + options.phase2_dh_groups) <= {19, 20, 21}
            assert options.is_written("dpd_timeout_seconds")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_its_outputs_are_what_the_api_shows(life: Life, scenario: str) -> None:
    network = of(life.base, scenario).network
    assert network.stack is not None
    outputs = network.stack.outputs
    for connection in network.vpn_connections.values():
        name = next(key for key, value in outputs.items() if value == connection.id).removesuffix("Id")
        told = [outputs[f"{name}Tunnel{number}"] for number in (1, 2)]
        assert told == [tunnel.outside_address for tunnel in connection.tunnels]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_its_gateway_propagates_into_the_clouds_tables_and_its_static_routes_are_there(
    life: Life, scenario: str
) -> None:
    network = of(life.base, scenario).network
    tables = network.route_tables.values()
    (gateway,) = {connection.gateway_id for connection in network.vpn_connections.values()}
    if scenario == TRANSIT:
        leading = [(table, route) for table in tables for route in table.routes if route.target_id == gateway]
        assert {table.name.split("/")[1] for table, _ in leading} == {"Cloud", "SecondCloud"}
        assert {(route.destination, route.origin, route.state) for _, route in leading} == {
            ("10.60.0.0/16", "created", "active")
        }
    else:
        propagating = [table for table in tables if gateway in table.propagating_gateway_ids]
        assert propagating
        assert all("/Cloud/" in table.name for table in propagating)
    for connection in network.vpn_connections.values():
        static = [route.destination for route in connection.static_routes]
        assert static == (["10.60.0.0/16"] if scenario in STATIC else [])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_idcs_private_tables_lead_to_a_device(life: Life, scenario: str) -> None:
    tables = [table for table in of(life.base, scenario).network.route_tables.values() if "/Idc/" in table.name]
    routes = [route for table in tables for route in table.routes if route.destination == "10.50.0.0/16"]
    assert routes
    assert {(route.target_kind, route.state) for route in routes} == {("network interface", "active")}


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_network_that_is_planned_is_the_one_that_is_deployed(life: Life, scenario: str) -> None:
    given = {"ServerCertificateArn": life.certificate} if scenario == "ScenarioClientVpn" else {}
    environment = Environment(scenario, life.region.settings.region, parameters=given)
    planned = read_network(Template(json.loads(of(life.base, scenario).template), environment))
    # the region's emulator creates a VPC's default group without the rule that allows its members
    lacking = {
        f"security group {vpc}.DefaultSecurityGroup: rules: "
        f"missing (ingress, -1, None, None, security group, {vpc}.DefaultSecurityGroup)"
        for vpc in planned.vpcs
    }
    assert set(differences(planned, of(life.base, scenario).network)) == lacking


def test_a_transit_gateways_route_tables_are_those_of_the_template(life: Life) -> None:
    """What is associated with each, and what each learns from, as the API of the region says it."""
    (gateway,) = of(life.base, TRANSIT).network.transit_gateways.values()
    kinds = {one.id: one.kind for one in gateway.attachments}
    associated = {
        table.name: sorted(one.kind for one in gateway.attachments if one.table_id == table.id)
        for table in gateway.tables
    }
    learns_from = {
        table.name: sorted(kinds[one] for one in table.propagating_attachment_ids) for table in gateway.tables
    }
    from_vpcs, from_idc = f"{TRANSIT}/FromVpcs", f"{TRANSIT}/FromIdc"
    assert associated == {from_vpcs: ["vpc", "vpc"], from_idc: ["vpn", "vpn"]}
    assert learns_from == {from_vpcs: ["vpn", "vpn"], from_idc: ["vpc", "vpc"]}
    routes = {table.name: sorted(str(route.destination) for route in table.routes) for table in gateway.tables}
    assert routes[from_idc] == ["10.50.0.0/16", "10.51.0.0/16"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_deploying_the_same_again_changes_nothing(life: Life, scenario: str) -> None:
    assert life.again.exit_code == 0
    assert life.again.output.count("(no changes)") == len(SCENARIOS)
    assert of(life.again, scenario) == of(life.base, scenario)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_changed_tunnel_options_keep_connections_addresses_and_instances(life: Life, scenario: str) -> None:
    before, after = of(life.base, scenario), of(life.changed, scenario)
    assert after.status == "UPDATE_COMPLETE"
    assert after.network.vpn_connections.keys() == before.network.vpn_connections.keys()
    for identifier, new in after.network.vpn_connections.items():
        old = before.network.vpn_connections[identifier]
        assert [one.outside_address for one in new.tunnels] == [one.outside_address for one in old.tunnels]
        assert all(one.options.phase1_dh_groups == one.options.phase2_dh_groups == (20,) for one in new.tunnels)
        assert all(one.options.phase2_encryption == ("AES256-GCM-16",) for one in new.tunnels)
        assert new.tunnels != old.tunnels
    assert after.instances == before.instances


@pytest.mark.parametrize("scenario", [name for name, count in CONNECTIONS.items() if count > 1])
def test_the_connections_of_a_pair_are_changed_one_after_the_other(life: Life, scenario: str) -> None:
    """The second begins when the first device has come back and its tunnels are up again."""
    changes = updates(of(life.changed, scenario), "AWS::EC2::VPNConnection", "Custom::VpnTunnelsUp")
    assert changes == [
        (one, f"UPDATE_{state}")
        for one in ("VPNConnection", "VpnTunnelsUp", "VPNConnection")
        for state in ("IN_PROGRESS", "COMPLETE")
    ]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_changed_configuration_restarts_the_devices_in_place(life: Life, scenario: str) -> None:
    before, after = of(life.base, scenario), of(life.changed, scenario)
    devices = [name for name in before.instances if not name.endswith("/Host")]
    assert len(devices) == DEVICES[scenario]
    for name in before.instances:
        changed = before.user_data[name] != after.user_data[name]
        assert changed == (name in devices)
        assert after.boots[name] == before.boots[name] + changed


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_an_update_that_fails_at_its_very_end_restores_what_was(life: Life, scenario: str) -> None:
    before, after = of(life.changed, scenario), of(life.restored, scenario)
    assert life.restored.exit_code != 0
    assert after.status == "UPDATE_ROLLBACK_COMPLETE"
    assert without_times(after.network) == without_times(before.network)
    assert (after.instances, after.user_data, after.template) == (before.instances, before.user_data, before.template)


def test_what_the_failed_update_made_is_gone(life: Life) -> None:
    assert life.restored.exists == life.changed.exists


def test_destroying_leaves_nothing(life: Life) -> None:
    assert life.destroyed.exit_code == 0
    assert life.destroyed.stacks == {}
    assert life.destroyed.exists == life.before


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_no_key_appears_in_template_user_data_event_output_or_log(life: Life, scenario: str) -> None:
    assert len(life.keys) >= 2 * sum(CONNECTIONS.values())
    text = traces(life, scenario)
    assert [key for key in life.keys if key in text] == []


def test_the_client_vpn_has_its_networks_routes_and_rules_and_keeps_them(life: Life) -> None:
    endpoints = of(life.base, "ScenarioClientVpn").network.client_vpn_endpoints
    (endpoint,) = endpoints.values()
    assert (len(endpoint.associations), endpoint.state) == (2, "available")
    assert Counter((route.destination, route.origin) for route in endpoint.routes) == {
        ("10.50.0.0/16", "associate"): 2,
        ("10.60.0.0/16", "add-route"): 2,
    }
    everyone = [rule.destination for rule in endpoint.authorization_rules if rule.allows_everyone]
    assert sorted(str(one) for one in everyone) == ["10.50.0.0/16", "10.60.0.0/16"]
    assert of(life.restored, "ScenarioClientVpn").network.client_vpn_endpoints == endpoints


def test_the_search_for_keys_would_find_one(life: Life) -> None:
    connections = of(life.base, "ScenarioDualCgwBgp").network.vpn_connections
    planted = str(next(iter(connections.values())).tunnels[0].outside_address)
    assert planted in traces(life, "ScenarioDualCgwBgp")
    key = "a.canary_that_must_be_found"
    secrets = life.region.client("secretsmanager")
    secrets.create_secret(Name="canary", SecretString=json.dumps({"psk": key}))
    assert key in life.pre_shared_keys()
    leaking = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": key}}
    output = {"Value": {"Fn::GetAtt": ["Parameter", "Value"]}}
    template = json.dumps({"Resources": {"Parameter": leaking}, "Outputs": {"Leak": output}})
    life.region.client("cloudformation").create_stack(StackName="canary", TemplateBody=template)
    life.region.client("cloudformation").get_waiter("stack_create_complete").wait(
        StackName="canary", WaiterConfig={"Delay": 0.1, "MaxAttempts": 100}
    )
    stack = life.region.client("cloudformation").describe_stacks(StackName="canary")["Stacks"][0]
    snapshot = life.snapshot(stack)
    assert key in snapshot.template
    assert key in repr(snapshot.network)

"""The names of ministack and moto that the region uses: an upgrade that changes one fails here and names it."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from moto.ec2.models import EC2Backend
from moto.ec2.responses import EC2Response

from vpn_lab.region import ministack
from vpn_lab.region.ec2.api import RegionEc2
from vpn_lab.region.ec2.backend import RegionEc2Backend
from vpn_lab.region.ec2.client_vpn.actions import ClientVpnActions

NAMES = [(module, name) for module, names in ministack.USED.items() for name in names]

SIGNATURES = {
    ("services.cloudformation.stacks", "_add_event"): "stack_id, stack_name, logical_id, resource_type, status, "
    "reason, physical_id, detailed_status",
    ("services.cloudformation.stacks", "_provision_resource"): "resource_type, logical_id, props, stack_name",
    ("services.cloudformation.stacks", "_update_resource"): "resource_type, physical_id, old_props, new_props, "
    "stack_name, logical_id, old_attrs",
    ("services.cloudformation.stacks", "_delete_resource"): "resource_type, physical_id, props, stack_name, logical_id",
    ("services.cloudformation.stacks", "_roll_back_operation"): "stack_name, stack_id, stack, operation, "
    "reason_override",
    ("services.cloudformation.stacks", "_runs_on_worker_thread"): "resource_type",
    ("services.cloudformation.stacks", "_topological_sort"): "resources, conditions",
    ("services.cloudformation.stacks", "_evaluate_conditions"): "template, params",
    ("services.cloudformation.provisioners", "_replace_resource"): "resource_type, physical_id, old_props, new_props, "
    "stack_name, logical_id",
    ("services.cloudformation.provisioners", "_property_recreation"): "resource_type, name",
    ("services.cloudformation.provisioners", "_replacing_change"): "resource_type, old_props, new_props",
    ("services.cloudformation.engine", "_resolve_refs"): "value, resources, params, conditions, mappings, stack_name, "
    "stack_id",
    ("services.cloudformation.wait_conditions", "wait_for"): "token, stack_id, stack_name, logical_id, resource_type, "
    "count, timeout_s",
    ("services.cloudformation.wait_conditions", "deliver_signal"): "token, payload",
    ("services.cloudwatch", "_dispatch_alarm_actions"): "alarm, old_state, new_state, reason",
    ("services.cloudwatch", "_evaluate_alarm"): "alarm",
    ("services.cloudwatch", "_evaluate_all_alarms"): "",
    ("services.cloudwatch", "_record_history"): "alarm_name, old_state, new_state, reason, alarm_type, reason_data",
    ("services.cloudwatch", "_store_datum"): "namespace, name, dims, ts, unit, value, values, counts, stat_values",
    ("services.cloudwatch", "record_metric"): "namespace, metric_name, value, unit, dimensions",
    ("services.cloudwatch_logs", "_collect_query_records"): "group_names, start_time_s, end_time_s",
    ("services.cloudwatch_logs", "_start_query"): "data",
    ("services.cloudwatch_logs", "handle_request"): "method, path, headers, body, query_params",
    ("services.eventbridge", "_invoke_target"): "target, event, rule, view",
    ("services.eventbridge", "_put_events"): "data, allow_aws_source",
    ("core.iam_evaluator", "resolve_credential"): "access_key_id, account_id, session_token",
    ("core.lambda_runtime", "execution_credentials"): "config",
    ("services.cloudformation.custom_resource", "_response_url"): "token",
    ("services.cloudformation.wait_conditions", "handle_url"): "token",
    ("services.lambda_svc", "_layer_content_url"): "layer_name, version",
    ("services.lambda_svc", "_presigned_code_url"): "func_name",
    ("services.lambda_svc", "execution_credentials"): "config",
    ("services.sts", "register_session"): "access_key, session",
    ("services.acm", "handle_request"): "method, path, headers, body, query_params",
    ("services.ec2", "handle_request"): "method, path, headers, body, query_params",
}

OWN_ACTIONS = {
    "create_instance_connect_endpoint",
    "create_replace_root_volume_task",
    "create_vpn_connection_route",
    "delete_instance_connect_endpoint",
    "delete_vpn_connection_route",
    "describe_instance_connect_endpoints",
    "describe_replace_root_volume_tasks",
    "disable_vgw_route_propagation",
    "enable_vgw_route_propagation",
    "get_active_vpn_tunnel_status",
    "get_transit_gateway_attachment_propagations",
    "get_vpn_tunnel_replacement_status",
    "modify_vpn_connection",
    "modify_vpn_connection_options",
    "modify_vpn_tunnel_options",
    "replace_transit_gateway_route",
    "replace_vpn_tunnel",
    # all of Client VPN
    *(name for name in vars(ClientVpnActions) if not name.startswith("_")),
}
"""Actions that moto lacks; every other method of ours replaces one that moto has."""


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_ministack_still_has_the_name(module: str, name: str) -> None:
    owner = ministack.module(module)
    assert hasattr(owner, name), f"ministack.{module}.{name} is gone; see what replaced it before raising the pin"


@pytest.mark.parametrize(("module", "name"), SIGNATURES)
def test_ministack_still_calls_it_with_the_same_arguments(module: str, name: str) -> None:
    found = ", ".join(inspect.signature(getattr(ministack.module(module), name)).parameters)
    assert found == SIGNATURES[module, name]


def test_a_name_that_is_not_listed_cannot_be_used() -> None:
    with pytest.raises(KeyError, match="not listed in USED"):
        ministack.module("services.dynamodb")
    with pytest.raises(KeyError, match="not listed in USED"):
        ministack.replace("app", "no_such_name", None)


def test_ministack_still_describes_a_resource_type_as_a_table_of_functions() -> None:
    handlers: dict[str, dict[str, Any]] = ministack.module("services.cloudformation.provisioners")._RESOURCE_HANDLERS
    create = handlers["AWS::S3::Bucket"]["create"]
    assert list(inspect.signature(create).parameters) == ["logical_id", "props", "stack_name"]
    assert handlers["AWS::S3::Bucket"]["delete"]


@pytest.mark.parametrize("name", sorted(set(vars(RegionEc2)) | {
    name for mixin in RegionEc2.__mro__[1:5] for name in vars(mixin)
}))  # fmt: skip
def test_each_action_replaces_one_of_motos_or_is_known_to_be_ours(name: str) -> None:
    if name.startswith("_"):
        return
    assert hasattr(EC2Response, name) != (name in OWN_ACTIONS), f"moto's action {name} moved or appeared"


def test_what_moto_keeps_private_is_where_the_region_looks_for_it() -> None:
    backend = RegionEc2Backend("us-east-1", "123456789012")
    vpc = backend.create_vpc("10.0.0.0/16")
    subnet = backend.create_subnet(vpc.id, "10.0.1.0/24", availability_zone="us-east-1b")
    interface = backend.create_network_interface(subnet, "10.0.1.10")
    table = backend.create_route_table(vpc.id)
    backend.associate_route_table(table.id, subnet_id=subnet.id)
    assert list(table._associations.values()) == [subnet.id]
    assert [group.name for group in interface._group_set] == ["default"]
    assert "_get_template_from_args" in dir(EC2Backend)
    assert "_subnet_id" in inspect.getsource(type(backend).launched)


def test_an_account_starts_without_a_default_vpc() -> None:
    assert RegionEc2Backend("us-east-1", "123456789012").vpcs == {}

"""Every name of ministack that the region uses or replaces, in one place.

ministack's CloudFormation engine is extended from outside. The names below are private: a new version may rename them,
and ``tests/region/test_emulator_contracts.py`` detects that.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

USED: dict[str, tuple[str, ...]] = {
    "app": ("app", "_reset_all_state", "_MAIN_LOOP", "SERVICE_HANDLERS"),
    "core.concurrency": ("run_reentrant",),
    "core.iam_evaluator": ("CredentialResolutionError", "is_root_access_key", "resolve_credential"),
    "core.lambda_runtime": ("execution_credentials",),
    "core.responses": (
        "AccountRegionScopedDict",
        "AccountScopedDict",
        "get_account_id",
        "get_region",
        "request_scope",
    ),
    "services.cloudwatch": (
        "_alarms",
        "_calc_stats",
        "_dashboards",
        "_dims_key",
        "_dispatch_alarm_actions",
        "_evaluate_alarm",
        "_evaluate_all_alarms",
        "_evaluate_parent_alarms",
        "_metrics",
        "_record_history",
        "_stat_value",
        "_store_datum",
        "record_metric",
    ),
    "services.cloudwatch_logs": (
        "_collect_query_records",
        "_create_log_stream",
        "_log_group_policies",
        "_log_groups",
        "_metric_filters",
        "_public_log_record",
        "_put_log_events",
        "_queries",
        "_resolve_query_log_groups",
        "_resource_policies",
        "_start_query",
        "handle_request",
    ),
    "services.acm": ("handle_request", "_certificates"),
    "services.ec2": ("exec_in_instance_blocking", "handle_request", "reset"),
    "services.eventbridge": ("_invoke_target", "_pattern_event_view", "_put_events", "_rules"),
    "services.iam": ("_instance_profiles", "_policies", "_roles"),
    "services.lambda_svc": ("_functions", "_layer_content_url", "_presigned_code_url", "execution_credentials"),
    "services.kms": ("_aliases",),
    "services.sns": ("_topics",),
    "services.sqs": ("_queues",),
    "services.sts": ("_sessions", "register_session"),
    "services.ssm": (
        "_managed_instance_ids",
        "_PUBLIC_AMI_PARAMETERS",
    ),
    "services.cloudformation": ("_stacks", "_stack_events"),
    "services.cloudformation.handlers": (
        "_ACTION_HANDLERS",
        "_error",
        "_xml",
        "_evaluate_conditions",
        "_roll_back_operation",
        "validate_template_support",
    ),
    "services.cloudformation.changesets": ("_evaluate_conditions", "validate_template_support"),
    "services.cloudformation.engine": (
        "_evaluate_conditions",
        "_extract_deps",
        "_intrinsic_references",
        "_resolve_refs",
        "_topological_sort",
        "validate_template_support",
    ),
    "services.cloudformation.provisioners": (
        "_RESOURCE_HANDLERS",
        "_REPLACING_PROPERTIES",
        "_STACK_TAG_PROPERTY",
        "_delete_resource",
        "_property_recreation",
        "_replacing_change",
        "_replace_resource",
        "_with_stack_tags",
    ),
    "services.cloudformation.stacks": (
        "_add_event",
        "_delete_resource",
        "_evaluate_conditions",
        "_property_recreation",
        "_provision_resource",
        "_replacing_change",
        "_roll_back_operation",
        "_runs_on_worker_thread",
        "_topological_sort",
        "_update_resource",
    ),
    "services.cloudformation.custom_resource": ("_response_url",),
    "services.cloudformation.wait_conditions": (
        "SIGNAL_PATH",
        "deliver_signal",
        "handle_url",
        "has_handle",
        "wait_for",
    ),
}


def module(name: str) -> Any:
    """Return a module of ministack by its name in the package; only modules listed in ``USED`` are allowed."""
    if name not in USED:
        raise KeyError(f"ministack.{name} is not listed in USED: list it there, so that a contract test guards it")
    return import_module(f"ministack.{name}")


def replace(name: str, attribute: str, value: object) -> Any:
    """Replace one listed attribute of a module and return what it was."""
    if attribute not in USED[name]:
        raise KeyError(f"ministack.{name}.{attribute} is not listed in USED")
    owner = module(name)
    previous = getattr(owner, attribute)
    setattr(owner, attribute, value)
    return previous

"""Everything that exists in an account and region, by kind: to compare before and after.

What AWS keeps showing for a while after its end (terminated instances, deleted connections, keys waiting for their
deletion) does not count as existing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Inventory = dict[str, frozenset[str]]
ClientOf = Callable[[str], Any]

ENDED = frozenset({"deleted", "deleting", "terminated", "shutting-down", "delete-complete", "PendingDeletion"})

EC2: tuple[tuple[str, str, str, str], ...] = (
    ("VPC", "describe_vpcs", "Vpcs", "VpcId"),
    ("subnet", "describe_subnets", "Subnets", "SubnetId"),
    ("internet gateway", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    ("NAT gateway", "describe_nat_gateways", "NatGateways", "NatGatewayId"),
    ("route table", "describe_route_tables", "RouteTables", "RouteTableId"),
    ("security group", "describe_security_groups", "SecurityGroups", "GroupId"),
    ("network interface", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId"),
    ("elastic address", "describe_addresses", "Addresses", "AllocationId"),
    ("volume", "describe_volumes", "Volumes", "VolumeId"),
    ("launch template", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
    (
        "instance connect endpoint",
        "describe_instance_connect_endpoints",
        "InstanceConnectEndpoints",
        "InstanceConnectEndpointId",
    ),
    ("flow log", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("virtual private gateway", "describe_vpn_gateways", "VpnGateways", "VpnGatewayId"),
    ("customer gateway", "describe_customer_gateways", "CustomerGateways", "CustomerGatewayId"),
    ("VPN connection", "describe_vpn_connections", "VpnConnections", "VpnConnectionId"),
    ("Client VPN endpoint", "describe_client_vpn_endpoints", "ClientVpnEndpoints", "ClientVpnEndpointId"),
    ("transit gateway", "describe_transit_gateways", "TransitGateways", "TransitGatewayId"),
    (
        "transit gateway attachment",
        "describe_transit_gateway_attachments",
        "TransitGatewayAttachments",
        "TransitGatewayAttachmentId",
    ),
    (
        "transit gateway route table",
        "describe_transit_gateway_route_tables",
        "TransitGatewayRouteTables",
        "TransitGatewayRouteTableId",
    ),
)


def take(client: ClientOf) -> Inventory:
    """Kind of resource → the identifiers of all that exist."""
    found = {kind: _listed(getattr(client("ec2"), call)()[member], key) for kind, call, member, key in EC2}
    reservations = client("ec2").describe_instances()["Reservations"]
    found["instance"] = _listed((one for group in reservations for one in group["Instances"]), "InstanceId")
    iam, kms = client("iam"), client("kms")
    found["role"] = _listed(_pages(iam, "list_roles", "Roles"), "RoleName")
    found["managed policy"] = _listed(_pages(iam, "list_policies", "Policies", Scope="Local"), "Arn")
    found["instance profile"] = _listed(_pages(iam, "list_instance_profiles", "InstanceProfiles"), "Arn")
    found["function"] = _listed(_pages(client("lambda"), "list_functions", "Functions"), "FunctionArn")
    found["log group"] = _listed(_pages(client("logs"), "describe_log_groups", "logGroups"), "logGroupName")
    found["secret"] = _listed(_pages(client("secretsmanager"), "list_secrets", "SecretList"), "ARN")
    found["parameter"] = _listed(_pages(client("ssm"), "describe_parameters", "Parameters"), "Name")
    found["certificate"] = _listed(
        _pages(client("acm"), "list_certificates", "CertificateSummaryList"), "CertificateArn"
    )
    found["alarm"] = _listed(_pages(client("cloudwatch"), "describe_alarms", "MetricAlarms"), "AlarmName")
    found["dashboard"] = _listed(client("cloudwatch").list_dashboards()["DashboardEntries"], "DashboardName")
    queries = client("logs").describe_query_definitions()["queryDefinitions"]
    found["saved query"] = _listed(queries, "queryDefinitionId")
    found["event rule"] = _listed(client("events").list_rules()["Rules"], "Name")
    found["topic"] = _listed(_pages(client("sns"), "list_topics", "Topics"), "TopicArn")
    found["bucket"] = _listed(client("s3").list_buckets()["Buckets"], "Name")
    keys = (kms.describe_key(KeyId=one["KeyId"])["KeyMetadata"] for one in _pages(kms, "list_keys", "Keys"))
    found["key"] = _listed((key for key in keys if key["KeyManager"] == "CUSTOMER"), "KeyId")
    aliases = _pages(kms, "list_aliases", "Aliases")
    found["key alias"] = _listed((one for one in aliases if not one["AliasName"].startswith("alias/aws/")), "AliasName")
    return {kind: identifiers for kind, identifiers in found.items() if identifiers}


def _pages(client: Any, call: str, member: str, **request: Any) -> Iterable[dict[str, Any]]:
    for page in client.get_paginator(call).paginate(**request):
        yield from page[member]


def _listed(things: Iterable[dict[str, Any]], key: str) -> frozenset[str]:
    return frozenset(str(one[key]) for one in things if _state(one) not in ENDED)


def _state(thing: dict[str, Any]) -> str:
    state = thing.get("State", thing.get("KeyState", ""))
    return str(state.get("Name", "")) if isinstance(state, dict) else str(state)


def difference(before: Inventory, after: Inventory) -> Inventory:
    """What exists afterwards and did not before."""
    return {kind: new for kind, identifiers in after.items() if (new := identifiers - before.get(kind, frozenset()))}

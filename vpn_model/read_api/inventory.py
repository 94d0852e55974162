"""Everything that exists in an account and Region, by kind: to compare before and after.

What AWS still shows for some time after its end (terminated instances, deleted connections, keys that wait for their
deletion) does not count as existing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vpn_model.network import Unreadable
from vpn_model.read_api.calls import Calls, ClientOf, Entry

ENDED = frozenset({"deleted", "deleting", "terminated", "shutting-down", "delete-complete", "PendingDeletion"})
EC2 = (
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
    ("instance connect endpoint", "describe_instance_connect_endpoints", "InstanceConnectEndpoints", ""),
    ("flow log", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    ("virtual private gateway", "describe_vpn_gateways", "VpnGateways", "VpnGatewayId"),
    ("customer gateway", "describe_customer_gateways", "CustomerGateways", "CustomerGatewayId"),
    ("VPN connection", "describe_vpn_connections", "VpnConnections", "VpnConnectionId"),
    ("Client VPN endpoint", "describe_client_vpn_endpoints", "ClientVpnEndpoints", "ClientVpnEndpointId"),
    ("transit gateway", "describe_transit_gateways", "TransitGateways", "TransitGatewayId"),
    ("transit gateway attachment", "describe_transit_gateway_attachments", "TransitGatewayAttachments", ""),
    ("transit gateway route table", "describe_transit_gateway_route_tables", "TransitGatewayRouteTables", ""),
)
OTHERS: tuple[tuple[str, str, str, str, str, dict[str, Any]], ...] = (
    ("role", "iam", "list_roles", "Roles", "RoleName", {}),
    ("managed policy", "iam", "list_policies", "Policies", "Arn", {"Scope": "Local"}),
    ("instance profile", "iam", "list_instance_profiles", "InstanceProfiles", "Arn", {}),
    ("function", "lambda", "list_functions", "Functions", "FunctionArn", {}),
    ("log group", "logs", "describe_log_groups", "logGroups", "logGroupName", {}),
    ("saved query", "logs", "describe_query_definitions", "queryDefinitions", "queryDefinitionId", {}),
    ("secret", "secretsmanager", "list_secrets", "SecretList", "ARN", {}),
    ("parameter", "ssm", "describe_parameters", "Parameters", "Name", {}),
    ("certificate", "acm", "list_certificates", "CertificateSummaryList", "CertificateArn", {}),
    ("alarm", "cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName", {}),
    ("dashboard", "cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName", {}),
    ("event rule", "events", "list_rules", "Rules", "Name", {}),
    ("topic", "sns", "list_topics", "Topics", "TopicArn", {}),
    ("bucket", "s3", "list_buckets", "Buckets", "Name", {}),
)


@dataclass(frozen=True)
class Inventory:
    """What exists at one moment."""

    found: Mapping[str, frozenset[str]]
    """Kind to identifiers; a kind of which nothing exists is not there."""
    unreadable: tuple[Unreadable, ...] = ()
    """The calls that were refused: of their kinds nothing is known."""

    def new_since(self, before: Inventory) -> dict[str, frozenset[str]]:
        """What exists now and did not before, by kind."""
        grown = {kind: ids - before.found.get(kind, frozenset()) for kind, ids in self.found.items()}
        return {kind: ids for kind, ids in grown.items() if ids}


def read_inventory(client: ClientOf) -> Inventory:
    """Return what exists in an account and Region, of the kinds that VPN stacks make.

    Only calls that read are made. ``client`` gives the boto3 client of a service.

    Raises:
        botocore.exceptions.ClientError: A call failed for another reason than a missing permission.
    """
    calls = Calls(client)
    found = {kind: _ids(calls.pages(call, member), id_key(member, key)) for kind, call, member, key in EC2}
    groups = calls.pages("describe_instances", "Reservations")
    found["instance"] = _ids((one for group in groups for one in group["Instances"]), "InstanceId")
    for kind, service, call, member, key, request in OTHERS:
        found[kind] = _ids(calls.pages(call, member, service=service, **request), key)
    found["key"] = _ids(_customer_keys(calls), "KeyId")
    aliases = calls.pages("list_aliases", "Aliases", service="kms")
    found["key alias"] = _ids((one for one in aliases if not one["AliasName"].startswith("alias/aws/")), "AliasName")
    return Inventory({kind: ids for kind, ids in found.items() if ids}, calls.unreadable)


def id_key(member: str, key: str) -> str:
    """The id in an entry of EC2's: as the list is called, if nothing else is given."""
    return key or f"{member[:-1]}Id"


def _customer_keys(calls: Calls) -> Iterable[Entry]:
    for one in calls.pages("list_keys", "Keys", service="kms"):
        for key in calls.one("describe_key", "KeyMetadata", service="kms", KeyId=one["KeyId"]):
            if key["KeyManager"] == "CUSTOMER":
                yield key


def _ids(entries: Iterable[Entry], key: str) -> frozenset[str]:
    return frozenset(str(one[key]) for one in entries if _state(one) not in ENDED)


def _state(entry: Entry) -> str:
    state = entry.get("State", entry.get("KeyState", ""))
    return str(state.get("Name", "")) if isinstance(state, dict) else str(state)

"""What an account uses of each quota in a Region, and what the quota is."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from vpn_model.needs.quotas import QUOTAS, Quota, vcpu_quota
from vpn_ops.preflight.asking import code_of, every

RUNNING = ("pending", "running")
ENDED = ("deleted", "deleting", "delete-complete", "delete-failed", "failed", "rejected")


class Usage:
    """Reads EC2. Every answer is read once.

    Args:
        ec2: A boto3 client of EC2.
        account: The twelve digits of the account: what others share with it does not count.
    """

    def __init__(self, ec2: Any, account: str) -> None:
        self._ec2 = ec2
        self._account = account
        self._vcpus: dict[str, int] = {}

    def used(self, quota: str, parent: str | None = None) -> int:
        """How much of a quota is used.

        Args:
            quota: Key of the quota.
            parent: Id of the gateway whose own quota it is.

        Raises:
            ClientError: EC2 refuses the question.
        """
        if quota.startswith("vcpus_"):
            return sum(
                self.vcpus_of(one) for one in self.instances.values() if vcpu_quota(one["InstanceType"]) == quota
            )
        return len(self._counted[quota](parent))

    @cached_property
    def instances(self) -> dict[str, dict[str, Any]]:
        """The On-Demand instances that run, by their ids."""
        states = [{"Name": "instance-state-name", "Values": list(RUNNING)}]
        found = every(self._ec2, "describe_instances", "Reservations", Filters=states)
        running = (one for reservation in found for one in reservation["Instances"])
        return {one["InstanceId"]: one for one in running if "InstanceLifecycle" not in one}

    def vcpus_of(self, instance: dict[str, Any]) -> int:
        """The vCPUs of an instance that exists."""
        options = instance.get("CpuOptions") or {}
        if options.get("CoreCount") and options.get("ThreadsPerCore"):
            return int(options["CoreCount"]) * int(options["ThreadsPerCore"])
        return self.vcpus(instance["InstanceType"])

    def vcpus(self, instance_type: str) -> int:
        """The vCPUs of an instance type.

        Raises:
            ClientError: The Region has no such type, or EC2 refuses the question.
        """
        if instance_type not in self._vcpus:
            (found,) = self._ec2.describe_instance_types(InstanceTypes=[instance_type])["InstanceTypes"]
            self._vcpus[instance_type] = int(found["VCpuInfo"]["DefaultVCpus"])
        return self._vcpus[instance_type]

    @property
    def _counted(self) -> dict[str, Callable[[str | None], list[Any]]]:
        return {
            "addresses": lambda _: self._all("describe_addresses", "Addresses"),
            "vpcs": lambda _: self._own("describe_vpcs", "Vpcs"),
            "internet_gateways": lambda _: self._own("describe_internet_gateways", "InternetGateways"),
            "instance_connect_endpoints": lambda _: self._own(
                "describe_instance_connect_endpoints", "InstanceConnectEndpoints"
            ),
            "customer_gateways": lambda _: self._all("describe_customer_gateways", "CustomerGateways"),
            "vpn_gateways": lambda _: self._all("describe_vpn_gateways", "VpnGateways"),
            "vpn_connections": lambda _: self._connections,
            "vpn_connections_per_gateway": lambda parent: [
                one for one in self._connections if one.get("VpnGatewayId") == parent
            ],
            "transit_gateways": lambda _: self._own("describe_transit_gateways", "TransitGateways"),
            "transit_gateway_attachments": lambda parent: self._all(
                "describe_transit_gateway_attachments",
                "TransitGatewayAttachments",
                Filters=[{"Name": "transit-gateway-id", "Values": [parent]}],
            ),
            "client_vpn_endpoints": lambda _: self._all("describe_client_vpn_endpoints", "ClientVpnEndpoints"),
        }

    @cached_property
    def _connections(self) -> list[dict[str, Any]]:
        return self._all("describe_vpn_connections", "VpnConnections")

    def _own(self, operation: str, member: str) -> list[dict[str, Any]]:
        return [one for one in self._all(operation, member) if one.get("OwnerId", self._account) == self._account]

    def _all(self, operation: str, member: str, **request: Any) -> list[dict[str, Any]]:
        return [one for one in every(self._ec2, operation, member, **request) if _state(one) not in ENDED]


def _state(described: dict[str, Any]) -> str:
    state = described.get("State", described.get("Status", ""))
    return str(state.get("Code", "") if isinstance(state, dict) else state)


def quota_value(service_quotas: Any, quota: Quota) -> int:
    """The value of a quota in the account and Region; AWS's default for one that Service Quotas does not list.

    Raises:
        ClientError: Service Quotas refuses the question.
    """
    if quota.code is None:
        return quota.default
    request = {"ServiceCode": quota.service, "QuotaCode": quota.code}
    try:
        found = service_quotas.get_service_quota(**request)
    except ClientError as problem:
        # the account has never asked for another value
        if code_of(problem) != "NoSuchResourceException":
            raise
        found = service_quotas.get_aws_default_service_quota(**request)
    return int(found["Quota"]["Value"])


def increase(quota: Quota, wanted: int, region: str) -> str:
    """How to raise a quota, as a command if there is one."""
    raised = QUOTAS[quota.raised_by] if quota.raised_by else quota
    if raised.code is None:
        return f"ask AWS Support for {wanted} {raised.title} in {region}"
    return (
        f"aws service-quotas request-service-quota-increase --service-code {raised.service} "
        f"--quota-code {raised.code} --desired-value {wanted} --region {region}"
    )

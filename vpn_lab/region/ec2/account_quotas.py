"""Refuses what exceeds a quota of the account in this Region."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.instance_types import INSTANCE_TYPES

from vpn_lab.region import quotas
from vpn_lab.region.ec2.errors import refusal

STANDARD_FAMILIES = "acdhimrtz"
NEVER_COUNTED = ("inf", "hpc", "trn", "dl", "mac", "vt")
COUNTS_VCPUS = ("pending", "running")


def vcpus(instance_type: str) -> int:
    """Return what an instance counts against the quota of standard instances; 0 if it has a quota of its own."""
    if not instance_type.startswith(tuple(STANDARD_FAMILIES)) or instance_type.startswith(NEVER_COUNTED):
        return 0
    return int(INSTANCE_TYPES[instance_type]["VCpuInfo"]["DefaultVCpus"])


class AccountQuotas(EC2Backend):
    def check_quota(self, code: str, used: int, error: str, what: str, more: int = 1) -> None:
        """Raise if ``more`` of something exceed its quota, and somebody has set that quota."""
        limit = quotas.enforced(self.region_name, code)
        if limit is not None and used + more > limit:
            raise refusal(error, f"The maximum number of {what} has been reached.")

    def create_vpc(self, *args: Any, **kwargs: Any) -> Any:
        if not kwargs.get("is_default"):
            self.check_quota(quotas.VPCS, len(self.vpcs), "VpcLimitExceeded", "VPCs")
        return super().create_vpc(*args, **kwargs)

    def create_internet_gateway(self, *args: Any, **kwargs: Any) -> Any:
        used = len(self.internet_gateways)
        self.check_quota(quotas.INTERNET_GATEWAYS, used, "InternetGatewayLimitExceeded", "internet gateways")
        return super().create_internet_gateway(*args, **kwargs)

    def check_vcpus(self, instance_types: Iterable[str]) -> None:
        """Raise ``VcpuLimitExceeded`` if these instances together with those that run have too many vCPUs."""
        limit = quotas.enforced(self.region_name, quotas.VCPUS)
        running = [one.instance_type for one in self.all_instances() if one.state in COUNTS_VCPUS]
        more = sum(vcpus(one) for one in instance_types)
        if limit is not None and more and more + sum(vcpus(one) for one in running) > limit:
            message = (
                f"You have requested more vCPU capacity than your current vCPU limit of {limit} allows for the "
                "instance bucket that the specified instance type belongs to. Please visit "
                "http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit."
            )
            raise refusal("VcpuLimitExceeded", message)

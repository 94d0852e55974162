"""An account for ``vpn-ops preflight``: it answers what a test has put there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

NUMBER, REGION = "123456789012", "eu-central-1"
VCPUS = {"t3.micro": 2, "t3.xlarge": 4, "p4d.24xlarge": 96}
NOTHING = (
    "Reservations",
    "Addresses",
    "Vpcs",
    "InternetGateways",
    "InstanceConnectEndpoints",
    "CustomerGateways",
    "VpnGateways",
    "VpnConnections",
    "TransitGateways",
    "TransitGatewayAttachments",
    "ClientVpnEndpoints",
)


def refusal(code: str, message: str = "no") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Question")


@dataclass
class Cloud:
    """An account, and each of its clients. ``refused`` names operations that the account may not call."""

    there: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    quotas: dict[str, float] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    version: str | None = "30"
    stack: dict[str, Any] | None = None
    opted: str = "opt-in-not-required"
    number: str = NUMBER
    region: str = REGION

    def client(self, _: str) -> Cloud:
        return self

    def can_paginate(self, _: str) -> bool:
        return False

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        if operation.startswith("_"):
            raise AttributeError(operation)

        def ask(**request: Any) -> Any:
            if operation in self.refused:
                raise refusal("UnauthorizedOperation")
            return self.answer(operation, request)

        return ask

    def answer(self, operation: str, request: dict[str, Any]) -> Any:
        own = getattr(self, f"_{operation}", None)
        return own(**request) if own else {member: self.there.get(member, []) for member in NOTHING}

    def _describe_instance_types(self, InstanceTypes: list[str]) -> Any:  # noqa: N803
        (kind,) = InstanceTypes
        return {"InstanceTypes": [{"VCpuInfo": {"DefaultVCpus": VCPUS[kind]}}]}

    def _describe_instance_type_offerings(self, Filters: list[Any], **_: Any) -> Any:  # noqa: N803
        kind = Filters[0]["Values"][0]
        return {"InstanceTypeOfferings": [{"InstanceType": kind, "Location": f"{REGION}{zone}"} for zone in "ab"]}

    def _describe_availability_zones(self) -> Any:
        local = {"ZoneName": f"{REGION}-ham-1a", "ZoneType": "local-zone"}
        return {"AvailabilityZones": [local, *({"ZoneName": f"{REGION}{zone}"} for zone in "abc")]}

    def _describe_regions(self, **_: Any) -> Any:
        return {"Regions": [{"OptInStatus": self.opted}]}

    def _describe_type(self, **_: Any) -> Any:
        return {}

    def _get_parameter(self, **_: Any) -> Any:
        if self.version is None:
            raise refusal("ParameterNotFound")
        return {"Parameter": {"Value": self.version}}

    def _get_service_quota(self, QuotaCode: str, **_: Any) -> Any:  # noqa: N803
        if QuotaCode not in self.quotas:
            raise refusal("NoSuchResourceException")
        return {"Quota": {"Value": self.quotas[QuotaCode]}}

    def _get_aws_default_service_quota(self, **_: Any) -> Any:
        return {"Quota": {"Value": 5.0}}

    def _describe_stacks(self, StackName: str) -> Any:  # noqa: N803
        if self.stack is None:
            raise refusal("ValidationError", f"Stack with id {StackName} does not exist")
        return {"Stacks": [{"StackStatus": self.stack["status"]}]}

    def _list_stack_resources(self, **_: Any) -> Any:
        assert self.stack is not None
        return {"StackResourceSummaries": self.stack["resources"]}

"""The AWS account and Region that a command works in."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from vpn_ops.errors import UsageError


class Account:
    """The account and Region of the AWS environment.

    Args:
        region: Name of the Region, such as ``eu-central-1``. Default: the one of the AWS environment.
        profile: Profile of the AWS configuration. Default: the one of the AWS environment.

    Raises:
        UsageError: No Region was given, and the environment has none.
    """

    def __init__(self, region: str | None = None, profile: str | None = None) -> None:
        import boto3  # noqa: PLC0415 -- it takes longer to load than all the rest, and --help does not need it

        self._session = boto3.Session(region_name=region, profile_name=profile)
        self._clients: dict[str, Any] = {}
        self.region = str(self._session.region_name or "")
        if not self.region:
            raise UsageError("no Region is configured; set AWS_REGION or use --region")

    @cached_property
    def number(self) -> str:
        """The twelve digits of the account."""
        return str(self.client("sts").get_caller_identity()["Account"])

    def client(self, service: Any) -> Any:
        """Return the boto3 client of a service, such as ``"ec2"``."""
        if service not in self._clients:
            self._clients[service] = self._session.client(service)
        return self._clients[service]

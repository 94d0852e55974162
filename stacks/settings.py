"""What the scenarios can be told: by context on the command line, or by constructor argument."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from constructs import Construct

from cdk_aws_vpn import VpnConfigurationError
from cdk_aws_vpn.checks.addressing import check_no_overlap, check_vpc_cidr
from cdk_aws_vpn.checks.tokens import is_token

__all__ = ["ScenarioSettings"]

_SMALLEST_NETWORK = 23


@dataclass(frozen=True, kw_only=True)
class ScenarioSettings:
    """Settings that all scenarios share; every one has a default.

    Attributes:
        idc_cidr: Network of the data centre.
        cloud_cidr: Network of the AWS side.
        second_cloud_cidr: Network of the AWS side's second VPC, where a scenario has one.
        client_cidr: Where the clients of a Client VPN get their addresses from.
        device_asn: ASN of the customer gateway devices.
        amazon_side_asn: ASN of the virtual private gateway, or of the transit gateway.
        architecture: ``x86_64`` or ``arm64``, of every instance.
        instance_type: Type of the devices. Default: t3.micro or t4g.micro.
        image_release: Change it to take the newest Amazon Linux image.
        security_profile: ``recommended``, ``cnsa`` or ``compatibility``.
    """

    idc_cidr: str = "10.60.0.0/16"
    cloud_cidr: str = "10.50.0.0/16"
    second_cloud_cidr: str = "10.51.0.0/16"
    client_cidr: str = "10.70.0.0/22"
    device_asn: int = 65000
    amazon_side_asn: int = 64512
    architecture: str = "x86_64"
    instance_type: str | None = None
    image_release: str = "1"
    security_profile: str = "recommended"

    def __post_init__(self) -> None:
        for name in ("idc_cidr", "cloud_cidr", "second_cloud_cidr"):
            cidr = check_vpc_cidr(name, getattr(self, name))
            if not is_token(cidr) and int(cidr.split("/")[1]) > _SMALLEST_NETWORK:
                raise VpnConfigurationError(
                    name,
                    cidr,
                    f"/16 to /{_SMALLEST_NETWORK}, so that each subnet has an address number 110",
                    "choose a larger block",
                )
        check_no_overlap("cloud_cidr", [self.idc_cidr, self.cloud_cidr])

    @property
    def device(self) -> dict[str, Any]:
        """The arguments of every ``CgwInstance``."""
        return {
            "bgp_asn": self.device_asn,
            "architecture": self.architecture,
            "instance_type": self.instance_type,
            "image_release": self.image_release,
        }

    @classmethod
    def from_context(cls, scope: Construct) -> ScenarioSettings:
        """Read the settings from the context: ``cdk deploy -c idc_cidr=10.61.0.0/16 ScenarioDualTunnel``."""
        values: dict[str, Any] = {}
        context = scope.node.get_all_context()
        for field in fields(cls):
            given = context.get(field.name)
            if given is not None:
                values[field.name] = _whole_number(field.name, given) if field.name.endswith("asn") else str(given)
        return cls(**values)


def _whole_number(name: str, value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise VpnConfigurationError(name, value, "a whole number", f"write it like -c {name}=65000") from None

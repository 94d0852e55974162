"""What a customer gateway device is told about dynamic routing."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_aws_vpn.errors import QuotaError, VpnConfigurationError

__all__ = ["BgpConfig"]


@dataclass(frozen=True, kw_only=True)
class BgpConfig:
    """Dynamic routing: the two ASNs and what the device tells AWS it can reach.

    Attributes:
        learned_maximum: How many networks AWS takes; one more, and it ends the session.
        announced_maximum: How many networks AWS may announce before the device ends the session.
    """

    local_asn: int
    amazon_side_asn: int
    advertised_prefixes: tuple[str, ...]
    learned_maximum: int = 100
    announced_maximum: int = 100

    def __post_init__(self) -> None:
        if not self.advertised_prefixes:
            raise VpnConfigurationError(
                "advertised_prefixes", (), "at least one prefix", "name the networks behind the device"
            )
        if len(self.advertised_prefixes) > self.learned_maximum:
            raise QuotaError(
                "local_prefixes",
                len(self.advertised_prefixes),
                f"{self.learned_maximum} at most, as AWS ends a BGP session with more",
                "summarise them into fewer, larger networks",
            )

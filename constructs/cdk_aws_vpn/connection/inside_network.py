"""The /30 inside a tunnel, and its address at either end."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_aws_vpn.checks.addressing import check_inside_cidr, inside_addresses


@dataclass(frozen=True)
class InsideNetwork:
    """The network inside one tunnel: AWS has its first address, the device its second.

    Attributes:
        cidr: The /30. A token is refused, because the addresses are computed from it.

    Raises:
        AddressingError: ``cidr`` cannot be the network inside a tunnel.
    """

    cidr: str

    def __post_init__(self) -> None:
        check_inside_cidr("inside_cidr", self.cidr)
        inside_addresses(self.cidr)

    @property
    def aws_address(self) -> str:
        """AWS's address inside the tunnel."""
        return inside_addresses(self.cidr)[0]

    @property
    def device_address(self) -> str:
        """The device's address inside the tunnel."""
        return inside_addresses(self.cidr)[1]

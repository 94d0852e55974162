"""The two ends of a VPN connection: virtual private gateways and customer gateways."""

from __future__ import annotations

from dataclasses import dataclass

from vpn_model.unknown import Number, Text

DEFAULT_AMAZON_SIDE_ASN = 64512
DEFAULT_CUSTOMER_ASN = 65000


@dataclass(frozen=True)
class VpnGateway:
    """A virtual private gateway that is not deleted."""

    id: str
    name: str
    vpc_id: str | None
    """The VPC that it is attached to."""
    asn: Number = DEFAULT_AMAZON_SIDE_ASN
    state: str = "planned"


@dataclass(frozen=True)
class CustomerGateway:
    """A customer gateway that is not deleted."""

    id: str
    name: str
    address: Text | None
    """The outside address of the device; None if the gateway has only a certificate."""
    asn: Number = DEFAULT_CUSTOMER_ASN
    certificate_arn: Text | None = None
    device_name: Text | None = None
    state: str = "planned"

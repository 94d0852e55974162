"""The quotas of the account in each Region: AWS's defaults, unless somebody has set another value.

Names, codes and defaults: "Amazon EC2 endpoints and quotas", "Amazon VPC endpoints and quotas", "AWS Site-to-Site VPN
quotas", "AWS Client VPN quotas" and "AWS Transit Gateway quotas". 5 vCPUs is what a new account starts with.
"""

from __future__ import annotations

from dataclasses import dataclass, field

VCPUS = "L-1216C47A"
ADDRESSES = "L-0263D0A3"
VPCS = "L-F678F1CE"
INTERNET_GATEWAYS = "L-A4707A72"
CUSTOMER_GATEWAYS = "L-4FB7FF5D"
VPN_CONNECTIONS = "L-3E6EC3A3"
VPN_CONNECTIONS_PER_GATEWAY = "L-B91E5754"
VPN_GATEWAYS = "L-7029FAB6"
TRANSIT_GATEWAYS = "L-A2478D36"
CLIENT_VPN_ENDPOINTS = "L-8EA77D34"
INSTANCE_CONNECT_ENDPOINTS = "instance-connect-endpoints"

SERVICES = {"ec2": "Amazon Elastic Compute Cloud (Amazon EC2)", "vpc": "Amazon Virtual Private Cloud (Amazon VPC)"}


@dataclass(frozen=True)
class Quota:
    """One quota as Service Quotas describes it."""

    service: str
    code: str
    name: str
    default: int
    adjustable: bool = True
    usage: dict[str, str] = field(default_factory=dict)
    """The dimensions of the metric in AWS/Usage that counts what is used; without them, AWS has no such metric."""

    listed: bool = True
    """Whether Service Quotas knows it. EC2 documents a quota that has no code; it can only be set here."""


QUOTAS = {
    one.code: one
    for one in (
        Quota(
            "ec2",
            VCPUS,
            "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
            5,
            usage={"Class": "Standard/OnDemand", "Resource": "vCPU", "Service": "EC2", "Type": "Resource"},
        ),
        Quota("ec2", ADDRESSES, "EC2-VPC Elastic IPs", 5),
        Quota("ec2", CUSTOMER_GATEWAYS, "Customer gateways per region", 50),
        Quota("ec2", VPN_CONNECTIONS, "VPN connections per region", 50),
        Quota("ec2", VPN_CONNECTIONS_PER_GATEWAY, "VPN connections per VGW", 10),
        Quota("ec2", VPN_GATEWAYS, "Virtual private gateways per region", 5),
        Quota("ec2", TRANSIT_GATEWAYS, "Transit gateways per account", 5),
        Quota("ec2", "L-E0233F82", "Attachments per transit gateway", 5000),
        Quota("ec2", CLIENT_VPN_ENDPOINTS, "Client VPN endpoints per Region", 5),
        Quota("ec2", "L-9A1BC94B", "Authorization rules per Client VPN endpoint", 200),
        Quota("ec2", INSTANCE_CONNECT_ENDPOINTS, "EC2 Instance Connect Endpoints per Region", 5, listed=False),
        Quota("vpc", VPCS, "VPCs per Region", 5),
        Quota("vpc", INTERNET_GATEWAYS, "Internet gateways per Region", 5),
        Quota("vpc", "L-407747CB", "Subnets per VPC", 200),
        Quota("vpc", "L-589F43AA", "Route tables per VPC", 200),
        Quota("vpc", "L-DF5E4CA3", "Network interfaces per Region", 5000),
        Quota("vpc", "L-E79EC296", "VPC security groups per Region", 2500),
    )
}

_set: dict[tuple[str, str], int] = {}
"""(Region, code) → the value that somebody has set."""


def applied(region: str, code: str) -> int:
    """Return the value of a quota in a Region."""
    return _set.get((region, code), QUOTAS[code].default)


def enforced(region: str, code: str) -> int | None:
    """Return the value that somebody has set; ``None`` if nobody has, and then the region does not enforce it.

    One local region often holds more than a new account may: all scenarios, or the stacks of many tests.
    """
    return _set.get((region, code))


def change(region: str, code: str, value: int | None) -> int:
    """Set the value of a quota; ``None`` restores AWS's default. Return what now applies.

    Raises:
        LookupError: The quota is not known.
    """
    if code not in QUOTAS:
        raise LookupError(f"quota {code!r} is unknown; use one of {', '.join(QUOTAS)}")
    if value is None:
        _set.pop((region, code), None)
    else:
        _set[region, code] = value
    return applied(region, code)


def reset() -> None:
    """Restore all defaults."""
    _set.clear()

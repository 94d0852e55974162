"""The quotas of an account and Region that a VPN network uses up.

Codes, defaults and whether a quota can be raised: "Amazon EC2 endpoints and quotas" and "Amazon Virtual Private Cloud
endpoints and quotas" in the AWS General Reference; the quota pages of the user guides of Site-to-Site VPN, Client VPN,
transit gateways and EC2 Instance Connect Endpoint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Quota:
    """One quota.

    Attributes:
        key: Our name for it.
        title: What it counts, in words.
        service: Its service in Service Quotas.
        code: Its code there; ``None`` if Service Quotas does not list it.
        default: AWS's default.
        raised_by: The quota to raise instead, if this one cannot be raised itself.
        per: The type of resource that has its own quota, such as ``AWS::EC2::VPNGateway``. Default: the account and
            Region have.
    """

    key: str
    title: str
    service: str
    code: str | None
    default: int
    raised_by: str | None = None
    per: str | None = None


_LISTED = (
    Quota("addresses", "Elastic IP addresses", "ec2", "L-0263D0A3", 5),
    Quota("vpcs", "VPCs", "vpc", "L-F678F1CE", 5),
    # raising the quota of VPCs raises this one too, and it has no other way
    Quota("internet_gateways", "internet gateways", "vpc", "L-A4707A72", 5, raised_by="vpcs"),
    Quota("instance_connect_endpoints", "EC2 Instance Connect Endpoints", "ec2", None, 5),
    Quota("customer_gateways", "customer gateways", "ec2", "L-4FB7FF5D", 50),
    Quota("vpn_gateways", "virtual private gateways", "ec2", "L-7029FAB6", 5),
    Quota("vpn_connections", "Site-to-Site VPN connections", "ec2", "L-3E6EC3A3", 50),
    Quota(
        "vpn_connections_per_gateway",
        "Site-to-Site VPN connections of one virtual private gateway",
        "ec2",
        "L-B91E5754",
        10,
        per="AWS::EC2::VPNGateway",
    ),
    Quota("transit_gateways", "transit gateways", "ec2", "L-A2478D36", 5),
    Quota(
        "transit_gateway_attachments",
        "attachments of one transit gateway",
        "ec2",
        "L-E0233F82",
        5000,
        per="AWS::EC2::TransitGateway",
    ),
    Quota("client_vpn_endpoints", "Client VPN endpoints", "ec2", "L-8EA77D34", 5),
)
_INSTANCES = {
    "standard": ("Standard (A, C, D, H, I, M, R, T, Z)", "L-1216C47A", 5),
    "f": ("F", "L-74FC7D96", 0),
    "g": ("G and VT", "L-DB2E81BA", 0),
    "inf": ("Inf", "L-1945791B", 0),
    "p": ("P", "L-417A185B", 0),
    "trn": ("Trn", "L-2C3B7624", 0),
    "u": ("High Memory", "L-43DA4232", 0),
    "x": ("X", "L-7295265B", 0),
}
VCPUS = "vcpus"
QUOTAS = {
    **{
        f"{VCPUS}_{key}": Quota(f"{VCPUS}_{key}", f"vCPUs of running On-Demand {name} instances", "ec2", code, default)
        for key, (name, code, default) in _INSTANCES.items()
    },
    **{one.key: one for one in _LISTED},
}
"""Every quota by its key. The first are those of vCPUs, ``vcpus_standard`` and so on."""

_FAMILY = re.compile(r"[a-z]+")
_FAMILIES = {"vt": "g", "gr": "g", "u": "u", "im": "standard", "is": "standard"}


def vcpu_quota(instance_type: str) -> str | None:
    """The key of the quota that counts an instance type's vCPUs; ``None`` for a family that is not known here.

    Args:
        instance_type: A type such as ``t3.micro``.
    """
    found = _FAMILY.match(instance_type)
    family = found[0] if found else ""
    key = _FAMILIES.get(family) or (family if family in _INSTANCES else None)
    if key is None and family in tuple("acdhimrtz"):
        key = "standard"
    return None if key is None else f"{VCPUS}_{key}"

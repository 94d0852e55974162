"""The errors of the library: one tree, so that an application can catch them all at once.

    VpnError (a ValueError)
    ├── VpnConfigurationError   a property has a value that AWS, or this library, does not allow
    │   ├── AddressingError     a CIDR, an address or an ASN
    │   ├── TunnelOptionsError  an option of a VPN tunnel
    │   └── QuotaError          more of something than AWS grants by default
    └── AssetError              a file of the library is missing from the installation

A message always has the same four parts: the property, the value received, what is allowed, and what to do.
"""

from __future__ import annotations


class VpnError(ValueError):
    """Base of every error that the library raises on purpose."""


class VpnConfigurationError(VpnError):
    """A property has a value that is not allowed.

    Args:
        prop: Name of the property, as the caller wrote it.
        value: The value received. Never pass a secret here.
        allowed: The allowed range, as a phrase that follows "allowed:".
        remedy: What to do, as an imperative sentence without a full stop.
    """

    def __init__(self, prop: str, value: object, allowed: str, remedy: str) -> None:
        self.property = prop
        self.value = value
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(f"{prop} {value!r} is not allowed; allowed: {allowed}; {remedy}")


class AddressingError(VpnConfigurationError):
    """A CIDR block, an IP address or an autonomous system number cannot be used."""


class TunnelOptionsError(VpnConfigurationError):
    """An option of a VPN tunnel is out of range, or two options exclude each other."""


class QuotaError(VpnConfigurationError):
    """The stack asks for more than AWS grants by default.

    Quotas that AWS raises on request are checked against their default; the message names the quota to raise.
    """


class AssetError(VpnError):
    """A file that ships with the library cannot be found."""

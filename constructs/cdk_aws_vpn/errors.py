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

_LONGEST = 300
"""How many characters of a value an error shows."""


class VpnError(ValueError):
    """Base of every error that the library raises on purpose."""


class VpnConfigurationError(VpnError):
    """A property has a value that is not allowed.

    Args:
        prop: Name of the property, as the caller wrote it.
        value: The value received. Never pass a text here that may be a secret. Texts, numbers and lists of them are
            shown. Of anything else, such as a dict, only the type is shown and kept, because it may hold a key.
        allowed: The allowed range, as a phrase that follows "allowed:".
        remedy: What to do, as an imperative sentence without a full stop.
    """

    def __init__(self, prop: str, value: object, allowed: str, remedy: str) -> None:
        self.property = prop
        self.value = value if _can_be_shown(value) else type_of(value)
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(f"{prop} {self.value!r} is not allowed; allowed: {allowed}; {remedy}")


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


def type_of(value: object) -> str:
    """Return what an error shows of a value that may hold a key: its type."""
    if isinstance(value, type):
        return f"(the class {value.__name__})"
    if isinstance(value, str):
        return f"(a text of {len(value)} characters)"
    return f"({type(value).__name__})"


def _can_be_shown(value: object) -> bool:
    if isinstance(value, list | tuple):
        return len(value) <= _LONGEST and all(not isinstance(each, list) and _can_be_shown(each) for each in value)
    if isinstance(value, int):
        return bool(abs(value) < 10**_LONGEST)
    if isinstance(value, str):
        return len(value) <= _LONGEST
    return value is None or isinstance(value, float)

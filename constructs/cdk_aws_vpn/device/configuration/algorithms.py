"""AWS's and libreswan 4's names of the algorithms, and how much of a packet a cipher uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import TypeVar

from cdk_aws_vpn.errors import TunnelOptionsError

_Key = TypeVar("_Key", str, int)

_AEAD = {"AES128-GCM-16": "aes_gcm128", "AES256-GCM-16": "aes_gcm256"}
_CBC = {"AES128": "aes128", "AES256": "aes256"}
_INTEGRITY = {"SHA1": "sha1", "SHA2-256": "sha2_256", "SHA2-384": "sha2_384", "SHA2-512": "sha2_512"}

# Strongest first. DH 2, 22, 23 and 24 are missing from libreswan 4 on purpose: RFC 8247 calls them weak.
_ELLIPTIC_CURVES = {21: "dh21", 20: "dh20", 19: "dh19"}
_MODULAR_GROUPS = {18: "dh18", 17: "dh17", 16: "dh16", 15: "dh15", 14: "dh14", 5: "dh5"}
_DH_GROUPS = {**_ELLIPTIC_CURVES, **_MODULAR_GROUPS}

# What AWS publishes for a device behind NAT: IP, UDP and ESP headers, padding and the integrity check value.
_MTU_AEAD = 1438
_MTU_CBC = {"SHA1": 1422, "SHA2-256": 1422, "SHA2-384": 1422, "SHA2-512": 1406}
IP_AND_TCP_HEADERS = 40


def ike_proposals(encryption: Iterable[str], integrity: Iterable[str], dh_group: int, *, ike_version: str) -> str:
    """Return libreswan's ``ike=`` for the phase 1 algorithms of a tunnel.

    With AES-GCM the integrity algorithms become the pseudo-random functions, as AWS reads them too.

    Raises:
        TunnelOptionsError: libreswan 4 does not know an algorithm, or not with this version of IKE.
    """
    encryption = tuple(encryption)
    aead = [name for name in encryption if name in _AEAD]
    if ike_version == "ikev1" and aead:
        raise TunnelOptionsError(
            "phase1_encryption_algorithms",
            aead[0],
            "AES128 or AES256: IKEv1 has no AES-GCM in phase 1",
            "use IKEv2, or name AES128 or AES256",
        )
    hashes = _names("phase1_integrity_algorithms", integrity, _INTEGRITY)
    (group,) = _names("phase1_dh_group_numbers", (dh_group,), _DH_GROUPS)
    return ",".join(
        f"{cipher}-{integrity};{group}"
        for ciphers in _by_kind("phase1_encryption_algorithms", encryption)
        for cipher, integrity in _combined(ike_version, ciphers, hashes)
    )


def esp_proposals(encryption: Iterable[str], integrity: Iterable[str], dh_group: int, *, ike_version: str) -> str:
    """Return libreswan's ``esp=`` for the phase 2 algorithms of a tunnel.

    Raises:
        TunnelOptionsError: libreswan 4 does not know an algorithm, or not with this version of IKE.
    """
    known = _MODULAR_GROUPS if ike_version == "ikev1" else _DH_GROUPS
    (group,) = _names("phase2_dh_group_numbers", (dh_group,), known)
    hashes = _names("phase2_integrity_algorithms", integrity, _INTEGRITY)
    proposals = []
    for ciphers in _by_kind("phase2_encryption_algorithms", tuple(encryption)):
        built_in = ciphers[0] in _AEAD.values()
        transforms = _combined(ike_version, ciphers) if built_in else _combined(ike_version, ciphers, hashes)
        proposals += [f"{'-'.join(transform)};{group}" for transform in transforms]
    return ",".join(proposals)


def tunnel_mtu(encryption: Iterable[str], integrity: Iterable[str]) -> int:
    """Return the largest packet that fits the tunnel, with any of the phase 2 algorithms that AWS may choose."""
    encryption = tuple(encryption)
    sizes = [_MTU_AEAD] if any(name in _AEAD for name in encryption) else []
    if any(name in _CBC for name in encryption):
        sizes += [_MTU_CBC[name] for name in integrity]
    return min(sizes)


def _by_kind(prop: str, encryption: tuple[str, ...]) -> list[list[str]]:
    """Split ciphers into those with and those without built-in integrity: a proposal holds one kind."""
    _names(prop, encryption, {**_AEAD, **_CBC})
    kinds = ([_AEAD[name] for name in encryption if name in _AEAD], [_CBC[name] for name in encryption if name in _CBC])
    return [kind for kind in kinds if kind]


def _combined(ike_version: str, *choices: list[str]) -> list[tuple[str, ...]]:
    """Join what may be chosen from into proposals: one for IKEv2, and one per combination for IKEv1."""
    if ike_version == "ikev1":
        return list(product(*choices))
    return [tuple("+".join(choice) for choice in choices)]


def _names(prop: str, values: Iterable[_Key], known: Mapping[_Key, str]) -> list[str]:
    values = tuple(values)
    unknown = [value for value in values if value not in known]
    if unknown or not values:
        raise TunnelOptionsError(
            prop,
            unknown[0] if unknown else values,
            "what libreswan 4 on the device supports here: " + ", ".join(str(name) for name in known),
            "choose from these for both ends",
        )
    return [known[value] for value in values]

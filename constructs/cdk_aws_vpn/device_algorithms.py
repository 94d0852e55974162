"""What AWS calls an algorithm, what libreswan 4 calls it, and what a cipher leaves of a packet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from cdk_aws_vpn.errors import TunnelOptionsError

__all__ = ["IP_AND_TCP_HEADERS", "esp_proposals", "ike_proposals", "tunnel_mtu"]

_Key = TypeVar("_Key", str, int)

_AEAD = {"AES128-GCM-16": "aes_gcm128", "AES256-GCM-16": "aes_gcm256"}
_CBC = {"AES128": "aes128", "AES256": "aes256"}
_INTEGRITY = {"SHA1": "sha1", "SHA2-256": "sha2_256", "SHA2-384": "sha2_384", "SHA2-512": "sha2_512"}
_DH_GROUPS = {group: f"dh{group}" for group in (5, 14, 15, 16, 17, 18, 19, 20, 21)}

# What AWS publishes for a device behind NAT: IP, UDP and ESP headers, padding and the integrity check value.
_MTU_AEAD = 1438
_MTU_CBC = {"SHA1": 1422, "SHA2-256": 1422, "SHA2-384": 1422, "SHA2-512": 1406}
IP_AND_TCP_HEADERS = 40


def ike_proposals(
    encryption: Iterable[str], integrity: Iterable[str], dh_groups: Iterable[int], *, ike_version: str
) -> str:
    """Return libreswan's ``ike=`` for the phase 1 algorithms of a tunnel.

    With AES-GCM the integrity algorithms become the pseudo-random functions, as AWS reads them too.
    """
    encryption = tuple(encryption)
    if ike_version == "ikev1" and any(name in _AEAD for name in encryption):
        raise TunnelOptionsError(
            "phase1_encryption_algorithms",
            encryption,
            "AES128 or AES256 with IKEv1, which has no AES-GCM in phase 1",
            "use IKEv2, or name AES128 or AES256",
        )
    hashes = _names("phase1_integrity_algorithms", integrity, _INTEGRITY)
    groups = _names("phase1_dh_group_numbers", dh_groups, _DH_GROUPS)
    return ",".join(
        f"{'+'.join(ciphers)}-{'+'.join(hashes)};{'+'.join(groups)}"
        for ciphers in _by_kind("phase1_encryption_algorithms", encryption)
    )


def esp_proposals(
    encryption: Iterable[str], integrity: Iterable[str], dh_groups: Iterable[int], *, ike_version: str
) -> str:
    """Return libreswan's ``esp=`` for the phase 2 algorithms of a tunnel."""
    dh_groups = tuple(dh_groups)
    if ike_version == "ikev1" and len(dh_groups) > 1:
        raise TunnelOptionsError(
            "phase2_dh_group_numbers",
            dh_groups,
            "one group with IKEv1, whose quick mode cannot negotiate it",
            "name one group, or use IKEv2",
        )
    hashes = _names("phase2_integrity_algorithms", integrity, _INTEGRITY)
    groups = _names("phase2_dh_group_numbers", dh_groups, _DH_GROUPS)
    proposals = []
    for ciphers in _by_kind("phase2_encryption_algorithms", tuple(encryption)):
        authenticated = ciphers[0] in _AEAD.values()
        transform = "+".join(ciphers) if authenticated else f"{'+'.join(ciphers)}-{'+'.join(hashes)}"
        proposals.append(f"{transform};{'+'.join(groups)}")
    return ",".join(proposals)


def tunnel_mtu(encryption: Iterable[str], integrity: Iterable[str]) -> int:
    """Return the largest packet that fits the tunnel, whichever of the algorithms AWS picks."""
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


def _names(prop: str, values: Iterable[_Key], known: Mapping[_Key, str]) -> list[str]:
    values = tuple(values)
    unknown = [value for value in values if value not in known]
    if unknown or not values:
        raise TunnelOptionsError(
            prop,
            unknown[0] if unknown else values,
            "what libreswan 4 on the device speaks: " + ", ".join(str(name) for name in known),
            "choose from these on both ends",
        )
    return [known[value] for value in values]

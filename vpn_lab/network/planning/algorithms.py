"""AWS's names of algorithms as strongSwan writes them."""

from __future__ import annotations

from collections.abc import Sequence

ENCRYPTION = {"AES128": "aes128", "AES256": "aes256", "AES128-GCM-16": "aes128gcm16", "AES256-GCM-16": "aes256gcm16"}
INTEGRITY = {"SHA1": "sha1", "SHA2-256": "sha256", "SHA2-384": "sha384", "SHA2-512": "sha512"}
GROUPS = {
    2: "modp1024",
    5: "modp1536",
    14: "modp2048",
    15: "modp3072",
    16: "modp4096",
    17: "modp6144",
    18: "modp8192",
    19: "ecp256",
    20: "ecp384",
    21: "ecp521",
    22: "modp1024s160",
    23: "modp2048s224",
    24: "modp2048s256",
}
# Largest packets that fit, behind NAT, into 1500 bytes; what AWS documents.
MTU_GCM = 1438
MTU_CBC = 1422
MTU_CBC_SHA512 = 1406


def ike_proposals(encryption: Sequence[str], integrity: Sequence[str], groups: Sequence[int]) -> str:
    """Return proposals for IKE, the lowest values first: of what both sides allow, AWS takes the lowest."""
    return ",".join(_proposals(encryption, integrity, groups, functions="prf"))


def esp_proposals(encryption: Sequence[str], integrity: Sequence[str], groups: Sequence[int]) -> str:
    """Return proposals for ESP, in the same order."""
    return ",".join(_proposals(encryption, integrity, groups, functions=""))


def _proposals(
    encryption: Sequence[str], integrity: Sequence[str], groups: Sequence[int], *, functions: str
) -> list[str]:
    block = [ENCRYPTION[name] for name in ENCRYPTION if name in encryption and "GCM" not in name]
    counter = [ENCRYPTION[name] for name in ENCRYPTION if name in encryption and "GCM" in name]
    hashes = [INTEGRITY[name] for name in INTEGRITY if name in integrity]
    exchange = [GROUPS[number] for number in sorted(groups)]
    found = []
    if block:
        found.append("-".join([*block, *hashes, *exchange]))
    if counter:
        pseudo_random = [f"{functions}{name}" for name in hashes] if functions else []
        found.append("-".join([*counter, *pseudo_random, *exchange]))
    return found


def mtu(encryption: Sequence[str], integrity: Sequence[str]) -> int:
    """Return the MTU of a tunnel that may negotiate any of these."""
    if all("GCM" in name for name in encryption):
        return MTU_GCM
    return MTU_CBC_SHA512 if "SHA2-512" in integrity else MTU_CBC

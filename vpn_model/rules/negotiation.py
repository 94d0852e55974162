"""Rules for what a tunnel may negotiate. AWS takes the weakest value that the other end offers, so each one counts."""

from __future__ import annotations

from collections.abc import Iterator

from vpn_model.rules.findings import Rule, Violation
from vpn_model.rules.subject import Subject, Tunnel, tunnels, whole_number
from vpn_model.tunnel_options import ALL_ENCRYPTION

OPTIONS = "AWS Site-to-Site VPN User Guide, tunnel options"
SP_800_77 = "NIST SP 800-77 Rev. 1"
WEAK_GROUPS = {1: (2, 22, 23, 24), 2: (2, 5, 22, 23, 24)}
"""Weak Diffie-Hellman groups by phase. AWS offers group 5 in phase 2 only."""
STRENGTH = {
    2: 80,
    5: 96,
    14: 112,
    15: 128,
    16: 152,
    17: 176,
    18: 200,
    19: 128,
    20: 192,
    21: 256,
    22: 80,
    23: 112,
    24: 112,
}
"""The security strength of a Diffie-Hellman group in bits (NIST SP 800-57 Part 1, RFC 3526)."""

BOTH_TUNNELS = Rule(
    id="VPN_BOTH_TUNNELS_SPECIFIED",
    severity="error",
    title="Both tunnels of a connection are specified",
    why=f"A tunnel that is left out keeps AWS's defaults: IKEv1, SHA-1 and a 1024-bit group ({OPTIONS}).",
    remedy="specify both tunnels; give each IKEVersions, DH groups, encryption and integrity algorithms",
)
IKE_VERSION = Rule(
    id="VPN_IKE_VERSION_2_ONLY",
    severity="error",
    title="Tunnels use IKEv2 only",
    why=f"IKEv1 is deprecated and has no protection against downgrade (RFC 9395, {SP_800_77}).",
    remedy="set IKEVersions to ikev2 alone",
)
DH_GROUPS = Rule(
    id="VPN_NO_WEAK_DH_GROUP",
    severity="error",
    title="Tunnels use no weak Diffie-Hellman group",
    why=f"Groups 2, 5, 22, 23 and 24 are too weak (RFC 8247, {SP_800_77}).",
    remedy="use groups 19, 20 or 21",
)
SHA1 = Rule(
    id="VPN_NO_SHA1",
    severity="error",
    title="Tunnels do not use SHA-1",
    why=f"SHA-1 is legacy (RFC 8247, {SP_800_77}).",
    remedy="use SHA2-256, SHA2-384 or SHA2-512",
)
CBC = Rule(
    id="VPN_AUTHENTICATED_ENCRYPTION",
    severity="warning",
    title="Tunnels encrypt with AES-GCM, not with AES-CBC",
    why="AES-GCM encrypts and authenticates in one step and is faster; AES-CBC is the second choice (RFC 8221).",
    remedy="use AES256-GCM-16 alone",
)
KEY_LENGTH = Rule(
    id="VPN_AES_256",
    severity="note",
    title="Tunnels use AES with 256-bit keys",
    why="AES-128 is approved by NIST SP 800-77, and not by CNSA (RFC 9206).",
    remedy="use AES256-GCM-16 if CNSA applies",
)
PFS = Rule(
    id="VPN_PFS_AS_STRONG_AS_IKE",
    severity="note",
    title="The group of phase 2 is at least as strong as that of phase 1",
    why=f"Perfect forward secrecy should not be weaker than the IKE SA ({SP_800_77}); AWS picks each group on its own.",
    remedy="allow one group, the same in both phases",
)
RULES = (BOTH_TUNNELS, IKE_VERSION, DH_GROUPS, SHA1, CBC, KEY_LENGTH, PFS)


def negotiation(connection: Subject) -> Iterator[Violation]:
    """Find what a tunnel may negotiate and should not."""
    for tunnel in tunnels(connection):
        if tunnel.negotiates:
            yield from _versions(tunnel)
            yield from _groups(tunnel)
            yield from _integrity(tunnel)
            yield from _encryption(tunnel)
            yield from _forward_secrecy(tunnel)
        else:
            message = f"tunnel {tunnel.number} is not specified"
            yield Violation(rule=BOTH_TUNNELS, path=tunnel.path, message=message, tunnel=tunnel.number)


def _found(rule: Rule, tunnel: Tunnel, option: str, message: str) -> Violation:
    return Violation(rule=rule, path=f"{tunnel.path}.{option}", message=message, tunnel=tunnel.number)


def _versions(tunnel: Tunnel) -> Iterator[Violation]:
    versions = tunnel.choices("IKEVersions")
    if versions is None:
        yield _found(IKE_VERSION, tunnel, "IKEVersions", "IKEVersions is not set, and AWS allows ikev1 then")
    elif "ikev1" in versions:
        yield _found(IKE_VERSION, tunnel, "IKEVersions", "ikev1 is allowed")


def _groups(tunnel: Tunnel) -> Iterator[Violation]:
    for phase, weak in WEAK_GROUPS.items():
        option = f"Phase{phase}DHGroupNumbers"
        groups = tunnel.choices(option)
        if groups is None:
            yield _found(DH_GROUPS, tunnel, option, f"{option} is not set, and AWS allows the 1024-bit group 2 then")
            continue
        found = sorted({number for one in groups if (number := whole_number(one)) in weak and number})
        if found:
            yield _found(DH_GROUPS, tunnel, option, f"weak groups are allowed: {', '.join(map(str, found))}")


def _integrity(tunnel: Tunnel) -> Iterator[Violation]:
    for phase in (1, 2):
        option = f"Phase{phase}IntegrityAlgorithms"
        algorithms = tunnel.choices(option)
        if algorithms is None:
            yield _found(SHA1, tunnel, option, f"{option} is not set, and AWS allows SHA1 then")
        elif "SHA1" in algorithms:
            yield _found(SHA1, tunnel, option, "SHA1 is allowed")


def _encryption(tunnel: Tunnel) -> Iterator[Violation]:
    for phase in (1, 2):
        option = f"Phase{phase}EncryptionAlgorithms"
        written = tunnel.choices(option)
        algorithms = ALL_ENCRYPTION if written is None else written
        how = f"{option} is not set, and AWS allows" if written is None else "allowed:"
        cbc = [one for one in ALL_ENCRYPTION if one in algorithms and "GCM" not in one]
        short = [one for one in ALL_ENCRYPTION if one in algorithms and "128" in one]
        if cbc:
            yield _found(CBC, tunnel, option, f"{how} {', '.join(cbc)}, which is CBC mode")
        if short:
            yield _found(KEY_LENGTH, tunnel, option, f"{how} {', '.join(short)}")


def _forward_secrecy(tunnel: Tunnel) -> Iterator[Violation]:
    first, second = (
        [
            number
            for one in tunnel.choices(f"Phase{phase}DHGroupNumbers") or ()
            if (number := whole_number(one) or 0) in STRENGTH
        ]
        for phase in (1, 2)
    )
    if not first or not second:  # not set, which is a finding of its own, or not known
        return
    strongest, weakest = max(first, key=STRENGTH.__getitem__), min(second, key=STRENGTH.__getitem__)
    if STRENGTH[weakest] < STRENGTH[strongest]:
        message = f"phase 1 may take group {strongest}, and phase 2 group {weakest}, which is weaker"
        yield _found(PFS, tunnel, "Phase2DHGroupNumbers", message)

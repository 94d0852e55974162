"""Security profiles: named sets of algorithms and lifetimes for both phases of a tunnel.

AWS chooses the lowest value that both ends allow, regardless of the order in which a device proposes them. A tunnel is
therefore only as strong as the weakest entry of its lists, and a profile lists nothing weaker than its name promises.

Sources: "Tunnel options for your AWS Site-to-Site VPN connection"; RFC 8247 and RFC 8221 (algorithms for IKEv2 and
ESP); "Commercial National Security Algorithm Suite 1.0" (CNSA).
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_aws_vpn.checks.texts import check_list, check_text
from cdk_aws_vpn.checks.tokens import stand_in
from cdk_aws_vpn.errors import VpnConfigurationError

_GIVES_UP_LENGTH = 1000
_LISTS = {
    "ike_versions": ("ikev1 or ikev2", "('ikev2',)"),
    "encryption_algorithms": ("AWS's names of algorithms", "('AES256-GCM-16',)"),
    "integrity_algorithms": ("AWS's names of algorithms", "('SHA2-384',)"),
    "dh_group_numbers": ("numbers of Diffie-Hellman groups", "(20,)"),
}


@dataclass(frozen=True, kw_only=True)
class SecurityProfile:
    """What a tunnel may negotiate.

    Attributes:
        name: Name of the profile, for ``security_profile="…"``.
        gives_up: What this profile does not protect against, for a reviewer; empty when there is nothing to say.
        ike_versions: ``ikev1``, ``ikev2`` or both.
        encryption_algorithms: For both phases, with AWS's names.
        integrity_algorithms: For both phases; with AES-GCM it names the pseudo-random function of phase 1.
        dh_group_numbers: Diffie-Hellman groups for both phases, so perfect forward secrecy is always on.

    Raises:
        VpnConfigurationError: The name is not a text, or a list is empty or something else. A value that AWS does not
            support is rejected by the connection that uses the profile.
    """

    name: str
    gives_up: str
    ike_versions: tuple[str, ...]
    encryption_algorithms: tuple[str, ...]
    integrity_algorithms: tuple[str, ...]
    dh_group_numbers: tuple[int, ...]

    def __post_init__(self) -> None:
        check_text("name", self.name)
        if self.gives_up != "":
            check_text("gives_up", self.gives_up, _GIVES_UP_LENGTH)
        for prop, (allowed, example) in _LISTS.items():
            check_list(prop, getattr(self, prop), f"a tuple of {allowed}", f"write it like {example}", least=1)


RECOMMENDED = SecurityProfile(
    name="recommended",
    gives_up="",
    ike_versions=("ikev2",),
    encryption_algorithms=("AES128-GCM-16", "AES256-GCM-16"),
    integrity_algorithms=("SHA2-256", "SHA2-384", "SHA2-512"),
    dh_group_numbers=(19, 20, 21),
)
"""The default: IKEv2, authenticated encryption, SHA-2 and elliptic-curve groups. Any device of the last decade."""

CNSA = SecurityProfile(
    name="cnsa",
    gives_up="",
    ike_versions=("ikev2",),
    encryption_algorithms=("AES256-GCM-16",),
    integrity_algorithms=("SHA2-384",),
    dh_group_numbers=(20,),
)
"""Exactly one algorithm of each kind, as the CNSA 1.0 suite names them."""

COMPATIBILITY = SecurityProfile(
    name="compatibility",
    gives_up="IKEv1 and CBC are allowed, so an attacker on the path may force both; groups below 19 are slow",
    ike_versions=("ikev1", "ikev2"),
    encryption_algorithms=("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16"),
    integrity_algorithms=("SHA2-256", "SHA2-384", "SHA2-512"),
    dh_group_numbers=(14, 15, 16, 17, 18, 19, 20, 21),
)
"""For devices without IKEv2 or AES-GCM. Even here no SHA-1 and no 1024-bit group."""

PROFILES = {profile.name: profile for profile in (RECOMMENDED, CNSA, COMPATIBILITY)}
"""The three profiles by name."""


def find_profile(profile: str | SecurityProfile) -> SecurityProfile:
    """Return the profile with the name ``profile``; a :class:`SecurityProfile` is returned unchanged.

    Raises:
        VpnConfigurationError: There is no profile of that name.
    """
    profile = stand_in(profile, RECOMMENDED)
    if isinstance(profile, SecurityProfile):
        return profile
    if not isinstance(profile, str) or profile not in PROFILES:
        raise VpnConfigurationError(
            "security_profile", profile, f"{', '.join(PROFILES)}, or a SecurityProfile", "choose one of these"
        )
    return PROFILES[profile]

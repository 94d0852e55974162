"""The guarantees of the security profiles."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_aws_vpn import CNSA, COMPATIBILITY, PROFILES, RECOMMENDED, SecurityProfile, VpnConfigurationError
from cdk_aws_vpn.connection.security_profile import find_profile
from tests import strategies as vpn

EVERY = tuple(PROFILES.values())


def test_the_profiles_are_found_by_their_names() -> None:
    assert {name: find_profile(name) for name in ("recommended", "cnsa", "compatibility")} == {
        "recommended": RECOMMENDED,
        "cnsa": CNSA,
        "compatibility": COMPATIBILITY,
    }


def test_a_profile_of_ones_own_is_taken_as_it_is() -> None:
    own = SecurityProfile(
        name="own",
        gives_up="",
        ike_versions=("ikev2",),
        encryption_algorithms=("AES256",),
        integrity_algorithms=("SHA2-512",),
        dh_group_numbers=(21,),
    )
    assert find_profile(own) is own


@pytest.mark.parametrize("name", ["", "Recommended", "cnsa2", "default", None, 1])
def test_an_unknown_profile_is_refused_with_the_names_there_are(name: Any) -> None:
    with pytest.raises(VpnConfigurationError, match="allowed: recommended, cnsa, compatibility"):
        find_profile(name)


@pytest.mark.parametrize("profile", EVERY, ids=lambda profile: profile.name)
def test_no_profile_allows_sha1_or_a_group_that_rfc_8247_calls_weak(profile: SecurityProfile) -> None:
    assert "SHA1" not in profile.integrity_algorithms
    assert not {2, 5, 22, 23, 24}.intersection(profile.dh_group_numbers)


@pytest.mark.parametrize("profile", EVERY, ids=lambda profile: profile.name)
def test_a_profile_names_only_what_aws_knows(profile: SecurityProfile) -> None:
    assert set(profile.ike_versions) <= set(vpn.CHOICES["ike_versions"])
    assert set(profile.encryption_algorithms) <= set(vpn.CHOICES["phase1_encryption_algorithms"])
    assert set(profile.integrity_algorithms) <= set(vpn.CHOICES["phase1_integrity_algorithms"])
    assert set(profile.dh_group_numbers) <= set(vpn.CHOICES["phase1_dh_group_numbers"])


@pytest.mark.parametrize("profile", [RECOMMENDED, CNSA], ids=lambda profile: profile.name)
def test_the_strong_profiles_are_ikev2_with_authenticated_encryption_and_elliptic_curves(
    profile: SecurityProfile,
) -> None:
    assert profile.ike_versions == ("ikev2",)
    assert all("GCM" in name for name in profile.encryption_algorithms)
    assert set(profile.dh_group_numbers) <= {19, 20, 21}
    assert profile.gives_up == ""


def test_cnsa_names_exactly_one_algorithm_of_each_kind() -> None:
    assert (CNSA.encryption_algorithms, CNSA.integrity_algorithms, CNSA.dh_group_numbers) == (
        ("AES256-GCM-16",),
        ("SHA2-384",),
        (20,),
    )


def test_the_compatibility_profile_says_what_it_gives_up() -> None:
    assert "ikev1" in COMPATIBILITY.ike_versions
    assert "IKEv1" in COMPATIBILITY.gives_up
    assert "CBC" in COMPATIBILITY.gives_up

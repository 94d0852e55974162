"""AWS's algorithms in libreswan's names, checked by libreswan's own parser."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_aws_vpn.connection.security_profile import PROFILES
from cdk_aws_vpn.device.configuration.algorithms import esp_proposals, ike_proposals, tunnel_mtu
from cdk_aws_vpn.errors import TunnelOptionsError

ENCRYPTION = ("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16")
INTEGRITY = ("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")
PHASE1_GROUPS = (14, 15, 16, 17, 18, 19, 20, 21)
PHASE2_GROUPS = (5, *PHASE1_GROUPS)

# what algparse prints for each of AWS's words
LIBRESWAN = {
    "AES128": "AES_CBC_128",
    "AES256": "AES_CBC_256",
    "AES128-GCM-16": "AES_GCM_16_128",
    "AES256-GCM-16": "AES_GCM_16_256",
    "SHA1": "HMAC_SHA1",
    "SHA2-256": "HMAC_SHA2_256",
    "SHA2-384": "HMAC_SHA2_384",
    "SHA2-512": "HMAC_SHA2_512",
    5: "MODP1536",
    14: "MODP2048",
    15: "MODP3072",
    16: "MODP4096",
    17: "MODP6144",
    18: "MODP8192",
    19: "DH19",
    20: "DH20",
    21: "DH21",
}


def parsed(run: Any, version: str, *proposals: str) -> list[str]:
    ended = run("algparse", f"-{version}", "-pfs=yes", *proposals)
    assert ended.returncode == 0, f"libreswan refuses {proposals}:\n{ended.stdout}"
    return [line.strip() for line in ended.stdout.splitlines() if line.startswith("\t")]


def test_every_phase_1_combination_of_ikev2_means_the_same_to_libreswan(run: Any) -> None:
    combinations = list(product(ENCRYPTION, INTEGRITY, PHASE1_GROUPS))
    proposals = [ike_proposals((c,), (i,), g, ike_version="ikev2") for c, i, g in combinations]
    assert parsed(run, "ikev2", *(f"ike={one}" for one in proposals)) == [
        f"{LIBRESWAN[c]}-{LIBRESWAN[i]}-{LIBRESWAN[g]}" for c, i, g in combinations
    ]


def test_every_phase_2_combination_of_ikev2_means_the_same_to_libreswan(run: Any) -> None:
    combinations = list(product(ENCRYPTION, INTEGRITY, PHASE2_GROUPS))
    proposals = [esp_proposals((c,), (i,), g, ike_version="ikev2") for c, i, g in combinations]
    found = parsed(run, "ikev2", *(f"esp={one}" for one in proposals))
    assert len(found) == len(combinations)
    for line, (cipher, integrity, group) in zip(found, combinations, strict=True):
        first, hashed, dh = line.split("-")
        assert (first, dh) == (LIBRESWAN[cipher], LIBRESWAN[group])
        assert hashed == "NONE" if "GCM" in cipher else hashed.startswith(LIBRESWAN[integrity])


def test_every_combination_that_ikev1_has_is_accepted_by_libreswan(run: Any) -> None:
    ike = [
        f"ike={ike_proposals(('AES128', 'AES256'), (i,), g, ike_version='ikev1')}"
        for i, g in product(INTEGRITY, PHASE1_GROUPS)
    ]
    esp = [
        f"esp={esp_proposals(ENCRYPTION, (i,), g, ike_version='ikev1')}"
        for i, g in product(INTEGRITY, (5, 14, 15, 16, 17, 18))
    ]
    # two ciphers a proposal in phase 1, four in phase 2, and no shorthand for them
    assert len(parsed(run, "ikev1", *ike)) == 2 * len(ike)
    assert len(parsed(run, "ikev1", *esp)) == 4 * len(esp)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_the_ciphers_and_hashes_of_a_profile_are_all_offered_in_phase_1(run: Any, profile: Any) -> None:
    lists = (profile.encryption_algorithms, profile.integrity_algorithms)
    group = profile.dh_group_numbers[0]
    lines = parsed(run, "ikev2", f"ike={ike_proposals(*lists, group, ike_version='ikev2')}")
    offered = {word for line in lines for part in line.split("-") for word in part.split("+")}
    assert offered == {LIBRESWAN[word] for words in (*lists, (group,)) for word in words}


@settings(max_examples=25, deadline=None)
@given(
    encryption=st.lists(st.sampled_from(ENCRYPTION), min_size=1, unique=True),
    integrity=st.lists(st.sampled_from(INTEGRITY), min_size=1, unique=True),
    group=st.sampled_from(PHASE1_GROUPS),
)
def test_any_choice_of_lists_is_accepted_by_libreswan(
    run: Any, encryption: list[str], integrity: list[str], group: int
) -> None:
    ike = ike_proposals(encryption, integrity, group, ike_version="ikev2")
    esp = esp_proposals(encryption, integrity, group, ike_version="ikev2")
    assert parsed(run, "ikev2", f"ike={ike}", f"esp={esp}")


@pytest.mark.parametrize("group", [2, 22, 23, 24])
def test_a_group_that_libreswan_has_dropped_stops_with_the_groups_it_has(run: Any, group: int) -> None:
    assert run("algparse", "-v2", f"ike=aes256-sha2_256;dh{group}").returncode != 0
    for phase, proposals in ((1, ike_proposals), (2, esp_proposals)):
        with pytest.raises(
            TunnelOptionsError, match=rf"phase{phase}_dh_group_numbers {group} .*21, 20, 19, 18.*choose"
        ):
            proposals(("AES256",), ("SHA2-256",), group, ike_version="ikev2")


def test_ikev1_with_authenticated_encryption_in_phase_1_stops(run: Any) -> None:
    assert run("algparse", "-v1", "ike=aes_gcm256-sha2_384;dh14").returncode != 0
    with pytest.raises(TunnelOptionsError, match=r"phase1_encryption_algorithms 'AES256-GCM-16'.*use IKEv2"):
        ike_proposals(("AES256-GCM-16",), ("SHA2-384",), 14, ike_version="ikev1")


def test_ikev1_with_an_elliptic_curve_in_phase_2_stops(run: Any) -> None:
    assert run("algparse", "-v1", "-pfs=yes", "esp=aes256-sha2_256;dh20").returncode != 0
    with pytest.raises(TunnelOptionsError, match=r"phase2_dh_group_numbers 20 .*18, 17, 16, 15, 14, 5"):
        esp_proposals(("AES256",), ("SHA2-256",), 20, ike_version="ikev1")


@pytest.mark.parametrize("argument", range(2))
def test_an_empty_list_stops(argument: int) -> None:
    lists: list[Any] = [("AES256",), ("SHA2-256",), 20]
    lists[argument] = ()
    for proposals in (ike_proposals, esp_proposals):
        with pytest.raises(TunnelOptionsError, match=r"phase. ?.*\(\) is not allowed"):
            proposals(*lists, ike_version="ikev2")


@pytest.mark.parametrize(
    ("encryption", "integrity", "mtu"),
    [
        (("AES256-GCM-16",), ("SHA2-512",), 1438),
        (("AES128",), ("SHA1",), 1422),
        (("AES256",), ("SHA2-384",), 1422),
        (("AES256",), ("SHA2-256", "SHA2-512"), 1406),
        (("AES256-GCM-16", "AES256"), ("SHA2-256",), 1422),
    ],
)
def test_the_mtu_fits_whichever_algorithm_aws_picks(
    encryption: tuple[str, ...], integrity: tuple[str, ...], mtu: int
) -> None:
    assert tunnel_mtu(encryption, integrity) == mtu

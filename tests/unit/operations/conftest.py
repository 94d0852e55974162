"""Keys for the tests of this folder: making and checking RSA keys would take most of their time."""

from __future__ import annotations

import itertools
from functools import cache, partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from vpn_ops.client_vpn import authority, pairs
from vpn_ops.client_vpn.keystore import Keystore

KEYS = 8


@cache
def key(_: int) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=authority.KEY_BITS)


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand out the same keys in turn."""
    load = partial(load_pem_private_key, unsafe_skip_rsa_key_validation=True)
    numbers = itertools.cycle(range(KEYS))
    monkeypatch.setattr(pairs, "load_pem_private_key", load)
    monkeypatch.setattr(authority, "_new_key", lambda: key(next(numbers)))


@pytest.fixture(scope="module")
def signer() -> authority.Signed:
    return authority.authority("a test")


@pytest.fixture
def keystore(tmp_path: Path) -> Keystore:
    return Keystore(tmp_path, "123456789012", "eu-west-1")

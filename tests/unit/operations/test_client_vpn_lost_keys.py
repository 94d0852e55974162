"""A key is never destroyed: half a pair, a pair that does not match, a damaged file and a killed command."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.keystore import Keystore
from vpn_ops.errors import OperatorError


@pytest.mark.parametrize("place", ["ca", "server", "users/alice/alice"])
@pytest.mark.parametrize(("here", "lost"), [("key", "crt"), ("crt", "key")])
def test_half_a_pair_is_not_replaced(keystore: Keystore, place: str, here: str, lost: str) -> None:
    keystore.server()
    keystore.user("alice")
    name = Path(place).name
    (keystore.folder / f"{place}.{lost}").unlink()
    before = contents(keystore)
    ask: dict[str, Callable[[], object]] = {"server": keystore.server, "alice": lambda: keystore.user("alice")}
    with pytest.raises(
        OperatorError, match=rf"{name}.{here} is there and {name}.{lost} is not: restore it from a backup"
    ):
        ask.get(name, keystore.authority)()
    assert contents(keystore) == before


@pytest.mark.parametrize("place", ["ca", "server", "users/alice/alice"])
def test_a_key_and_a_certificate_must_belong_together(keystore: Keystore, signer: authority.Signed, place: str) -> None:
    keystore.server()
    keystore.user("alice")
    for other in (signer, authority.client("alice", signer)):
        (keystore.folder / f"{place}.crt").write_bytes(authority.certificate_pem(other.certificate))
        before = contents(keystore)
        ask: dict[str, Callable[[], object]] = {"server": keystore.server, "users/alice/alice": alice(keystore)}
        with pytest.raises(OperatorError, match=rf"{Path(place).name}.crt does not match: restore it from a backup"):
            ask.get(place, keystore.authority)()
        assert contents(keystore) == before
    pair = authority.client("alice", signer)
    if place != "ca":
        (keystore.folder / f"{place}.crt").write_bytes(authority.certificate_pem(pair.certificate))
        (keystore.folder / f"{place}.key").write_bytes(authority.key_pem(pair.key))
        with pytest.raises(OperatorError, match=rf"{Path(place).name}.crt in .* is not signed by ca.crt there"):
            ask[place]()


def alice(keystore: Keystore) -> Callable[[], object]:
    return lambda: keystore.user("alice")


def test_a_lost_authority_is_not_made_anew(keystore: Keystore) -> None:
    keystore.server()
    for kind in ("crt", "key"):
        (keystore.folder / f"ca.{kind}").unlink()
    for ask in (keystore.authority, keystore.existing_authority, keystore.server):
        with pytest.raises(OperatorError, match=r"the CA that signed them is not there: restore ca.crt and ca.key"):
            ask()
    assert not (keystore.folder / "ca.key").exists()


def test_a_lost_key_of_a_user_can_be_renewed_and_the_certificate_stays_known(keystore: Keystore) -> None:
    keystore.authority()
    first = keystore.user("alice").certificate
    (keystore.folder / "users/alice/alice.key").unlink()
    second = keystore.user("alice", renew=True).certificate
    assert keystore.certificates_of("alice") == [second, first]


@pytest.mark.parametrize("damaged", ["ca.key", "ca.crt", "server.crt", "revoked.crl", "users/alice/alice.key"])
@pytest.mark.parametrize("content", [b"no PEM", b"", b"\xff\x00", b"-----BEGIN CERTIFICATE-----"])
def test_a_damaged_file_is_named(used: Keystore, damaged: str, content: bytes) -> None:
    path = used.folder / damaged
    kept = path.read_bytes()
    path.write_bytes(content)
    try:
        with pytest.raises(
            OperatorError, match=f"{Path(damaged).name} is damaged or encrypted; restore it from a backup"
        ):
            used.server(), used.user("alice"), used.revoked()
        assert path.read_bytes() == content
    finally:
        path.write_bytes(kept)


def test_a_list_of_another_authority_is_not_believed(used: Keystore, signer: authority.Signed) -> None:
    path = used.folder / "revoked.crl"
    kept = path.read_bytes()
    path.write_bytes(authority.revocation_list(signer, {}).public_bytes(Encoding.PEM))
    with pytest.raises(OperatorError, match=r"revoked.crl is not signed by ca.crt"):
        used.revoked()
    path.write_bytes(kept)


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Keystore:
    """A folder with a file of every kind."""
    made = Keystore(tmp_path_factory.mktemp("used"), "123456789012", "eu-west-1")
    made.server()
    made.user("alice")
    made.keep_revocations(authority.revocation_list(made.authority(), {}).public_bytes(Encoding.PEM))
    return made


def contents(keystore: Keystore) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in keystore.folder.rglob("*") if path.is_file()}


class _Killed(BaseException):
    """The process is gone: nothing is cleaned up."""


def killed(monkeypatch: pytest.MonkeyPatch, last: int, work: Callable[[], object]) -> bool:
    """Do something and kill it before one of the moments at which a name on the disk changes."""
    steps = itertools.count()
    rename = Path.rename

    def stop(path: Path, target: Path) -> Path:
        if next(steps) == last:
            raise _Killed
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", stop)
        patched.setattr(Path, "replace", stop)
        patched.setattr(shutil, "rmtree", lambda *_, **__: None)  # a killed process removes nothing
        try:
            work()
        except _Killed:
            return True
    return False


@pytest.mark.parametrize("renew", [False, True])
def test_a_pair_is_whole_whenever_the_command_is_killed(
    keystore: Keystore, monkeypatch: pytest.MonkeyPatch, renew: bool
) -> None:
    keystore.authority()
    known = []
    for last in itertools.count():
        name = f"user{last}"
        if renew:
            keystore.user(name)
        if not killed(monkeypatch, last, lambda name=name: keystore.user(name, renew=renew)):  # type: ignore[misc]
            break
        shown = Keystore(keystore.folder.parent, "123456789012", "eu-west-1").user(name)
        assert shown.certificate.public_key() == shown.key.public_key()
        known.append(len(keystore.certificates_of(name)))
    assert known == sorted(known)
    assert len(known) > 4
    assert set(known) == ({1, 2} if renew else {1})
    assert not list(keystore.folder.rglob(".*.new")) + list(keystore.folder.rglob(".*.renewed"))


def test_what_is_written_is_on_the_disk(keystore: Keystore, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    sync = os.fsync

    def remember(opened: int) -> None:
        synced.append(Path(f"/proc/self/fd/{opened}").readlink())
        sync(opened)

    monkeypatch.setattr(os, "fsync", remember)
    keystore.authority()
    root = keystore.folder
    assert synced == [
        root / ".ca.partial" / ".ca.key.partial",
        root / ".ca.partial",
        root / ".ca.partial" / ".ca.crt.partial",
        root / ".ca.partial",
        root,
        root,
    ]

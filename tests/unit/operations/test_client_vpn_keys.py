"""The certificate authority of a Client VPN, what it signs, and the private folder for the keys."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.keystore import Keystore, revocations
from vpn_ops.client_vpn.private_files import write_private
from vpn_ops.errors import OperatorError


def purpose(certificate: x509.Certificate) -> list[x509.ObjectIdentifier]:
    return list(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)


def test_the_authority_signs_servers_and_clients_for_their_purpose_only(signer: authority.Signed) -> None:
    server, client = authority.server(signer), authority.client("alice", signer)
    for one in (server, client):
        one.certificate.verify_directly_issued_by(signer.certificate)
        assert one.key.key_size == 2048
        assert one.certificate.not_valid_after_utc < signer.certificate.not_valid_after_utc
    assert purpose(server.certificate) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert purpose(client.certificate) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    (name,) = client.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert name.value == "alice"


def test_what_it_signs_can_sign_nothing(signer: authority.Signed) -> None:
    rules = authority.client("alice", signer).certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (rules.critical, rules.value.ca) == (True, False)
    own = signer.certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (own.value.ca, own.value.path_length) == (True, 0)


def test_a_revocation_list_is_valid_as_long_as_the_authority(signer: authority.Signed) -> None:
    when = datetime(2026, 11, 24, tzinfo=UTC)
    listed = authority.revocation_list(signer, {7: when, 3: when})
    assert listed.is_signature_valid(signer.key.public_key())
    assert listed.next_update_utc == signer.certificate.not_valid_after_utc
    assert revocations(listed.public_bytes(Encoding.PEM), signer.certificate) == {3: when, 7: when}
    assert revocations(listed.public_bytes(Encoding.PEM), authority.client("alice", signer).certificate) is None


def test_everything_is_for_the_owners_eyes_only(keystore: Keystore) -> None:
    keystore.server()
    keystore.user("alice")
    keystore.keep_server_arn("arn:aws:acm:eu-west-1:123456789012:certificate/0")
    paths = [keystore.folder, *keystore.folder.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}


def test_a_file_is_private_even_if_it_was_not_before(tmp_path: Path) -> None:
    path = tmp_path / "alice.ovpn"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)


def test_keys_are_made_once(keystore: Keystore) -> None:
    again = Keystore(keystore.folder.parent, "123456789012", "eu-west-1")
    assert keystore.authority().certificate == again.authority().certificate
    assert keystore.server().certificate == again.server().certificate
    assert keystore.user("alice").certificate == again.user("alice").certificate


def test_accounts_and_regions_share_nothing(keystore: Keystore) -> None:
    other = Keystore(keystore.folder.parent, "123456789012", "eu-central-1")
    assert keystore.authority().certificate != other.authority().certificate


def test_a_revoked_user_gets_a_new_certificate_only_when_asked_for(keystore: Keystore) -> None:
    first = keystore.user("alice").certificate
    listed = authority.revocation_list(keystore.authority(), {first.serial_number: datetime.now(UTC)})
    keystore.keep_revocations(listed.public_bytes(Encoding.PEM))
    with pytest.raises(OperatorError, match="was revoked; issue a new one with --renew"):
        keystore.user("alice")
    second = keystore.user("alice", renew=True).certificate
    assert second.serial_number != first.serial_number
    assert keystore.certificates_of("alice") == [second, first]


def test_a_user_without_a_certificate_is_named(keystore: Keystore) -> None:
    with pytest.raises(OperatorError, match="has no certificate for bob"):
        keystore.certificates_of("bob")


@pytest.mark.parametrize("name", ["", "../ca", "a b", "x" * 65, ".hidden", "a/b"])
def test_a_users_name_becomes_a_file_and_a_certificates_name(keystore: Keystore, name: str) -> None:
    with pytest.raises(OperatorError, match="is not allowed"):
        keystore.user(name)


def test_no_key_lies_in_a_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(OperatorError, match="is inside the repository"):
        Keystore(tmp_path / "keys", "123456789012", "eu-west-1")
    assert not (tmp_path / "keys").exists()


def test_a_folder_that_others_can_read_is_refused(keystore: Keystore) -> None:
    keystore.folder.chmod(0o750)
    with pytest.raises(OperatorError, match="others can read"):
        Keystore(keystore.folder.parent, "123456789012", "eu-west-1")


def test_a_folder_of_another_user_is_refused(keystore: Keystore, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(OperatorError, match=rf"belongs to the user with id {owner}, not to you \({owner + 1}\)"):
        Keystore(keystore.folder.parent, "123456789012", "eu-west-1")


@pytest.mark.parametrize("folder", ["~nobody-of-that-name/keys", "~nobody-of-that-name"])
def test_the_home_of_nobody_is_refused(folder: str) -> None:
    with pytest.raises(OperatorError, match=f"{folder} cannot be resolved"):
        Keystore(Path(folder), "123456789012", "eu-west-1")


def test_nothing_outlives_the_authority(keystore: Keystore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority, "AUTHORITY_DAYS", 20)
    end = keystore.authority().certificate.not_valid_after_utc
    assert keystore.server().certificate.not_valid_after_utc == end
    assert keystore.user("alice").certificate.not_valid_after_utc == end
    assert keystore.server().certificate == keystore.server().certificate


def test_an_expired_authority_signs_nothing(keystore: Keystore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authority, "AUTHORITY_DAYS", 0)
    for ask in (keystore.authority, keystore.server, lambda: keystore.user("alice")):
        with pytest.raises(
            OperatorError, match=r"the CA in .* expired on .*, and every certificate of it; create a new"
        ):
            ask()
    assert not list(keystore.folder.rglob("server.*")) + list(keystore.folder.rglob("alice.*"))


def test_a_servers_certificate_is_renewed_a_month_before_its_end(
    keystore: Keystore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority, "SERVER_DAYS", 29)
    first = keystore.server().certificate
    monkeypatch.undo()
    second = keystore.server().certificate
    assert second.not_valid_after_utc > first.not_valid_after_utc
    assert keystore.server().certificate == second

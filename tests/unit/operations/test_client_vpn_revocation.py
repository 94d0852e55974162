"""Revocation: no entry is lost when commands run at the same time or fail, and no endpoint lacks one."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.unit.operations.fake_account import NUMBER, REGION, FakeAccount
from vpn_ops.client_vpn import authority, commands, private_files, revocation
from vpn_ops.client_vpn.keystore import Keystore, revocations
from vpn_ops.client_vpn.profile_file import profile_certificate
from vpn_ops.errors import OperatorError

USERS = ("bob", "carol", "dave", "erin")
ISSUER = authority.authority("client-vpn test")


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> FakeAccount:
    made = FakeAccount()
    monkeypatch.setattr(commands, "Account", lambda _: made)
    monkeypatch.setattr(revocation, "SETTLE_SECONDS", 0.001)
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(authority, "authority", lambda _: ISSUER)
    return tmp_path / "keys"


@pytest.fixture
def endpoint(account: FakeAccount, folder: Path) -> str:
    """An endpoint that trusts the CA of the folder."""
    commands.certificates(folder)
    (arn,) = account.certificates
    return account.add_endpoint(arn)


def opened(folder: Path) -> Keystore:
    return Keystore(folder, NUMBER, REGION)


def listed(account: FakeAccount, endpoint: str) -> set[int]:
    pem = account.endpoints[endpoint].revocation_list
    found = revocations(pem.encode(), ISSUER.certificate) if pem else {}
    assert found is not None
    return set(found)


def serials(folder: Path, *users: str) -> set[int]:
    return {one.serial_number for user in users for one in opened(folder).certificates_of(user)}


def at_once(work: Callable[[str], object], *arguments: str) -> None:
    with ThreadPoolExecutor(len(arguments)) as pool:
        list(pool.map(work, arguments))


@pytest.mark.usefixtures("endpoint")
def test_a_user_has_one_certificate_however_many_commands_run_at_once(folder: Path, tmp_path: Path) -> None:
    at_once(lambda number: commands.profile("frank", output=tmp_path / f"{number}.ovpn", folder=folder), *"1234")
    handed_out = {profile_certificate(path) for path in tmp_path.glob("*.ovpn")}
    assert handed_out == {opened(folder).user("frank").certificate}


def test_users_who_are_revoked_at_once_are_all_on_the_list(account: FakeAccount, folder: Path, endpoint: str) -> None:
    for user in USERS:
        commands.profile(user, folder=folder)
    account.endpoints[endpoint].connected = [*USERS, "alice"]
    at_once(lambda user: commands.revoke(user, folder=folder), *USERS)
    assert listed(account, endpoint) == serials(folder, *USERS) == set(opened(folder).revoked())
    assert account.endpoints[endpoint].connected == ["alice"]


def test_another_computers_list_that_replaces_ours_is_completed(
    account: FakeAccount, folder: Path, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.profile("mona", folder=folder)
    theirs = authority.revocation_list(ISSUER, {7: datetime.now(UTC)}).public_bytes(Encoding.PEM).decode()
    account.overwrite_with = [theirs]
    commands.revoke("mona", folder=folder)
    assert listed(account, endpoint) == {7} | serials(folder, "mona") == set(opened(folder).revoked())
    assert account.endpoints[endpoint].imports == 2
    assert f"{endpoint} now refuses mona" in capsys.readouterr().out


def test_there_is_no_success_before_every_entry_is_on_the_list(
    account: FakeAccount,
    folder: Path,
    endpoint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    commands.profile("mona", folder=folder)
    account.endpoints[endpoint].connected = ["mona"]
    theirs = authority.revocation_list(ISSUER, {}).public_bytes(Encoding.PEM).decode()
    account.overwrite_with = [theirs] * 1000
    with monkeypatch.context() as patched:
        patched.setattr(revocation, "DEADLINE_SECONDS", 0.01)
        problem = f"{endpoint}: after 0 s, 1 revoked certificates are not on its list yet; then run"
        with pytest.raises(OperatorError, match=problem):
            commands.revoke("mona", folder=folder)
    assert "now refuses" not in capsys.readouterr().out
    assert account.endpoints[endpoint].connected == []
    account.overwrite_with = []
    commands.sync(folder)
    assert listed(account, endpoint) == serials(folder, "mona")


def test_every_endpoint_that_trusts_the_authority_gets_the_list(
    account: FakeAccount, folder: Path, endpoint: str
) -> None:
    second = account.add_endpoint(account.endpoints[endpoint].arn, "mona")
    foreign = account.add_endpoint("arn:of-another")
    stranger = authority.client("stranger", ISSUER).certificate
    account.certificates["arn:of-another"] = {"Certificate": authority.certificate_pem(stranger).decode()}
    commands.profile("mona", endpoint, folder=folder)
    commands.revoke("mona", endpoint, folder=folder)
    assert listed(account, endpoint) == listed(account, second) == serials(folder, "mona")
    assert account.endpoints[second].connected == []
    assert account.endpoints[foreign].imports == 0


def test_a_new_endpoint_gets_the_list_before_anybody_gets_a_profile(
    account: FakeAccount, folder: Path, endpoint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    commands.profile("mona", folder=folder)
    commands.revoke("mona", folder=folder)
    new = account.add_endpoint(account.endpoints.pop(endpoint).arn)
    with pytest.raises(OperatorError, match=f"{new} still admits 1 revoked certificates of .*; run: .* sync"):
        commands.connections(new, folder=folder)
    commands.profile("newuser", new, folder=folder)
    assert listed(account, new) == serials(folder, "mona")
    assert f"{new} lacked revoked certificates, and has the list now" in capsys.readouterr().out
    commands.connections(new, folder=folder)
    commands.profile("newuser", new, folder=folder)
    assert account.endpoints[new].imports == 1


def test_certificates_and_sync_complete_an_endpoint_too(account: FakeAccount, folder: Path, endpoint: str) -> None:
    commands.sync(folder)
    assert account.endpoints[endpoint].imports == 1  # an empty list: from now on the endpoint has the metric
    commands.profile("mona", folder=folder)
    commands.revoke("mona", folder=folder)
    for command in (commands.certificates, commands.sync):
        new = account.add_endpoint(account.endpoints[endpoint].arn)
        command(folder)
        assert listed(account, new) == serials(folder, "mona")


def test_a_list_that_is_lost_in_the_folder_comes_back_from_the_endpoint(
    account: FakeAccount, folder: Path, endpoint: str
) -> None:
    commands.profile("mona", folder=folder)
    commands.revoke("mona", folder=folder)
    (opened(folder).folder / "revoked.crl").unlink()
    with pytest.raises(OperatorError, match="the certificate of mona was revoked"):
        commands.profile("mona", folder=folder)
    assert set(opened(folder).revoked()) == listed(account, endpoint)


def test_a_full_disk_does_not_keep_a_user_in(
    account: FakeAccount, folder: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.profile("mona", folder=folder)
    account.endpoints[endpoint].connected = ["mona"]

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OperatorError, match=r"could not record it: No space left on device; then run: .* sync"):
            commands.revoke("mona", folder=folder)
    assert account.endpoints[endpoint].connected == []
    assert listed(account, endpoint) == serials(folder, "mona")
    assert opened(folder).revoked() == {}
    assert list(opened(folder).folder.rglob("*.partial")) == []
    commands.sync(folder)
    assert set(opened(folder).revoked()) == serials(folder, "mona")


def test_a_revocation_without_an_endpoint_is_kept_for_the_next_one(
    account: FakeAccount, folder: Path, endpoint: str
) -> None:
    commands.profile("mona", folder=folder)
    arn = account.endpoints.pop(endpoint).arn
    with pytest.raises(OperatorError, match=r"mona is on the list in .*, but eu-west-1 has no Client VPN endpoint"):
        commands.revoke("mona", folder=folder)
    new = account.add_endpoint(arn)
    commands.sync(folder)
    assert listed(account, new) == serials(folder, "mona")


@pytest.mark.usefixtures("endpoint")
def test_a_user_whose_certificate_is_lost_is_not_called_revoked(folder: Path) -> None:
    commands.profile("zoe", folder=folder)
    user = opened(folder).folder / "users" / "zoe"
    (user / "zoe.crt").unlink()
    commands.revoke("zoe", folder=folder)  # the profile has the certificate
    (user / "zoe.ovpn").unlink()
    with pytest.raises(OperatorError, match="has no certificate for zoe"):
        commands.revoke("zoe", folder=folder)
    (user / "1.replaced").write_bytes(authority.certificate_pem(authority.client("zoe", ISSUER).certificate))
    with pytest.raises(OperatorError, match=r"the certificate of .*zoe.key is not there: restore it from a backup"):
        commands.revoke("zoe", folder=folder)


def test_nobody_gets_a_profile_for_an_endpoint_of_another_authority(account: FakeAccount, folder: Path) -> None:
    account.add_endpoint("arn:of-another")
    with pytest.raises(OperatorError, match="has no CA; check --folder"):
        commands.profile("alice", folder=folder)
    assert [one.name for one in opened(folder).folder.iterdir()] == [".lock"]
    opened(folder).authority()
    stranger = authority.client("stranger", ISSUER).certificate
    account.certificates["arn:of-another"] = {"Certificate": authority.certificate_pem(stranger).decode()}
    with pytest.raises(OperatorError, match="does not trust the CA of this folder"):
        commands.profile("alice", folder=folder)
    assert not (opened(folder).folder / "users").exists()


def test_a_list_of_another_authority_is_not_replaced(account: FakeAccount, folder: Path, endpoint: str) -> None:
    commands.profile("mona", folder=folder)
    stranger = authority.Signed(authority.client("stranger", ISSUER).certificate, authority.client("x", ISSUER).key)
    theirs = authority.revocation_list(stranger, {7: datetime.now(UTC)}).public_bytes(Encoding.PEM).decode()
    account.endpoints[endpoint].revocation_list = theirs
    with pytest.raises(OperatorError, match="is signed by another CA"):
        commands.revoke("mona", folder=folder)
    assert account.endpoints[endpoint].revocation_list == theirs


def test_a_command_waits_for_the_lock_only_so_long(folder: Path) -> None:
    made = opened(folder)
    with (
        made.lock(),
        pytest.raises(OperatorError, match=r"another command has been working in .* for 0 s; wait for its end"),
        private_files.locked(made.folder, 0),
    ):
        pass

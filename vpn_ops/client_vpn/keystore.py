"""The private folder that holds the keys: one per account and Region, readable by its owner only.

ca.crt, ca.key          the authority
server.crt, server.key  the endpoint's certificate
server.arn              its ARN in ACM
users/NAME/NAME.crt     a user's certificate; its key is NAME.key
users/NAME/NAME.ovpn    the profile, unless it was written elsewhere
users/NAME/*.replaced   certificates that were replaced by newer ones; they stay valid until revoked
revoked.crl             every certificate that was ever revoked
.lock                   held by the command that works here
"""

from __future__ import annotations

import os
import re
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.authority import RENEW_DAYS, Signed, expires_within, issued
from vpn_ops.client_vpn.pairs import certificate_path, finish, keep_pair, read, read_pair
from vpn_ops.client_vpn.private_files import (
    check_outside_repositories,
    check_private,
    given_path,
    locked,
    private_folder,
    write_private,
)
from vpn_ops.client_vpn.profile_file import profile_certificate
from vpn_ops.errors import OperatorError, UsageError

USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


def default_folder() -> Path:
    """The default folder for keys: in the user's data directory, never in a project."""
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base) / "cdk-aws-vpn" / "client-vpn"


class Keystore:
    """The folder of one account and Region.

    Args:
        root: The folder that holds it. Missing folders are created.
        account: The twelve digits of the account.
        region: Name of the Region.

    Raises:
        UsageError: The folder is in a Git work tree.
        OperatorError: Others can read the folder, or it belongs to another user.
    """

    def __init__(self, root: Path, account: str, region: str) -> None:
        self.folder = given_path(root) / f"{account}-{region}"
        self._name = f"client-vpn {account} {region}"
        check_outside_repositories(self.folder, "--folder")
        private_folder(self.folder)
        check_private(self.folder)

    @classmethod
    def existing(cls, root: Path, account: str, region: str) -> Self | None:
        """The folder if it is there; nothing is created."""
        return cls(root, account, region) if (given_path(root) / f"{account}-{region}").is_dir() else None

    def lock(self) -> AbstractContextManager[None]:
        """Keep other commands out of the folder; every command that writes holds it from its first reading on."""
        return locked(self.folder)

    def authority(self) -> Signed:
        """The authority; created if the folder is new.

        Raises:
            OperatorError: The authority is lost, or half of it; or it has expired.
        """
        found = read_pair(self.folder / "ca")
        if found is None:
            if self._is_used():
                raise OperatorError(
                    f"{self.folder} has certificates, and the CA that signed them is not there: restore ca.crt and "
                    "ca.key from a backup, or start with another folder: --folder"
                )
            found = keep_pair(self.folder / "ca", authority.authority(self._name))
        if expires_within(found.certificate):
            raise OperatorError(
                f"the CA in {self.folder} expired on {found.certificate.not_valid_after_utc.date()}, and every "
                "certificate of it; create a new one in another folder with --folder, and deploy the endpoint with it"
            )
        return found

    def existing_authority(self) -> Signed:
        """The authority, which must be there.

        Raises:
            OperatorError: As for ``authority``, or the folder has none.
        """
        if not self._is_used():
            raise OperatorError(
                f"{self.folder} has no CA; check --folder and --region, or create one: vpn-ops client-vpn certificates"
            )
        return self.authority()

    def server(self) -> Signed:
        """The endpoint's certificate; issued if there is none or the old one ends within a month."""
        ca = self.authority()
        found = read_pair(self.folder / "server")
        if found is None:
            return keep_pair(self.folder / "server", authority.server(ca))
        self._check_issued("server.crt", found.certificate, ca)
        lasts_longer = found.certificate.not_valid_after_utc < ca.certificate.not_valid_after_utc
        if expires_within(found.certificate, RENEW_DAYS) and lasts_longer:
            return keep_pair(self.folder / "server", authority.server(ca), renews=True)
        return found

    def user(self, name: str, *, renew: bool = False) -> Signed:
        """A user's certificate; issued if there is none.

        Raises:
            UsageError: The name is not allowed.
            OperatorError: The certificate was revoked or has expired, or half of it is lost.
        """
        place = self._user_folder(name) / name
        ca = self.authority()
        if renew and self._key_is_lost(place):
            return keep_pair(place, authority.client(name, ca), renews=True)
        found = read_pair(place)
        if found is None or renew:
            return keep_pair(place, authority.client(name, ca), renews=found is not None)
        self._check_issued(certificate_path(place).name, found.certificate, ca)
        if found.certificate.serial_number in self.revoked():
            raise OperatorError(f"the certificate of {name} was revoked; issue a new one with --renew")
        if expires_within(found.certificate):
            raise OperatorError(f"the certificate of {name} has expired; issue a new one with --renew")
        return found

    def certificates_of(self, name: str) -> list[x509.Certificate]:
        """Every certificate that is known of a user, the current one first.

        Raises:
            OperatorError: The folder has no certificate of this user.
        """
        folder = self._user_folder(name)
        finish(folder / name)
        files = [*folder.glob("*.crt"), *folder.glob("*.replaced")]
        found = [read(file, x509.load_pem_x509_certificate) for file in files]
        profile = profile_certificate(self.profile_path(name))
        found += [one for one in [profile] if one is not None and one not in found]
        if not found:
            raise OperatorError(f"{self.folder} has no certificate for {name}; check the name and --folder")
        return found

    def lost_certificate(self, name: str) -> str | None:
        """What is wrong if a user has a key whose certificate is lost, so that it cannot be revoked."""
        place = self._user_folder(name) / name
        key = place.with_name(f"{name}.key")
        known = [one.public_key() for one in self.certificates_of(name)]
        if not key.exists() or read(key, lambda pem: load_pem_private_key(pem, None)).public_key() in known:
            return None
        return f"the certificate of {key} is not there: restore it from a backup, and revoke {name} again"

    def revoked(self) -> dict[int, datetime]:
        """Serial numbers of the revoked certificates in the latest list, each with the time of its revocation.

        Raises:
            OperatorError: The list is damaged, or the CA has not signed it.
        """
        path = self.folder / "revoked.crl"
        if not path.exists():
            return {}
        signer = read(certificate_path(self.folder / "ca"), x509.load_pem_x509_certificate)
        found = read(path, lambda pem: revocations(pem, signer))
        if found is None:
            raise OperatorError(f"{path} is not signed by ca.crt beside it: restore both from a backup")
        return found

    def keep_revocations(self, pem: bytes) -> None:
        """Store the latest revocation list."""
        write_private(self.folder / "revoked.crl", pem)

    def server_arn(self) -> str | None:
        """ARN under which the server's certificate was last imported."""
        path = self.folder / "server.arn"
        return path.read_text().strip() if path.exists() else None

    def keep_server_arn(self, arn: str) -> None:
        """Store the ARN under which the server's certificate was imported."""
        write_private(self.folder / "server.arn", f"{arn}\n".encode())

    def profile_path(self, name: str) -> Path:
        """The default path of a user's profile."""
        return self._user_folder(name) / f"{name}.ovpn"

    def _is_used(self) -> bool:
        names = ("ca.crt", "ca.key", ".ca.new", "server.crt", "server.key", "server.arn", "users", "revoked.crl")
        return any((self.folder / name).exists() for name in names)

    def _user_folder(self, name: str) -> Path:
        return self.folder / "users" / checked_user(name)

    def _key_is_lost(self, place: Path) -> bool:
        """Whether a user's key is lost: the certificate can be revoked, and another one issued."""
        return certificate_path(place).exists() and not place.with_name(f"{place.name}.key").exists()

    def _check_issued(self, name: str, certificate: x509.Certificate, ca: Signed) -> None:
        if not issued(certificate, ca.certificate):
            raise OperatorError(f"{name} in {self.folder} is not signed by ca.crt there: restore both from a backup")


def checked_user(name: str) -> str:
    """Check a user name, which becomes part of a certificate and of file names."""
    if not USER.fullmatch(name):
        raise UsageError(f"user {name!r} is not allowed; use 1 to 64 letters, digits, '.', '_', '@' or '-'")
    return name


def revocations(pem: bytes, signer: x509.Certificate) -> dict[int, datetime] | None:
    """Serial numbers and times of a revocation list; ``None`` if another authority has signed it."""
    listed = x509.load_pem_x509_crl(pem)
    if not listed.is_signature_valid(signer.public_key()):  # type: ignore[arg-type]
        return None
    return {one.serial_number: one.revocation_date_utc for one in listed}

"""The private folder that holds the keys: one per account and Region, readable by its owner only.

ca.crt, ca.key          the authority
server.crt, server.key  the endpoint's certificate
server.arn              its ARN in ACM
users/NAME/NAME.crt     a user's certificate; its key is NAME.key
users/NAME/NAME.ovpn    the profile, unless it was written elsewhere
users/NAME/*.replaced   certificates that were replaced by newer ones; they stay valid until revoked
revoked.crl             the latest revocation list
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.authority import Signed
from vpn_ops.client_vpn.private_files import private_folder, write_private
from vpn_ops.errors import OperatorError, UsageError

T = TypeVar("T")
USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


def default_folder() -> Path:
    """The default folder for keys: in the user's data directory, never in a project."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "cdk-aws-vpn" / "client-vpn"


class Keystore:
    """The folder of one account and Region.

    Args:
        root: The folder that holds it. Missing folders are created.
        account: The twelve digits of the account.
        region: Name of the Region.

    Raises:
        UsageError: The folder is in a Git work tree.
        OperatorError: Others can read the folder.
    """

    def __init__(self, root: Path, account: str, region: str) -> None:
        self.folder = root.expanduser().resolve() / f"{account}-{region}"
        self._name = f"client-vpn {account} {region}"
        repository = next((one for one in self.folder.parents if (one / ".git").exists()), None)
        if repository is not None:
            raise UsageError(
                f"{self.folder} is inside the repository {repository}; choose a folder outside with --folder"
            )
        private_folder(self.folder)
        if self.folder.stat().st_mode & 0o077:
            raise OperatorError(f"others can read {self.folder}; make it private: chmod 700 {self.folder}")

    def authority(self) -> Signed:
        """The authority; created if there is none yet."""
        return self._signed("ca") or self._keep("ca", authority.authority(self._name))

    def server(self) -> Signed:
        """The endpoint's certificate; issued if there is none or the old one has expired."""
        found = self._signed("server")
        if found is None or _expired(found.certificate):
            found = self._keep("server", authority.server(self.authority()))
        return found

    def user(self, name: str, *, renew: bool = False) -> Signed:
        """A user's certificate; issued if there is none.

        Raises:
            UsageError: The name is not allowed.
            OperatorError: The certificate was revoked or has expired.
        """
        folder = self._user_folder(name)
        found = self._signed(f"users/{name}/{name}")
        if found is not None and renew:
            serial = found.certificate.serial_number
            (folder / f"{name}.crt").rename(folder / f"{serial:x}.replaced")
        if found is None or renew:
            return self._keep(f"users/{name}/{name}", authority.client(name, self.authority()))
        if found.certificate.serial_number in self.revoked():
            raise OperatorError(f"the certificate of {name} was revoked; issue a new one with --renew")
        if _expired(found.certificate):
            raise OperatorError(f"the certificate of {name} has expired; issue a new one with --renew")
        return found

    def certificates_of(self, name: str) -> list[x509.Certificate]:
        """Every certificate that was issued to a user, the current one first.

        Raises:
            OperatorError: The folder has no certificate of this user.
        """
        folder = self._user_folder(name)
        files = [*folder.glob("*.crt"), *folder.glob("*.replaced")]
        if not files:
            raise OperatorError(f"{self.folder} has no certificate for {name}; check the name and --folder")
        return [_load(file, x509.load_pem_x509_certificate) for file in files]

    def revoked(self) -> dict[int, datetime]:
        """Serial numbers of the revoked certificates in the latest list, each with the time of its revocation."""
        path = self.folder / "revoked.crl"
        return _load(path, revocations) if path.exists() else {}

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

    def _user_folder(self, name: str) -> Path:
        return self.folder / "users" / checked_user(name)

    def _signed(self, name: str) -> Signed | None:
        certificate, key = (self.folder / f"{name}.{kind}" for kind in ("crt", "key"))
        if not certificate.exists() and not key.exists():
            return None
        # A new pair in place of half a pair would make every certificate of a lost authority useless.
        for here, other in ((certificate, key), (key, certificate)):
            if not other.exists():
                raise OperatorError(f"{other} is missing; restore it, or remove {here} to create both again")
        private = _load(key, lambda pem: load_pem_private_key(pem, None))
        if not isinstance(private, RSAPrivateKey):
            raise OperatorError(f"{key} is not an RSA key; Client VPN accepts only RSA keys of 2048 bits")
        return Signed(_load(certificate, x509.load_pem_x509_certificate), private)

    def _keep(self, name: str, made: Signed) -> Signed:
        private_folder((self.folder / name).parent)
        write_private(self.folder / f"{name}.key", authority.key_pem(made.key))
        write_private(self.folder / f"{name}.crt", authority.certificate_pem(made.certificate))
        return made


def checked_user(name: str) -> str:
    """Check a user name, which becomes part of a certificate and of file names."""
    if not USER.fullmatch(name):
        raise UsageError(f"user {name!r} is not allowed; use 1 to 64 letters, digits, '.', '_', '@' or '-'")
    return name


def revocations(pem: bytes) -> dict[int, datetime]:
    """Serial numbers and times of a revocation list."""
    listed = x509.load_pem_x509_crl(pem)
    return {one.serial_number: one.revocation_date_utc for one in listed}


def _load(path: Path, parse: Callable[[bytes], T]) -> T:
    try:
        return parse(path.read_bytes())
    except (ValueError, TypeError) as problem:  # TypeError: the key is encrypted
        raise OperatorError(f"{path} is damaged or encrypted; restore it from a backup ({problem})") from problem


def _expired(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_after_utc <= datetime.now(UTC)

"""The private folder in which keys lie: one for each account and Region, for its owner's eyes only.

ca.crt, ca.key          the authority
server.crt, server.key  the endpoint's certificate
server.arn              its ARN in ACM
users/NAME/NAME.crt     what each user has, with NAME.key
users/NAME/NAME.ovpn    the profile, unless it was written elsewhere
users/NAME/*.replaced   certificates that a newer one replaced; they are valid until revoked
revoked.crl             the last revocation list
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.authority import Signed
from vpn_ops.errors import OperatorError

FOLDER_MODE, FILE_MODE = 0o700, 0o600
USER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


def default_folder() -> Path:
    """Where keys lie unless one says otherwise: below the user's own data, never in a project."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "cdk-aws-vpn" / "client-vpn"


def write_private(path: Path, content: bytes) -> None:
    """Write a file that nobody else can read at any moment."""
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
        file.write(content)
    partial.replace(path)


class Keystore:
    """The folder of one account and Region.

    Raises:
        OperatorError: The folder lies in a Git work tree, or others can read it.
    """

    def __init__(self, root: Path, account: str, region: str) -> None:
        self.folder = root.expanduser().resolve() / f"{account}-{region}"
        self._name = f"client-vpn {account} {region}"
        repository = next((one for one in self.folder.parents if (one / ".git").exists()), None)
        if repository is not None:
            raise OperatorError(f"{self.folder} lies in the repository {repository}; keep keys out of it: use --folder")
        _private_folder(self.folder)
        if self.folder.stat().st_mode & 0o077:
            raise OperatorError(f"others can read {self.folder}; run: chmod 700 {self.folder}")

    def authority(self) -> Signed:
        """The authority; it is made when there is none yet."""
        return self._signed("ca") or self._keep("ca", authority.authority(self._name))

    def server(self) -> Signed:
        """The endpoint's certificate; it is made when there is none, or the old one has expired."""
        found = self._signed("server")
        if found is None or _expired(found.certificate):
            found = self._keep("server", authority.server(self.authority()))
        return found

    def user(self, name: str, *, renew: bool = False) -> Signed:
        """A user's certificate; it is made when there is none.

        Raises:
            OperatorError: The name cannot be one, or the certificate was revoked or has expired.
        """
        folder = self._user_folder(name)
        found = self._signed(f"users/{name}/{name}")
        if found is not None and renew:
            serial = found.certificate.serial_number
            (folder / f"{name}.crt").rename(folder / f"{serial:x}.replaced")
        if found is None or renew:
            return self._keep(f"users/{name}/{name}", authority.client(name, self.authority()))
        if found.certificate.serial_number in self.revoked():
            raise OperatorError(f"the certificate of {name} was revoked; to give {name} a new one, use --renew")
        if _expired(found.certificate):
            raise OperatorError(f"the certificate of {name} has expired; to give {name} a new one, use --renew")
        return found

    def certificates_of(self, name: str) -> list[x509.Certificate]:
        """Every certificate that a user was given, the newest first.

        Raises:
            OperatorError: There is none here.
        """
        folder = self._user_folder(name)
        files = [*folder.glob("*.crt"), *folder.glob("*.replaced")]
        if not files:
            raise OperatorError(f"{name} has no certificate in {self.folder}; it was issued elsewhere, or never")
        return [x509.load_pem_x509_certificate(file.read_bytes()) for file in files]

    def revoked(self) -> dict[int, datetime]:
        """Serial numbers of the revoked certificates, by the last list, and when that was."""
        path = self.folder / "revoked.crl"
        return revocations(path.read_bytes()) if path.exists() else {}

    def keep_revocations(self, pem: bytes) -> None:
        """Remember a revocation list."""
        write_private(self.folder / "revoked.crl", pem)

    @property
    def server_arn(self) -> str | None:
        """ARN under which the server's certificate was last imported."""
        path = self.folder / "server.arn"
        return path.read_text().strip() if path.exists() else None

    @server_arn.setter
    def server_arn(self, arn: str) -> None:
        write_private(self.folder / "server.arn", f"{arn}\n".encode())

    def profile_path(self, name: str) -> Path:
        """Where a user's profile goes unless one says otherwise."""
        return self._user_folder(name) / f"{name}.ovpn"

    def _user_folder(self, name: str) -> Path:
        return self.folder / "users" / checked_user(name)

    def _signed(self, name: str) -> Signed | None:
        certificate, key = (self.folder / f"{name}.{kind}" for kind in ("crt", "key"))
        if not (certificate.exists() and key.exists()):
            return None
        private = load_pem_private_key(key.read_bytes(), None)
        if not isinstance(private, RSAPrivateKey):
            raise OperatorError(f"{key} is no RSA key; Client VPN takes no other")
        return Signed(x509.load_pem_x509_certificate(certificate.read_bytes()), private)

    def _keep(self, name: str, made: Signed) -> Signed:
        _private_folder((self.folder / name).parent)
        write_private(self.folder / f"{name}.key", authority.key_pem(made.key))
        write_private(self.folder / f"{name}.crt", authority.certificate_pem(made.certificate))
        return made


def _private_folder(folder: Path) -> None:
    """Make a folder; those above that are missing become private too, which ``parents=True`` alone does not do."""
    for one in reversed([folder, *folder.parents]):
        if not one.exists():
            one.mkdir(mode=FOLDER_MODE)


def checked_user(name: str) -> str:
    """Check what becomes the name of a certificate and of files."""
    if not USER.fullmatch(name):
        raise OperatorError(f"user {name!r} is not allowed; use 1 to 64 of letters, digits, '.', '_', '@' and '-'")
    return name


def revocations(pem: bytes) -> dict[int, datetime]:
    """Serial numbers and times of a revocation list."""
    listed = x509.load_pem_x509_crl(pem)
    return {one.serial_number: one.revocation_date_utc for one in listed}


def _expired(certificate: x509.Certificate) -> bool:
    return certificate.not_valid_after_utc <= datetime.now(UTC)

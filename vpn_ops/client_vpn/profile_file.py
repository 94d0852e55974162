"""Where a profile may be written: it contains a private key, and it must not replace a file of another kind."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from vpn_ops.client_vpn.authority import Signed, issued
from vpn_ops.client_vpn.private_files import check_outside_repositories
from vpn_ops.errors import UsageError

LARGEST_BYTES = 1_000_000


def check_folder(path: Path) -> None:
    """Refuse a path whose folder is in a Git work tree or does not exist.

    Raises:
        UsageError: It is, or it does not.
    """
    check_outside_repositories(path, "--output")
    if not path.parent.is_dir():
        raise UsageError(f"the folder of {path} does not exist; create it, or choose another file with --output")


def check_place(path: Path, user: str, ca: Signed, *, force: bool) -> None:
    """Refuse a path at which a profile would replace something else.

    Args:
        path: The file to write, with every symbolic link resolved.
        user: Name of the user.
        ca: The authority that signs the user's certificate.
        force: Whether any other file may be replaced.

    Raises:
        UsageError: The path is there and is not a profile of this user.
    """
    if not path.exists():
        return
    if not path.is_file():
        raise UsageError(f"{path} is not a file; choose a file with --output")
    if not force and not _is_profile(path, user, ca):
        raise UsageError(
            f"{path} is there and is not an earlier profile of {user}; choose another file with --output, or replace "
            "it with --force"
        )


def profile_certificate(path: Path) -> x509.Certificate | None:
    """The certificate between ``<cert>`` and ``</cert>`` of a profile; ``None`` if the file is no profile."""
    if not path.is_file() or path.stat().st_size > LARGEST_BYTES:
        return None
    _, _, rest = path.read_bytes().partition(b"<cert>")
    pem, end, _ = rest.partition(b"</cert>")
    try:
        return x509.load_pem_x509_certificate(pem.strip()) if end else None
    except ValueError:
        return None


def _is_profile(path: Path, user: str, ca: Signed) -> bool:
    """Whether a file is a profile of a user, with a certificate that our authority has signed."""
    certificate = profile_certificate(path)
    if certificate is None:
        return False
    names = [one.value for one in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return names == [user] and issued(certificate, ca.certificate)

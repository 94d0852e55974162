"""Certificates with their keys as two files each: both are there, or neither.

A new pair is written into the folder ``.NAME.partial``. When both files are on the disk, the folder is renamed to
``.NAME.new`` (or ``.NAME.renewed``, if the pair takes the place of another one): from then on the pair counts, and
the next command moves its files to their places. A command that is killed at any moment, or a loss of power, leaves
either the old state or the new one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.authority import Signed
from vpn_ops.client_vpn.private_files import private_folder, settle, write_private
from vpn_ops.errors import OperatorError

T = TypeVar("T")
KEY, CERTIFICATE = ".key", ".crt"
FIRST, RENEWED = "new", "renewed"


def read_pair(place: Path) -> Signed | None:
    """Read a certificate and its key; ``None`` if neither is there.

    Args:
        place: Path of both files without ``.crt`` and ``.key``.

    Raises:
        OperatorError: Half of the pair is missing, a file is damaged, or the two do not belong together. Nothing is
            written then: a new pair in place of half a pair would make everything that the old key signed useless.
    """
    finish(place)
    certificate, key = certificate_path(place), place.with_name(place.name + KEY)
    if not certificate.exists() and not key.exists():
        return None
    for here, other in ((certificate, key), (key, certificate)):
        if not other.exists():
            raise OperatorError(f"{here} is there and {other.name} is not: restore it from a backup")
    private = read(key, lambda pem: load_pem_private_key(pem, None))
    if not isinstance(private, RSAPrivateKey):
        raise OperatorError(f"{key} is not an RSA key; Client VPN accepts only RSA keys of 2048 bits")
    found = Signed(read(certificate, x509.load_pem_x509_certificate), private)
    if found.certificate.public_key() != private.public_key():
        raise OperatorError(f"{key} is there and {certificate.name} does not match: restore it from a backup")
    return found


def certificate_path(place: Path) -> Path:
    """The file of a pair's certificate."""
    return place.with_name(place.name + CERTIFICATE)


def keep_pair(place: Path, made: Signed, *, renews: bool = False) -> Signed:
    """Store a certificate and its key, both or neither.

    Args:
        place: Path of both files without ``.crt`` and ``.key``.
        made: The pair.
        renews: Whether it takes the place of an earlier pair, whose certificate is then kept as ``SERIAL.replaced``.
    """
    private_folder(place.parent)
    partial = _stage(place, "partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(mode=0o700)
    try:
        write_private(partial / (place.name + KEY), authority.key_pem(made.key))
        write_private(partial / (place.name + CERTIFICATE), authority.certificate_pem(made.certificate))
        partial.rename(_stage(place, RENEWED if renews else FIRST))
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    settle(place.parent)
    finish(place)
    return made


def _stage(place: Path, state: str) -> Path:
    return place.with_name(f".{place.name}.{state}")


def finish(place: Path) -> None:
    """Move a new pair that was complete when a command ended early to its place."""
    for state in (FIRST, RENEWED):
        stage = _stage(place, state)
        if not stage.is_dir():
            continue
        certificate = certificate_path(place)
        if state == RENEWED and (stage / certificate.name).exists() and certificate.exists():
            old = read(certificate, x509.load_pem_x509_certificate)
            write_private(
                certificate.with_name(f"{old.serial_number:x}.replaced"),
                authority.certificate_pem(old),
            )
        for name in (place.name + KEY, certificate.name):
            staged, target = stage / name, place.with_name(name)
            if not staged.exists():
                continue
            if state == FIRST and target.exists():
                raise OperatorError(f"{target} and {staged} are both there: move one of them away")
            staged.rename(target)
        settle(place.parent)
        stage.rmdir()


def read(path: Path, parse: Callable[[bytes], T]) -> T:
    """Read a file and parse it.

    Raises:
        OperatorError: The content is damaged or encrypted.
    """
    content = path.read_bytes()
    try:
        return parse(content)
    except (ValueError, TypeError, UnsupportedAlgorithm) as problem:  # TypeError: the key is encrypted
        raise OperatorError(f"{path} is damaged or encrypted; restore it from a backup ({problem})") from problem

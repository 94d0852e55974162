"""Certificates in ACM: ministack stores them; this module rejects what ACM would not import or not delete.

ministack accepts any text as a certificate. AWS parses it: the key must match, the chain must have signed it, and the
names are read from it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from vpn_lab.region import ministack

ACM = "services.acm"
KEY_BITS = (1024, 2048, 3072, 4096)

Answer = tuple[int, dict[str, str], bytes]
Users = Callable[[str], list[str]]


class Certificate:
    """One certificate of an account and Region, with the chain that it was imported with."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self.pem = str(entry["_pem_body"])
        self.chain_pem = str(entry["_pem_chain"])
        self.key_pem = str(entry.get("_private_key", ""))

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.pem.encode())

    @property
    def authorities(self) -> list[x509.Certificate]:
        """The issuers up to the root; a certificate without a chain is its own issuer."""
        return read_chain(self.chain_pem) or [self.certificate]

    @property
    def common_name(self) -> str:
        return _common_name(self.certificate)


def find(account: str, region: str, arn: str) -> Certificate | None:
    """Return a certificate by its ARN."""
    entry = ministack.module(ACM)._certificates.get_scoped(account, region, arn)
    return None if entry is None else Certificate(entry)


def install(users_of: Users, changed: Callable[[], None]) -> None:
    """Install the checks in front of ministack's ACM.

    Args:
        users_of: Names the resources that use a certificate.
        changed: Called when a certificate was replaced, to update the resources that use it.
    """
    serve = ministack.module(ACM).handle_request

    async def handle_request(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, object]
    ) -> Answer:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        request = json.loads(body or b"{}")
        problem = None
        if action == "ImportCertificate":
            problem = import_problem(request)
        elif action == "DeleteCertificate" and users_of(str(request.get("CertificateArn"))):
            problem = ("ResourceInUseException", f"Certificate {request['CertificateArn']} is in use.")
        if problem is not None:
            return _refused(*problem)
        answer: Answer = await serve(method, path, headers, body, query)
        if action == "ImportCertificate" and answer[0] == 200:
            _describe(json.loads(answer[2])["CertificateArn"])
            changed()
        return answer

    ministack.replace(ACM, "handle_request", handle_request)


def import_problem(request: Mapping[str, Any]) -> tuple[str, str] | None:
    """The error with which ACM rejects an import: its code and message."""
    try:
        _check_import(*(_decoded(request.get(name)) for name in ("Certificate", "PrivateKey", "CertificateChain")))
    except _InvalidImportError as problem:
        return "ValidationException", str(problem)
    return None


class _InvalidImportError(ValueError):
    pass


def _check_import(body: str, private_key: str, chain_body: str) -> None:
    try:
        certificates, chain = read_chain(body), read_chain(chain_body)
    except ValueError:
        raise _InvalidImportError("The certificate or the certificate chain is not valid PEM.") from None
    if len(certificates) != 1:
        raise _InvalidImportError("The certificate field must contain exactly one certificate.")
    try:
        key = load_pem_private_key(private_key.encode(), None)
    except (ValueError, TypeError):
        raise _InvalidImportError("The private key is not valid PEM, or it is encrypted.") from None
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != certificates[0].public_key().public_bytes(*form):
        raise _InvalidImportError("The private key does not match the certificate.")
    if not isinstance(key, RSAPrivateKey) or key.key_size not in KEY_BITS:
        raise _InvalidImportError("The key algorithm of the certificate is not supported.")
    if certificates[0].not_valid_after_utc <= datetime.now(UTC):
        raise _InvalidImportError("The certificate has expired.")
    for lower, upper in pairwise([*certificates, *chain]):
        try:
            lower.verify_directly_issued_by(upper)
        except (ValueError, TypeError, InvalidSignature):
            raise _InvalidImportError("Could not validate the certificate with the certificate chain.") from None


def read_chain(pem: str) -> list[x509.Certificate]:
    """Read the concatenated certificates of a text."""
    return x509.load_pem_x509_certificates(pem.encode()) if pem.strip() else []


def _decoded(value: str | None) -> str:
    text = value or ""
    return text if text.lstrip().startswith("-----") else base64.b64decode(text).decode("utf-8", "replace")


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else ""


def _describe(arn: str) -> None:
    """Make ACM show the names and times of the certificate."""
    entry = ministack.module(ACM)._certificates[arn]
    certificate = Certificate(entry).certificate
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        others = extension.value.get_values_for_type(x509.DNSName)
    except x509.ExtensionNotFound:
        others = []
    name = _common_name(certificate) or (others[0] if others else "")
    entry["DomainName"] = name
    entry["SubjectAlternativeNames"] = list(dict.fromkeys([name, *others]))
    entry["NotBefore"] = certificate.not_valid_before_utc.timestamp()
    entry["NotAfter"] = certificate.not_valid_after_utc.timestamp()


def _refused(code: str, message: str) -> Answer:
    body = json.dumps({"__type": code, "message": message}).encode()
    return 400, {"Content-Type": "application/x-amz-json-1.1", "x-amzn-errortype": code}, body

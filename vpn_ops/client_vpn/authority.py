"""A certificate authority for one Client VPN: RSA 2048 keys, X.509 certificates and a revocation list.

Client VPN accepts RSA keys of 2048 bits. It requires a common name in a client's certificate and a domain name in the
server's ("Mutual authentication in AWS Client VPN" in the AWS documentation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

KEY_BITS = 2048
AUTHORITY_DAYS = 3650
SERVER_DAYS = 825
CLIENT_DAYS = 365
SERVER_NAME = "server.client-vpn.internal"
RENEW_DAYS = 30
"""Days before its end at which the server's certificate is renewed, and a warning about the CA begins."""
_CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Signed:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: RSAPrivateKey


def authority(name: str) -> Signed:
    """Create an authority called ``name``. It signs servers, clients and revocation lists, but no other authority."""
    key = _new_key()
    subject = _name(name)
    builder = _builder(subject, subject, key, datetime.now(UTC) + timedelta(days=AUTHORITY_DAYS))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs=True), critical=True)
    return Signed(builder.sign(key, hashes.SHA256()), key)


def server(by: Signed) -> Signed:
    """Issue the endpoint's certificate. It ends with the authority's at the latest."""
    key = _new_key()
    builder = _leaf(SERVER_NAME, key, by, SERVER_DAYS, ExtendedKeyUsageOID.SERVER_AUTH)
    names = x509.SubjectAlternativeName([x509.DNSName(SERVER_NAME)])
    return Signed(builder.add_extension(names, critical=False).sign(by.key, hashes.SHA256()), key)


def client(name: str, by: Signed) -> Signed:
    """Issue a user's certificate; ``name`` appears in logs and in lists of connections.

    It ends with the authority's certificate at the latest.
    """
    key = _new_key()
    builder = _leaf(name, key, by, CLIENT_DAYS, ExtendedKeyUsageOID.CLIENT_AUTH)
    return Signed(builder.sign(by.key, hashes.SHA256()), key)


def revocation_list(by: Signed, revoked: Mapping[int, datetime]) -> x509.CertificateRevocationList:
    """Create a revocation list from serial numbers; it expires when the authority does.

    An endpoint refuses everyone once its list has expired, so the list must not expire before the certificates.
    """
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(datetime.now(UTC) - _CLOCK_SKEW)
        .next_update(by.certificate.not_valid_after_utc)
        .add_extension(_issuer_key(by), critical=False)
    )
    for serial, when in sorted(revoked.items()):
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(by.key, hashes.SHA256())


def issued(certificate: x509.Certificate, by: x509.Certificate) -> bool:
    """Whether an authority has signed a certificate."""
    try:
        certificate.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def expires_within(certificate: x509.Certificate, days: float = 0) -> bool:
    """Whether a certificate ends within a number of days; without a number, whether it has expired."""
    return certificate.not_valid_after_utc <= datetime.now(UTC) + timedelta(days=days)


def certificate_pem(certificate: x509.Certificate) -> bytes:
    """The certificate as PEM text."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def key_pem(key: RSAPrivateKey) -> bytes:
    """The key as unencrypted PEM text, the form that ACM and OpenVPN expect."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _new_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(subject: x509.Name, issuer: x509.Name, key: RSAPrivateKey, end: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - _CLOCK_SKEW)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _leaf(
    name: str, key: RSAPrivateKey, by: Signed, days: int, purpose: x509.ObjectIdentifier
) -> x509.CertificateBuilder:
    end = min(datetime.now(UTC) + timedelta(days=days), by.certificate.not_valid_after_utc)
    builder = _builder(_name(name), by.certificate.subject, key, end)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
    return builder.add_extension(_issuer_key(by), critical=False)


def _issuer_key(by: Signed) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key())


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_encipherment=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )

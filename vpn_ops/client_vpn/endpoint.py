"""The calls to ACM and EC2 for a Client VPN."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.serialization import Encoding

from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.keystore import Keystore, revocations
from vpn_ops.errors import OperatorError

TAGS = [{"Key": "Name", "Value": "client-vpn server"}]


class Account:
    """One account and Region, as the AWS environment names them."""

    def __init__(self, region: str | None = None) -> None:
        self._session = boto3.Session(region_name=region)
        self.region = str(self._session.region_name or "")
        if not self.region:
            raise OperatorError("no Region is set; set AWS_REGION or use --region")
        self.number = str(self._session.client("sts").get_caller_identity()["Account"])
        self._ec2: Any = self._session.client("ec2")
        self._acm: Any = self._session.client("acm")

    def import_server_certificate(self, keystore: Keystore) -> str:
        """Import the server's certificate with its chain; a second time it replaces the first, under the same ARN."""
        server, ca = keystore.server(), keystore.authority()
        known = keystore.server_arn
        again = {"CertificateArn": known} if known and self._has_certificate(known) else {"Tags": TAGS}
        arn: str = self._acm.import_certificate(
            Certificate=authority.certificate_pem(server.certificate),
            PrivateKey=authority.key_pem(server.key),
            CertificateChain=authority.certificate_pem(ca.certificate),
            **again,
        )["CertificateArn"]
        keystore.server_arn = arn
        return arn

    def _has_certificate(self, arn: str) -> bool:
        try:
            self._acm.describe_certificate(CertificateArn=arn)
        except ClientError as problem:
            if problem.response["Error"]["Code"] == "ResourceNotFoundException":
                return False
            raise
        return True

    def endpoint(self, asked: str | None) -> str:
        """Return the id of the endpoint asked for, or of the only one there is.

        Raises:
            OperatorError: There is none, or more than one to choose from.
        """
        if asked:
            return asked
        found = [
            one["ClientVpnEndpointId"] for one in self._pages("describe_client_vpn_endpoints", "ClientVpnEndpoints")
        ]
        if len(found) != 1:
            listed = ", ".join(found) or "none"
            raise OperatorError(f"say which Client VPN endpoint with --endpoint; {self.region} has: {listed}")
        return str(found[0])

    def profile(self, endpoint: str, keystore: Keystore, user: str, *, renew: bool) -> bytes:
        """Return a complete profile for OpenVPN: what the endpoint exports, and the user's certificate and key."""
        exported = self._ec2.export_client_vpn_client_configuration(ClientVpnEndpointId=endpoint)
        signed = keystore.user(user, renew=renew)
        parts = (
            str(exported["ClientConfiguration"]).rstrip().encode(),
            b"<cert>\n" + authority.certificate_pem(signed.certificate).rstrip() + b"\n</cert>",
            b"<key>\n" + authority.key_pem(signed.key).rstrip() + b"\n</key>",
        )
        return b"\n".join(parts) + b"\n"

    def revoke(self, endpoint: str, keystore: Keystore, user: str) -> list[str]:
        """Put every certificate of a user on the endpoint's revocation list; return the connections that were ended."""
        now = datetime.now(UTC)
        revoked = {one.serial_number: now for one in keystore.certificates_of(user)}
        revoked |= {**self._revoked_at(endpoint), **keystore.revoked()}
        pem = authority.revocation_list(keystore.authority(), revoked).public_bytes(Encoding.PEM)
        self._ec2.import_client_vpn_client_certificate_revocation_list(
            ClientVpnEndpointId=endpoint, CertificateRevocationList=pem.decode()
        )
        keystore.keep_revocations(pem)
        ended = [one for one in self.connections(endpoint) if one["CommonName"] == user]
        for one in ended:
            self._ec2.terminate_client_vpn_connections(ClientVpnEndpointId=endpoint, ConnectionId=one["ConnectionId"])
        return [str(one["ConnectionId"]) for one in ended]

    def _revoked_at(self, endpoint: str) -> dict[int, datetime]:
        answer = self._ec2.export_client_vpn_client_certificate_revocation_list(ClientVpnEndpointId=endpoint)
        pem = answer.get("CertificateRevocationList")
        return revocations(pem.encode()) if pem else {}

    def connections(self, endpoint: str) -> list[dict[str, Any]]:
        """Who is connected now."""
        found = self._pages("describe_client_vpn_connections", "Connections", ClientVpnEndpointId=endpoint)
        return [one for one in found if one["Status"]["Code"] == "active"]

    def _pages(self, call: str, member: str, **request: Any) -> Iterator[dict[str, Any]]:
        for page in self._ec2.get_paginator(call).paginate(**request):
            yield from page[member]

"""One Client VPN endpoint, and the calls to EC2 for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Self

from cryptography.hazmat.primitives.serialization import Encoding

from vpn_ops.account import Account
from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.keystore import Keystore, revocations
from vpn_ops.errors import OperatorError, UsageError


class Endpoint:
    """A Client VPN endpoint.

    Args:
        ec2: A boto3 client of EC2.
        endpoint_id: Its id, ``cvpn-endpoint-…``.
    """

    def __init__(self, ec2: Any, endpoint_id: str) -> None:
        self._ec2 = ec2
        self.id = endpoint_id

    @classmethod
    def choose(cls, account: Account, endpoint_id: str | None) -> Self:
        """Return the given endpoint, or the only endpoint of the Region.

        Raises:
            OperatorError: The Region has no endpoint.
            UsageError: The Region has several, and none was given.
        """
        ec2 = account.client("ec2")
        if endpoint_id:
            return cls(ec2, endpoint_id)
        pages = ec2.get_paginator("describe_client_vpn_endpoints").paginate()
        found = [str(one["ClientVpnEndpointId"]) for page in pages for one in page["ClientVpnEndpoints"]]
        if not found:
            raise OperatorError(f"{account.region} has no Client VPN endpoint; deploy one, or use --region")
        if len(found) > 1:
            listed = ", ".join(found)
            raise UsageError(f"{account.region} has several Client VPN endpoints: {listed}; choose one with --endpoint")
        return cls(ec2, found[0])

    def profile(self, keystore: Keystore, user: str, *, renew: bool) -> bytes:
        """Return a complete OpenVPN profile: the endpoint's configuration with the user's certificate and key."""
        exported = self._ec2.export_client_vpn_client_configuration(ClientVpnEndpointId=self.id)
        signed = keystore.user(user, renew=renew)
        parts = (
            str(exported["ClientConfiguration"]).rstrip().encode(),
            b"<cert>\n" + authority.certificate_pem(signed.certificate).rstrip() + b"\n</cert>",
            b"<key>\n" + authority.key_pem(signed.key).rstrip() + b"\n</key>",
        )
        return b"\n".join(parts) + b"\n"

    def revoke(self, keystore: Keystore, user: str) -> list[str]:
        """Add every certificate of a user to the endpoint's revocation list; return the connections that were ended."""
        now = datetime.now(UTC)
        revoked = {one.serial_number: now for one in keystore.certificates_of(user)}
        revoked |= {**self._revoked(), **keystore.revoked()}
        pem = authority.revocation_list(keystore.authority(), revoked).public_bytes(Encoding.PEM)
        self._ec2.import_client_vpn_client_certificate_revocation_list(
            ClientVpnEndpointId=self.id, CertificateRevocationList=pem.decode()
        )
        keystore.keep_revocations(pem)
        ended = [str(one["ConnectionId"]) for one in self.connections() if one["CommonName"] == user]
        for connection in ended:
            self._ec2.terminate_client_vpn_connections(ClientVpnEndpointId=self.id, ConnectionId=connection)
        return ended

    def _revoked(self) -> dict[int, datetime]:
        answer = self._ec2.export_client_vpn_client_certificate_revocation_list(ClientVpnEndpointId=self.id)
        pem = answer.get("CertificateRevocationList")
        return revocations(pem.encode()) if pem else {}

    def connections(self) -> list[dict[str, Any]]:
        """Return the connections that are active now."""
        pages = self._ec2.get_paginator("describe_client_vpn_connections").paginate(ClientVpnEndpointId=self.id)
        return [one for page in pages for one in page["Connections"] if one["Status"]["Code"] == "active"]

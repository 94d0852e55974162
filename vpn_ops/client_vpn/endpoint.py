"""One Client VPN endpoint, and the calls to EC2 and ACM for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from botocore.exceptions import ClientError
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from vpn_ops.account import Account
from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.authority import Signed
from vpn_ops.client_vpn.keystore import revocations
from vpn_ops.errors import OperatorError, UsageError

GONE = ("deleting", "deleted")


class Endpoint:
    """A Client VPN endpoint.

    Args:
        account: The account and Region.
        described: The endpoint as ``DescribeClientVpnEndpoints`` shows it.
    """

    def __init__(self, account: Account, described: Mapping[str, Any]) -> None:
        self._ec2 = account.client("ec2")
        self._acm = account.client("acm")
        self._described = described
        self.id = str(described["ClientVpnEndpointId"])

    @classmethod
    def all(cls, account: Account) -> list[Self]:
        """Every endpoint of the Region that is not being deleted."""
        pages = account.client("ec2").get_paginator("describe_client_vpn_endpoints").paginate()
        return [cls(account, one) for page in pages for one in page["ClientVpnEndpoints"] if not _gone(one)]

    @classmethod
    def choose(cls, account: Account, endpoint_id: str | None) -> Self:
        """Return the given endpoint, or the only endpoint of the Region.

        Raises:
            OperatorError: The Region has no endpoint.
            UsageError: The Region has several, and none was given.
        """
        if endpoint_id:
            asked = account.client("ec2").describe_client_vpn_endpoints(ClientVpnEndpointIds=[endpoint_id])
            found = [cls(account, one) for one in asked["ClientVpnEndpoints"] if not _gone(one)]
            if not found:
                raise OperatorError(f"{endpoint_id} does not exist in {account.region}, or is being deleted")
            return found[0]
        found = cls.all(account)
        if not found:
            raise OperatorError(f"{account.region} has no Client VPN endpoint; deploy one, or use --region")
        if len(found) > 1:
            listed = ", ".join(one.id for one in found)
            raise UsageError(f"{account.region} has several Client VPN endpoints: {listed}; choose one with --endpoint")
        return found[0]

    def trusts(self, ca: Signed) -> bool:
        """Whether the endpoint admits users whose certificates this authority has signed."""
        arns = [
            one["MutualAuthentication"]["ClientRootCertificateChain"]
            for one in self._described.get("AuthenticationOptions", ())
            if "MutualAuthentication" in one
        ]
        for arn in arns:
            found = self._acm.get_certificate(CertificateArn=arn)
            pem = f"{found['Certificate']}\n{found.get('CertificateChain', '')}"
            known = x509.load_pem_x509_certificates(pem.encode())
            if any(one.public_key() == ca.key.public_key() for one in known):
                return True
        return False

    def check_trusts(self, ca: Signed) -> None:
        """Refuse an endpoint that would not admit the users of an authority.

        Raises:
            OperatorError: The endpoint has another authority, or does not use certificates.
        """
        if not self.trusts(ca):
            raise OperatorError(
                f"{self.id} does not trust the CA of this folder, so it would refuse the user; check --endpoint and "
                "--folder"
            )

    def profile(self, user: Signed) -> bytes:
        """Return a complete OpenVPN profile: the endpoint's configuration with a user's certificate and key."""
        exported = self._ec2.export_client_vpn_client_configuration(ClientVpnEndpointId=self.id)
        parts = (
            str(exported["ClientConfiguration"]).rstrip().encode(),
            b"<cert>\n" + authority.certificate_pem(user.certificate).rstrip() + b"\n</cert>",
            b"<key>\n" + authority.key_pem(user.key).rstrip() + b"\n</key>",
        )
        return b"\n".join(parts) + b"\n"

    def revoked(self, ca: Signed) -> tuple[dict[int, datetime] | None, bool]:
        """Return the entries of the endpoint's revocation list, ``None`` without a list; and whether it is in use yet.

        Raises:
            OperatorError: Another authority has signed the list; a list of ours would take its place.
        """
        answer = self._ec2.export_client_vpn_client_certificate_revocation_list(ClientVpnEndpointId=self.id)
        pem = answer.get("CertificateRevocationList")
        if not pem:
            return None, True
        in_use = answer.get("Status", {}).get("Code", "active") == "active"
        found = revocations(pem.encode(), ca.certificate)
        if found is None:
            raise OperatorError(
                f"the revocation list of {self.id} is signed by another CA than the one in this folder, and importing "
                "ours would replace it; revoke with the folder of that CA"
            )
        return found, in_use

    def import_list(self, ca: Signed, revoked: Mapping[int, datetime]) -> None:
        """Replace the endpoint's revocation list. AWS ends the connections of all its clients."""
        pem = authority.revocation_list(ca, revoked).public_bytes(Encoding.PEM)
        self._ec2.import_client_vpn_client_certificate_revocation_list(
            ClientVpnEndpointId=self.id, CertificateRevocationList=pem.decode()
        )

    def connections(self) -> list[dict[str, Any]]:
        """Return the connections that are active now."""
        pages = self._ec2.get_paginator("describe_client_vpn_connections").paginate(ClientVpnEndpointId=self.id)
        return [one for page in pages for one in page["Connections"] if one["Status"]["Code"] == "active"]

    def end_connections(self, user: str) -> list[str]:
        """End a user's connections and return their ids."""
        ended = [str(one["ConnectionId"]) for one in self.connections() if one.get("CommonName") == user]
        for connection in ended:
            try:
                self._ec2.terminate_client_vpn_connections(ClientVpnEndpointId=self.id, ConnectionId=connection)
            except ClientError as problem:
                if "NotFound" not in problem.response["Error"]["Code"]:  # it has ended by itself
                    raise
        return ended


def _gone(described: Mapping[str, Any]) -> bool:
    return described.get("Status", {}).get("Code") in GONE

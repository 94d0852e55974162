"""An account with Client VPN endpoints, as far as the commands ask for it: no process, no network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

NUMBER, REGION = "123456789012", "eu-west-1"


@dataclass
class FakeEndpoint:
    arn: str
    revocation_list: str | None = None
    imports: int = 0
    asked: int = 0
    """How often the list was exported since its import: at first it is not in use yet."""
    connected: list[str] = field(default_factory=list)


@dataclass
class FakeAccount:
    """Both the account and its clients of EC2 and ACM."""

    endpoints: dict[str, FakeEndpoint] = field(default_factory=dict)
    certificates: dict[str, dict[str, str]] = field(default_factory=dict)
    overwrite_with: list[str] = field(default_factory=list)
    """Lists that other computers import right after ours, one for each import."""
    number = NUMBER
    region = REGION

    def __post_init__(self) -> None:
        self.guard = threading.Lock()

    def client(self, _: str) -> FakeAccount:
        return self

    def add_endpoint(self, arn: str, *connected: str) -> str:
        name = f"cvpn-endpoint-{len(self.endpoints)}"
        self.endpoints[name] = FakeEndpoint(arn, connected=list(connected))
        return name

    def import_certificate(self, **request: Any) -> dict[str, str]:
        arn = request.get("CertificateArn", f"arn:aws:acm:{REGION}:{NUMBER}:certificate/{len(self.certificates)}")
        self.certificates[arn] = {
            "Certificate": request["Certificate"].decode(),
            "CertificateChain": request["CertificateChain"].decode(),
        }
        return {"CertificateArn": arn}

    def describe_certificate(self, CertificateArn: str) -> dict[str, str]:  # noqa: N803
        return self.get_certificate(CertificateArn)

    def get_certificate(self, CertificateArn: str) -> dict[str, str]:  # noqa: N803
        if CertificateArn not in self.certificates:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "none"}}, "GetCertificate")
        return self.certificates[CertificateArn]

    def get_paginator(self, operation: str) -> Any:
        account = self

        class Pages:
            def paginate(self, **request: Any) -> Iterator[Any]:
                yield getattr(account, operation)(**request)

        return Pages()

    def describe_client_vpn_endpoints(self, ClientVpnEndpointIds: list[str] | None = None) -> dict[str, Any]:  # noqa: N803
        return {
            "ClientVpnEndpoints": [
                {
                    "ClientVpnEndpointId": name,
                    "Status": {"Code": "available"},
                    "AuthenticationOptions": [
                        {
                            "Type": "certificate-authentication",
                            "MutualAuthentication": {"ClientRootCertificateChain": one.arn},
                        }
                    ],
                }
                for name, one in self.endpoints.items()
                if ClientVpnEndpointIds is None or name in ClientVpnEndpointIds
            ]
        }

    def describe_client_vpn_connections(self, ClientVpnEndpointId: str) -> dict[str, Any]:  # noqa: N803
        users = self.endpoints[ClientVpnEndpointId].connected
        active = {"Status": {"Code": "active"}}
        return {"Connections": [{"ConnectionId": f"of {user}", "CommonName": user, **active} for user in users]}

    def terminate_client_vpn_connections(self, ClientVpnEndpointId: str, ConnectionId: str) -> None:  # noqa: N803
        self.endpoints[ClientVpnEndpointId].connected.remove(ConnectionId.removeprefix("of "))

    def export_client_vpn_client_configuration(self, ClientVpnEndpointId: str) -> dict[str, str]:  # noqa: N803
        return {"ClientConfiguration": f"client\nremote {ClientVpnEndpointId}"}

    def export_client_vpn_client_certificate_revocation_list(self, ClientVpnEndpointId: str) -> dict[str, Any]:  # noqa: N803
        with self.guard:
            pem = self.endpoints[ClientVpnEndpointId].revocation_list
        if pem is None:
            return {"Status": {"Code": "pending"}}
        self.endpoints[ClientVpnEndpointId].asked += 1
        in_use = self.endpoints[ClientVpnEndpointId].asked > 1
        return {"CertificateRevocationList": pem, "Status": {"Code": "active" if in_use else "pending"}}

    def import_client_vpn_client_certificate_revocation_list(
        self,
        ClientVpnEndpointId: str,  # noqa: N803
        CertificateRevocationList: str,  # noqa: N803
    ) -> None:
        with self.guard:
            found = self.endpoints[ClientVpnEndpointId]
            found.imports, found.asked = found.imports + 1, 0
            found.revocation_list = self.overwrite_with.pop() if self.overwrite_with else CertificateRevocationList

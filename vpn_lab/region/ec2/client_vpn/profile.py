"""The OpenVPN profile that an endpoint exports: everything except the client's certificate and key."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding

from vpn_lab.region.certificates import Certificate
from vpn_lab.region.ec2.client_vpn.endpoint import ClientVpnEndpoint
from vpn_lab.region.ec2.client_vpn.options import DIRECTORY, FEDERATED


def exported(endpoint: ClientVpnEndpoint, server: Certificate) -> str:
    """Return the text of ExportClientVpnClientConfiguration."""
    kinds = {one["Type"] for one in endpoint.authentication}
    authority = "".join(one.public_bytes(Encoding.PEM).decode() for one in server.authorities)
    lines = [
        "client",
        "dev tun",
        f"proto {endpoint.settings['TransportProtocol']}",
        f"remote {endpoint.host_name} {endpoint.settings['VpnPort']}",
        "remote-random-hostname",
        "resolv-retry infinite",
        "nobind",
        "remote-cert-tls server",
        "cipher AES-256-GCM",
        "verb 3",
        "<ca>",
        authority.rstrip(),
        "</ca>",
    ]
    if DIRECTORY in kinds:
        lines.append("auth-user-pass")
    if FEDERATED in kinds:
        lines += ["auth-federate", "auth-retry interact"]
    lines += ["reneg-sec 0", f"verify-x509-name {server.common_name} name"]
    return "\n".join(lines) + "\n"

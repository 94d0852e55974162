"""Users of a Client VPN endpoint: the operator's own commands, and a computer on the Internet for each user."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vpn_lab.network.network import Network
from vpn_lab.preparation import client_vpn_command


@dataclass(frozen=True)
class Users:
    """The users of the one endpoint that is deployed. ``keys`` is where the operator's commands keep keys."""

    network: Network
    keys: Path

    def command(self, *words: str) -> Any:
        """Run ``vpn-ops client-vpn`` against the region, and return its answer."""
        return client_vpn_command(self.network.region, self.keys, *words)

    def connect(self, name: str) -> str:
        """Write a user's profile and start a computer that connects with it; return the computer's node."""
        profile = Path(self.command("profile", name)["profile"]).read_text()
        return self.network.attach_client(name, profile)

    def disconnect(self, name: str) -> None:
        """Remove a user's computer."""
        self.network.detach_client(name)

    def state(self, name: str) -> dict[str, str]:
        """Return the state that a user's OpenVPN reports; empty before the computer exists."""
        return dict(self.network.state().get(f"client-{name}", {}).get("client", {}))

    def connected(self, name: str) -> bool:
        """Tell whether a user is connected."""
        return self.state(name).get("state") == "CONNECTED"

    def reaches(self, name: str, *addresses: str) -> bool:
        """Tell whether each address answers a user's ping."""
        return all(self.network.pings(f"client-{name}", one) for one in addresses)

    def listed(self) -> list[tuple[str, str]]:
        """Return the names and addresses of the connected users, as the EC2 API lists them."""
        ec2 = self.network.region.client("ec2")
        answer = ec2.describe_client_vpn_connections(**self.endpoint)["Connections"]
        return [(one["CommonName"], one["ClientIp"]) for one in answer if one["Status"]["Code"] == "active"]

    def authorize(self, *cidrs: str, allowed: bool) -> None:
        """Authorize all users for networks, or revoke that."""
        ec2 = self.network.region.client("ec2")
        for cidr in cidrs:
            if allowed:
                ec2.authorize_client_vpn_ingress(**self.endpoint, TargetNetworkCidr=cidr, AuthorizeAllGroups=True)
            else:
                ec2.revoke_client_vpn_ingress(**self.endpoint, TargetNetworkCidr=cidr, RevokeAllGroups=True)

    def authorized(self) -> list[str]:
        """Return the networks for which all users are authorized."""
        answer = self.network.region.client("ec2").describe_client_vpn_authorization_rules(**self.endpoint)
        return [one["DestinationCidr"] for one in answer["AuthorizationRules"] if one["AccessAll"]]

    def refusals(self) -> int:
        """Return how often the servers refused a certificate because it is revoked."""
        servers = [name for name in self.network.state() if name.startswith("cvpn-assoc-")]
        logs = [self.network.call(one, "cat", "/var/log/openvpn.log")["output"] for one in servers]
        return sum(log.count("certificate revoked") for log in logs)

    @property
    def endpoint(self) -> dict[str, str]:
        """Return the endpoint as a parameter of EC2 calls."""
        (found,) = self.network.region.client("ec2").describe_client_vpn_endpoints()["ClientVpnEndpoints"]
        return {"ClientVpnEndpointId": found["ClientVpnEndpointId"]}


def any_endpoint(network: Network) -> bool:
    """Tell whether a Client VPN endpoint is deployed."""
    return bool(network.region.client("ec2").describe_client_vpn_endpoints()["ClientVpnEndpoints"])

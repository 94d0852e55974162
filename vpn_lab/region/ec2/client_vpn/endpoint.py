"""A Client VPN endpoint with its associations, routes and rules, as the API shows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from moto.ec2.models.core import TaggedEC2Resource
from moto.moto_api._internal import mock_random

from vpn_lab.region.ec2.client_vpn.options import USER_BASED

DEFAULTS: dict[str, Any] = {
    "SplitTunnel": False,
    "TransportProtocol": "udp",
    "VpnPort": 443,
    "SessionTimeoutHours": 24,
    "SelfServicePortal": "disabled",
    "DisconnectOnSessionTimeout": False,
    "ConnectionLogOptions": {"Enabled": False},
    "ClientConnectOptions": {"Enabled": False},
    "ClientLoginBannerOptions": {"Enabled": False},
    "DnsServers": [],
}
SETTINGS = (*DEFAULTS, "ServerCertificateArn", "Description", "VpcId", "SecurityGroupIds")


@dataclass
class Association:
    """A target network: a subnet with an interface of the endpoint."""

    interface: Any
    id: str = field(default_factory=lambda: f"cvpn-assoc-{mock_random.get_random_hex(17)}")


@dataclass(frozen=True)
class ClientRoute:
    destination: str
    subnet: str
    origin: str
    description: str | None = None


@dataclass(frozen=True)
class Rule:
    """An authorization rule: which group may reach which network; without a group, everyone."""

    network: str
    group: str | None
    description: str | None = None


class ClientVpnEndpoint(TaggedEC2Resource):
    def __init__(self, backend: Any, client_cidr: str, authentication: list[dict[str, Any]]) -> None:
        self.ec2_backend = backend
        self.id = f"cvpn-endpoint-{mock_random.get_random_hex(17)}"
        self.client_cidr = client_cidr
        self.authentication = authentication
        self.settings: dict[str, Any] = dict(DEFAULTS)
        self.created_at = datetime.now(UTC)
        self.associations: dict[str, Association] = {}
        self.routes: list[ClientRoute] = []
        self.rules: list[Rule] = []
        self.revocation_list: str | None = None
        self.connections: dict[str, dict[str, Any]] = {}
        self.refused: set[str] = set()
        self._unpublished_bytes = (0, 0)
        self._unpublished_refusals = 0

    @property
    def host_name(self) -> str:
        """What clients connect to, behind a label of their own choice."""
        return f"{self.id}.prod.clientvpn.{self.ec2_backend.region_name}.amazonaws.com"

    @property
    def knows_groups(self) -> bool:
        return any(one["Type"] in USER_BASED for one in self.authentication)

    @property
    def client_ca_arn(self) -> str | None:
        """The certificate in whose chain the authority of the clients' certificates is."""
        for one in self.authentication:
            if "MutualAuthentication" in one:
                return str(one["MutualAuthentication"]["ClientRootCertificateChainArn"])
        return None

    @property
    def connected(self) -> int:
        """How many clients are connected."""
        return sum(one["Status"]["Code"] == "active" for one in self.connections.values())

    @property
    def revocation_days(self) -> float | None:
        """Days until the revocation list expires; ``None`` without a list, or if it does not expire."""
        if self.revocation_list is None:
            return None
        end = x509.load_pem_x509_crl(self.revocation_list.encode()).next_update_utc
        return None if end is None else (end - datetime.now(UTC)).total_seconds() / 86400

    def take_report(
        self, connections: list[dict[str, Any]], refused: list[str]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Update the connected clients and refused attempts; return the connections that have started and ended."""
        present = {str(one["ConnectionId"]): one for one in connections}
        ended = [
            one
            for name, one in self.connections.items()
            if name not in present and one["Status"]["Code"] != "terminated"
        ]
        for one in ended:
            one["Status"] = {"Code": "terminated"}
        begun = [one for name, one in present.items() if name not in self.connections]
        for name, one in present.items():
            before = self.connections.get(name, {})
            self._count_traffic(before, one)
            ending = before.get("Status", {}).get("Code") == "terminating"
            status = {"Code": "terminating" if ending else "active"}
            self.connections[name] = {**one, "ClientVpnEndpointId": self.id, "Status": status}
        self._unpublished_refusals += len(set(refused) - self.refused)
        self.refused |= set(refused)
        return begun, ended

    @property
    def terminating(self) -> list[str]:
        """The connections that the network has to end."""
        return [name for name, one in self.connections.items() if one["Status"]["Code"] == "terminating"]

    def _count_traffic(self, before: dict[str, Any], now: dict[str, Any]) -> None:
        received, sent = (
            int(now.get(counter, 0)) - int(before.get(counter, 0)) for counter in ("IngressBytes", "EgressBytes")
        )
        self._unpublished_bytes = (self._unpublished_bytes[0] + received, self._unpublished_bytes[1] + sent)

    def take_traffic(self) -> tuple[int, int]:
        """Return the bytes from and to clients since the last call."""
        taken, self._unpublished_bytes = self._unpublished_bytes, (0, 0)
        return taken

    def take_refusals(self) -> int:
        """Return how many clients were refused since the last call."""
        taken, self._unpublished_refusals = self._unpublished_refusals, 0
        return taken

    def shown(self) -> dict[str, Any]:
        """The endpoint as DescribeClientVpnEndpoints answers it."""
        settings = {name: self.settings[name] for name in SETTINGS if name in self.settings}
        portal = settings.pop("SelfServicePortal")
        settings["ClientConnectOptions"] = {**settings["ClientConnectOptions"], "Status": {"Code": "applied"}}
        if portal == "enabled":
            settings["SelfServicePortalUrl"] = f"https://self-service.clientvpn.amazonaws.com/endpoints/{self.id}"
        return {
            **settings,
            "ClientVpnEndpointId": self.id,
            "Status": {"Code": "available" if self.associations else "pending-associate"},
            "CreationTime": self.created_at.strftime("%Y-%m-%dT%H:%M:%S"),
            "DnsName": f"*.{self.host_name}",
            "ClientCidrBlock": self.client_cidr,
            "VpnProtocol": "openvpn",
            "EndpointIpAddressType": "ipv4",
            "TrafficIpAddressType": "ipv4",
            "AuthenticationOptions": [_shown_authentication(one) for one in self.authentication],
            "AssociatedTargetNetworks": [
                {"NetworkId": one.interface.subnet.id, "NetworkType": "vpc"} for one in self.associations.values()
            ],
            "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in self.get_tags()],
        }

    def shown_networks(self) -> list[dict[str, Any]]:
        """The target networks as DescribeClientVpnTargetNetworks answers them."""
        return [
            {
                "AssociationId": one.id,
                "VpcId": one.interface.vpc_id,
                "TargetNetworkId": one.interface.subnet.id,
                "ClientVpnEndpointId": self.id,
                "Status": {"Code": "associated"},
                "SecurityGroups": [group.id for group in one.interface._group_set],
                "AvailabilityZones": [one.interface.subnet.availability_zone],
            }
            for one in self.associations.values()
        ]

    def shown_routes(self) -> list[dict[str, Any]]:
        """The routes as DescribeClientVpnRoutes answers them."""
        return [
            {
                "ClientVpnEndpointId": self.id,
                "DestinationCidr": one.destination,
                "TargetSubnet": one.subnet,
                "Type": "Nat",
                "Origin": one.origin,
                "Status": {"Code": "active"},
                "Description": one.description or "",
            }
            for one in self.routes
        ]

    def shown_rules(self) -> list[dict[str, Any]]:
        """The rules as DescribeClientVpnAuthorizationRules answers them."""
        return [
            {
                "ClientVpnEndpointId": self.id,
                "Description": one.description or "",
                "GroupId": one.group or "",
                "AccessAll": one.group is None,
                "DestinationCidr": one.network,
                "Status": {"Code": "active"},
            }
            for one in self.rules
        ]


def _shown_authentication(option: dict[str, Any]) -> dict[str, Any]:
    """Return the requested options under the names of the answer."""
    shown: dict[str, Any] = {"Type": option["Type"]}
    if "MutualAuthentication" in option:
        arn = option["MutualAuthentication"]["ClientRootCertificateChainArn"]
        shown["MutualAuthentication"] = {"ClientRootCertificateChain": arn}
    if "ActiveDirectory" in option:
        shown["ActiveDirectory"] = option["ActiveDirectory"]
    if "FederatedAuthentication" in option:
        saml = option["FederatedAuthentication"]
        shown["FederatedAuthentication"] = {
            "SamlProviderArn": saml.get("SAMLProviderArn"),
            "SelfServiceSamlProviderArn": saml.get("SelfServiceSAMLProviderArn"),
        }
    return shown

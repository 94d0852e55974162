"""Client VPN endpoints."""

from __future__ import annotations

from dataclasses import dataclass

from vpn_model.unknown import Flag, Number, Text


@dataclass(frozen=True)
class Authentication:
    """One way in which clients prove who they are."""

    kind: Text
    """``certificate-authentication``, ``directory-service-authentication`` or ``federated-authentication``."""
    source: Text
    """The ARN of the client's certificate authority, the directory's id, or the ARN of the SAML provider."""


@dataclass(frozen=True)
class ConnectionLog:
    enabled: Flag = False
    group: Text | None = None
    stream: Text | None = None


@dataclass(frozen=True)
class ClientVpnAssociation:
    """A target network: a subnet that clients come in through."""

    id: str
    subnet_id: str
    state: str = "planned"


@dataclass(frozen=True)
class ClientVpnRoute:
    destination: Text
    subnet_id: str
    """The subnet that it leads into; empty for a route to a transit gateway."""
    origin: str = "add-route"
    """``add-route``, or ``associate`` for the VPC's own route that comes with an association."""
    state: str = "planned"


@dataclass(frozen=True)
class AuthorizationRule:
    """A network that clients may enter."""

    destination: Text
    group_id: Text | None = None
    """The group of the directory or identity provider that may enter; None for everyone."""
    state: str = "planned"

    @property
    def allows_everyone(self) -> bool:
        return self.group_id is None


@dataclass(frozen=True)
class ClientVpnEndpoint:
    """A Client VPN endpoint that is not deleted."""

    id: str
    name: str
    client_cidr: Text
    """The addresses of the clients; /12 to /22."""
    authentication: tuple[Authentication, ...]
    server_certificate_arn: Text
    dns_name: Text
    """What clients connect to, behind a label of their own choice: begins with ``*.``; unknown in a template."""
    vpc_id: str | None = None
    transit_gateway_id: str | None = None
    """The transit gateway that it is attached to, instead of subnets of a VPC."""
    group_ids: tuple[str, ...] = ()
    """The security groups of its interfaces. The VPC's default group if a template names none."""
    associations: tuple[ClientVpnAssociation, ...] = ()
    routes: tuple[ClientVpnRoute, ...] = ()
    """The routes. From a template, the VPC's own ones are included, which come with the associations."""
    authorization_rules: tuple[AuthorizationRule, ...] = ()
    protocol: Text = "udp"
    port: Number = 443
    split_tunnel: Flag = False
    """Whether only traffic to the endpoint's routes goes through it."""
    dns_servers: tuple[Text, ...] = ()
    connection_log: ConnectionLog = ConnectionLog()
    session_timeout_hours: Number = 24
    disconnect_on_session_timeout: Flag = True
    self_service_portal: Flag = False
    client_connect_function_arn: Text | None = None
    """The Lambda function that decides on each new connection."""
    description: str = ""
    state: str = "planned"

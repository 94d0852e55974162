"""Transit gateways, their attachments and their route tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vpn_model.gateways import DEFAULT_AMAZON_SIDE_ASN
from vpn_model.unknown import Flag, Number, Text

TransitRouteOrigin: TypeAlias = Literal["static", "propagated"]


@dataclass(frozen=True)
class TransitAttachment:
    """Something that is attached to a transit gateway."""

    id: str
    """From a template, the attachment that comes with a VPN connection has the id ``Connection.TransitAttachment``."""
    name: str
    kind: str
    """``vpc``, ``vpn``, ``direct-connect-gateway``, ``connect``, ``peering``, ..."""
    resource_id: str
    """The id of what is attached."""
    table_id: str | None
    """The route table that its packets are looked up in; None without an association."""
    subnet_ids: tuple[str, ...] = ()
    """For a VPC: the subnets with an interface of the transit gateway."""
    appliance_mode: Flag = False
    state: str = "planned"


@dataclass(frozen=True)
class TransitRoute:
    destination: Text
    attachment_ids: tuple[str, ...]
    """Several if equal paths are used together; none for a blackhole."""
    origin: TransitRouteOrigin = "static"
    state: str = "active"
    """``active`` or ``blackhole``."""


@dataclass(frozen=True)
class TransitTable:
    """A route table of a transit gateway."""

    id: str
    name: str
    propagating_attachment_ids: tuple[str, ...]
    """The attachments that it learns routes from."""
    routes: tuple[TransitRoute, ...]
    """The routes. From a template: the static ones, and the propagated ones of VPCs and of static VPN connections."""


@dataclass(frozen=True)
class TransitGateway:
    """A transit gateway that is not deleted, with all that is attached to it."""

    id: str
    name: str
    asn: Number = DEFAULT_AMAZON_SIDE_ASN
    ecmp: Flag = True
    """Whether equal paths over VPN connections are used together."""
    attachments: tuple[TransitAttachment, ...] = ()
    tables: tuple[TransitTable, ...] = ()
    default_association: Flag = True
    """Whether new attachments are associated with the default association table."""
    default_propagation: Flag = True
    """Whether new attachments propagate into the default propagation table."""
    default_association_table_id: str | None = None
    default_propagation_table_id: str | None = None
    state: str = "planned"

    def of_kind(self, kind: str) -> tuple[TransitAttachment, ...]:
        """The attachments of one kind, such as ``vpc`` or ``vpn``."""
        return tuple(one for one in self.attachments if one.kind == kind)

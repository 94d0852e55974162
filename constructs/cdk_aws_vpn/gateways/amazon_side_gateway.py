"""What all gateways at the Amazon end of a VPN connection have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from constructs import Construct, IConstruct

from cdk_aws_vpn.checks.addressing import check_inside_cidr, check_inside_ipv6_cidr
from cdk_aws_vpn.checks.asns import check_amazon_side_asn
from cdk_aws_vpn.checks.texts import check_list
from cdk_aws_vpn.checks.tokens import is_placeholder
from cdk_aws_vpn.errors import AddressingError
from cdk_aws_vpn.foundation.identity import identity_of
from cdk_aws_vpn.foundation.places import root_of
from cdk_aws_vpn.foundation.quotas import Quota
from cdk_aws_vpn.foundation.stack_census import environment_of

_BLOCKS = ("a list of inside CIDR blocks", "write it like ['169.254.6.0/30']")
_ANOTHER_BLOCK = ("inside_cidr", "choose another /30 of 169.254.0.0/16, or leave inside_cidr out")
_ANOTHER_IPV6_BLOCK = ("inside_ipv6_cidr", "choose another /126 of fd00::/8")


@dataclass
class _Connections:
    """What the connections of an app use of one gateway, which several constructs may stand for."""

    count: int = 0
    inside_cidrs: set[str] = field(default_factory=set)


# By the app, and then by account, Region and identity of the gateway.
_census: WeakKeyDictionary[IConstruct, dict[tuple[str, ...], _Connections]] = WeakKeyDictionary()


class AmazonSideGateway(Construct):
    """Base of the gateways that a VPN connection can end on.

    It keeps track of the connections that this application creates on the gateway, because two of them may not share
    an inside CIDR block and AWS limits their number. Two constructs with the same literal id, in one stack or in
    several, stand for the same gateway.

    Attributes:
        amazon_side_asn: ASN of the Amazon side; None when it is not known.
    """

    connections_quota: Quota | None = None
    """How many connections the gateway takes; None where AWS sets no limit of its own."""

    check_asn = staticmethod(check_amazon_side_asn)
    """Which ASNs the gateway can have: a new one has a private ASN."""

    learned_prefixes_maximum = 100
    """How many networks a device may announce on one session; one more, and AWS ends the session."""

    announced_prefixes_maximum = 100
    """How many networks AWS may announce to a device, as the device should expect."""

    def __init__(self, scope: Construct, construct_id: str, *, amazon_side_asn: int | None) -> None:
        super().__init__(scope, construct_id)
        if amazon_side_asn is not None:
            self.check_asn("amazon_side_asn", amazon_side_asn)
        self.amazon_side_asn = amazon_side_asn

    @property
    def gateway_properties(self) -> dict[str, Any]:
        """The properties of ``AWS::EC2::VPNConnection`` that name this gateway."""
        raise NotImplementedError

    @cached_property
    def identity(self) -> str:
        """A text that two constructs have in common if they stand for the same gateway."""
        return identity_of(self, self.gateway_id)

    @property
    def gateway_id(self) -> str:
        """Id of the gateway."""
        (gateway_id,) = self.gateway_properties.values()
        return str(gateway_id)

    @property
    def inside_cidrs(self) -> frozenset[str]:
        """The inside CIDR blocks that the connections of this application use."""
        return frozenset(self._connections.inside_cidrs)

    @property
    def _connections(self) -> _Connections:
        key = (*environment_of(self), self.identity)
        return _census.setdefault(root_of(self), {}).setdefault(key, _Connections())

    def add_connection(self, inside_cidrs: Sequence[str]) -> None:
        """Take a connection with these inside CIDR blocks into account. A ``VpnConnection`` calls it.

        Args:
            inside_cidrs: The inside CIDR blocks of its tunnels, IPv4 and IPv6.

        Raises:
            QuotaError: The gateway has as many connections as AWS grants.
            AddressingError: A block cannot be used inside a tunnel, or is used by another tunnel of this gateway.
        """
        for cidr in check_list("inside_cidrs", inside_cidrs, *_BLOCKS, error=AddressingError):
            check = check_inside_ipv6_cidr if isinstance(cidr, str) and ":" in cidr else check_inside_cidr
            check("inside_cidrs", cidr)
        if self.connections_quota is not None:
            self.connections_quota.check(self, "gateway", self._connections.count + 1)
        for cidr in inside_cidrs:
            if cidr in self._connections.inside_cidrs and not is_placeholder(cidr):
                prop, remedy = _ANOTHER_IPV6_BLOCK if ":" in cidr else _ANOTHER_BLOCK
                raise AddressingError(prop, cidr, "a block that no other tunnel of the gateway uses", remedy)
            self._connections.inside_cidrs.add(cidr)
        self._connections.count += 1

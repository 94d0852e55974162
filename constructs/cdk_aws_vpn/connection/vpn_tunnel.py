"""One of the two tunnels of a VPN connection, as other constructs see it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_aws_vpn.checks.arguments import check_instance
from cdk_aws_vpn.connection.inside_network import InsideNetwork
from cdk_aws_vpn.connection.negotiation import Negotiation
from cdk_aws_vpn.connection.one_dh_group import with_one_dh_group
from cdk_aws_vpn.connection.tunnel_endpoints import EndpointLookup
from cdk_aws_vpn.connection.tunnel_options import TunnelLogOptions, TunnelOptions
from cdk_aws_vpn.connection.watched import WatchedTunnel


class VpnTunnel(WatchedTunnel):
    """One tunnel: its addresses, its effective options, its key and its metrics.

    Attributes:
        number: 1 or 2.
        options: The options as the caller wrote them, with an inside CIDR block chosen if there was none.
        negotiation: What the tunnel negotiates: the options, completed by the security profile.
        inside: The network inside the tunnel, with AWS's address and the device's.
        pre_shared_key: The secret with the key; None when the device proves itself with a certificate.
    """

    def __init__(
        self,
        *,
        number: int,
        options: TunnelOptions,
        negotiation: Negotiation,
        pre_shared_key: secretsmanager.ISecret | None,
        vpn_connection_id: str,
        endpoints: EndpointLookup,
        changed: Callable[[], None],
    ) -> None:
        super().__init__(number=number, vpn_connection_id=vpn_connection_id)
        self.options = options
        self.negotiation = negotiation
        self.inside = InsideNetwork(str(options.inside_cidr))
        self.pre_shared_key = pre_shared_key
        self._endpoints = endpoints
        self._changed = changed

    @property
    def inside_cidr(self) -> str:
        """The /30 inside the tunnel."""
        return self.inside.cidr

    @property
    def description(self) -> str:
        """What a reader knows the tunnel by, besides its number."""
        return f"inside CIDR {self.inside_cidr}"

    @property
    def outside_address(self) -> str:
        """Public address of Amazon's end, known at deployment. The first use adds the look-up to the stack."""
        return self._endpoints.outside_addresses[self.number - 1]

    def log_to(self, log_options: TunnelLogOptions) -> None:
        """Take log options, unless the tunnel has its own.

        Args:
            log_options: The log groups of the tunnel.

        Raises:
            VpnConfigurationError: ``log_options`` is not a :class:`TunnelLogOptions`.
        """
        check_instance("log_options", log_options, TunnelLogOptions, "wrap the values: TunnelLogOptions(…)")
        if self.options.log_options is None:
            self.options = replace(self.options, log_options=log_options)
            self._changed()

    def use_one_dh_group(self) -> None:
        """Allow one Diffie-Hellman group, the same in both phases, as libreswan on a :class:`CgwInstance` needs.

        A list that was left out is narrowed: to group 20, or to 14 with a security profile that allows IKEv1.

        Raises:
            TunnelOptionsError: The options name several groups, or another one in each phase.
        """
        self.negotiation = with_one_dh_group(self.options, self.negotiation)
        self._changed()


def make_tunnels(
    options: Sequence[TunnelOptions],
    negotiations: Sequence[Negotiation],
    keys: Sequence[secretsmanager.ISecret | None],
    vpn_connection_id: str,
    endpoints: EndpointLookup,
    *,
    changed: Callable[[], None],
) -> tuple[VpnTunnel, VpnTunnel]:
    """Return tunnels 1 and 2 of a connection; each list has one element per tunnel.

    ``changed`` is called when what a tunnel specifies has changed.
    """
    first, second = (
        VpnTunnel(
            number=number,
            options=chosen,
            negotiation=negotiation,
            pre_shared_key=key,
            vpn_connection_id=vpn_connection_id,
            endpoints=endpoints,
            changed=changed,
        )
        for number, chosen, negotiation, key in zip((1, 2), options, negotiations, keys, strict=True)
    )
    return first, second

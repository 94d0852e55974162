"""A VPN connection that was created elsewhere, with what is needed to watch it."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from cdk_aws_vpn.checks.addressing import check_address
from cdk_aws_vpn.checks.arguments import check_instance, check_resource_id
from cdk_aws_vpn.checks.texts import check_list
from cdk_aws_vpn.connection.tunnel_options import TunnelLogOptions
from cdk_aws_vpn.connection.watched import BaseVpnConnection, WatchedTunnel
from cdk_aws_vpn.errors import VpnConfigurationError


class ExistingTunnel(WatchedTunnel):
    """One tunnel of an existing connection."""

    def __init__(self, *, number: int, vpn_connection_id: str, outside_address: str) -> None:
        super().__init__(number=number, vpn_connection_id=vpn_connection_id)
        self._outside_address = outside_address

    @property
    def outside_address(self) -> str:
        """Public address of Amazon's end."""
        return self._outside_address


class ExistingVpnConnection(BaseVpnConnection):
    """A connection that was created elsewhere; see :meth:`VpnConnection.from_attributes`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpn_connection_id: str,
        outside_addresses: Sequence[str] = (),
        log_options: TunnelLogOptions | None = None,
    ) -> None:
        check_resource_id("vpn_connection_id", vpn_connection_id, "vpn-")
        addresses = _check_addresses(outside_addresses)
        if log_options is not None:
            check_instance("log_options", log_options, TunnelLogOptions, "wrap the values: TunnelLogOptions(…)")
        super().__init__(scope, construct_id)
        self.vpn_connection_id = vpn_connection_id
        self.tunnels = tuple(
            ExistingTunnel(number=number, vpn_connection_id=vpn_connection_id, outside_address=address)
            for number, address in zip((1, 2), addresses, strict=False)
        )
        self._log_options = log_options

    @property
    def log_options(self) -> tuple[TunnelLogOptions, ...]:
        """Where the tunnels write their logs, as far as known."""
        return () if self._log_options is None else (self._log_options,)


class ImportableVpnConnection(BaseVpnConnection):
    """The ways to name an existing connection, for :class:`VpnConnection`."""

    @staticmethod
    def from_id(scope: Construct, construct_id: str, vpn_connection_id: str) -> ExistingVpnConnection:
        """Use an existing connection, to watch it with :class:`~cdk_aws_vpn.VpnMonitoring`.

        Args:
            scope: The construct to put the reference in.
            construct_id: Its id there.
            vpn_connection_id: ``vpn-…``.
        """
        return ExistingVpnConnection(scope, construct_id, vpn_connection_id=vpn_connection_id)

    @staticmethod
    def from_attributes(
        scope: Construct,
        construct_id: str,
        *,
        vpn_connection_id: str,
        outside_addresses: Sequence[str] = (),
        log_options: TunnelLogOptions | None = None,
    ) -> ExistingVpnConnection:
        """Use an existing connection of which more is known than its id.

        Args:
            scope: The construct to put the reference in.
            construct_id: Its id there.
            vpn_connection_id: ``vpn-…``.
            outside_addresses: Public addresses of Amazon's ends of tunnels 1 and 2, so that each tunnel can be watched.
                Default: unknown.
            log_options: Where its tunnels write their logs. Default: unknown.

        Raises:
            VpnConfigurationError: The id is not one of a connection, or there are not two addresses.
            AddressingError: An address is not an IPv4 address.
        """
        return ExistingVpnConnection(
            scope,
            construct_id,
            vpn_connection_id=vpn_connection_id,
            outside_addresses=outside_addresses,
            log_options=log_options,
        )


def _check_addresses(addresses: Sequence[str]) -> tuple[str, ...]:
    prop, allowed = "outside_addresses", "a list of the addresses of tunnel 1 and tunnel 2, or none"
    remedy = "copy both from the connection's tunnel details in the VPC console, or leave them out"
    checked = tuple(check_address(prop, address) for address in check_list(prop, addresses, allowed, remedy))
    if len(checked) not in {0, 2} or len(set(checked)) < len(checked):
        raise VpnConfigurationError(prop, addresses, allowed, remedy)
    return checked

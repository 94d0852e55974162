"""What is known of a device at synthesis: its connection, and whether it has a partner."""

from __future__ import annotations

from constructs import Construct

from cdk_aws_vpn.device.boot import DeviceBoot


class DeviceState(Construct):
    """The part of a :class:`~cdk_aws_vpn.CgwInstance` that tells what it was given."""

    boot: DeviceBoot
    """The instance and its user-data, for the constructs that pair and watch devices."""

    @property
    def is_connected(self) -> bool:
        """True once the device has a VPN connection."""
        return self.boot.parts is not None

    @property
    def uses_bgp(self) -> bool:
        """True once the device has a VPN connection that routes by BGP."""
        return self.boot.parts is not None and self.boot.parts.bgp is not None

    @property
    def tunnel_numbers(self) -> tuple[int, ...]:
        """The tunnels that the device sets up: 1, 2 or both; none before :meth:`connect`."""
        return tuple(tunnel.number for tunnel in self.boot.parts.tunnels) if self.boot.parts else ()

    @property
    def is_probed(self) -> bool:
        """True if the device tests its tunnels with pings."""
        return self.boot.parts is not None and self.boot.parts.is_probed

    @property
    def is_paired(self) -> bool:
        """True if the device is part of a pair or cluster."""
        return self.boot.parts is not None and self.boot.parts.pair is not None

"""The state of a tunnel in a picture."""

from __future__ import annotations

from typing import Literal, TypeAlias

from vpn_model.connection import VpnConnection
from vpn_model.picture.view import View

TunnelState: TypeAlias = Literal["up", "down", "planned", "unused"]


def tunnel_state(view: View, connection: VpnConnection, number: int) -> TunnelState:
    """The state of a tunnel, as AWS reports it.

    A tunnel that no device is configured for is ``unused``, if the device is one whose configuration can be read:
    an instance of this network. Nobody waits for it to come up.
    """
    telemetry = connection.tunnels[number - 1].telemetry
    if telemetry and telemetry.status == "UP":
        return "up"
    is_configured = view.devices is None or view.devices.tunnels.get((connection.id, number)) != ()
    if not is_configured and view.start_of(connection) != connection.customer_gateway_id:
        return "unused"
    return "down" if telemetry else "planned"

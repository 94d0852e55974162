"""What a network that follows the region reports to it and asks it, besides the telemetry of tunnels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class NetworkPages:
    """A part of the handle on a region."""

    def _page(self, method: str, page: str, body: object = None) -> Any:
        raise NotImplementedError

    def note_change(self) -> None:
        """Wake everyone who waits for a change, because of a change outside the region."""
        self._page("POST", "changes")

    def client_vpn(self, endpoint: str) -> dict[str, Any]:
        """What the servers of a Client VPN endpoint need and no API returns: certificates, key, revocation list."""
        return dict(self._page("GET", f"client-vpn-endpoints/{endpoint}"))

    def report_clients(
        self, endpoint: str, connections: list[dict[str, str]], refused: Sequence[str] = ()
    ) -> list[str]:
        """Report the connected clients of an endpoint; return the connections that must be ended.

        Args:
            endpoint: Its id.
            connections: All connections, as DescribeClientVpnConnections shows them, plus ``From``: the client's
                public address and port.
            refused: Ids of all attempts that were refused since the servers started.
        """
        body = {"connections": connections, "refused": list(refused)}
        answer = self._page("PUT", f"client-vpn-endpoints/{endpoint}/connections", body)
        return [str(one) for one in answer["terminating"]]

    def take_device_commands(self) -> list[dict[str, Any]]:
        """The commands of SSM for devices that nobody has taken yet: ``id``, ``instance`` and ``words``."""
        return list(self._page("GET", "device-commands"))

    def report_device_command(self, number: str, code: int, output: str, errors: str) -> None:
        """Report the outcome of a command."""
        self._page("PUT", f"device-commands/{number}", {"code": code, "output": output, "errors": errors})

"""Ways to break the network on purpose."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vpn_lab.network.addresses import INTERNET_NODE

if TYPE_CHECKING:
    from vpn_lab.network.network import Network

TABLE = """
table ip faults {
	set dead { type ipv4_addr; }
	chain forward {
		type filter hook forward priority -10;
		ip saddr @dead drop
		ip daddr @dead drop
	}
}
"""


def inject(network: Network, kind: str, target: str) -> None:
    """Break something, or mend it.

    Raises:
        ValueError: There is no such fault.
    """
    if kind not in FAULTS:
        raise ValueError(f"there is no fault {kind!r}; there are {', '.join(FAULTS)}")
    FAULTS[kind](network, target)


def _blackhole(network: Network, outside_address: str) -> None:
    """The Internet silently drops all packets from and to an outside address."""
    _internet(network, f"{TABLE}add element ip faults dead {{ {outside_address} }}\n")


def _heal(network: Network, outside_address: str) -> None:
    _internet(network, f"{TABLE}add element ip faults dead {{ {outside_address} }}\n")
    _internet(network, f"delete element ip faults dead {{ {outside_address} }}\n")


def _internet(network: Network, rules: str) -> None:
    network.machine.call("run", node=INTERNET_NODE, command=["nft", "-f", "-"], text=rules)


def _delete_ike(network: Network, outside_address: str) -> None:
    """AWS deletes a tunnel's IKE SA, as when it replaces the endpoint."""
    tunnel = network.tunnels()[outside_address]
    network.machine.call("tunnel", gateway=tunnel["gateway"], name=tunnel["name"])


def _power_off(network: Network, instance: str) -> None:
    network.machine.call("power", node=network.node(instance), on=False)


def _power_on(network: Network, instance: str) -> None:
    network.machine.call("power", node=network.node(instance), on=True)


FAULTS: dict[str, Callable[[Network, str], None]] = {
    "blackhole": _blackhole,
    "heal": _heal,
    "delete-ike": _delete_ike,
    "power-off": _power_off,
    "power-on": _power_on,
}

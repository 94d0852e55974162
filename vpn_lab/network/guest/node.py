"""One node: a network namespace and everything in it."""

from __future__ import annotations

import copy

from vpn_lab.network.guest.commands import NAMESPACES, ip_batch, make_namespace, run, within
from vpn_lab.network.guest.gateway import Gateway
from vpn_lab.network.guest.openvpn import OpenVpn
from vpn_lab.network.guest.servers import MetadataService
from vpn_lab.network.guest.system import System
from vpn_lab.network.plan import Node, node

SETTINGS = {
    "router": ("ipv4.ip_forward=1", "ipv4.conf.default.proxy_arp=1"),
    # spread flows over equal paths by addresses and ports
    "gateway": ("ipv4.ip_forward=1", "ipv4.fib_multipath_hash_policy=1"),
    "client-vpn": ("ipv4.ip_forward=1",),
    "client": (),
    "host": (),
    "system": (),
}
ALWAYS = ("ipv4.conf.all.rp_filter=0", "ipv4.conf.default.rp_filter=0", "ipv4.conf.all.send_redirects=0")


class LiveNode:
    """A node in its current state, and the part of the plan that it was built from."""

    def __init__(self, name: str, plan: Node, region_port: int) -> None:
        self.name = name
        self.kind = plan["kind"]
        self.plan: Node | None = None
        self.gateway = Gateway(name) if self.kind == "gateway" else None
        self.system = System(name, region_port) if self.kind == "system" else None
        self.openvpn: OpenVpn | None = None
        self.metadata: MetadataService | None = None
        self.boots = 0
        self._make_namespace()
        if self.kind in ("client-vpn", "client"):
            self.openvpn = OpenVpn(name, self.kind)

    def _make_namespace(self) -> None:
        make_namespace(self.name, (*ALWAYS, *SETTINGS[self.kind]))

    @property
    def has_namespace(self) -> bool:
        return (NAMESPACES / self.name).exists()

    def switch_off(self) -> None:
        """End all processes, and delete the namespace with everything in it."""
        if self.system is not None:
            self.system.cut_power()
        self.boots = 0
        self.plan = None
        run(["ip", "netns", "delete", self.name])

    def forget_port(self, port: str) -> None:
        """Note that a port is gone: the kernel has dropped its addresses and routes, so they must be set again."""
        if self.plan is not None:
            self.plan["addresses"].pop(port, None)
            self.plan["routes"] = [route for route in self.plan["routes"] if f"dev {port} " not in f"{route} "]

    def replug(self) -> None:
        """Create an empty namespace; the cables come next."""
        if not self.has_namespace:
            self._make_namespace()

    def must_restart(self, after: Node) -> bool:
        """Tell whether the instance was stopped or restarted since the last check."""
        return self.system is not None and self.boots > 0 and (not after["running"] or after["boots"] != self.boots)

    def configure(self, after: Node) -> None:
        """Set those addresses, routes, rules and filters that differ from the current ones.

        Each completed step is noted, so that after a failure the next attempt continues where this one stopped.
        """
        done = self.plan or {**node(self.kind), "running": after["running"]}
        ip_batch(self.name, changes(done, after))
        done = {**done, "addresses": after["addresses"], "routes": after["routes"], "rules": after["rules"]}
        self.plan = done
        if after["firewall"] != done["firewall"]:
            run([*within(self.name), "nft", "-f", "-"], text=after["firewall"])
            self.plan = done = {**done, "firewall": after["firewall"]}
        if after["metadata"] or self.metadata:
            self._serve_metadata(after)
        if self.gateway is not None:
            self.gateway.apply(after)
        if self.openvpn is not None:
            self.openvpn.apply(after)
        if self.system is not None and after["running"] and self.boots != after["boots"]:
            self.system.start()
            self.boots = after["boots"]
        self.plan = copy.deepcopy(after)

    def _serve_metadata(self, after: Node) -> None:
        if self.metadata is None:
            self.metadata = MetadataService(self.name)
        self.metadata.show(after["metadata"])

    def enter(self) -> list[str]:
        """Return the command prefix that runs a command here."""
        if self.system is not None:
            return self.system.enter()
        if self.openvpn is not None:
            return self.openvpn.enter()
        return self.gateway.enter() if self.gateway is not None else within(self.name)

    def discard(self) -> None:
        """Remove everything."""
        if self.metadata is not None:
            self.metadata.close()
        if self.gateway is not None:
            self.gateway.discard()
        if self.openvpn is not None:
            self.openvpn.discard()
        if self.system is not None:
            self.system.discard()
        if self.has_namespace:
            run(["ip", "netns", "delete", self.name])


def changes(before: Node, after: Node) -> list[str]:
    """Return the ``ip`` commands that change a node from one plan to the next."""
    old_addresses = _addresses(before)
    new_addresses = _addresses(after)
    lines = [f"address add {address} dev {port}" for port, address in sorted(new_addresses - old_addresses)]
    old_routes = {_destination(route): route for route in before["routes"]}
    new_routes = {_destination(route): route for route in after["routes"]}
    lines += [f"route replace {route}" for key, route in new_routes.items() if old_routes.get(key) != route]
    lines += [f"route delete {route}" for key, route in old_routes.items() if key not in new_routes]
    old_rules, new_rules = set(before["rules"]), set(after["rules"])
    lines += [f"rule add {rule}" for rule in sorted(new_rules - old_rules)]
    lines += [f"rule delete {rule}" for rule in sorted(old_rules - new_rules)]
    lines += [f"address delete {address} dev {port}" for port, address in sorted(old_addresses - new_addresses)]
    return lines


def _addresses(node: Node) -> set[tuple[str, str]]:
    return {(port, address) for port, addresses in node["addresses"].items() for address in addresses}


def _destination(route: str) -> tuple[str, str]:
    """Return what identifies a route: its prefix and its table."""
    words = route.split()
    kind = words[1] if words[0] in ("unreachable", "blackhole") else words[0]
    return kind, words[words.index("table") + 1] if "table" in words else "main"


def describe(nodes: dict[str, LiveNode]) -> dict[str, object]:
    """Return the state that the host may ask for, for every node."""
    return {
        name: {
            "kind": one.kind,
            "boots": one.boots,
            "running": one.system is None or one.system.leader is not None,
            **(one.gateway.state() if one.gateway else {}),
            **(one.openvpn.state() if one.openvpn else {}),
        }
        # iterate over a copy: nodes come and go meanwhile
        for name, one in list(nodes.items())
    }

"""All nodes of the machine, and the calls that the host may make."""

from __future__ import annotations

import contextlib
import copy
import os
import subprocess
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from vpn_lab.network.guest.commands import CommandError, ip_batch, run
from vpn_lab.network.guest.gateway import Gateway
from vpn_lab.network.guest.node import LiveNode, describe
from vpn_lab.network.guest.shell import Shell
from vpn_lab.network.guest.system import NotRunningError
from vpn_lab.network.plan import Cable, Node, Plan

# most waits are for a program that was started
WORKERS = 2 * (os.cpu_count() or 1)


class Network:
    """What has been built so far."""

    def __init__(self) -> None:
        self._nodes: dict[str, LiveNode] = {}
        self._cables: list[Cable] = []
        self._plan: Plan = {"nodes": {}, "cables": [], "region_port": 0}
        self._without_power: set[str] = set()
        self._lock = threading.Lock()

    def apply(self, plan: Plan) -> None:
        """Make the network match the plan, without touching what already matches."""
        with self._lock:
            self._plan = copy.deepcopy(plan)
            for name in self._without_power & plan["nodes"].keys():
                plan["nodes"][name]["running"] = False
            self._remove_nodes(plan)
            for name, wanted in plan["nodes"].items():
                if name in self._nodes and self._nodes[name].must_restart(wanted):
                    self._switch_off(self._nodes[name], graceful=name not in self._without_power)
            new = [name for name in plan["nodes"] if name not in self._nodes]
            self._side_by_side(lambda name: self._add(name, plan), new)
            running = {name: wanted for name, wanted in plan["nodes"].items() if wanted["running"]}
            for name in running:
                self._nodes[name].replug()
            self._lay_cables(plan)
            loose = {tuple(end) for cable in plan["cables"] if cable not in self._cables for end in _ends(cable)}
            for name, wanted in running.items():
                lead_nowhere(wanted, {port for node, port in loose if node == name})
            changed = [name for name, wanted in running.items() if self._nodes[name].plan != wanted]
            self._side_by_side(lambda name: self._nodes[name].configure(running[name]), changed)

    @staticmethod
    def _side_by_side(act: Callable[[str], None], names: list[str]) -> None:
        """Do the same to several nodes; a failure of one does not stop the others."""
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(act, names))

    def _add(self, name: str, plan: Plan) -> None:
        self._nodes[name] = LiveNode(name, plan["nodes"][name], plan["region_port"])

    def _remove_nodes(self, plan: Plan) -> None:
        for name in [name for name in self._nodes if name not in plan["nodes"]]:
            self._cut_cables(name)
            self._nodes.pop(name).discard()

    def _switch_off(self, node: LiveNode, *, graceful: bool) -> None:
        if graceful and node.system is not None:
            node.system.stop()
        # cables first: a host without power must not forward anything while the rest is being removed
        self._cut_cables(node.name)
        node.switch_off()

    def _cut_cables(self, name: str) -> None:
        """Remove a node's cables, and note at their other ends that everything bound to the port is gone as well."""
        for cable in [cable for cable in self._cables if name in (cable["a"][0], cable["b"][0])]:
            self._cables.remove(cable)
            far, port = cable["b"] if cable["a"][0] == name else cable["a"]
            run(["ip", "-netns", far, "link", "delete", port])
            self._nodes[far].forget_port(port)

    def _lay_cables(self, plan: Plan) -> None:
        """Create all missing cables with one program, plus one per node at the other end: starting programs is slow."""
        ready = {name for name, one in self._nodes.items() if one.has_namespace}
        missing = [one for one in plan["cables"] if one not in self._cables and {one["a"][0], one["b"][0]} <= ready]
        lines, ports = [], defaultdict(list)
        for cable in missing:
            (node_a, port_a), (node_b, port_b) = cable["a"], cable["b"]
            # the second end cannot come up before the first one exists
            lines.append(f"link add {port_a} up netns {node_a} type veth peer name {port_b} netns {node_b}")
            ports[node_b].append(f"link set {port_b} up")
        try:
            ip_batch(None, lines)
            self._side_by_side(lambda name: ip_batch(name, ports[name]), list(ports))
        except CommandError:
            # some were created: remove them, so that the next attempt starts from nothing
            for node, port in [cable["a"] for cable in missing]:
                with contextlib.suppress(CommandError):
                    run(["ip", "-netns", node, "link", "delete", port])
            raise
        self._cables += missing

    def state(self) -> dict[str, Any]:
        """Return the state of every node."""
        # iterate over a copy: nodes may come and go meanwhile
        return describe(dict(self._nodes))

    def has(self, node: str) -> bool:
        """Tell whether a node exists."""
        return node in self._nodes

    def run(self, node: str, command: list[str], seconds: float = 60, text: str | None = None) -> dict[str, Any]:
        """Run a program on a node; return its exit code and output. As with ssh, 255 means an unreachable node."""
        try:
            enter = self._node(node).enter()
        except NotRunningError as problem:
            return {"code": 255, "output": "", "errors": str(problem)}
        ended = subprocess.run(
            [*enter, *command],
            input=text,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        return {"code": ended.returncode, "output": ended.stdout, "errors": ended.stderr}

    def shell(self, node: str, command: list[str], rows: int, columns: int, term: str) -> Shell:
        """Start a program on a node, with a terminal."""
        return Shell([*self._node(node).enter(), *command], rows, columns, term)

    def _node(self, name: str) -> LiveNode:
        if name not in self._nodes:
            raise ValueError(f"there is no node {name!r}; there are {', '.join(sorted(self._nodes))}")
        return self._nodes[name]

    def power(self, node: str, on: bool) -> None:
        """Cut or restore an instance's power. The region does not learn of it."""
        if self._node(node).system is None:
            raise ValueError(f"{node} is a {self._node(node).kind}; only a system can be switched")
        if on:
            self._without_power.discard(node)
        else:
            self._without_power.add(node)
        self.apply(copy.deepcopy(self._plan))

    def endpoints(self, node: str, reachable: bool) -> None:
        """Cut or restore an instance's access to the AWS APIs."""
        system = self._node(node).system
        if system is None:
            raise ValueError(f"{node} is a {self._node(node).kind}; only a system calls APIs")
        system.reach_endpoints(reachable)

    def end_client(self, node: str, client: str) -> None:
        """Make a Client VPN server end a client's connection."""
        openvpn = self._node(node).openvpn
        if openvpn is None:
            raise ValueError(f"{node} is a {self._node(node).kind}; clients connect to a client-vpn")
        openvpn.end(client)

    def tunnel(self, gateway: str, name: str) -> str:
        """Make a gateway delete a tunnel's IKE SA."""
        return self._gateway(gateway).close_tunnel(name)

    def rekey(self, gateway: str, name: str, kind: str) -> None:
        """Make a gateway negotiate new keys."""
        self._gateway(gateway).rekey(name, kind)

    def replace(self, gateway: str, name: str) -> None:
        """Make a gateway replace a tunnel's endpoint, as AWS does for maintenance."""
        self._gateway(gateway).replace_endpoint(name)

    def _gateway(self, name: str) -> Gateway:
        gateway = self._node(name).gateway
        if gateway is None:
            raise ValueError(f"{name} is a {self._node(name).kind}; tunnels end at a gateway")
        return gateway


def _ends(cable: Cable) -> tuple[tuple[str, str], tuple[str, str]]:
    return cable["a"], cable["b"]


def lead_nowhere(node: Node, ports: set[str]) -> None:
    """Turn routes to ports without a cable into blackholes, as AWS does while an instance is down."""
    for number, route in enumerate(node["routes"]):
        words = route.split()
        if "dev" in words and words[words.index("dev") + 1] in ports:
            table = words[words.index("table") :][:2] if "table" in words else []
            node["routes"][number] = " ".join(["blackhole", words[0], *table])
    for port in ports:
        node["addresses"].pop(port, None)

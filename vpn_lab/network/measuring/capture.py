"""A packet capture on a node, which lasts as long as it is needed."""

from __future__ import annotations

import itertools
import os

from vpn_lab.network.network import Network

START_SECONDS = 20
STOP_SECONDS = 20
_numbers = itertools.count()


class Capture:
    """Captures the packets that pass a node, until ``result`` is called.

    Args:
        network: The network of the node.
        node: Any name of the node.
        expression: Filter expression for tcpdump.
        options: Further options for tcpdump.
        longest_seconds: The capture ends after this time, in case nobody is left to end it.
    """

    def __init__(self, network: Network, node: str, expression: str, *options: str, longest_seconds: int = 120) -> None:
        self._network = network
        self._node = node
        # nodes without their own system share the machine's files
        self._file = f"/run/capture-{os.getpid()}-{next(_numbers)}"
        command = 'f=$1; shift; "$@" >"$f" 2>&1 & echo $!'
        # unbuffered: the capture is ended right after the last packet
        words = ["timeout", str(longest_seconds), "tcpdump", "-n", "-l", "--immediate-mode", "-i", "any"]
        words += [*options, expression]
        self._process = network.run(node, "sh", "-c", command, "sh", self._file, *words).strip()

    def wait(self) -> None:
        """Wait until the capture is active: tcpdump prints a line once it has opened the interface."""
        self._network.wait(lambda _: "listening on" in self._read(), START_SECONDS, f"the capture on {self._node}")

    def result(self) -> str:
        """End the capture and return one line per packet."""
        self._network.call(self._node, "kill", self._process)
        self._network.wait(lambda _: self._has_ended(), STOP_SECONDS, f"the capture on {self._node} to end")
        seen = self._read()
        self._network.run(self._node, "rm", self._file)
        return seen

    def _has_ended(self) -> bool:
        return bool(self._network.call(self._node, "kill", "-0", self._process)["code"])

    def _read(self) -> str:
        return str(self._network.call(self._node, "cat", self._file)["output"])

"""Listens for the host's calls: one JSON line in, one JSON line out."""

from __future__ import annotations

import json
import socket
import socketserver
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vpn_lab.network.guest.network import Network
from vpn_lab.network.guest.shell import Shell

ADDRESS = ("10.0.2.15", 7000)
SETTINGS = Path("/run/lab/settings.json")
# from <asm-generic/socket.h>
SO_TIMESTAMP = 29


class Calls(socketserver.StreamRequestHandler):
    """Serves one call per connection. A shell continues to use the connection after its answer."""

    server: Agent

    def handle(self) -> None:
        line = self.rfile.readline()
        attended: Shell | None = None
        try:
            request = json.loads(line)
            if request["token"] != self.server.token:
                raise PermissionError("the token is wrong")
            result = self.server.operations[request["operation"]](**request["arguments"])
            attended = result if isinstance(result, Shell) else None
            answer = {"result": None if attended else result}
        except Exception as problem:
            # report any error to the caller, and keep the agent running
            traceback.print_exc()
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        self.wfile.write(json.dumps(answer).encode() + b"\n")
        if attended is not None:
            attended.attend(self.connection)


class Agent(socketserver.ThreadingTCPServer):
    """Serves calls concurrently."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, token: str, network: Network) -> None:
        super().__init__(ADDRESS, Calls)
        self.token = token
        self.operations: dict[str, Callable[..., Any]] = {
            "hello": lambda: "hello",
            "apply": network.apply,
            "state": network.state,
            "has": network.has,
            "run": network.run,
            "shell": network.shell,
            "power": network.power,
            "tunnel": network.tunnel,
            "end_client": network.end_client,
            "rekey": network.rekey,
            "replace": network.replace,
            "endpoints": network.endpoints,
        }


def keep_timestamps() -> socket.socket:
    """Return a socket that requests the arrival times of packets, so that the kernel always records them.

    When the first socket requests them, such as that of ping, the kernel rewrites one of its own instructions in the
    path of every packet, and again when the last such socket is closed. Under emulation, a processor was seen to loop
    forever on the intermediate state, and the machine was dead.
    """
    kept = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    kept.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMP, 1)
    return kept


def main() -> None:
    """Serve until the machine stops."""
    settings = json.loads(SETTINGS.read_text())
    subprocess.Popen([sys.executable, "-m", "vpn_lab.network.guest.aws_cli"])
    with keep_timestamps(), Agent(settings["token"], Network()) as agent:
        print("the agent listens", file=sys.stderr)
        agent.serve_forever()


if __name__ == "__main__":
    main()

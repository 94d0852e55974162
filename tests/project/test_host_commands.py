"""What a page tells the reader to type on a host runs with nothing but what Amazon Linux has: bash and Python."""

from __future__ import annotations

import re
import socket
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/scenarios/transit-gateway-ecmp.md"
PORT = 5201


def command(beginning: str) -> str:
    (found,) = re.findall(rf"^{re.escape(beginning)}.*$", PAGE.read_text(), re.MULTILINE)
    return str(found)


def test_the_page_needs_no_package_on_a_host() -> None:
    blocks = re.findall(r"^```\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert not [block for block in blocks if "iperf3" in block]


def test_the_receiver_takes_many_flows_at_once_and_outlives_them() -> None:
    receiver = subprocess.Popen(["bash", "-c", "exec " + command("python3 -c ").replace(f"{PORT}", "0")])
    try:
        port = _port(receiver.pid)
        flows = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(32)]
        senders = [threading.Thread(target=flow.sendall, args=(bytes(1 << 20),)) for flow in flows]
        for sender in senders:
            sender.start()
        for sender, flow in zip(senders, flows, strict=True):
            sender.join(20)
            assert not sender.is_alive(), "a flow was not read"
            flow.close()
        assert receiver.poll() is None
    finally:
        receiver.kill()
        receiver.wait()


def test_the_sender_opens_32_flows() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        server.settimeout(20)
        port = server.getsockname()[1]
        text = command("for flow in ").replace(f"10.60.1.100/{PORT}", f"127.0.0.1/{port}")
        sender = subprocess.Popen(["bash", "-c", text.replace("timeout 30", "timeout 20")])
        try:
            flows = [server.accept()[0] for _ in range(32)]
            assert all(flow.recv(1000) for flow in flows)
            for flow in flows:
                flow.close()
            sender.wait(20)
        finally:
            sender.kill()
            sender.wait()


def _port(process: int) -> int:
    """The port on which a process listens."""
    for _ in range(2000):
        sockets = set()
        for link in Path(f"/proc/{process}/fd").iterdir():
            with suppress(FileNotFoundError):  # a file that was closed meanwhile
                sockets.add(str(link.readlink()))
        for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and f"socket:[{fields[9]}]" in sockets:
                return int(fields[1].partition(":")[2], 16)
        threading.Event().wait(0.01)
    raise AssertionError("nothing listens")

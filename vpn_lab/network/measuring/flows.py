"""Many flows at once: which path each takes, and how long each is interrupted.

Each flow has its own UDP source port. Equal paths are chosen by addresses and ports, so flows show what pings between
the same two hosts cannot.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from vpn_lab.network.network import Network

PORT = 7000
FIRST_SOURCE_PORT = 40000
INTERVAL_SECONDS = 0.1

ANYWHERE_PRIVATE = "10.0.0.0/8"

_SEND = """
import socket, sys, time
source, target, port, first, count, interval, seconds = sys.argv[1:]
links = []
for number in range(int(count)):
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.bind((source, int(first) + number))
    links.append(link)
end = time.monotonic() + float(seconds)
due = time.monotonic()
while due < end:
    for link in links:
        try:
            link.sendto(b"x" * 64, (target, int(port)))
        except OSError:
            pass
    due += float(interval)
    time.sleep(max(0.0, due - time.monotonic()))
"""
_RECEIVE = """
import json, socket, sys, time
target, port, seconds = sys.argv[1:]
link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
link.bind((target, int(port)))
link.settimeout(0.2)
end = time.monotonic() + float(seconds)
last, gaps, counts = {}, {}, {}
while time.monotonic() < end:
    try:
        _, (_, source) = link.recvfrom(100)
    except socket.timeout:
        continue
    now = time.monotonic()
    gaps[source] = max(gaps.get(source, 0.0), now - last.get(source, now))
    last[source] = now
    counts[source] = counts.get(source, 0) + 1
print(json.dumps([[source, counts[source], round(gaps[source], 3)] for source in sorted(gaps)]))
"""
_SEEN = re.compile(r"^\S+ (?P<port>tun\S+|ipsec\S+)\s+Out IP \S+\.(?P<source>\d+) > ", re.MULTILINE)


@dataclass(frozen=True)
class Flow:
    """One flow: how many of its packets arrived, and the longest time between two."""

    arrived: int
    longest_gap_seconds: float


class Flows:
    """Sends flows from one host to another for a fixed time, in which the caller can observe or break something."""

    def __init__(self, network: Network, source: str, target: str, count: int, seconds: int) -> None:
        self._network = network
        self._pool = ThreadPoolExecutor(max_workers=2)
        ends = (network.address(source), network.address(target))
        receive = ["python3", "-c", _RECEIVE, ends[1], str(PORT), str(seconds + 3)]
        self._received = self._pool.submit(network.call, target, *receive, seconds=seconds + 40)
        network.wait(lambda one: f":{PORT}" in one.call(target, "ss", "-lun")["output"], 20, "the receiver")
        numbers = [PORT, FIRST_SOURCE_PORT, count, INTERVAL_SECONDS, seconds]
        send = ["python3", "-c", _SEND, *ends, *map(str, numbers)]
        self._sent = self._pool.submit(network.call, source, *send, seconds=seconds + 40)

    def ways(self, node: str, packets: int) -> dict[int, str]:
        """Return the interface through which each flow leaves a node, as seen in a number of packets."""
        words = ["timeout", "20", "tcpdump", "-n", "-i", "any", "-c", str(packets), f"udp dst port {PORT}"]
        return ways(str(self._network.call(node, *words, seconds=40)["output"]))

    def result(self) -> dict[int, Flow]:
        """Wait until the time is over; return the flows that arrived, by source port."""
        sent, received = self._sent.result(), self._received.result()
        self._pool.shutdown()
        if sent["code"] or received["code"]:
            raise RuntimeError(f"{sent['errors']}{received['errors']}")
        return {int(source): Flow(arrived, gap) for source, arrived, gap in json.loads(received["output"])}


def allow(network: Network) -> None:
    """Allow the flows in the security groups of all hosts, with the EC2 API, as the owner of a network would."""
    ec2, deployed = network.region.client("ec2"), network.deployed()
    hosts, model = [one.id for one in deployed.hosts], deployed.model
    rule = {"IpProtocol": "udp", "FromPort": PORT, "ToPort": PORT, "IpRanges": [{"CidrIp": ANYWHERE_PRIVATE}]}
    for group in {group for one in model.interfaces.values() if one.instance_id in hosts for group in one.group_ids}:
        if any(one.protocol == "udp" for one in model.security_groups[group].ingress):
            continue
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[rule])


def gaps(flows: dict[int, Flow], ways: dict[int, str], name: str) -> tuple[list[float], list[float]]:
    """Return the longest gap of each flow, sorted: first for the flows of a tunnel, then for the others."""
    took = {port for port, way in ways.items() if way == name}
    ordered = sorted((flow.longest_gap_seconds, port in took) for port, flow in flows.items())
    return [gap for gap, cut in ordered if cut], [gap for gap, cut in ordered if not cut]


def ways(capture: str) -> dict[int, str]:
    """Return the tunnel interface through which each flow left, from tcpdump's output on all interfaces."""
    return {int(one["source"]): one["port"] for one in _SEEN.finditer(capture)}


def spread(ways: dict[int, str]) -> dict[str, int]:
    """Return how many flows took each interface."""
    return dict(sorted(Counter(ways.values()).items()))

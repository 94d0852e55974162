"""Devices and AWS's side of their tunnels: real BGP, real packets.

Plain links stand for the tunnels: this is about routes. ``vpc`` is the one router behind all of AWS's ends that chooses
a path, as a virtual private gateway does. A device runs its rendered frr.conf, loaded as on a device, and the monitor.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from cdk_aws_vpn.device_config import DeviceConfig
from tests.device.bgp_network import Network

VPC_HOST, IDC_HOST = "10.50.1.100", "10.60.1.100"

AWS = """\
frr defaults traditional
router bgp 64512
 bgp router-id 198.51.100.{index}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor {near} remote-as 65000
 neighbor {near} timers 10 30
 neighbor {near} timers connect 2
 neighbor 10.50.255.{vpc} remote-as 64512
 neighbor 10.50.255.{vpc} timers connect 2
 address-family ipv4 unicast
  neighbor 10.50.255.{vpc} next-hop-self
 exit-address-family
"""
VPC = """\
frr defaults traditional
router bgp 64512
 bgp router-id 198.51.100.100
 no bgp network import-check
{neighbors}
 address-family ipv4 unicast
  network 10.50.0.0/16
 exit-address-family
"""
# Both ends send to each other 100 times a second in each of several flows, and answer each line of input with the
# longest silence of any flow, in seconds, since the line before.
TRAFFIC = """\
import json, select, socket, sys, time
here, there = sys.argv[1:3]
flows = []
for port in range(7001, 7009):
    flow = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    flow.bind((here, port))
    flow.setblocking(False)
    flows.append(flow)
heard = {flow: time.monotonic() for flow in flows}
silence = 0.0
due = time.monotonic()
while True:
    ready, _, _ = select.select([*flows, sys.stdin], [], [], max(0.0, due - time.monotonic()))
    now = time.monotonic()
    for flow in ready:
        if flow is sys.stdin:
            if not sys.stdin.readline():
                sys.exit()
            print(max(silence, *(now - at for at in heard.values())), flush=True)
            silence, heard = 0.0, {one: now for one in flows}
            continue
        try:
            while flow.recv(64):
                pass
        except OSError:
            pass
        silence = max(silence, now - heard[flow])
        heard[flow] = now
    if now >= due:
        due = max(due + 0.01, now)
        for port, flow in enumerate(flows, 7001):
            try:
                flow.sendto(b"x", (there, port))
            except OSError:
                pass
"""


class Cloud(Network):
    """A VPC behind AWS's ends, and devices with two tunnels each."""

    def build(self, devices: dict[str, DeviceConfig]) -> None:
        self.node("vpc", f"{VPC_HOST}/32")
        neighbors = []
        for name, device in devices.items():
            self.node(name, f"{IDC_HOST}/32", f"{device.private_address}/32")
            for tunnel in device.tunnels:
                index = len(neighbors) + 1
                aws, near, far = f"{name}-aws{tunnel.number}", tunnel.near_address, tunnel.far_address
                self.node(aws)
                self.link((name, f"ipsec{tunnel.number}", f"{near}/30"), (aws, "tunnel", f"{far}/30"))
                self.link(
                    (aws, "vpc", f"10.50.255.{4 * index + 1}/30"),
                    ("vpc", f"aws{index}", f"10.50.255.{4 * index + 2}/30"),
                )
                self.start_frr(aws, AWS.format(index=index, near=near, vpc=4 * index + 2))
                neighbors.append(f" neighbor 10.50.255.{4 * index + 1} remote-as 64512")
            self.give(name, device)
        self.start_frr("vpc", VPC.format(neighbors="\n".join(neighbors)))

    def established(self, node: str, *addresses: str) -> bool:
        peers = self.bgp(node, "show bgp ipv4 unicast summary").get("peers", {})
        return bool(peers) and all(peers.get(address, {}).get("state") == "Established" for address in addresses)

    def cut(self, device: str, number: int) -> None:
        """Drop all that comes out of a tunnel, at both ends and without a word."""
        for node, interface in ((device, f"ipsec{number}"), (f"{device}-aws{number}", "tunnel")):
            self.run(
                node,
                "nft",
                f"table ip cut{number} {{ chain everything {{ type filter hook prerouting priority -300;"
                f" iifname {interface} drop; }}; }}",
            )

    def mend(self, device: str, number: int) -> None:
        for node in (device, f"{device}-aws{number}"):
            self.run(node, "nft", "delete", "table", "ip", f"cut{number}")

    def choice(self) -> str:
        """The link by which the VPC sends to the IDC."""
        return self.run("vpc", "ip", "route", "show", "10.60.0.0/16").split(" dev ")[1].split()[0]

    def links(self, device: str) -> set[str]:
        """The tunnels by which a device sends to AWS."""
        return set(re.findall(r"dev (\S+)", self.run(device, "ip", "route", "show", "10.50.0.0/16")))

    def start_traffic(self, device: str) -> None:
        for node, here, there in (("vpc", VPC_HOST, IDC_HOST), (device, IDC_HOST, VPC_HOST)):
            self.start(node, "traffic", sys.executable, "-u", "-c", TRAFFIC, here, there)

    def silence(self, node: str) -> float:
        """The longest silence that a node has heard from the other since it was asked last, in seconds."""
        process = self.running[node, "traffic"]
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        return float(process.stdout.readline())

    def steering(self, device: str) -> dict[str, Any]:
        """What the monitor has published."""
        path = self.place / device / "cgw" / "tunnels.json"
        found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        return found

    def maps(self, device: str) -> dict[str, dict[str, str]]:
        """The route-maps that bgpd says it runs, by the neighbour's address."""
        text = self.vtysh(device, "-d", "bgpd", "-c", "show running-config")
        found: dict[str, dict[str, str]] = {}
        for line in text.splitlines():
            words = line.split()
            if words[:1] == ["neighbor"] and words[2:3] == ["route-map"]:
                found.setdefault(words[1], {})[words[4]] = words[3]
        return found

"""Devices and AWS's side of their tunnels: real BGP, real packets.

Plain links stand for the tunnels. ``lan`` is a host in the IDC, behind all devices, and ``vpc`` the
one router behind all of AWS's ends that chooses a path, as a virtual private gateway does. A device runs its rendered
frr.conf, loaded as on a device, and the monitor.
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from cdk_aws_vpn.checks.addressing import inside_addresses
from cdk_aws_vpn.device.configuration import DeviceConfig
from cdk_aws_vpn.device.configuration.settings import PARTNER_LINK_CIDR
from tests.device.steering.bgp_network import Network

VPC_HOST, IDC_HOST = "10.50.1.100", "10.60.1.100"

AWS = """\
frr defaults traditional
route-map PREFERRED permit 10
 set metric 100
route-map LESS permit 10
 set metric 200
router bgp 64512
 bgp router-id 198.51.100.{index}
 no bgp ebgp-requires-policy
 no bgp network import-check
 neighbor {device} remote-as 65000
 neighbor {device} timers 10 30
 neighbor {device} timers connect 2
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
  maximum-paths ibgp 1
 exit-address-family
"""
# Both ends send to each other 100 times a second in each of several flows, and answer each line of input with the
# longest silence of any flow, in seconds, and the number of packets lost, since the line before.
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
first, last, count = {}, {}, {}
silence, number = 0.0, 0
due = time.monotonic()
while True:
    ready, _, _ = select.select([*flows, sys.stdin], [], [], max(0.0, due - time.monotonic()))
    now = time.monotonic()
    for flow in ready:
        if flow is sys.stdin:
            if not sys.stdin.readline():
                sys.exit()
            lost = sum(last[one] - first[one] - count[one] for one in last)
            print(max(silence, *(now - at for at in heard.values())), lost, flush=True)
            silence, heard, first, count = 0.0, {one: now for one in flows}, dict(last), dict.fromkeys(last, 0)
            continue
        try:
            while True:
                got = int(flow.recv(64))
                first.setdefault(flow, got - 1)
                last[flow] = max(got, last.get(flow, 0))
                count[flow] = count.get(flow, 0) + 1
        except OSError:
            pass
        silence = max(silence, now - heard[flow])
        heard[flow] = now
    if now >= due:
        due = max(due + 0.01, now)
        number += 1
        for port, flow in enumerate(flows, 7001):
            try:
                flow.sendto(b"%d" % number, (there, port))
            except OSError:
                pass
"""


class Cloud(Network):
    """A VPC behind AWS's ends, and devices with two tunnels each."""

    def build(self, devices: dict[str, DeviceConfig]) -> None:
        self.node("vpc", f"{VPC_HOST}/32")
        self.node("lan", f"{IDC_HOST}/32")
        self.device_addresses: dict[tuple[str, int], str] = {}
        """A device's inside address of each of its tunnels."""
        neighbors: list[str] = []
        for name, device in devices.items():
            self.node(name, f"{device.private_address}/32")
            subnet = f"192.168.{len(neighbors)}"
            self.link((name, "lan", f"{subnet}.1/30"), ("lan", name, f"{subnet}.2/30"))
            self.run(name, "ip", "route", "add", IDC_HOST, "via", f"{subnet}.2")
            for tunnel in device.tunnels:
                index = len(neighbors) + 1
                aws = f"{name}-aws{tunnel.number}"
                self.device_addresses[name, tunnel.number] = tunnel.inside.device_address
                self.node(aws)
                self.link(
                    (name, f"ipsec{tunnel.number}", f"{tunnel.inside.device_address}/30"),
                    (aws, "tunnel", f"{tunnel.inside.aws_address}/30"),
                )
                self.link(
                    (aws, "vpc", f"10.50.255.{4 * index + 1}/30"),
                    ("vpc", f"aws{index}", f"10.50.255.{4 * index + 2}/30"),
                )
                self.start_frr(aws, AWS.format(index=index, device=tunnel.inside.device_address, vpc=4 * index + 2))
                neighbors.append(f" neighbor 10.50.255.{4 * index + 1} remote-as 64512")
            self.give(name, device)
        self._join(devices)
        self.route_lan_to(next(iter(devices)))
        self.start_frr("vpc", VPC.format(neighbors="\n".join(neighbors)))

    def _join(self, devices: dict[str, DeviceConfig]) -> None:
        """Lay the link of a pair, a GRE tunnel on real devices, and a way to the other one's private address."""
        if len(devices) == 2:
            address, other_address = inside_addresses(PARTNER_LINK_CIDR)
            first, second = devices
            self.link((first, "partner0", f"{address}/30"), (second, "partner0", f"{other_address}/30"))
            for name, other, gateway in ((first, second, other_address), (second, first, address)):
                self.run(name, "ip", "route", "add", devices[other].private_address, "via", gateway)

    def route_lan_to(self, device: str) -> None:
        """Send what the IDC has for AWS to a device, as the route tables of its VPC do."""
        self.run(
            "lan",
            "ip",
            "route",
            "replace",
            "10.50.0.0/16",
            "dev",
            device,
            "src",
            IDC_HOST,
            "via",
            self._gateway(device),
        )

    def _gateway(self, device: str) -> str:
        return self.run(device, "ip", "-4", "address", "show", "dev", "lan").split("inet ")[1].split("/")[0]

    def established(self, node: str, *addresses: str) -> bool:
        peers = self.bgp(node, "show bgp ipv4 unicast summary").get("peers", {})
        return bool(peers) and all(peers.get(address, {}).get("state") == "Established" for address in addresses)

    def cut(self, device: str, *numbers: int) -> None:
        """Drop all that comes out of tunnels, at both ends and without a word."""
        self._drop(device, *(f"ipsec{number}" for number in numbers))
        for number in numbers:
            self._drop(f"{device}-aws{number}", "tunnel")

    def lose(self, device: str, number: int, percent: int) -> None:
        """Lose packets of a tunnel at random, in each direction."""
        chance = f"numgen random mod 100 < {percent}"
        self._drop(device, f"ipsec{number}", table="loss", condition=chance)
        self._drop(f"{device}-aws{number}", "tunnel", table="loss", condition=chance)

    def limit_answers(self, device: str, number: int) -> None:
        """Let AWS's end answer at most one ping per second."""
        limit = "icmp type echo-request limit rate over 1/second burst 1 packets"
        self._drop(f"{device}-aws{number}", "tunnel", table="answers", condition=limit)

    def _drop(self, node: str, *interfaces: str, table: str = "cut", condition: str = "") -> None:
        names = ", ".join(interfaces)
        hook = "type filter hook prerouting priority -300"
        rule = f"iifname {{ {names} }} {condition} drop"
        self.run(node, "nft", f"table ip {table} {{ chain everything {{ {hook}; {rule}; }}; }}")

    def prefer(self, device: str, number: int) -> None:
        """Let AWS say that it prefers one of a device's two tunnels."""
        for other, name in ((number, "PREFERRED"), (3 - number, "LESS")):
            address = self.device_addresses[device, other]
            lines = (
                "configure terminal",
                "router bgp",
                "address-family ipv4 unicast",
                f"neighbor {address} route-map {name} out",
            )
            self.vtysh(f"{device}-aws{other}", "-d", "bgpd", *(word for line in lines for word in ("-c", line)))

    def mend(self, device: str, *numbers: int) -> None:
        """End the cut."""
        for node in (device, *(f"{device}-aws{number}" for number in numbers)):
            self.run(node, "nft", "delete", "table", "ip", "cut")

    def choice(self) -> str:
        """The link by which the VPC sends to the IDC, or nothing."""
        return "".join(re.findall(r" dev (\S+)", self.run("vpc", "ip", "route", "show", "10.60.0.0/16")))

    def links(self, device: str) -> set[str]:
        """The tunnels by which a device sends to AWS."""
        return set(re.findall(r"dev (\S+)", self.run(device, "ip", "route", "show", "10.50.0.0/16")))

    def start_traffic(self) -> None:
        for node, here, there in (("vpc", VPC_HOST, IDC_HOST), ("lan", IDC_HOST, VPC_HOST)):
            self.start(node, "traffic", sys.executable, "-u", "-c", TRAFFIC, here, there)

    def silence(self, node: str) -> float:
        """The longest silence that a node has heard from the other since it was asked last, in seconds."""
        return self.reception(node)[0]

    def reception(self, node: str) -> tuple[float, int]:
        """That silence, and how many of the other's packets were lost."""
        process = self.running[node, "traffic"]
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        silence, lost = process.stdout.readline().split()
        return float(silence), int(lost)

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

    def route_map(self, device: str, neighbor: str, direction: str) -> str:
        """The name of one of them: empty while bgpd, on a busy computer, does not show it."""
        return self.maps(device).get(neighbor, {}).get(direction, "")

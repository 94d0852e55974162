"""Packets between the two ends: pings, a TCP transfer, and what they look like on the Internet."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address, ip_network

from vpn_lab.demo import ends
from vpn_lab.demo.ends import Ends, Host
from vpn_lab.demo.story import Story
from vpn_lab.demo.watch import Watch
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.network import Network
from vpn_lab.network.planning.addresses import INTERNET_NODE
from vpn_model.unknown import all_known

UP_SECONDS = 120
CAPTURE_SECONDS = 6
# a minimal device has no cgw-status
CONTENT = (0, 127)
# no router forwards link-local packets, so they do not cross the Internet
CROSSING = "ip or (ip6 and not src net fe80::/10 and not src host ::)"
TRANSFER = "4M"
PORT = "5201"
PACKET = re.compile(r" IP6? (?P<source>\S+) > (?P<target>\S+): ")


def wait_until_up(story: Story, network: Network, watch: Watch, joined: Ends) -> None:
    """Wait until the hosts reach each other and every device reports that it is healthy."""
    story.step("Wait for the tunnels", "The devices have signalled that they are up. Now both ends must have their "
               "routes, and every device must report that it is healthy.")  # fmt: skip

    def healthy(_: Network) -> bool:
        watch.look()
        return all(network.call(one.id, "cgw-status")["code"] in CONTENT for one in ends.devices(network.deployed()))

    with watch.shown():
        try:
            seconds = network.wait(lambda one: healthy(one) and joined.reach_each_other(one), UP_SECONDS, "the tunnels")
        except MachineError as problem:
            story.checks.that(False, str(problem))
            _show_devices(story, network)
            return
    story.checks.that(True, f"after {seconds:.1f} s the devices are healthy and the hosts reach each other")


def _show_devices(story: Story, network: Network) -> None:
    for device in ends.devices(network.deployed()):
        answer = network.call(device.id, "cgw-status")
        if answer["code"] not in CONTENT:
            story.console.print(f"{answer['output']}{answer['errors']}", highlight=False, soft_wrap=True)


def show_before(story: Story, watch: Watch) -> None:
    """Check that the hosts could not reach each other without a tunnel."""
    story.step("Before the first tunnel was up", "The hosts' private addresses are not routed on the Internet. While "
               "the stack was being deployed, the hosts pinged each other.")  # fmt: skip
    if watch.before is None:
        story.note("not observed this time: a tunnel was up before both hosts were")
    else:
        story.checks.that(not any(watch.before), "without a tunnel no ping was answered, either way")


def show_pings(story: Story, network: Network, joined: Ends) -> None:
    """Ping both ways."""
    story.step("Ping", "From the host in the data centre to the host in AWS and back, through the device, the tunnel "
               "and AWS's gateway.")  # fmt: skip
    for source, target in ((joined.idc, joined.aws), (joined.aws, joined.idc)):
        answer = network.call(source.id, "ping", "-c", "3", "-i", "0.2", "-W", "2", target.address)
        times = [line.split("time=")[1] for line in answer["output"].splitlines() if "time=" in line]
        words = ", ".join(times) or "no answer"
        story.checks.that(
            answer["code"] == 0, f"{source.name} {source.address} → {target.name} {target.address}: {words}"
        )


def show_transfer(story: Story, network: Network, joined: Ends) -> None:
    """Transfer by TCP both ways: full-sized segments must pass the tunnel too."""
    story.step("Transfer by TCP", f"{TRANSFER}B each way with iperf3. The TCP MSS is clamped to what fits into "
               "the tunnel. The rate is limited by the emulated processor.")  # fmt: skip
    for source, target in ((joined.idc, joined.aws), (joined.aws, joined.idc)):
        received, rate = _transfer(network, source, target)
        words = f"{source.address} → {target.address}: {received / 1e6:.1f} MB at {rate / 1e6:.0f} Mbit/s"
        # iperf3 counts what has arrived at the end of the test; the last packets may still be in transit
        story.checks.that(received >= 1 << 20, words)


def _transfer(network: Network, source: Host, target: Host) -> tuple[int, float]:
    with ThreadPoolExecutor() as pool:
        serving = pool.submit(network.call, target.id, "timeout", "40", "iperf3", "-s", "-1")
        network.wait(lambda one: PORT in one.run(target.id, "ss", "-ltn"), 20, "iperf3 to listen")
        answer = network.call(source.id, "timeout", "30", "iperf3", "-c", target.address, "-n", TRANSFER, "--json")
        serving.result()
    if answer["code"]:
        return 0, 0.0
    received = json.loads(answer["output"])["end"]["sum_received"]
    return int(received["bytes"]), float(received["bits_per_second"])


def show_capture(story: Story, network: Network, joined: Ends) -> None:
    """Capture packets on the Internet while the hosts ping each other."""
    story.step("Look from the Internet", "tcpdump on a router between both ends while the hosts ping each other: it "
               "must see only ESP in UDP port 4500, and no private address.")  # fmt: skip
    with ThreadPoolExecutor() as pool:
        capturing = pool.submit(network.capture, INTERNET_NODE, CROSSING, CAPTURE_SECONDS)
        network.wait(_listens, 20, "the capture")
        for _ in range(3):
            joined.reach_each_other(network)
        lines = [line for line in capturing.result().splitlines() if PACKET.search(line)]
    shown = [line for line in lines if "ESP" in line][:3]
    for line in shown:
        story.console.print(f"  {line}", highlight=False, soft_wrap=True)
    cidrs = [cidr for vpc in network.deployed().model.vpcs.values() for cidr in all_known(vpc.cidrs)]
    esp = sum("UDP-encap: ESP" in line for line in lines)
    story.checks.that(esp > 0, f"{esp} of {len(lines)} packets are ESP in UDP")
    others = [line for line in lines if not is_nat_t(line)]
    story.checks.that(not others, "every packet uses UDP port 4500" + (f", but {others[0]}" if others else ""))
    clear = [line for line in lines if is_private(line, cidrs)]
    story.checks.that(not clear, "no packet shows a private address" + (f", but {clear[0]}" if clear else ""))


def _listens(network: Network) -> bool:
    # a packet socket shows that tcpdump has opened its interface
    return len(network.run(INTERNET_NODE, "cat", "/proc/net/packet").splitlines()) > 1


def _ends_of(line: str) -> list[tuple[str, str]]:
    """Return address and port of the source and of the target in a line of tcpdump; no port for ICMP."""
    found = PACKET.search(line)
    if found is None:
        return []
    ends = []
    for end in (found["source"], found["target"]):
        parts = end.split(".")
        # the port comes after one more point: the fifth part of IPv4, the second of IPv6
        size = 1 if ":" in end else 4
        ends.append((".".join(parts[:size]), "".join(parts[size:])))
    return ends


def is_nat_t(line: str) -> bool:
    """Tell whether a line of tcpdump is a packet of UDP port 4500."""
    return " UDP" in line and "4500" in [port for _, port in _ends_of(line)]


def is_private(line: str, cidrs: list[str]) -> bool:
    """Tell whether a line of tcpdump has an address of one of the networks."""
    networks = [ip_network(cidr) for cidr in cidrs]
    return any(ip_address(address) in network for address, _ in _ends_of(line) for network in networks)

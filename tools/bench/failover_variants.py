"""The configurations that ``make bench-failover`` compares, each applied to the running network."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_interface, ip_network

from vpn_lab.network.bring_up import devices, statuses
from vpn_lab.network.network import Network
from vpn_lab.network.planning.virtual_private_gateway import HOLD_SECONDS, KEEPALIVE_SECONDS

IDC_HOST, CLOUD_HOST = "10.60.1.100", "10.50.1.100"
SETTLE_SECONDS = 180
SHORT_TIMERS = (1, 3)
AWS_TIMERS = (KEEPALIVE_SECONDS, HOLD_SECONDS)
NO_MONITOR = "systemctl stop cgw-monitor; rm -f /run/cgw/tunnels.json /run/cgw/tunnels-dead; systemctl restart frr"
BOOTED = """
tail -n 1 /run/cgw/boot | grep -q ' boot ok' || exit 1
[ ! -e /etc/keepalived/keepalived.conf ] || [ -s /run/cgw/vrrp ]
"""
# How often a tunnel died lately decides how long it must answer before it is used again.
FORGET_FAULTS = """
import json, pathlib
path = pathlib.Path("/run/cgw/tunnels.json")
memory = json.loads(path.read_text()) if path.exists() else {}
for record in memory.get("steering", {}).get("tunnels", {}).values():
    record["recent"] = []
path.write_text(json.dumps(memory))
"""
FORGET = f"systemctl stop cgw-monitor; python3 -c '{FORGET_FAULTS}'; systemctl start cgw-monitor"


@dataclass(frozen=True)
class Variant:
    """One configuration, and how long faults are measured with it: longer than an outage can last."""

    key: str
    title: str
    scenario: str
    prepare: Callable[[Network], None]
    settled: Callable[[Network], bool]
    blackhole_seconds: int
    delete_seconds: int
    power_seconds: int | None
    """Only for configurations with the monitor, because the monitor moves the VPC's routes to the other device."""
    heal_after_seconds: int | None = None
    """When the blackhole is removed, if nothing else ends the outage: after all of AWS's timers have expired."""

    most_runs: int = 100
    """Limits the runs where the outage is as long as the fault, because more runs show nothing new."""

    @property
    def two_tunnels(self) -> bool:
        """Whether there is a second tunnel to move to."""
        return self.heal_after_seconds is None


def probing(network: Network) -> None:
    """Our device as deployed, without its memory of earlier faults."""
    timers(network, AWS_TIMERS)
    for device in devices(network):
        network.run(device, "sh", "-c", FORGET)


def without_probing(network: Network, neighbor_timers: tuple[int, int] = AWS_TIMERS) -> None:
    """A typical BGP device: no monitor, the route-maps of the file, and a standby with longer paths."""
    for device in devices(network):
        network.run(device, "sh", "-c", NO_MONITOR)
        # until bgpd has read its file, it knows neither the group nor the route-map
        network.wait(partial(has_its_file, device=device), 60, "bgpd to have its configuration")
        lines = [f"neighbor AWS timers {neighbor_timers[0]} {neighbor_timers[1]}"]
        if not is_active(network, device):
            lines += ["address-family ipv4 unicast", "neighbor AWS route-map TO-AWS-BACKUP out"]
        configure(network, device, *lines)
    timers(network, neighbor_timers)


def short_timers(network: Network) -> None:
    """The same with BGP timers of 1 and 3 s at both ends. It is not known whether AWS itself accepts these."""
    without_probing(network, SHORT_TIMERS)


def untouched(_: Network) -> None:
    """The single tunnel needs no changes."""


def is_active(network: Network, device: str) -> bool:
    """Tell whether a device of a pair is the master."""
    return network.run(device, "cat", "/run/cgw/vrrp").strip() == "MASTER"


def configure(network: Network, node: str, *lines: str) -> None:
    """Change the running BGP configuration of a node."""
    number = network.run(node, "vtysh", "-c", "show running-config").split("router bgp ")[1].split()[0]
    words = [word for line in ("configure terminal", f"router bgp {number}", *lines) for word in ("-c", line)]
    network.run(node, "vtysh", *words)


def booted(network: Network) -> bool:
    """Tell whether the boot script of every device is complete, and keepalived, if there is one, has a role."""
    return all(network.call(device, "sh", "-c", BOOTED)["code"] == 0 for device in devices(network))


def has_its_file(network: Network, device: str) -> bool:
    """Tell whether bgpd of a device has read its file, which defines the peer group."""
    return "AWS" in network.call(device, "vtysh", "-c", "show bgp peer-group")["output"]


def timers(network: Network, wanted: tuple[int, int]) -> None:
    """Set keepalive and hold time at AWS's end of every tunnel; sessions with other timers are reset."""
    gateway = gateway_of(network)
    neighbors = json.loads(network.run(gateway, "vtysh", "-c", "show bgp neighbors json"))
    wrong = [
        address
        for address, facts in neighbors.items()
        if facts.get("bgpTimerConfiguredHoldTimeMsecs", HOLD_SECONDS * 1000) != wanted[1] * 1000
    ]
    if wrong:
        configure(network, gateway, *(f"neighbor {address} timers {wanted[0]} {wanted[1]}" for address in wrong))
        network.run(gateway, "vtysh", "-c", "clear bgp *")


def gateway_of(network: Network) -> str:
    """Return the node of the one virtual private gateway."""
    return str(next(iter(network.tunnels().values()))["gateway"])


def aws_tunnel(network: Network) -> str:
    """Return the name of the tunnel through which AWS sends to the data centre, or nothing."""
    answer = network.call(gateway_of(network), "ip", "-o", "route", "get", IDC_HOST)["output"]
    return answer.split(" dev ")[1].split()[0] if " dev tun" in answer else ""


def device_tunnel(network: Network) -> str:
    """Return AWS's name of the tunnel through which the master sends to AWS, or ``None``."""
    active = next((one for one in devices(network) if is_active(network, one)), None)
    answer = network.call(active, "ip", "-o", "route", "get", CLOUD_HOST)["output"] if active else ""
    if active is None or " dev ipsec" not in answer:
        return ""
    interface = answer.split(" dev ")[1].split()[0]
    address = network.run(active, "ip", "-o", "-4", "address", "show", "dev", interface).split(" inet ")[1].split()[0]
    third, fourth = str(ip_network(ip_interface(address).network)[0]).split(".")[2:]
    return f"tun{third}-{fourth}"


def aligned(network: Network) -> bool:
    """Tell whether both directions use the same tunnel; if not, reset the session of the tunnel that AWS uses.

    Of two equal paths, a virtual private gateway prefers the older one, so after a reset it uses the other tunnel.
    """
    from_device, from_aws = device_tunnel(network), aws_tunnel(network)
    if from_device and from_device == from_aws:
        return True
    peers = {one["name"]: one for one in network.tunnels().values()}
    if from_device and from_aws and peers[from_device]["bgp"] == "Established":
        network.run(gateway_of(network), "vtysh", "-c", f"clear bgp {device_address(from_aws)}")
        network.wait(lambda one: aws_tunnel(one) != from_aws, 30, "AWS to leave the tunnel whose session was reset")
    return False


def device_address(tunnel: str) -> str:
    """Return the device's inside address of a tunnel, from the tunnel's name, which contains its network."""
    third, fourth = tunnel.removeprefix("tun").split("-")
    return f"169.254.{third}.{int(fourth) + 2}"


def all_established(network: Network) -> bool:
    """Tell whether every tunnel has its security associations and its BGP session."""
    tunnels = network.tunnels().values()
    return bool(tunnels) and all(one["established"] and one["bgp"] == "Established" for one in tunnels)


def plain_settled(network: Network) -> bool:
    """Tell whether everything is up and both directions use the same tunnel of the master."""
    return all_established(network) and aligned(network) and reachable(network)


def probing_settled(network: Network) -> bool:
    """Tell whether, in addition, every tunnel answers probes and no device steers."""
    return (
        all_established(network) and all(map(is_calm, statuses(network).values())) and aligned(network)
    ) and reachable(network)


def is_calm(status: dict[str, object]) -> bool:
    """Tell whether a device is healthy, each of its tunnels answers probes, and none is preferred or left."""
    return (
        bool(status.get("healthy"))
        and '"probe": "alive"' in (text := json.dumps(status))
        and not any(word in text for word in ('"probe": "unknown"', "PREFERRED", "TO-AWS-LAST", "AVOIDED"))
    )


def reachable(network: Network) -> bool:
    """Tell whether the hosts answer each other's pings."""
    return network.pings(IDC_HOST, CLOUD_HOST) and network.pings(CLOUD_HOST, IDC_HOST)


VARIANTS = (
    Variant("ours", "our default: probing and steering", "ScenarioDualCgwBgp", probing, probing_settled, 12, 10, 25),
    Variant("usual", "BGP 10/30, no probing", "ScenarioDualCgwBgp", without_probing, plain_settled, 36, 10, None),
    Variant("timers", "BGP 1/3, no probing", "ScenarioDualCgwBgp", short_timers, plain_settled, 12, 10, None),
    Variant(
        "single",
        "one static tunnel",
        "ScenarioSingleTunnel",
        untouched,
        reachable,
        55,
        20,
        None,
        heal_after_seconds=38,
        most_runs=2,
    ),
)

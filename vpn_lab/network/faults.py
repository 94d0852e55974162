"""Faults: ways to break the network on purpose, and to repair it."""

from __future__ import annotations

import json
from collections.abc import Callable

from vpn_lab.network.network import Network
from vpn_lab.network.planning.addresses import INTERNET_NODE, METADATA
from vpn_model.unknown import known

ALL = "all"
# idempotent: the chain is flushed before its rules are added
BLACKHOLES = """
add table ip faults
add set ip faults dead { type ipv4_addr; }
add chain ip faults forward { type filter hook forward priority -10; }
flush chain ip faults forward
add rule ip faults forward ip saddr @dead drop
add rule ip faults forward ip daddr @dead drop
"""
NO_METADATA = f"""
add table ip faults
add set ip faults unserved {{ type ipv4_addr; }}
add chain ip faults input {{ type filter hook input priority -10; }}
flush chain ip faults input
add rule ip faults input ip saddr @unserved ip daddr {METADATA} drop
"""
DEGRADED = "loss 20% delay 200ms 50ms limit 10000"
# shell built-ins only: there are many processes, and a fork for each is slow under emulation
KILL = 'for p in /proc/[0-9]*; do read -r name <"$p/comm" && [ "$name" = "$1" ] && kill -9 "${p#/proc/}"; done; true'


def inject(network: Network, kind: str, target: str) -> None:
    """Break something, or repair it.

    Raises:
        ValueError: There is no such fault, or it does not apply to this target.
    """
    if kind not in FAULTS:
        raise ValueError(f"unknown fault {kind!r}; choose one of {', '.join(FAULTS)}")
    FAULTS[kind](network, target)


def _blackhole(network: Network, outside_address: str) -> None:
    """The Internet silently drops all packets from and to an outside address."""
    _rules(network, INTERNET_NODE, f"{BLACKHOLES}add element ip faults dead {{ {outside_address} }}\n")


def _heal(network: Network, outside_address: str) -> None:
    """The path of an outside address (or of "all") works again, and no path is degraded."""
    if outside_address == ALL:
        _rules(network, INTERNET_NODE, f"{BLACKHOLES}flush set ip faults dead\n")
    else:
        _rules(network, INTERNET_NODE, f"{BLACKHOLES}add element ip faults dead {{ {outside_address} }}\n")
        _rules(network, INTERNET_NODE, f"delete element ip faults dead {{ {outside_address} }}\n")
    found = json.loads(_on_machine(network, "tc -json qdisc show"))
    for port in [str(one["dev"]) for one in found if one["kind"] == "prio"]:
        _on_machine(network, f"tc qdisc delete dev {port} root")


def _degrade(network: Network, outside_address: str) -> None:
    """The path of an outside address loses 20 % of the packets and delays them by 200 ms ± 50 ms, each way."""
    for port in _internet_ports(network):
        lines = [
            f"qdisc replace dev {port} root handle 1: prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1",
            f"qdisc replace dev {port} parent 1:4 handle 40: netem {DEGRADED}",
            f"filter add dev {port} parent 1: protocol ip u32 match ip dst {outside_address}/32 flowid 1:4",
            f"filter add dev {port} parent 1: protocol ip u32 match ip src {outside_address}/32 flowid 1:4",
        ]
        _on_machine(network, "tc -batch -", text="\n".join(lines) + "\n")


def _internet_ports(network: Network) -> list[str]:
    links = json.loads(_on_machine(network, "ip -json link show type veth"))
    return [str(link["ifname"]) for link in links]


def _on_machine(network: Network, command: str, text: str = "") -> str:
    """Run a shell command with the Internet's network and the machine's files."""
    answer = network.machine.call("run", node=INTERNET_NODE, command=["sh", "-c", command], text=text)
    if answer["code"]:
        raise ValueError(f"{command}: {answer['errors'].strip()}")
    return str(answer["output"])


def _rules(network: Network, node: str, rules: str) -> None:
    answer = network.machine.call("run", node=node, command=["nft", "-f", "-"], text=rules)
    if answer["code"]:
        raise ValueError(str(answer["errors"]).strip())


def _delete_ike(network: Network, outside_address: str) -> None:
    """AWS deletes a tunnel's IKE SA."""
    tunnel = network.tunnel(outside_address)
    network.machine.call("tunnel", gateway=tunnel["gateway"], name=tunnel["name"])


def _replace_endpoint(network: Network, outside_address: str) -> None:
    """AWS replaces a tunnel's endpoint: first it lowers the MED of the other tunnel, then it deletes the SA."""
    tunnel = network.tunnel(outside_address)
    network.machine.call("replace", gateway=tunnel["gateway"], name=tunnel["name"])


def _power(network: Network, instance: str, *, on: bool) -> None:
    network.machine.call("power", node=network.node(instance), on=on)


def _power_off(network: Network, instance: str) -> None:
    """An instance loses power."""
    _power(network, instance, on=False)


def _power_on(network: Network, instance: str) -> None:
    """An instance boots again, with its old disk."""
    _power(network, instance, on=True)


def _kill(network: Network, target: str) -> None:
    """All processes of one name get SIGKILL: ``CgwActive/pluto``."""
    instance, _, process = target.rpartition("/")
    if not instance:
        raise ValueError(f"kill needs an instance and a process, such as CgwActive/pluto, not {target!r}")
    network.run(instance, "sh", "-c", KILL, "sh", process)


def _region_down(network: Network, instance: str) -> None:
    """An instance reaches no AWS API, not even after a reboot."""
    network.machine.call("endpoints", node=network.node(instance), reachable=False)


def _region_up(network: Network, instance: str) -> None:
    """An instance reaches the AWS APIs again."""
    network.machine.call("endpoints", node=network.node(instance), reachable=True)


def _service_down(network: Network, service: str) -> None:
    """An AWS service, such as secretsmanager, answers all requests with an error."""
    network.region.outage(service, down=True)


def _service_up(network: Network, service: str) -> None:
    """An AWS service works again."""
    network.region.outage(service, down=False)


def _metadata_down(network: Network, instance: str) -> None:
    """The metadata service does not answer an instance, not even after a reboot."""
    vpc, addresses = _addresses(network, instance)
    _rules(network, vpc, f"{NO_METADATA}add element ip faults unserved {{ {addresses} }}\n")


def _metadata_up(network: Network, instance: str) -> None:
    """The metadata service answers again."""
    vpc, addresses = _addresses(network, instance)
    _rules(network, vpc, f"delete element ip faults unserved {{ {addresses} }}\n")


def _addresses(network: Network, instance: str) -> tuple[str, str]:
    interfaces = network.deployed().model.interfaces_of(network.node(instance))
    addresses = [known(address.private) for interface in interfaces for address in interface.addresses]
    return interfaces[0].vpc_id, ", ".join(addresses)


def _mirror_down(network: Network, instance: str) -> None:
    """The package mirror does not answer an instance, which loses the packages that it has."""
    root = f"/run/lab/nodes/{network.node(instance)}/root/var/lib"
    _on_machine(network, f"mkdir -p {root}/faults; touch {root}/faults/package-mirror; rm -rf {root}/packages")


def _mirror_up(network: Network, instance: str) -> None:
    """The package mirror answers again."""
    _on_machine(network, f"rm -f /run/lab/nodes/{network.node(instance)}/root/var/lib/faults/package-mirror")


def _clock(network: Network, seconds: str) -> None:
    """The clocks of all nodes jump by a number of seconds."""
    _on_machine(network, f"date -s @$(($(date +%s) + {int(seconds)}))")


FAULTS: dict[str, Callable[[Network, str], None]] = {
    "blackhole": _blackhole,
    "degrade": _degrade,
    "heal": _heal,
    "delete-ike": _delete_ike,
    "replace-endpoint": _replace_endpoint,
    "power-off": _power_off,
    "power-on": _power_on,
    "kill": _kill,
    "region-down": _region_down,
    "region-up": _region_up,
    "service-down": _service_down,
    "service-up": _service_up,
    "metadata-down": _metadata_down,
    "metadata-up": _metadata_up,
    "mirror-down": _mirror_down,
    "mirror-up": _mirror_up,
    "clock": _clock,
}

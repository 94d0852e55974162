"""How AWS follows BGP."""

from __future__ import annotations

import json
import re
from itertools import pairwise

from tools.acceptance.account import Account
from tools.acceptance.check import Check, Outcome, judged
from vpn_model.unknown import known

BGP = "ScenarioDualCgwBgp"
# pings that leave through the device's own tunnels; the answers come through the tunnel that AWS chooses
MEASURE = """
ping -D -i 0.1 -c 300 -W 1 -I {own} {host} >/run/acceptance-ping &
sleep 10
nft add table ip acceptance
nft 'add chain ip acceptance input {{ type filter hook input priority -10; }}'
nft 'add chain ip acceptance output {{ type filter hook output priority -10; }}'
nft add rule ip acceptance input ip saddr {outside} drop
nft add rule ip acceptance output ip daddr {outside} drop
wait
nft delete table ip acceptance
cat /run/acceptance-ping
rm /run/acceptance-ping
"""
ANSWER = re.compile(r"^\[(\d+\.\d+)\] \d+ bytes from", re.MULTILINE)
LONGEST_GAP_SECONDS = 3.0


def aws_follows_a_shorter_path(account: Account) -> Outcome:
    """One tunnel of the active device loses all its packets; AWS must choose another one."""
    network, device = account.network(BGP), account.devices(BGP)["CgwActive"]
    connection = next(one for one in network.vpn_connections.values() if one.name.endswith("VpnActive"))
    own = known(network.interfaces_of(device)[0].primary_address)
    host = account.output(BGP, "CloudHostAddress")
    paths = account.on_device(device, "vtysh -c 'show bgp ipv4 unicast json'")
    script = MEASURE.format(own=own, host=host, outside=known(connection.tunnels[0].outside_address))
    answer = account.on_device(device, script, 180)
    times = [float(one) for one in ANSWER.findall(answer.output)]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    longest = max(gaps, default=float("inf"))
    facts = {"MEDs": _metrics(paths.output), "answers": len(times), "longest_gap_seconds": round(longest, 2)}
    return judged(longest < LONGEST_GAP_SECONDS, f"no answer came for {longest:.1f} s at most", **facts)


def _metrics(text: str) -> dict[str, list[int]]:
    """Return the MEDs of the paths to each network that AWS announces."""
    try:
        routes = json.loads(text)["routes"]
    except (ValueError, KeyError):
        return {}
    return {prefix: [path.get("metric", 0) for path in paths] for prefix, paths in routes.items()}


CHECKS = (
    Check(
        6,
        "AWS follows a shorter AS path",
        "AWS moves its traffic within a second of the device's announcement; both tunnels have their MEDs",
        BGP,
        2,
        aws_follows_a_shorter_path,
    ),
)

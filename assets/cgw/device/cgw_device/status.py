"""``cgw-status``: the state of everything that must work."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any, Callable

from cgw_device import state_file
from cgw_device.keepalived import MASTER
from cgw_device.route_maps import AVOIDED_IN
from cgw_device.settings import Settings
from cgw_device.tunnel_trouble import LOG, UNKNOWN_REASON, troubles

HEALTHY, DOWN, ALONE = 0, 1, 3

Capture = Callable[[list[str]], str]
_TRAFFIC = re.compile(r'"tunnel(?P<number>[12])".*?inBytes=(?P<inbound>\d+), outBytes=(?P<outbound>\d+)')


def collect(settings: Settings, capture: Capture) -> dict[str, Any]:
    """Ask every part of the device for its state."""
    role = state_file.read(settings.state_folder / state_file.ROLE)
    expects_tunnels = not settings.is_cluster or role == MASTER
    services = ["cgw-firewall"] + ["ipsec"] * expects_tunnels + ["frr"] * (settings.routing == "bgp")
    services += ["cgw-metrics"] * bool(settings.metrics)
    services += ["cgw-monitor"] * bool(settings.probe) + ["keepalived"] * bool(settings.pair)
    found: dict[str, Any] = {
        "name": settings.name,
        "routing": settings.routing,
        "boot": _boot(settings),
        "services": _services(services, capture),
        "tunnels": _tunnels(settings, capture),
        "bgp": _bgp(capture) if settings.routing == "bgp" else {},
        "partner": None,
        "vrrp": role or None,
        "expects_tunnels": expects_tunnels,
        "drained": state_file.is_drained(settings.state_folder),
        "steering": _steering(settings) if settings.routing == "bgp" and settings.probe else None,
    }
    _separate_partner(settings, found)
    found["healthy"] = _healthy(found, expects_tunnels)
    return found


def _services(names: list[str], capture: Capture) -> dict[str, str]:
    """Ask once for all services: each start of a program takes a small machine a tenth of a second."""
    states = capture(["systemctl", "is-active", *names]).split()
    return dict(zip(names, states)) if len(states) == len(names) else dict.fromkeys(names, "unknown")


def _separate_partner(settings: Settings, found: dict[str, Any]) -> None:
    """Separate the session with the partner: when it is down, this device still works."""
    tunnels = {tunnel.aws_address for tunnel in settings.tunnels}
    for address in [address for address in found["bgp"] if address not in tunnels]:
        found["partner"] = found["bgp"].pop(address)["state"]


def _boot(settings: Settings) -> list[dict[str, str]]:
    lines = (line.split(" ", 3) for line in state_file.read(settings.state_folder / "boot").splitlines())
    return [dict(zip(("time", "step", "outcome", "detail"), line)) for line in lines]


def _tunnels(settings: Settings, capture: Capture) -> list[dict[str, Any]]:
    traffic = {match["number"]: match for match in _TRAFFIC.finditer(capture(["ipsec", "trafficstatus"]))}
    seen = state_file.read_json(settings.state_folder / state_file.TUNNELS)
    rows = []
    down = any(str(tunnel.number) not in traffic for tunnel in settings.tunnels)
    reasons = troubles(capture(LOG).splitlines()) if down else {}
    for tunnel in settings.tunnels:
        match = traffic.get(str(tunnel.number))
        rows.append(
            {
                "number": tunnel.number,
                "established": match is not None,
                "trouble": None if match else reasons.get(tunnel.number, UNKNOWN_REASON),
                "bytes_in": int(match["inbound"]) if match else 0,
                "bytes_out": int(match["outbound"]) if match else 0,
                "probe": seen.get("states", {}).get(str(tunnel.number), "unknown"),
                "egress": seen.get("egress") == tunnel.number,
            }
        )
    return rows


def _steering(settings: Settings) -> dict[str, Any] | None:
    """What the monitor has ordered bgpd to do, and why; None until it has written that down."""
    seen = state_file.read_json(settings.state_folder / state_file.TUNNELS).get("steering")
    if seen is None:
        return None
    kept = ("left", "why", "since", "times")
    return {
        "bgpd": seen["bgpd"],
        "applied": seen["applied"],
        "tunnels": {
            number: {**{key: record[key] for key in kept}, **seen["maps"].get(number, {})}
            for number, record in seen["tunnels"].items()
        },
    }


def _steers(steering: dict[str, Any] | None) -> bool:
    """Whether bgpd does what the steering wants, and no tunnel is avoided."""
    return steering is None or (steering["applied"] and not any(row["left"] for row in steering["tunnels"].values()))


def _bgp(capture: Capture) -> dict[str, dict[str, Any]]:
    try:
        peers = json.loads(capture(["vtysh", "-c", "show bgp ipv4 unicast summary json"]) or "{}").get("peers", {})
    except ValueError:
        return {}
    return {
        address: {"state": peer.get("state", "unknown"), "prefixes_received": peer.get("pfxRcd", 0)}
        for address, peer in peers.items()
    }


def _healthy(found: dict[str, Any], expects_tunnels: bool) -> bool:
    boot = found["boot"]
    return (
        bool(boot)
        and boot[-1]["outcome"] == "ok"
        and all(state == "active" for state in found["services"].values())
        and (not expects_tunnels or all(row["established"] and row["probe"] != "dead" for row in found["tunnels"]))
        and all(peer["state"] == "Established" for peer in found["bgp"].values())
        and _steers(found["steering"])
    )


def _has_partner(found: dict[str, Any]) -> bool:
    return found["partner"] in (None, "Established")


def exit_code(found: dict[str, Any]) -> int:
    """Return 0 when the device is healthy, 1 when something on it is down, 3 when only its partner is down."""
    if not found["healthy"]:
        return DOWN
    return HEALTHY if _has_partner(found) else ALONE


def as_text(found: dict[str, Any]) -> str:
    """Format the findings for a person."""
    verdict = {HEALTHY: "healthy", DOWN: "NOT HEALTHY", ALONE: "healthy, but REDUNDANCY IS LOST"}[exit_code(found)]
    lines = [f"{found['name']}: {verdict}"]
    if found["boot"]:
        last = found["boot"][-1]
        lines.append(
            f"  boot      {last['step']} {last['outcome']} at {last['time']} {last.get('detail', '')}".rstrip()
        )
    else:
        lines.append("  boot      has not run yet")
    lines += [f"  service   {name:14} {state}" for name, state in found["services"].items()]
    for row in found["tunnels"]:
        link = "established" if row["established"] else "down"
        traffic = f"in {row['bytes_in']} B, out {row['bytes_out']} B"
        why = f"; {row['trouble']}" if row["trouble"] and found["expects_tunnels"] else ""
        probe = f"probe {row['probe']}, {traffic}{', carries the traffic' * row['egress']}"
        lines.append(f"  tunnel {row['number']}  {link:14} {probe}{why}")
    lines += [
        f"  bgp       {address:14} {peer['state']}, {peer['prefixes_received']} prefixes"
        for address, peer in found["bgp"].items()
    ]
    if found["partner"]:
        lines.append(f"  partner   {'up' if _has_partner(found) else 'DOWN'}, BGP {found['partner']}")
    lines += _steering_lines(found["steering"])
    lines += [f"  vrrp      {found['vrrp']}"] if found["vrrp"] else []
    lines += ["  drain     requested; `cgw undrain` ends it"] if found["drained"] else []
    return "\n".join(lines)


def _steering_lines(steering: dict[str, Any] | None) -> list[str]:
    if steering is None:
        return []
    lines = [] if steering["bgpd"] == "connected" else [f"  steering  NONE, no connection to bgpd: {steering['bgpd']}"]
    for number, row in steering["tunnels"].items():
        avoided = "AVOIDED" if row.get("in") == AVOIDED_IN else "in use although damped"
        use = avoided if row["left"] else "in use"
        times = f"{row['times']} time{'s' * (row['times'] > 1)}"
        history = f"{row['why']} since {row['since']}, left {times}" if row["times"] else "never left"
        lines.append(f"  steering  tunnel {number} {use}, route-map {row.get('out', 'not known yet')}; {history}")
    return lines


def run(settings: Settings, *, as_json: bool) -> int:
    """Print the status; return the exit code."""
    found = collect(settings, capture_output)
    print(json.dumps(found, indent=2) if as_json else as_text(found))
    return exit_code(found)


def capture_output(command: list[str]) -> str:
    """Return what a command prints; empty if it cannot run or takes too long."""
    try:
        return subprocess.run(command, check=False, capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""

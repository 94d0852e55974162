"""Rules for how a tunnel behaves: detection of a dead peer, start, lifetimes, replay, logs, replacement."""

from __future__ import annotations

from collections.abc import Iterator

from vpn_model.rules.findings import Rule, Violation
from vpn_model.rules.negotiation import OPTIONS
from vpn_model.rules.subject import Subject, Tunnel, flag, is_unknown, tunnels, whole_number

RANGES = {
    "Phase1LifetimeSeconds": (900, 28800),
    "Phase2LifetimeSeconds": (900, 3600),
    "RekeyMarginTimeSeconds": (60, 1800),
    "RekeyFuzzPercentage": (0, 100),
    "ReplayWindowSize": (64, 2048),
}
"""What AWS accepts."""
DEFAULT_REPLAY_WINDOW = 1024

DPD = Rule(
    id="VPN_DPD_TIMEOUT_SET",
    severity="error",
    title="The timeout of dead peer detection is set",
    why=f"AWS's documents give two defaults, 30 and 40 seconds ({OPTIONS}).",
    remedy="set DPDTimeoutSeconds, 30 or more",
)
LIFETIMES = Rule(
    id="VPN_LIFETIMES_ACCEPTED",
    severity="error",
    title="Lifetimes, rekey margin and replay window are in AWS's ranges",
    why=f"AWS refuses other values, and a lifetime of phase 2 that is not below that of phase 1 ({OPTIONS}). NIST SP "
    "800-77 Rev. 1 allows at most 24 hours for the IKE SA and 8 hours for the IPsec SA, which AWS's ranges satisfy.",
    remedy="choose a value within the range",
)
REPLAY = Rule(
    id="VPN_REPLAY_WINDOW",
    severity="note",
    title="The replay window is at least AWS's default of 1024 packets",
    why=f"A fast tunnel that reorders packets drops those outside of a small window ({OPTIONS}).",
    remedy="leave ReplayWindowSize out, or set 1024 to 2048",
)
STARTUP = Rule(
    id="VPN_STARTS_AGAIN",
    severity="note",
    title="AWS starts a tunnel again that has failed",
    why="With the startup action add and a DPD action other than restart, a tunnel stays down until the customer's "
    f"device begins ({OPTIONS}).",
    remedy="check that the device always begins, or set DPDTimeoutAction to restart or StartupAction to start",
)
LOGS = Rule(
    id="VPN_TUNNEL_LOG",
    severity="warning",
    title="The IKE log of a tunnel is written",
    why="Without it nobody can see why a tunnel is down (AWS Security Hub control EC2.171).",
    remedy="set LogOptions.CloudwatchLogOptions with LogEnabled true and a log group",
)
LIFECYCLE = Rule(
    id="VPN_LIFECYCLE_CONTROL",
    severity="note",
    title="AWS announces the replacement of an endpoint, and waits",
    why="Without tunnel endpoint lifecycle control, AWS chooses the time of a replacement (AWS Site-to-Site VPN User "
    "Guide, tunnel endpoint lifecycle control).",
    remedy="set EnableTunnelLifecycleControl to true, and accept replacements in a maintenance window",
)
RULES = (DPD, LIFETIMES, REPLAY, STARTUP, LOGS, LIFECYCLE)


def operation(connection: Subject) -> Iterator[Violation]:
    """Find options of a tunnel's operation that AWS refuses, or that leave it down or without a log."""
    for tunnel in tunnels(connection):
        yield from _ranges(tunnel)
        if tunnel.negotiates:  # otherwise the whole tunnel is one finding
            yield from _restart(tunnel)
            yield from _logs(tunnel)
            if flag(tunnel.options.get("EnableTunnelLifecycleControl", False)) is False:
                yield _found(LIFECYCLE, tunnel, "EnableTunnelLifecycleControl", "lifecycle control is off")


def _found(rule: Rule, tunnel: Tunnel, option: str, message: str) -> Violation:
    return Violation(rule=rule, path=f"{tunnel.path}.{option}", message=message, tunnel=tunnel.number)


def _ranges(tunnel: Tunnel) -> Iterator[Violation]:
    numbers = {name: number for name in RANGES if (number := whole_number(tunnel.options.get(name))) is not None}
    for name, number in numbers.items():
        low, high = RANGES[name]
        if not low <= number <= high:
            yield _found(LIFETIMES, tunnel, name, f"{name} {number} is not in the range {low} to {high}")
    first = numbers.get("Phase1LifetimeSeconds", RANGES["Phase1LifetimeSeconds"][1])
    second = numbers.get("Phase2LifetimeSeconds")
    if second is not None and second >= first:
        message = f"the lifetime of phase 2, {second} s, is not below that of phase 1, {first} s"
        yield _found(LIFETIMES, tunnel, "Phase2LifetimeSeconds", message)
    window = numbers.get("ReplayWindowSize", DEFAULT_REPLAY_WINDOW)
    if RANGES["ReplayWindowSize"][0] <= window < DEFAULT_REPLAY_WINDOW:
        yield _found(REPLAY, tunnel, "ReplayWindowSize", f"the replay window has {window} packets")


def _restart(tunnel: Tunnel) -> Iterator[Violation]:
    options = tunnel.options
    if "DPDTimeoutSeconds" not in options:
        yield _found(DPD, tunnel, "DPDTimeoutSeconds", "DPDTimeoutSeconds is not set")
    start, action = options.get("StartupAction", "add"), options.get("DPDTimeoutAction", "clear")
    if not is_unknown(start) and not is_unknown(action) and start != "start" and action != "restart":
        yield _found(STARTUP, tunnel, "StartupAction", "only the customer's device starts the tunnel")


def _logs(tunnel: Tunnel) -> Iterator[Violation]:
    outer = tunnel.options.get("LogOptions", {})
    inner = outer.get("CloudwatchLogOptions", {}) if isinstance(outer, dict) else outer
    enabled = inner.get("LogEnabled", False) if isinstance(inner, dict) else inner
    if flag(enabled) is False:
        yield _found(LOGS, tunnel, "LogOptions", "the tunnel writes no log")

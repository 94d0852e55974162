"""The cluster, whose address moves."""

from __future__ import annotations

import time

from tools.acceptance.account import Account
from tools.acceptance.check import Check, Outcome, judged

CLUSTER = "ScenarioCgwCluster"
TAKEN = "journalctl -t cgw -o cat | grep AssociateAddress | tail -5"


def the_address_moves(account: Account) -> Outcome:
    """The master is stopped; its partner must take the address and bring the tunnels up."""
    (connection,) = account.network(CLUSTER).vpn_connections.values()
    devices = account.devices(CLUSTER)
    calls = {name: account.on_device(one, TAKEN).output.strip() for name, one in devices.items()}
    master = next(one for name, one in devices.items() if "200" in calls[name] or calls[name])
    started = time.monotonic()
    account.client("ec2").stop_instances(InstanceIds=[master])

    def up() -> bool:
        return "UP" in account.telemetry(connection.id).values()

    account.wait(lambda: not up(), 180, "AWS to notice that the master is gone")
    account.wait(up, 300, "a tunnel to be UP on the partner")
    seconds = time.monotonic() - started
    partner = next(one for one in devices.values() if one != master)
    calls["after the stop"] = account.on_device(partner, TAKEN).output.strip()
    account.client("ec2").start_instances(InstanceIds=[master])
    return judged(bool(calls["after the stop"]), f"a tunnel was UP again {seconds:.0f} s after the stop", **calls)


def it_is_removed(account: Account) -> Outcome:
    """The events say how long the Internet gateway waited for the shared address."""
    events = [one for one in account.events(CLUSTER) if one["ResourceType"] == "AWS::EC2::VPCGatewayAttachment"]
    removals = [one for one in events if one["ResourceStatus"].startswith("DELETE_")]
    failed = [one.get("ResourceStatusReason", "") for one in removals if one["ResourceStatus"] == "DELETE_FAILED"]
    seconds = (removals[-1]["Timestamp"] - removals[0]["Timestamp"]).total_seconds() if removals else 0.0
    sentence = f"the gateways were detached within {seconds:.0f} s"
    return judged(bool(removals) and not failed, sentence, seconds=round(seconds), failures=failed)


CHECKS = (
    Check(
        4,
        "A cluster's address moves",
        "the role may call AssociateAddress with the address and the interface alone",
        CLUSTER,
        5,
        the_address_moves,
    ),
    Check(
        10,
        "A cluster is removed",
        "the Internet gateway can be detached, because the interface with the shared address goes first",
        CLUSTER,
        0,
        it_is_removed,
        after_removal=True,
    ),
)

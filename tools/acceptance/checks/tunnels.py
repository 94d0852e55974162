"""What happens to the tunnels of one device: new options, new keys, pings, a new disk."""

from __future__ import annotations

import ipaddress
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tools.acceptance.account import AcceptanceError, Account
from tools.acceptance.check import Check, Outcome, judged
from vpn_model.connection import VpnConnection
from vpn_model.unknown import known

DUAL = "ScenarioDualTunnel"
SAMPLE_SECONDS = 2.0
# short enough that AWS renews the keys long before the device, whose lifetime stays an hour
SHORT_LIFETIME_SECONDS = 900
RENEWAL_SECONDS = 780
REKEY_WORDS = r"rekey|CREATE_CHILD_SA|KE has|INVALID|NO_PROPOSAL"
RECEIVED = re.compile(r"(\d+) packets transmitted, (\d+) (?:packets )?received")


def connection_of(account: Account) -> VpnConnection:
    (connection,) = account.network(DUAL).vpn_connections.values()
    return connection


def aws_addresses(connection: VpnConnection) -> list[str]:
    """Return AWS's address inside each tunnel."""
    cidrs = [known(tunnel.inside_cidr) for tunnel in connection.tunnels]
    return [str(ipaddress.ip_network(cidr)[1]) for cidr in cidrs]


@contextmanager
def sampled(account: Account, connection: str) -> Iterator[dict[str, float]]:
    """Note for each tunnel how many seconds AWS shows it as DOWN meanwhile."""
    down: dict[str, float] = {}
    ended = threading.Event()

    def look() -> None:
        last = time.monotonic()
        while not ended.wait(SAMPLE_SECONDS):
            now = time.monotonic()
            for address, status in account.telemetry(connection).items():
                down[address] = down.get(address, 0) + (now - last) * (status != "UP")
            last = now

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield down
    finally:
        ended.set()
        thread.join()


def is_available(account: Account, connection: str) -> bool:
    found = account.client("ec2").describe_vpn_connections(VpnConnectionIds=[connection])["VpnConnections"][0]
    return bool(found["State"] == "available")


def both_up(account: Account, connection: str) -> bool:
    states = account.telemetry(connection)
    return len(states) == 2 and set(states.values()) == {"UP"}


def pings_are_answered(account: Account) -> Outcome:
    """Five pings per second for 20 s, and a hundred for 10 s, to AWS's address inside each tunnel."""
    (device,) = account.devices(DUAL).values()
    facts = {}
    for address in aws_addresses(connection_of(account)):
        for name, options in (("5 per second", "-i 0.2 -c 100"), ("100 per second", "-i 0.01 -c 1000")):
            output = account.on_device(device, f"ping -q {options} {address}", 120).output
            found = RECEIVED.search(output)
            facts[f"{address}, {name}"] = f"{found[2]} of {found[1]} answered" if found else output[-200:]
    complete = all(re.fullmatch(r"(\d+) of \1 answered", one) for one in facts.values())
    sentence = "every ping was answered" if complete else "AWS does not answer every ping: see the facts"
    return judged(complete, sentence, **facts)


def aws_renews_the_keys(account: Account) -> Outcome:
    """AWS's lifetime is made short by the API alone, so AWS's end is the first to renew the keys."""
    connection, (device,) = connection_of(account), account.devices(DUAL).values()
    ec2 = account.client("ec2")
    since = account.on_device(device, "date '+%F %T'").output.strip()
    for tunnel in connection.tunnels:
        ec2.modify_vpn_tunnel_options(
            VpnConnectionId=connection.id,
            VpnTunnelOutsideIpAddress=known(tunnel.outside_address),
            TunnelOptions={"Phase2LifetimeSeconds": SHORT_LIFETIME_SECONDS},
        )
        account.wait(lambda: is_available(account, connection.id), 1200, "the connection to be available")
        account.wait(lambda: both_up(account, connection.id), 600, "both tunnels to be UP")
    with sampled(account, connection.id) as down:
        account.note(f"waiting {RENEWAL_SECONDS} s for AWS to renew the keys")
        time.sleep(RENEWAL_SECONDS)
    script = f"journalctl -u ipsec --since '{since}' -o cat | grep -iE '{REKEY_WORDS}' | tail -40"
    journal = account.on_device(device, script).output.splitlines()
    refused = [line for line in journal if re.search("INVALID|NO_PROPOSAL", line)]
    stayed = not refused and not any(down.values())
    sentence = "the tunnels stayed up" if stayed else "a tunnel was down, or the device refused a renewal"
    return judged(stayed, sentence, seconds_down=down, refused=refused, journal=journal)


def options_change_in_place(account: Account) -> Outcome:
    """Another security profile is deployed while AWS's telemetry is sampled."""
    before = connection_of(account)
    with sampled(account, before.id) as down:
        seconds = account.deploy(DUAL, security_profile="cnsa")
        account.wait(lambda: both_up(account, connection_of(account).id), 900, "both tunnels to be UP again")
    after = connection_of(account)
    shown = account.client("ec2").describe_vpn_connections(VpnConnectionIds=[after.id])["VpnConnections"][0]
    kept = before.id == after.id
    addresses = [[tunnel.outside_address for tunnel in one.tunnels] for one in (before, after)]
    return judged(
        kept,
        f"the connection is {'the same' if kept else 'another one'}; the update took {seconds:.0f} s",
        connection_kept=kept,
        addresses_kept=addresses[0] == addresses[1],
        seconds_down=down,
        keys_in_secrets_manager=bool(shown.get("PreSharedKeyArn")),
    )


def a_new_disk(account: Account) -> Outcome:
    """The device gets a new root volume of the newest image, and must come back by itself."""
    connection, (device,) = connection_of(account), account.devices(DUAL).values()
    ec2 = account.client("ec2")
    image = account.client("ssm").get_parameter(
        Name="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
    )["Parameter"]["Value"]
    account.on_device(device, "cgw drain || true")
    task = ec2.create_replace_root_volume_task(InstanceId=device, ImageId=image, DeleteReplacedRootVolume=True)
    names = [task["ReplaceRootVolumeTask"]["ReplaceRootVolumeTaskId"]]

    def ended() -> bool:
        shown = ec2.describe_replace_root_volume_tasks(ReplaceRootVolumeTaskIds=names)["ReplaceRootVolumeTasks"][0]
        if "failed" in shown["TaskState"]:
            raise AcceptanceError(f"the task ended with {shown['TaskState']}")
        return bool(shown["TaskState"] == "succeeded")

    started = time.monotonic()
    account.wait(ended, 1200, "the new root volume")
    account.wait(lambda: both_up(account, connection.id), 1200, "both tunnels to be UP again")
    seconds = time.monotonic() - started
    boot = account.on_device(device, "cat /run/cgw/boot").output.strip()
    account.deploy(DUAL, security_profile="cnsa")
    same = device in account.devices(DUAL).values()
    well = boot.endswith("boot ok") and same
    return judged(
        well, f"the device was back after {seconds:.0f} s", seconds=round(seconds), boot=boot, same_instance=same
    )


CHECKS = (
    Check(
        5,
        "Pings to AWS's inside address",
        "AWS answers 5 and 100 pings per second without loss",
        DUAL,
        2,
        pings_are_answered,
    ),
    Check(
        3,
        "AWS renews the keys first",
        "the tunnels stay up when AWS begins, because both ends allow one Diffie-Hellman group",
        DUAL,
        35,
        aws_renews_the_keys,
    ),
    Check(
        2,
        "Tunnel options change in place",
        "CloudFormation keeps the connection, its addresses and its keys",
        DUAL,
        15,
        options_change_in_place,
    ),
    Check(
        11,
        "A device gets a new root volume",
        "the instance, its interface and its address stay, and the user-data sets up the new disk",
        DUAL,
        15,
        a_new_disk,
        only_on_aws="the local network has no disks to replace",
    ),
)

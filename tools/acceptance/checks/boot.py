"""Whether a device comes up, and from what."""

from __future__ import annotations

from tools.acceptance.account import Account
from tools.acceptance.check import Check, Outcome, judged

SINGLE = "ScenarioSingleTunnel"
COMMANDS = {
    "boot": "cat /run/cgw/boot",
    "selinux": "getenforce",
    "kernel": "uname -r",
    "xfrm_interface": "modinfo -n xfrm_interface",
    "package of xfrm_interface": 'rpm -qf "$(modinfo -n xfrm_interface)"',
    "packages": "rpm -q cloud-init libreswan nftables",
    "processor and memory": "nproc; free -m",
}
# a sample of the free memory ten times per second, while dnf reads the metadata of all repositories
MEMORY = """
rpm -q spal-release >/dev/null 2>&1 || dnf -q -y install spal-release
( while :; do awk '/MemAvailable/ {print $2}' /proc/meminfo; sleep 0.1; done ) >/run/acceptance-memory &
sampler=$!
dnf -q -y makecache --refresh; code=$?
kill $sampler
sort -n /run/acceptance-memory | head -1
rm /run/acceptance-memory
exit $code
"""
LEAST_FREE_KIB = 50 * 1024


def it_comes_up(account: Account) -> Outcome:
    """The device of the smallest scenario, and AWS's log of its tunnel."""
    (device,) = account.devices(SINGLE).values()
    answers = {name: account.on_device(device, command) for name, command in COMMANDS.items()}
    facts = {name: answer.output.strip() if answer.code == 0 else "not known" for name, answer in answers.items()}
    groups = account.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/vendedlogs/vpn/{SINGLE}")
    events = {
        group["logGroupName"]: len(
            account.client("logs").filter_log_events(logGroupName=group["logGroupName"], limit=10)["events"]
        )
        for group in groups["logGroups"]
    }
    booted = facts["boot"].endswith("boot ok")
    logged = any(events.values())
    sentence = (
        f"the device {'is up' if booted else 'is not up'}; AWS's tunnel log {'has' if logged else 'has no'} events"
    )
    return judged(booted and logged, sentence, **facts, tunnel_log_events=events)


def memory_is_enough(account: Account) -> Outcome:
    """The least free memory while dnf reads the metadata of the repositories that a device with BGP uses."""
    (device,) = account.devices(SINGLE).values()
    answer = account.on_device(device, MEMORY, 600)
    if answer.code:
        return Outcome("not shown", "dnf ended with an error", {"errors": answer.errors[-1000:]})
    least = int(answer.output.split()[-1])
    sentence = f"{least // 1024} MiB were free at least, of those that the instance has"
    return judged(least > LEAST_FREE_KIB, sentence, least_free_mib=least // 1024)


CHECKS = (
    Check(
        1,
        "A device comes up",
        "every step of the boot ends well on Amazon Linux 2023, and AWS writes the tunnel's log",
        SINGLE,
        2,
        it_comes_up,
    ),
    Check(
        12,
        "Memory while packages are installed",
        "1 GiB is enough for dnf with the metadata of SPAL, beside the SSM agent",
        SINGLE,
        3,
        memory_is_enough,
        only_on_aws="the local device is no Amazon Linux and has no dnf",
    ),
)

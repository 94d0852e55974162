"""Bad options of a tunnel."""

from __future__ import annotations

from typing import Any

from cdk_aws_vpn import COMPATIBILITY, SecurityProfile, TunnelLogOptions, TunnelOptions
from tests.constructs.bad_input import Bad, option

RANGE = "choose a value in this range"
THESE = "choose one of these"


def tunnel(behaviour: str, prop: str, value: Any, allowed: str, remedy: str, *, shown: Any = None, **more: Any) -> Bad:
    arguments = {prop: value, **more}
    return option(
        f"a tunnel with {behaviour}",
        lambda _: TunnelOptions(**arguments),
        prop,
        value if shown is None else shown,
        allowed,
        remedy,
    )


def number(behaviour: str, prop: str, value: Any, allowed: str) -> Bad:
    return tunnel(behaviour, prop, value, allowed, RANGE)


WEAK = SecurityProfile(
    name="weak",
    gives_up="everything",
    ike_versions=("ikev2",),
    encryption_algorithms=("3DES",),
    integrity_algorithms=("SHA2-256",),
    dh_group_numbers=(14,),
)

BAD_TUNNELS = [
    number("phase 1 shorter than 15 minutes", "phase1_lifetime_seconds", 899, "900 to 28800 seconds"),
    number("phase 1 longer than 8 hours", "phase1_lifetime_seconds", 28801, "900 to 28800 seconds"),
    number("phase 2 shorter than 15 minutes", "phase2_lifetime_seconds", 899, "900 to 3600 seconds"),
    number("phase 2 longer than an hour", "phase2_lifetime_seconds", 3601, "900 to 3600 seconds"),
    number("a rekey margin below a minute", "rekey_margin_time_seconds", 59, "60 to 1800 seconds"),
    number("a negative rekey fuzz", "rekey_fuzz_percentage", -1, "0 to 100 per cent"),
    number("a rekey fuzz above all of the margin", "rekey_fuzz_percentage", 101, "0 to 100 per cent"),
    number("a replay window below 64", "replay_window_size", 63, "64 to 2048 packets"),
    number("a replay window above 2048", "replay_window_size", 2049, "64 to 2048 packets"),
    number("dead peer detection below half a minute", "dpd_timeout_seconds", 29, "30 to 2147483647 seconds"),
    number("dead peer detection after more than all time", "dpd_timeout_seconds", 10**30, "30 to 2147483647 seconds"),
    *(
        number(f"no {prop}", prop, None, "a whole number")
        for prop in ("phase1_lifetime_seconds", "phase2_lifetime_seconds", "rekey_margin_time_seconds")
    ),
    number("text for a number of seconds", "dpd_timeout_seconds", "40", "a whole number"),
    number("a fraction of a second", "phase2_lifetime_seconds", 1800.5, "a whole number"),
    number("a truth value for a number", "replay_window_size", True, "a whole number"),
    tunnel(
        "phases of equal length",
        "phase2_lifetime_seconds",
        3600,
        "less than phase1_lifetime_seconds, which is 3600",
        "shorten phase 2",
        phase1_lifetime_seconds=3600,
    ),
    tunnel(
        "a rekey margin above half of phase 2",
        "rekey_margin_time_seconds",
        451,
        "60 to 450, half of phase2_lifetime_seconds",
        "shorten the margin",
        phase2_lifetime_seconds=900,
    ),
    tunnel("an unknown version of ike", "ike_versions", ("ikev3",), "ikev1, ikev2", "choose another", shown="ikev3"),
    tunnel("no version of ike", "ike_versions", (), "one or more of ikev1, ikev2", "('ikev2',)"),
    tunnel("text for a list", "ike_versions", "ikev2", "a tuple of one or more", "('ikev2',)"),
    tunnel("an outdated cipher", "phase1_encryption_algorithms", ("3DES",), "AES128", "choose another", shown="3DES"),
    tunnel("a cipher in other words", "phase2_encryption_algorithms", ("gcm",), "AES128-GCM-16", "choose", shown="gcm"),
    tunnel("md5", "phase2_integrity_algorithms", ("MD5",), "SHA2-256", "choose another", shown="MD5"),
    tunnel("group 5 in phase 1", "phase1_dh_group_numbers", (5, 14), "2, 14, 15", "choose another", shown=5),
    tunnel("group 1 in phase 2", "phase2_dh_group_numbers", (1,), "2, 5, 14", "choose another", shown=1),
    tunnel("a group as text", "phase1_dh_group_numbers", ("14",), "2, 14, 15", "choose another", shown="14"),
    tunnel("an algorithm twice", "phase1_dh_group_numbers", (20, 20), "each value once", "remove"),
    tunnel("an unknown dpd action", "dpd_timeout_action", "hold", "clear, none or restart", THESE),
    tunnel("an unknown startup action", "startup_action", "begin", "add or start", THESE),
    tunnel("text for a switch", "enable_tunnel_lifecycle_control", "no", "True or False", "quotation"),
    tunnel("a map for log options", "log_options", {}, "TunnelLogOptions", "TunnelLogOptions(…)"),
    tunnel(
        "amazon starting ikev1",
        "startup_action",
        "start",
        "add, while ike_versions has ikev1",
        "set ike_versions to ('ikev2',)",
        ike_versions=("ikev1", "ikev2"),
    ),
    option(
        "a profile with ikev1 for tunnels that amazon starts",
        lambda s: s.connection(
            security_profile=COMPATIBILITY, tunnels=(TunnelOptions(startup_action="start"), TunnelOptions())
        ),
        "startup_action",
        "start",
        "add, while ike_versions has ikev1",
        "set ike_versions to ('ikev2',)",
    ),
    option(
        "a profile of ones own with an outdated cipher",
        lambda s: s.connection(security_profile=WEAK),
        "phase1_encryption_algorithms",
        "3DES",
        "AES128, AES256",
        "choose another",
    ),
    option(
        "logs without a log group",
        lambda _: TunnelLogOptions(),
        "log_options",
        None,
        "a log_group, a bgp_log_group or both",
        "leave log_options out",
    ),
    option(
        "logs into the name of a log group",
        lambda s: s.make(lambda *_, **options: TunnelLogOptions(**options), log_group="/aws/vendedlogs/vpn"),
        "log_group",
        "/aws/vendedlogs/vpn",
        "a logs.ILogGroup",
        "LogGroup.from_log_group_name(…)",
    ),
]

"""The options of one VPN tunnel, validated one by one and against each other.

Source of every range: "Tunnel options for your AWS Site-to-Site VPN connection" and the API reference of
``VpnTunnelOptionsSpecification``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_aws_vpn.checks.addressing import check_inside_cidr, check_inside_ipv6_cidr
from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.checks.tunnel_checks import (
    check_choice,
    check_choice_of,
    check_choices_of,
    check_flag,
    check_number_of,
    check_secret,
)
from cdk_aws_vpn.connection.security_profile import SecurityProfile
from cdk_aws_vpn.errors import TunnelOptionsError

__all__ = ["TunnelLogOptions", "TunnelOptions"]

IKE_VERSIONS = ("ikev1", "ikev2")
ENCRYPTION_ALGORITHMS = ("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16")
INTEGRITY_ALGORITHMS = ("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")
PHASE1_DH_GROUP_NUMBERS = (2, *range(14, 25))
PHASE2_DH_GROUP_NUMBERS = (2, 5, *range(14, 25))
DPD_TIMEOUT_ACTIONS = ("clear", "none", "restart")
STARTUP_ACTIONS = ("add", "start")
LOG_OUTPUT_FORMATS = ("json", "text")


@dataclass(frozen=True, kw_only=True)
class TunnelLogOptions:
    """Where a tunnel writes its logs.

    Attributes:
        log_group: Log group of the tunnel's IKE and DPD activity. Default: not logged. AWS limits the size of the
            resource policy that lets it write, which names below ``/aws/vendedlogs/`` do not count against.
        log_output_format: ``json`` or ``text``. Default: ``json``.
        bgp_log_group: Log group of the tunnel's BGP session. Default: not logged.
        bgp_log_output_format: ``json`` or ``text``. Default: ``json``.
    """

    log_group: logs.ILogGroup | None = None
    log_output_format: str = "json"
    bgp_log_group: logs.ILogGroup | None = None
    bgp_log_output_format: str = "json"

    def __post_init__(self) -> None:
        check_choice("log_output_format", self.log_output_format, LOG_OUTPUT_FORMATS)
        check_choice("bgp_log_output_format", self.bgp_log_output_format, LOG_OUTPUT_FORMATS)
        if self.log_group is None and self.bgp_log_group is None:
            raise TunnelOptionsError(
                "log_options", None, "a log_group, a bgp_log_group or both", "name one, or leave log_options out"
            )
        for prop, group in (("log_group", self.log_group), ("bgp_log_group", self.bgp_log_group)):
            if group is not None and not hasattr(group, "log_group_name"):
                raise TunnelOptionsError(
                    prop, group, "a logs.ILogGroup", "name an existing one with LogGroup.from_log_group_name(…)"
                )


@dataclass(frozen=True, kw_only=True)
class TunnelOptions:
    """The options of one tunnel. What is left out comes from the connection's security profile.

    Attributes:
        inside_cidr: /30 of 169.254.0.0/16; Amazon takes the first address, the customer gateway the second.
            Default: chosen from the connection's construct path, so that it never moves.
        inside_ipv6_cidr: /126 of fd00::/8, for ``tunnel_inside_ip_version="ipv6"`` only. Default: chosen by AWS.
        pre_shared_key: Secret whose whole value is the key: 8 to 64 letters, digits, periods and underscores, not
            starting with 0. Default: a secret of 64 random characters is made.
        ike_versions: One or both of ``ikev1`` and ``ikev2``. Default: those of the security profile.
        phase1_encryption_algorithms: One or more of ``AES128``, ``AES256``, ``AES128-GCM-16`` and ``AES256-GCM-16``.
            Default: those of the security profile.
        phase1_integrity_algorithms: One or more of ``SHA1``, ``SHA2-256``, ``SHA2-384`` and ``SHA2-512``.
            Default: those of the security profile.
        phase1_dh_group_numbers: One or more Diffie-Hellman groups, of 2 and 14 to 24. Default: those of the security
            profile.
        phase1_lifetime_seconds: Lifetime of the IKE security association, 900 to 28800. Default: 28800.
        phase2_encryption_algorithms: The same choice as in phase 1. Default: those of the security profile.
        phase2_integrity_algorithms: The same choice as in phase 1. Default: those of the security profile.
        phase2_dh_group_numbers: One or more Diffie-Hellman groups, of 2, 5 and 14 to 24. Default: those of the security
            profile.
        phase2_lifetime_seconds: Lifetime of the IPsec security association, 900 to 3600 and less than phase 1's.
            Default: 3600.
        rekey_margin_time_seconds: 60 to half of phase 2's lifetime: how long before the end of a lifetime Amazon
            starts to renew it. Default: 270.
        rekey_fuzz_percentage: 0 to 100: how much of the margin is random. Default: 100.
        replay_window_size: How many packets may arrive out of order, 64 to 2048. Default: 1024.
        dpd_timeout_seconds: 30 or more: silence after which Amazon takes the device for dead. Default: 30.
        dpd_timeout_action: ``clear`` (forget the tunnel), ``none`` or ``restart`` (Amazon initiates again; the
            customer gateway needs an address). Default: ``clear``.
        startup_action: ``add`` (the device initiates) or ``start`` (Amazon does; IKEv2 only). Default: ``add``.
        enable_tunnel_lifecycle_control: Lets you choose when Amazon replaces the endpoint. Default: True.
        log_options: Logs of the tunnel. Default: none.

    Raises:
        TunnelOptionsError: A value is out of range, or two values exclude each other.
        AddressingError: An inside CIDR block cannot be used.
    """

    inside_cidr: str | None = None
    inside_ipv6_cidr: str | None = None
    pre_shared_key: secretsmanager.ISecret | None = None
    ike_versions: tuple[str, ...] | None = None
    phase1_encryption_algorithms: tuple[str, ...] | None = None
    phase1_integrity_algorithms: tuple[str, ...] | None = None
    phase1_dh_group_numbers: tuple[int, ...] | None = None
    phase1_lifetime_seconds: int = 28800
    phase2_encryption_algorithms: tuple[str, ...] | None = None
    phase2_integrity_algorithms: tuple[str, ...] | None = None
    phase2_dh_group_numbers: tuple[int, ...] | None = None
    phase2_lifetime_seconds: int = 3600
    rekey_margin_time_seconds: int = 270
    rekey_fuzz_percentage: int = 100
    replay_window_size: int = 1024
    dpd_timeout_seconds: int = 30
    dpd_timeout_action: str = "clear"
    startup_action: str = "add"
    enable_tunnel_lifecycle_control: bool = True
    log_options: TunnelLogOptions | None = None

    def __post_init__(self) -> None:
        for field, check in _CHECKS.items():
            value = getattr(self, field)
            if value is not None:
                check(field, value)
        self._check_rekeying()
        self._check_initiation()

    def with_profile(self, profile: SecurityProfile) -> TunnelOptions:
        """Return these options with every list of algorithms that was left out taken from ``profile``.

        Args:
            profile: The profile to take them from.
        """
        taken: dict[str, tuple[str, ...] | tuple[int, ...]] = {"ike_versions": profile.ike_versions}
        for phase in ("phase1", "phase2"):
            taken[f"{phase}_encryption_algorithms"] = profile.encryption_algorithms
            taken[f"{phase}_integrity_algorithms"] = profile.integrity_algorithms
            taken[f"{phase}_dh_group_numbers"] = profile.dh_group_numbers
        missing = {name: value for name, value in taken.items() if getattr(self, name) is None}
        return replace(self, **missing)  # type: ignore[arg-type]

    def _check_rekeying(self) -> None:
        if not is_token(self.phase1_lifetime_seconds) and self.phase2_lifetime_seconds >= self.phase1_lifetime_seconds:
            raise TunnelOptionsError(
                "phase2_lifetime_seconds",
                self.phase2_lifetime_seconds,
                f"less than phase1_lifetime_seconds, which is {self.phase1_lifetime_seconds}",
                "shorten phase 2 or lengthen phase 1",
            )
        longest = self.phase2_lifetime_seconds // 2
        if not is_token(self.phase2_lifetime_seconds) and self.rekey_margin_time_seconds > longest:
            raise TunnelOptionsError(
                "rekey_margin_time_seconds",
                self.rekey_margin_time_seconds,
                f"60 to {longest}, half of phase2_lifetime_seconds",
                "shorten the margin or lengthen phase 2",
            )

    def _check_initiation(self) -> None:
        if self.startup_action == "start" and self.ike_versions is not None and "ikev1" in self.ike_versions:
            raise TunnelOptionsError(
                "startup_action", "start", "add, while ike_versions has ikev1", "set ike_versions to ('ikev2',)"
            )

    def __repr__(self) -> str:
        """Name the options that differ from the defaults, never a secret."""
        shown = [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if field.name != "pre_shared_key" and getattr(self, field.name) != field.default
        ]
        return f"TunnelOptions({', '.join(shown)})"


def _check_log_options(prop: str, value: object) -> None:
    if not isinstance(value, TunnelLogOptions):
        raise TunnelOptionsError(prop, value, "TunnelLogOptions", "wrap the values: TunnelLogOptions(…)")


_CHECKS: dict[str, Callable[..., object]] = {
    "inside_cidr": check_inside_cidr,
    "inside_ipv6_cidr": check_inside_ipv6_cidr,
    "pre_shared_key": check_secret,
    "ike_versions": check_choices_of(IKE_VERSIONS),
    "phase1_encryption_algorithms": check_choices_of(ENCRYPTION_ALGORITHMS),
    "phase1_integrity_algorithms": check_choices_of(INTEGRITY_ALGORITHMS),
    "phase1_dh_group_numbers": check_choices_of(PHASE1_DH_GROUP_NUMBERS),
    "phase1_lifetime_seconds": check_number_of(900, 28800, "seconds"),
    "phase2_encryption_algorithms": check_choices_of(ENCRYPTION_ALGORITHMS),
    "phase2_integrity_algorithms": check_choices_of(INTEGRITY_ALGORITHMS),
    "phase2_dh_group_numbers": check_choices_of(PHASE2_DH_GROUP_NUMBERS),
    "phase2_lifetime_seconds": check_number_of(900, 3600, "seconds"),
    "rekey_margin_time_seconds": check_number_of(60, 1800, "seconds"),
    "rekey_fuzz_percentage": check_number_of(0, 100, "per cent"),
    "replay_window_size": check_number_of(64, 2048, "packets"),
    "dpd_timeout_seconds": check_number_of(30, None, "seconds"),
    "dpd_timeout_action": check_choice_of(DPD_TIMEOUT_ACTIONS),
    "startup_action": check_choice_of(STARTUP_ACTIONS),
    "enable_tunnel_lifecycle_control": check_flag,
    "log_options": _check_log_options,
}

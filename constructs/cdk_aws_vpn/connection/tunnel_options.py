"""The options of one VPN tunnel as a caller writes them, checked one by one and against each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_aws_vpn.checks.addressing import check_inside_cidr, check_inside_ipv6_cidr
from cdk_aws_vpn.checks.arguments import check_choice, check_flag, check_instance, has_attribute
from cdk_aws_vpn.connection.negotiation import NEGOTIATED, Negotiation, check_negotiation, complete_negotiation
from cdk_aws_vpn.connection.pre_shared_key import check_secret, check_secret_field
from cdk_aws_vpn.connection.security_profile import SecurityProfile
from cdk_aws_vpn.errors import TunnelOptionsError

_LOG_OUTPUT_FORMATS = ("json", "text")


@dataclass(frozen=True, kw_only=True)
class TunnelLogOptions:
    """Where a tunnel writes its logs.

    Attributes:
        log_group: Log group of the tunnel's IKE and DPD activity. Default: not logged. AWS limits the size of the
            resource policy for such groups; names that start with ``/aws/vendedlogs/`` do not count towards it.
        log_output_format: ``json`` or ``text``. Default: ``json``.
        bgp_log_group: Log group of the tunnel's BGP session. Default: not logged.
        bgp_log_output_format: ``json`` or ``text``. Default: ``json``.
    """

    log_group: logs.ILogGroup | None = None
    log_output_format: str = "json"
    bgp_log_group: logs.ILogGroup | None = None
    bgp_log_output_format: str = "json"

    def __post_init__(self) -> None:
        for prop in ("log_output_format", "bgp_log_output_format"):
            check_choice(prop, getattr(self, prop), _LOG_OUTPUT_FORMATS, known_later=True, error=TunnelOptionsError)
        if self.log_group is None and self.bgp_log_group is None:
            raise TunnelOptionsError(
                "log_options", None, "a log_group, a bgp_log_group or both", "name one, or leave log_options out"
            )
        for prop, group in (("log_group", self.log_group), ("bgp_log_group", self.bgp_log_group)):
            if group is not None and not has_attribute(group, "grant_write"):
                raise TunnelOptionsError(
                    prop, group, "a logs.ILogGroup", "name an existing one with LogGroup.from_log_group_name(…)"
                )


@dataclass(frozen=True, kw_only=True)
class TunnelOptions:
    """The options of one tunnel. What is left out comes from the connection's security profile.

    A tunnel that a :class:`~cdk_aws_vpn.CgwInstance` ends allows one Diffie-Hellman group, the same in both phases:
    what is left out becomes group 20, or 14 with a profile that allows IKEv1. Several groups are refused there, and so
    is a rekey margin that leaves the device no time to renew the keys first.

    Attributes:
        inside_cidr: /30 of 169.254.0.0/16; Amazon takes the first address, the customer gateway the second.
            Default: chosen from the stack's name and the connection's path below the stack, so that it never changes.
        inside_ipv6_cidr: /126 of fd00::/8, for ``tunnel_inside_ip_version="ipv6"`` only. Default: chosen by AWS.
        pre_shared_key: Secret whose whole value is the key: 8 to 64 letters, digits, periods and underscores, not
            starting with 0. Default: a new secret with 64 random characters.
        pre_shared_key_field: Name of the field of ``pre_shared_key`` that contains the key, if the secret is a JSON
            object, as one with the keys of both tunnels is: 1 to 128 letters, digits and ``_ - . /``. A
            :class:`~cdk_aws_vpn.CgwInstance` needs whole secrets. Default: the whole secret.
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
        dpd_timeout_seconds: 30 to 2147483647: silence after which Amazon considers the device dead. Default: 30.
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
    pre_shared_key_field: str | None = None
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
        for name, check in _CHECKS.items():
            value = getattr(self, name)
            if value is not None:
                check(name, value)
        if self.pre_shared_key_field is not None and self.pre_shared_key is None:
            raise TunnelOptionsError(
                "pre_shared_key_field", "given", "a field of pre_shared_key, which is left out", "give both"
            )
        check_negotiation(self._negotiated())
        if self.ike_versions is not None:
            self._check_initiation(self.ike_versions)

    def negotiation(self, profile: SecurityProfile) -> Negotiation:
        """Return what the tunnel negotiates: these options, with every list that was left out taken from ``profile``.

        Args:
            profile: The security profile that supplies the lists.

        Raises:
            TunnelOptionsError: The options and the profile exclude each other, or it is no profile.
        """
        check_instance(
            "profile", profile, SecurityProfile, "choose one of PROFILES, or write your own", error=TunnelOptionsError
        )
        negotiation = complete_negotiation(self._negotiated(), profile)
        self._check_initiation(negotiation.ike_versions)
        return negotiation

    def _negotiated(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in NEGOTIATED}

    def _check_initiation(self, ike_versions: tuple[str, ...]) -> None:
        if self.startup_action == "start" and "ikev1" in ike_versions:
            raise TunnelOptionsError(
                "startup_action", "start", "add, while ike_versions has ikev1", "set ike_versions to ('ikev2',)"
            )

    def __repr__(self) -> str:
        """Name the options that differ from the defaults, never a secret."""
        shown = [
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields(self)
            if not field.name.startswith("pre_shared_key") and getattr(self, field.name) != field.default
        ]
        return f"TunnelOptions({', '.join(shown)})"


def _one_of(*allowed: str) -> Callable[..., object]:
    return partial(check_choice, allowed=allowed, known_later=True, error=TunnelOptionsError)


_CHECKS: dict[str, Callable[..., object]] = {
    "inside_cidr": check_inside_cidr,
    "inside_ipv6_cidr": check_inside_ipv6_cidr,
    "pre_shared_key": check_secret,
    "pre_shared_key_field": check_secret_field,
    "dpd_timeout_action": _one_of("clear", "none", "restart"),
    "startup_action": _one_of("add", "start"),
    "enable_tunnel_lifecycle_control": partial(check_flag, error=TunnelOptionsError),
    "log_options": partial(
        check_instance,
        expected=TunnelLogOptions,
        remedy="wrap the values: TunnelLogOptions(…)",
        error=TunnelOptionsError,
    ),
}

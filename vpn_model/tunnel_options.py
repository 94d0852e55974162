"""What AWS's end of a tunnel may negotiate, and how it behaves."""

from __future__ import annotations

from dataclasses import dataclass

from vpn_model.unknown import Flag, Number, Text

ALL_IKE_VERSIONS = ("ikev1", "ikev2")
ALL_ENCRYPTION = ("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16")
ALL_INTEGRITY = ("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")
ALL_PHASE1_DH_GROUPS = (2, *range(14, 25))
ALL_PHASE2_DH_GROUPS = (2, 5, *range(14, 25))


@dataclass(frozen=True)
class TunnelLog:
    """One of the two logs of a tunnel: of its IKE daemon, or of BGP."""

    enabled: Flag = False
    group_arn: Text | None = None
    output_format: Text = "json"
    """``json`` or ``text``."""


@dataclass(frozen=True)
class TunnelOptions:
    """The options of one tunnel.

    Each field holds the value that applies. An option that was not written has AWS's default, so ``TunnelOptions()`` is
    a tunnel without any options, which allows everything. ``written`` names the options that were written. Lists are
    in AWS's words and in the written order; AWS picks the weakest entry that the other side offers.
    """

    ike_versions: tuple[Text, ...] = ALL_IKE_VERSIONS
    phase1_encryption: tuple[Text, ...] = ALL_ENCRYPTION
    phase1_integrity: tuple[Text, ...] = ALL_INTEGRITY
    phase1_dh_groups: tuple[Number, ...] = ALL_PHASE1_DH_GROUPS
    phase1_lifetime_seconds: Number = 28800
    """900 to 28800."""
    phase2_encryption: tuple[Text, ...] = ALL_ENCRYPTION
    phase2_integrity: tuple[Text, ...] = ALL_INTEGRITY
    phase2_dh_groups: tuple[Number, ...] = ALL_PHASE2_DH_GROUPS
    phase2_lifetime_seconds: Number = 3600
    """900 to 3600."""
    rekey_margin_seconds: Number = 270
    """60 to half of phase 2's lifetime."""
    rekey_fuzz_percentage: Number = 100
    """0 to 100."""
    replay_window_size: Number = 1024
    """64 to 2048 packets."""
    dpd_timeout_seconds: Number = 30
    """30 or more. AWS's documents name 30 and 40 as the default."""
    dpd_timeout_action: Text = "clear"
    """``clear``, ``none`` or ``restart``."""
    startup_action: Text = "add"
    """``add`` (the customer's device begins) or ``start`` (AWS begins)."""
    tunnel_lifecycle_control: Flag = False
    """Whether AWS waits with the replacement of an endpoint until the customer accepts it."""
    vpn_log: TunnelLog = TunnelLog()
    bgp_log: TunnelLog = TunnelLog()
    written: frozenset[str] = frozenset()
    """The names of the fields above that were written; the other ones are AWS's defaults."""

    def is_written(self, option: str) -> bool:
        """Whether a field was written, and is not AWS's default because nothing was said."""
        return option in self.written

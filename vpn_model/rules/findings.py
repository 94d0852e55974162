"""What a review returns: findings, and what could not be reviewed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Severity = Literal["error", "warning", "note"]
"""``error``: the VPN is weak or exposed. ``warning``: it should be repaired. ``note``: a reviewer should know it."""
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
OURS = "cdk-aws-vpn"
"""The source of a finding of the rules in this folder."""
VPN_TYPES = (
    *("AWS::EC2::VPN", "AWS::EC2::CustomerGateway", "AWS::EC2::ClientVpn", "AWS::EC2::TransitGateway"),
    "AWS::NetworkManager::SiteToSiteVpnAttachment",
)
"""How the types of a VPN's resources begin."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule. Its id is stable: findings are acknowledged by it."""

    id: str
    severity: Severity
    title: str
    """What the rule asks for."""
    why: str
    """The reason, and where it is written."""
    remedy: str
    """What to do about a finding."""


@dataclass(frozen=True, kw_only=True)
class Violation:
    """What a rule found in one resource."""

    rule: Rule
    path: str
    """Where: the path below the resource, such as ``Properties.VpnTunnelOptionsSpecifications.0.IKEVersions``."""
    message: str
    """What was found. Never the value of anything that may be a key."""
    tunnel: int | None = None
    """1 or 2; None if it is about the whole resource."""
    resource: str | None = None
    """Another resource than the one that was reviewed."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A violation, with the template and the resource that it is in."""

    rule: str
    """The id of the rule."""
    definition: Rule
    severity: Severity
    template: Path
    """The file. For a template inside of a template, what is behind ``#`` is the resource that holds it."""
    resource: str
    resource_type: str
    path: str
    message: str
    tunnel: int | None = None
    when: str = ""
    """The conditions under which it holds, such as ``IsProd is false``; empty if it always does."""
    source: str = OURS
    """Who made the rule: ``cdk-aws-vpn``, or the name of another tool."""

    def fails(self, level: Severity = "error") -> bool:
        """Whether a run that fails at this level fails: others' rules count only on resources of a VPN."""
        if SEVERITIES.index(self.severity) > SEVERITIES.index(level):
            return False
        return self.source == OURS or self.resource_type.startswith(VPN_TYPES)


@dataclass(frozen=True, order=True, kw_only=True)
class NotReviewed:
    """A part of a template that nobody can check before the deployment, or not with this template alone."""

    template: Path
    resource: str
    path: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Review:
    """The result for one template and those that are nested in it."""

    template: Path
    findings: tuple[Finding, ...] = ()
    not_reviewed: tuple[NotReviewed, ...] = ()
    parameters: frozenset[str] = frozenset()
    """The names of the template's parameters."""

"""Templates that follow the rules and that break them: one set for the Python rules and for the Guard rules.

Each case is a template's resource ``Judged``, sometimes with other sections, and what each of the two must find in it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.constructs.policy.templates import (
    GOOD_TUNNEL,
    authorization,
    endpoint,
    group,
    rule,
    second_tunnel,
    values,
    vpn,
    with_tunnels,
)


@dataclass(frozen=True)
class Case:
    """A template, and the rules that find something in it: ours, and those of the Guard file."""

    judged: dict[str, Any]
    ours: tuple[str, ...] = ()
    guard: tuple[str, ...] | None = None
    """The same ones if it is None."""
    sections: dict[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> dict[str, Any]:
        return {**self.sections, "Resources": {"Judged": self.judged, **self.sections.get("Resources", {})}}

    @property
    def of_guard(self) -> tuple[str, ...]:
        return self.ours if self.guard is None else self.guard


def write(folder: Path, case: Case, name: str = "vpn.json") -> str:
    """Write the template of a case, and return the file's path."""
    file = folder / name
    file.write_text(json.dumps(case.body), encoding="utf-8")
    return str(file)


def ssh(**source: Any) -> dict[str, Any]:
    return {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, **source}


BOTH, IKE, DH, SHA = (
    "VPN_BOTH_TUNNELS_SPECIFIED",
    "VPN_IKE_VERSION_2_ONLY",
    "VPN_NO_WEAK_DH_GROUP",
    "VPN_NO_SHA1",
)
KEY, SECRET = "VPN_NO_LITERAL_PRE_SHARED_KEY", "VPN_NO_LITERAL_SECRET"
RESERVED, ONCE, DPD = "VPN_NO_RESERVED_INSIDE_CIDR", "VPN_INSIDE_CIDR_ONCE", "VPN_DPD_TIMEOUT_SET"
SSH, SSH_RULE = "VPN_NO_SSH_FROM_THE_WORLD", "VPN_NO_SSH_RULE_FROM_THE_WORLD"
LOG, OPEN = "VPN_CLIENT_CONNECTION_LOG", "VPN_CLIENT_NOT_OPEN_TO_ALL"
CBC, AES, PFS = "VPN_AUTHENTICATED_ENCRYPTION", "VPN_AES_256", "VPN_PFS_AS_STRONG_AS_IKE"
TUNNEL_LOG, LIFECYCLE, STORAGE = "VPN_TUNNEL_LOG", "VPN_LIFECYCLE_CONTROL", "VPN_KEY_STORAGE"
REPLAY, STARTS, LIFETIMES = "VPN_REPLAY_WINDOW", "VPN_STARTS_AGAIN", "VPN_LIFETIMES_ACCEPTED"


def key(expression: Any) -> dict[str, Any]:
    return vpn(PreSharedKey=expression)


LITERALS: dict[str, Case] = {
    "good": Case(vpn()),
    "one tunnel": Case(vpn(tunnels=1), (BOTH,)),
    "no tunnel": Case(vpn(tunnels=0), (BOTH,)),
    "no properties": Case({"Type": "AWS::EC2::VPNConnection"}, (BOTH, STORAGE), (BOTH,)),
    "a tunnel with a key alone": Case(
        with_tunnels([GOOD_TUNNEL, {"PreSharedKey": "{{resolve:secretsmanager:a}}"}]), (BOTH,)
    ),
    "ikev1": Case(vpn(IKEVersions=values("ikev1", "ikev2")), (IKE,)),
    "no version": Case(vpn(left_out="IKEVersions"), (IKE,)),
    "group 2": Case(vpn(Phase1DHGroupNumbers=values(2, 20)), (DH,)),
    "group 5": Case(vpn(Phase2DHGroupNumbers=values(5)), (DH, PFS), (DH,)),
    "group 24": Case(vpn(Phase2DHGroupNumbers=values(24)), (DH, PFS), (DH,)),
    "group 22 as a text": Case(vpn(Phase1DHGroupNumbers=values("22")), (DH,)),
    "no group 1": Case(vpn(left_out="Phase1DHGroupNumbers"), (DH,)),
    "no group 2": Case(vpn(left_out="Phase2DHGroupNumbers"), (DH,)),
    "SHA-1 in phase 1": Case(vpn(Phase1IntegrityAlgorithms=values("SHA2-256", "SHA1")), (SHA,)),
    "SHA-1 in phase 2": Case(vpn(Phase2IntegrityAlgorithms=values("SHA1")), (SHA,)),
    "no integrity 1": Case(vpn(left_out="Phase1IntegrityAlgorithms"), (SHA,)),
    "no integrity 2": Case(vpn(left_out="Phase2IntegrityAlgorithms"), (SHA,)),
    "a weaker group in phase 2": Case(vpn(Phase1DHGroupNumbers=values(21)), (PFS,), ()),
    "groups in both phases": Case(
        vpn(Phase1DHGroupNumbers=values(19, 20), Phase2DHGroupNumbers=values(19, 20)), (PFS,), ()
    ),
    "a stronger group in phase 2": Case(vpn(Phase2DHGroupNumbers=values(21))),
    "CBC": Case(vpn(Phase2EncryptionAlgorithms=values("AES256", "AES256-GCM-16")), (CBC,), ()),
    "AES-128": Case(vpn(Phase1EncryptionAlgorithms=values("AES128-GCM-16")), (AES,), ()),
    "no encryption": Case(vpn(left_out="Phase1EncryptionAlgorithms"), (CBC, AES), ()),
    "no timeout": Case(vpn(left_out="DPDTimeoutSeconds"), (DPD,)),
    "reserved": Case(vpn(TunnelInsideCidr="169.254.5.0/30"), (RESERVED,)),
    "reserved for metadata": Case(vpn(TunnelInsideCidr="169.254.169.252/30"), (RESERVED,)),
    "the same block twice": Case(vpn(TunnelInsideCidr="169.254.10.0/30"), (ONCE,), ()),
    "the same IPv6 block twice": Case(
        with_tunnels(
            [{**GOOD_TUNNEL, "TunnelInsideIpv6Cidr": "fd00::/126"}, second_tunnel(TunnelInsideIpv6Cidr="FD00:0::/126")]
        ),
        (ONCE,),
        (),
    ),
    "no log": Case(vpn(left_out="LogOptions"), (TUNNEL_LOG,), ()),
    "the log is off": Case(vpn(LogOptions={"CloudwatchLogOptions": {"LogEnabled": "false"}}), (TUNNEL_LOG,), ()),
    "no lifecycle control": Case(vpn(EnableTunnelLifecycleControl=False), (LIFECYCLE,), ()),
    "a small window": Case(vpn(ReplayWindowSize=64), (REPLAY,), ()),
    "a window that AWS refuses": Case(vpn(ReplayWindowSize=4096), (LIFETIMES,), ()),
    "a lifetime that AWS refuses": Case(vpn(Phase2LifetimeSeconds="7200"), (LIFETIMES,), ()),
    "phase 2 lives longer": Case(vpn(Phase1LifetimeSeconds=1800, Phase2LifetimeSeconds=3600), (LIFETIMES,), ()),
    "short lifetimes": Case(vpn(Phase1LifetimeSeconds=3600, Phase2LifetimeSeconds=900)),
    "only the device starts": Case(vpn(left_out="DPDTimeoutAction"), (STARTS,), ()),
    "AWS starts": Case(vpn(DPDTimeoutAction="clear", StartupAction="start")),
    "a literal key": Case(key("A.Literal.Key_1"), (KEY,)),
    "a key in a plain parameter": Case(key("{{resolve:ssm:key:1}}"), (KEY,)),
    "text before the reference": Case(key("hunter2{{resolve:secretsmanager:x}}"), (KEY,)),
    "text after the reference": Case(key("{{resolve:secretsmanager:x}}hunter2"), (KEY,)),
    "a key in an encrypted parameter": Case(key("{{resolve:ssm-secure:branch-key:1}}")),
    "SSH from the Internet": Case(group(**ssh(CidrIp="0.0.0.0/0")), (SSH,)),
    "SSH from half of the Internet": Case(group(**ssh(CidrIp="128.0.0.0/1")), (SSH,)),
    "SSH from the IPv6 Internet": Case(group(IpProtocol="tcp", FromPort=0, ToPort=65535, CidrIpv6="::/0"), (SSH,)),
    "another spelling": Case(group(**ssh(CidrIpv6="0:0:0:0:0:0:0:0/0")), (SSH,)),
    "one more spelling": Case(rule(**ssh(CidrIpv6="0000::/0")), (SSH_RULE,)),
    "half of IPv6": Case(rule(**ssh(CidrIpv6="::/1")), (SSH_RULE,)),
    "global IPv6": Case(rule(**ssh(CidrIpv6="2000::/3")), (SSH_RULE,)),
    "everything": Case(group(CidrIp="0.0.0.0/0", IpProtocol="-1"), (SSH,)),
    "everything in a rule": Case(rule(CidrIp="0.0.0.0/0", IpProtocol="-1"), (SSH_RULE,)),
    "SSH from the office": Case(group(**ssh(CidrIp="203.0.113.0/24"))),
    "SSH from unique local addresses": Case(group(**ssh(CidrIpv6="fc00::/7"))),
    "SSH from a private network": Case(rule(**ssh(CidrIp="10.0.0.0/8"))),
    "HTTPS from the Internet": Case(group(CidrIp="0.0.0.0/0", IpProtocol="tcp", FromPort=443, ToPort=443)),
    "ports below SSH": Case(rule(CidrIp="0.0.0.0/0", IpProtocol="tcp", FromPort=20, ToPort=21)),
    "UDP port 22": Case(rule(CidrIp="0.0.0.0/0", IpProtocol="udp", FromPort=22, ToPort=22)),
    "a connection log": Case(endpoint(Enabled=True, CloudwatchLogGroup="clients")),
    "no connection log": Case(endpoint(Enabled=False), (LOG,)),
    "open to all": Case(authorization("0.0.0.0/0", AuthorizeAllGroups=True), (OPEN,)),
    "half of everything": Case(authorization("0.0.0.0/1", AuthorizeAllGroups="true"), (OPEN,)),
    "open to a group": Case(authorization("0.0.0.0/0", AccessGroupId="S-1")),
    "a network for all": Case(authorization("10.0.0.0/8", AuthorizeAllGroups=True)),
}

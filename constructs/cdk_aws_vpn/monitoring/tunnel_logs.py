"""Log groups for the tunnels, and saved queries that search them."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk_aws_vpn.connection.routing import Bgp
from cdk_aws_vpn.connection.tunnel_options import TunnelLogOptions
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.connection.watched import BaseVpnConnection
from cdk_aws_vpn.foundation.identity import in_order
from cdk_aws_vpn.foundation.log_groups import is_of_stack, log_group_name, make_log_group
from cdk_aws_vpn.foundation.names import as_log_name, shortened
from cdk_aws_vpn.monitoring.options import WHY_NO_KEY

# AWS limits the size of the resource policy that lets it write logs; groups with this prefix do not count against it.
VENDED = "/aws/vendedlogs/vpn"
# The fields are documented in "Contents of Site-to-Site VPN logs". A log stream is named after connection and tunnel.
WHY_DOWN = """\
fields @timestamp, @logStream, ike_phase1_state, ike_phase2_state, details
| filter ike_phase1_state like /(?i)down/ or ike_phase2_state like /(?i)down/ or \
details like /(?i)timed out|Timeout|DELETE|dead|mismatch|invalid|AUTHENTICATION_FAILED|No Proposal|unable to/
| sort @timestamp desc
| limit 100"""
NEGOTIATED = """\
fields @timestamp, @logStream, ike_phase1_state, ike_phase2_state, nat_t_detected, dpd_enabled, details
| filter details like /(?i)proposal|CREATE_CHILD_SA|Traffic Selector|establish/ or ike_phase1_state like /(?i)negotiat/
| sort @timestamp desc
| limit 100"""
WITHDRAWN = """\
fields @timestamp, @logStream, status, message.prefix, message.asPath, message.med, message.details
| filter (type = "RouteStatus" and status = "WITHDRAWN") or (type = "BGPStatus" and status = "DOWN")
| sort @timestamp desc
| limit 100"""
QUERY_NAME_LENGTH = 255
QUESTIONS = {
    "why did a tunnel go down": ("ike", WHY_DOWN),
    "what was negotiated": ("ike", NEGOTIATED),
    "which routes were withdrawn": ("bgp", WITHDRAWN),
}


class TunnelLogs(Construct):
    """Log groups for the tunnels of connections: one for IKE, and one for BGP if any connection uses it.

    A tunnel with its own log options keeps them, and the queries search those groups too. So do the tunnels of a
    connection that is not in the stack: only those of ``writers`` can be told where to write.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        connections: Sequence[BaseVpnConnection],
        writers: Sequence[VpnConnection],
        retention: logs.RetentionDays,
        encryption_key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._connections = connections
        routed = any(isinstance(connection.routing, Bgp) for connection in writers)
        groups = {
            kind: make_log_group(
                self,
                kind.capitalize(),
                name=as_log_name(f"{VENDED}/{name}/{kind}"),
                why_no_key=WHY_NO_KEY,
                retention=retention,
                encryption_key=encryption_key,
            )
            for kind in (["ike", "bgp"] if routed else ["ike"] if writers else [])
        }
        for connection in writers:
            speaks = isinstance(connection.routing, Bgp)
            connection.log_to(
                TunnelLogOptions(log_group=groups["ike"], bgp_log_group=groups["bgp"] if speaks else None)
            )
        for question, (kind, query) in QUESTIONS.items():
            asked = self.groups(kind)
            if asked:
                logs.CfnQueryDefinition(
                    self,
                    question,
                    name=shortened(f"{name}/{question}", QUERY_NAME_LENGTH),
                    query_string=query,
                    log_group_names=asked,
                )

    def groups(self, kind: str) -> list[str]:
        """Names of the groups of this account and Region that hold the ``ike`` or ``bgp`` logs of these connections."""
        options = [one for each in self._connections for one in each.log_options]
        found = [one.log_group if kind == "ike" else one.bgp_log_group for one in options]
        names = dict.fromkeys(log_group_name(one) for one in found if one is not None and is_of_stack(one, self))
        return in_order(self, list(names))

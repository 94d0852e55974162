"""The static routes of a VPN connection on a virtual private gateway."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.foundation.identity import id_for
from cdk_aws_vpn.foundation.quotas import STATIC_ROUTES_PER_CONNECTION


def add_static_routes(connection: Construct, vpn_connection_id: str, prefixes: Sequence[str], *, already: int) -> None:
    """Let AWS send the networks ``prefixes`` through a connection.

    Args:
        connection: The connection, which the routes become children of.
        vpn_connection_id: Its id.
        prefixes: IPv4 networks behind the customer gateway.
        already: How many static routes the connection has.

    Raises:
        QuotaError: The connection would have more static routes than AWS grants.
    """
    STATIC_ROUTES_PER_CONNECTION.check(connection, "prefixes", already + len(prefixes))
    for prefix in prefixes:
        ec2.CfnVPNConnectionRoute(
            connection,
            id_for(connection, "Route", prefix),
            destination_cidr_block=prefix,
            vpn_connection_id=vpn_connection_id,
        )

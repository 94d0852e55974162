"""Looks up the outside addresses of the two tunnels of one VPN connection.

CloudFormation returns only the connection's id. The answer of EC2 also contains the pre-shared keys, so nothing except
the addresses is logged, kept or returned. The inside CIDR block identifies each tunnel, because EC2 promises no order.
"""

import boto3
from custom_resource import respond_to


def handler(event, context):
    """Entry point of the Lambda function."""
    respond_to(event, context, look_up, lambda properties: f"{properties['VpnConnectionId']}-tunnel-endpoints")


def look_up(properties):
    """Return ``Tunnel1OutsideAddress`` and ``Tunnel2OutsideAddress`` for the connection's inside CIDR blocks."""
    connection_id = properties["VpnConnectionId"]
    answer = boto3.client("ec2").describe_vpn_connections(VpnConnectionIds=[connection_id])
    options = answer["VpnConnections"][0]["Options"]["TunnelOptions"]
    found = {}
    for tunnel in options:
        for key in ("TunnelInsideCidr", "TunnelInsideIpv6Cidr"):
            if tunnel.get(key):
                found[tunnel[key]] = tunnel["OutsideIpAddress"]
    asked = properties["TunnelInsideCidrs"]
    missing = [cidr for cidr in asked if cidr not in found]
    if missing:
        raise LookupError(f"{connection_id} has no tunnel with inside CIDR {', '.join(missing)}")
    return {f"Tunnel{number}OutsideAddress": found[cidr] for number, cidr in enumerate(asked, start=1)}

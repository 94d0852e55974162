"""Waits until a VPN connection carries traffic again, so that the next one may be changed.

CloudFormation considers a connection changed before its tunnels are up again. The handler reads the tunnels' status
from EC2. That status is late by up to a minute: right after a change, it may still show the tunnels as they were. So a
tunnel counts if its status has changed lately, or has been UP for a while since the handler was called.

The answer of EC2 also contains the pre-shared keys; nothing except the status is kept.
"""

import time
from datetime import UTC, datetime

import boto3
from custom_resource import respond_to

PAUSE_SECONDS = 2
# a change of status that is not older than this comes from the change of the connection
LATELY_SECONDS = 900
# how long all tunnels must be UP if none has changed its status lately
SETTLED_SECONDS = 60
# after this time one tunnel is enough: it carries the traffic
PATIENCE_SECONDS = 300
LONGEST_WAIT_SECONDS = 840


def handler(event, context):
    """Entry point of the Lambda function."""

    def look_up(properties):
        return wait(properties, updated=event["RequestType"] == "Update")

    respond_to(event, context, look_up, lambda properties: f"{properties['VpnConnectionId']}-tunnels-up")


def wait(properties, updated):
    """Wait until the tunnels with the given ``OutsideAddresses`` are UP.

    A new connection carries no traffic that could be interrupted, so one tunnel is enough for it.
    """
    connection_id, addresses = properties["VpnConnectionId"], properties["OutsideAddresses"]
    client = boto3.client("ec2")
    started = time.monotonic()
    up_since = None
    while True:
        tunnels = telemetry(client, connection_id, addresses)
        now = time.monotonic()
        up = [address for address, tunnel in tunnels.items() if tunnel["Status"] == "UP"]
        complete = len(up) == len(addresses)
        if not complete:
            up_since = None
        elif up_since is None:
            up_since = now
        if up and (not updated or now - started > PATIENCE_SECONDS):
            return {}
        if complete and (all(map(changed_lately, tunnels.values())) or now - up_since >= SETTLED_SECONDS):
            return {}
        if now - started > LONGEST_WAIT_SECONDS:
            seen = ", ".join(f"{address} {tunnel['Status']}" for address, tunnel in sorted(tunnels.items()))
            raise LookupError(f"{connection_id} carries no traffic again; its tunnels: {seen or 'none'}")
        time.sleep(PAUSE_SECONDS)


def telemetry(client, connection_id, addresses):
    """Return the status of each of the tunnels by its outside address."""
    answer = client.describe_vpn_connections(VpnConnectionIds=[connection_id])
    shown = answer["VpnConnections"][0].get("VgwTelemetry", [])
    return {tunnel["OutsideIpAddress"]: tunnel for tunnel in shown if tunnel["OutsideIpAddress"] in addresses}


def changed_lately(tunnel):
    """Tell whether the status of a tunnel has changed lately."""
    age = datetime.now(UTC) - tunnel["LastStatusChange"]
    return age.total_seconds() < LATELY_SECONDS

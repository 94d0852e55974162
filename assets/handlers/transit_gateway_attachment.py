"""Looks up the attachment of one VPN connection to its transit gateway, which CloudFormation does not return.

For CloudFormation, a connection is complete when its tunnels can be used. Its attachment may still be pending then, and
a route table accepts it only when it is available. The handler therefore waits for that.
"""

import time

import boto3
from custom_resource import respond_to

# AWS states no time. With the 40 s of custom_resource, this is within the 300 s that the function may run.
LONGEST_WAIT_SECONDS = 240
PAUSE_SECONDS = 2


def handler(event, context):
    """Entry point of the Lambda function."""
    respond_to(event, context, look_up, lambda properties: f"{properties['VpnConnectionId']}-attachment")


def look_up(properties):
    """Return ``TransitGatewayAttachmentId`` of ``VpnConnectionId`` on ``TransitGatewayId``."""
    connection_id, gateway_id = properties["VpnConnectionId"], properties["TransitGatewayId"]
    asked = {"resource-id": connection_id, "resource-type": "vpn", "transit-gateway-id": gateway_id}
    filters = [{"Name": name, "Values": [value]} for name, value in asked.items()]
    client = boto3.client("ec2")
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    while True:
        states = {}
        for one in client.describe_transit_gateway_attachments(Filters=filters)["TransitGatewayAttachments"]:
            states[one["State"]] = one["TransitGatewayAttachmentId"]
        if "available" in states:
            return {"TransitGatewayAttachmentId": states["available"]}
        if time.monotonic() > deadline:
            seen = ", ".join(sorted(states)) or "none"
            raise LookupError(f"{connection_id} has no available attachment to {gateway_id}; states seen: {seen}")
        time.sleep(PAUSE_SECONDS)

"""A point in a deployment after which a VPN connection carries traffic again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import cast

import jsii
from aws_cdk import CfnResource, CustomResource, IStableStringProducer, Lazy
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.foundation.lookup_function import LookupFunction
from cdk_aws_vpn.foundation.places import node_of, stack_of

# the longest that Lambda lets a function run
_TIMEOUT_SECONDS = 900


class TunnelsUp(Construct):
    """Waits, during each deployment that changes a connection, until its tunnels are up again.

    CloudFormation calls a connection changed before its tunnels are up. The function behind this construct may call
    ``ec2:DescribeVpnConnections`` and nothing else. It waits for at most 14 minutes, then the deployment fails and is
    rolled back.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        connection: The connection.
        tunnels: The tunnels that the device sets up: 1, 2 or both.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, connection: VpnConnection, tunnels: Sequence[int]
    ) -> None:
        super().__init__(scope, construct_id)
        function = LookupFunction.of(
            self,
            "VpnTunnelsUp",
            module="tunnels_up",
            description="Waits for VPN tunnels to be up again after a change",
            actions=["ec2:DescribeVpnConnections"],
            resources=["*"],
            timeout_seconds=_TIMEOUT_SECONDS,
            reasons={
                "AwsSolutions-IAM5[Resource::*]": "ec2:DescribeVpnConnections has no resource-level permission; the "
                "handler asks for one connection id and keeps only the status of its tunnels."
            },
        )
        self._resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::VpnTunnelsUp",
            service_token=function.service_token,
            properties={
                "VpnConnectionId": connection.vpn_connection_id,
                "OutsideAddresses": [connection.tunnels[number - 1].outside_address for number in tunnels],
                "CustomerGatewayId": connection.customer_gateway.customer_gateway_id,
                "TunnelOptionsDigest": Lazy.string(_TunnelOptionsDigest(connection)),
            },
        )

    def between(self, first: CfnResource, connection: VpnConnection) -> None:
        """Let a second connection be created and changed only after this point.

        Args:
            first: What must have happened before this point: the device of the first connection is up.
            connection: The second connection.
        """
        node_of(self._resource).add_dependency(first)
        resource_of(connection).node.add_dependency(self._resource)


def resource_of(connection: VpnConnection) -> ec2.CfnVPNConnection:
    """Return the resource of a connection."""
    return cast("ec2.CfnVPNConnection", node_of(connection).default_child)


@jsii.implements(IStableStringProducer)
class _TunnelOptionsDigest:
    """Changes when the options of the tunnels change, so that CloudFormation calls the function again.

    The options hold references to the keys and no key. They are complete only when the whole app is.
    """

    def __init__(self, connection: VpnConnection) -> None:
        self._connection = connection

    def produce(self) -> str:
        """Return the digest of the options as the template has them."""
        options = resource_of(self._connection).vpn_tunnel_options_specifications
        written = json.dumps(stack_of(self._connection).resolve(options), sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()[:16]

"""The outside addresses of a VPN connection's tunnels, which CloudFormation does not return."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from aws_cdk import CustomResource
from constructs import Construct

from cdk_aws_vpn.checks.addressing import check_inside_cidr
from cdk_aws_vpn.checks.arguments import check_resource_id
from cdk_aws_vpn.checks.texts import check_list
from cdk_aws_vpn.errors import AddressingError
from cdk_aws_vpn.foundation.lookup_function import LookupFunction

_BLOCKS = ("a list of one or two inside CIDR blocks", "write it like ['169.254.6.0/30']")


class TunnelEndpoints(Construct):
    """Looks up, during deployment, the outside addresses of one connection.

    The function behind it may call ``ec2:DescribeVpnConnections`` and nothing else, and returns addresses only.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        vpn_connection_id: The connection.
        inside_cidrs: The inside CIDR blocks of its tunnels, one or two, in the order in which the addresses are
            returned.

    Raises:
        VpnConfigurationError: The id is not that of a connection.
        AddressingError: A block cannot be inside a tunnel.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, vpn_connection_id: str, inside_cidrs: Sequence[str]
    ) -> None:
        check_resource_id("vpn_connection_id", vpn_connection_id, "vpn-")
        for cidr in check_list("inside_cidrs", inside_cidrs, *_BLOCKS, least=1, most=2, error=AddressingError):
            check_inside_cidr("inside_cidrs", cidr)
        super().__init__(scope, construct_id)
        function = LookupFunction.of(
            self,
            "VpnTunnelEndpoints",
            module="tunnel_endpoints",
            description="Looks up the outside addresses of VPN tunnels for CloudFormation",
            actions=["ec2:DescribeVpnConnections"],
            resources=["*"],
            reasons={
                "AwsSolutions-IAM5[Resource::*]": "ec2:DescribeVpnConnections has no resource-level permission; the "
                "handler asks for one connection id and returns its outside addresses only."
            },
        )
        resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::VpnTunnelEndpoints",
            service_token=function.service_token,
            properties={"VpnConnectionId": vpn_connection_id, "TunnelInsideCidrs": list(inside_cidrs)},
        )
        self.outside_addresses: tuple[str, ...] = tuple(
            resource.get_att_string(f"Tunnel{number}OutsideAddress") for number in range(1, len(inside_cidrs) + 1)
        )
        """One address per inside CIDR block, in the same order."""


class EndpointLookup:
    """The outside addresses of one connection; the look-up is added to the stack when one is first used.

    Args:
        connection: The connection, which the look-up becomes a child of.
        vpn_connection_id: Its id.
        inside_cidrs: The inside CIDR blocks of tunnels 1 and 2.
    """

    def __init__(self, connection: Construct, *, vpn_connection_id: str, inside_cidrs: Sequence[str]) -> None:
        self._connection = connection
        self._vpn_connection_id = vpn_connection_id
        self._inside_cidrs = inside_cidrs

    @cached_property
    def outside_addresses(self) -> tuple[str, ...]:
        """The addresses of tunnels 1 and 2, known at deployment."""
        return TunnelEndpoints(
            self._connection,
            "TunnelEndpoints",
            vpn_connection_id=self._vpn_connection_id,
            inside_cidrs=self._inside_cidrs,
        ).outside_addresses

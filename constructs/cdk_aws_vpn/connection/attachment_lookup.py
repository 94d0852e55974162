"""The attachment of a VPN connection to its transit gateway, which CloudFormation does not return."""

from __future__ import annotations

from aws_cdk import CustomResource
from constructs import Construct

from cdk_aws_vpn.foundation.lookup_function import LookupFunction


class VpnAttachment(Construct):
    """Looks up, during deployment, the attachment that AWS created for one connection.

    The function behind it may call ``ec2:DescribeTransitGatewayAttachments`` and nothing else.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        vpn_connection_id: The connection.
        transit_gateway_id: Its gateway. A connection that moves to another one gets another attachment, so a new
            value repeats the look-up.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpn_connection_id: str, transit_gateway_id: str) -> None:
        super().__init__(scope, construct_id)
        function = LookupFunction.of(
            self,
            "VpnTransitGatewayAttachments",
            module="transit_gateway_attachment",
            description="Looks up the transit gateway attachments of VPN connections for CloudFormation",
            actions=["ec2:DescribeTransitGatewayAttachments"],
            resources=["*"],
            reasons={
                "AwsSolutions-IAM5[Resource::*]": "ec2:DescribeTransitGatewayAttachments has no resource-level "
                "permission; the handler asks for one connection and returns the id of its attachment."
            },
        )
        resource = CustomResource(
            self,
            "Resource",
            resource_type="Custom::VpnTransitGatewayAttachment",
            service_token=function.service_token,
            properties={"VpnConnectionId": vpn_connection_id, "TransitGatewayId": transit_gateway_id},
        )
        self.transit_gateway_attachment_id: str = resource.get_att_string("TransitGatewayAttachmentId")
        """Id of the attachment, ``tgw-attach-…``."""

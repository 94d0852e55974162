"""The virtual private gateway: the Amazon end of a VPN connection to one VPC."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_resource_id, check_vpc
from cdk_aws_vpn.checks.asns import check_existing_amazon_side_asn
from cdk_aws_vpn.checks.texts import check_name
from cdk_aws_vpn.checks.tokens import LOOKED_UP_TEXT
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.identity import identity_of, in_order
from cdk_aws_vpn.foundation.names import name_tag
from cdk_aws_vpn.foundation.quotas import VIRTUAL_PRIVATE_GATEWAYS_PER_REGION, VPN_CONNECTIONS_PER_VGW
from cdk_aws_vpn.foundation.requirement import require
from cdk_aws_vpn.foundation.stack_census import claim, count_in_stack
from cdk_aws_vpn.foundation.subnets import check_route_tables, is_vpc_looked_up
from cdk_aws_vpn.gateways.amazon_side_gateway import AmazonSideGateway


class _BaseVirtualPrivateGateway(AmazonSideGateway):
    connections_quota = VPN_CONNECTIONS_PER_VGW

    vpn_gateway_id: str
    """Id of the gateway, ``vgw-…``."""

    _vpc: ec2.IVpc | None = None
    _attachment: ec2.CfnVPCGatewayAttachment | None = None

    @property
    def gateway_properties(self) -> dict[str, Any]:
        return {"vpn_gateway_id": self.vpn_gateway_id}

    def propagate_routes_to(self, route_tables: Sequence[ec2.IRouteTable]) -> None:
        """Let the gateway add the routes that it learns, static or by BGP, to ``route_tables``.

        Args:
            route_tables: Route tables of the VPC, such as ``[subnet.route_table for subnet in vpc.private_subnets]``.
                One that several subnets share counts once.

        Raises:
            VpnConfigurationError: The list is empty, contains something else or a table of another VPC, or this is the
                second call.
        """
        ids = check_route_tables("route_tables", route_tables, self._vpc)
        if self.node.try_find_child("Propagation") is not None:
            raise VpnConfigurationError(
                "route_tables", ids, "one call per gateway", "name all route tables in the first call"
            )
        propagation = ec2.CfnVPNGatewayRoutePropagation(
            self, "Propagation", route_table_ids=in_order(self, ids), vpn_gateway_id=self.vpn_gateway_id
        )
        if self._attachment is not None:
            propagation.add_resource_dependency(self._attachment)


class VirtualPrivateGateway(_BaseVirtualPrivateGateway):
    """A virtual private gateway attached to a VPC.

    It sends the traffic of the VPC through one tunnel at a time, chosen from all its connections: the one with the
    longest prefix; then static before BGP; then the shortest AS path; then the lowest MED.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        vpc: The VPC to attach to, new or existing. A VPC can have one virtual private gateway.
        amazon_side_asn: Private ASN of the Amazon side, 64512 to 65534 or 4200000000 to 4294967294. It cannot be
            changed later. Default: 64512.
        name: Name tag, 1 to 256 characters. Default: the stack's name and the path below it.

    Raises:
        AddressingError: ``amazon_side_asn`` is not a private ASN.
        VpnConfigurationError: ``vpc`` is not a VPC, or has a virtual private gateway; or the name is too long.
        QuotaError: The stack has more virtual private gateways than AWS grants in a Region.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        amazon_side_asn: int = 64512,
        name: str | None = None,
    ) -> None:
        check_vpc("vpc", vpc)
        check_name("name", name)
        super().__init__(scope, construct_id, amazon_side_asn=amazon_side_asn)
        _check_first(self, vpc)
        count_in_stack(self, VIRTUAL_PRIVATE_GATEWAYS_PER_REGION, "VirtualPrivateGateway")
        gateway = ec2.CfnVPNGateway(
            self,
            "Resource",
            type="ipsec.1",
            amazon_side_asn=amazon_side_asn,
            tags=[name_tag(self, name)],
        )
        self.vpn_gateway_id = gateway.ref
        self._vpc = vpc
        self.attachment = self._attachment = ec2.CfnVPCGatewayAttachment(
            self, "Attachment", vpc_id=vpc.vpc_id, vpn_gateway_id=self.vpn_gateway_id
        )
        """The attachment to the VPC; what needs the gateway in the VPC depends on it."""

    @staticmethod
    def from_id(
        scope: Construct, construct_id: str, vpn_gateway_id: str | None, *, amazon_side_asn: int | None = None
    ) -> ExistingVirtualPrivateGateway:
        """Use an existing gateway.

        Args:
            scope: The construct to put the reference in.
            construct_id: Its id there.
            vpn_gateway_id: ``vgw-…``, or ``vpc.vpn_gateway_id`` of a VPC that was looked up with
                ``return_vpn_gateways=True``. None is accepted only until the CLI has completed the look-up.
            amazon_side_asn: Its ASN: one that a new gateway can have, or the 7224, 9059, 10124, 17493 or 17943 of a
                gateway from before 30 June 2018. Default: unknown, so only AWS can detect equal ASNs.
        """
        return ExistingVirtualPrivateGateway(scope, construct_id, vpn_gateway_id, amazon_side_asn=amazon_side_asn)


class ExistingVirtualPrivateGateway(_BaseVirtualPrivateGateway):
    """A virtual private gateway that was created elsewhere; see :meth:`VirtualPrivateGateway.from_id`."""

    check_asn = staticmethod(check_existing_amazon_side_asn)

    def __init__(
        self, scope: Construct, construct_id: str, vpn_gateway_id: str | None, *, amazon_side_asn: int | None = None
    ) -> None:
        super().__init__(scope, construct_id, amazon_side_asn=amazon_side_asn)
        if vpn_gateway_id is None:
            vpn_gateway_id = _pending_gateway(self)
        self.vpn_gateway_id = check_resource_id("vpn_gateway_id", vpn_gateway_id, "vgw-")


def _pending_gateway(scope: Construct) -> str:
    """Return the placeholder of a gateway id, for which a VPC has None until its look-up is complete."""
    if is_vpc_looked_up(scope):
        return f"{LOOKED_UP_TEXT}vpn-gateway-id"
    raise VpnConfigurationError(
        "vpn_gateway_id",
        None,
        "vgw- and 8 or 17 hexadecimal digits",
        "copy the id from the VPC console, or look the VPC up with return_vpn_gateways=True",
    )


def _check_first(gateway: Construct, vpc: ec2.IVpc) -> None:
    """Check that the VPC has no other virtual private gateway, and let the synthesis fail if it gets one later."""
    allowed = "a VPC without a virtual private gateway: it can have one"
    remedy = "use that one: VirtualPrivateGateway.from_id(scope, id, vpc.vpn_gateway_id)"
    earlier = claim(gateway, "virtual private gateway", identity_of(vpc, vpc.vpc_id))
    if earlier is not None:
        raise VpnConfigurationError(
            "vpc", vpc.node.path, f"{allowed}; {earlier} is attached to this one", "use that one"
        )
    if vpc.vpn_gateway_id is not None:
        raise VpnConfigurationError("vpc", vpc.node.path, f"{allowed}; the VPC's own is attached to this one", remedy)
    message = (
        f"vpc {vpc.node.path!r} is not allowed; allowed: {allowed}, and enable_vpn_gateway(…) made another; {remedy}"
    )
    require(gateway, lambda: vpc.vpn_gateway_id is None, message)

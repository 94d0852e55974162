"""The CloudFormation types that the model describes, themselves or as a part of something else."""

from __future__ import annotations

MODELLED_TYPES = frozenset(
    f"AWS::EC2::{name}"
    for name in (
        *("VPC", "VPCCidrBlock", "Subnet", "InternetGateway", "VPCGatewayAttachment", "NatGateway"),
        *("InstanceConnectEndpoint", "RouteTable", "Route", "SubnetRouteTableAssociation"),
        *("GatewayRouteTableAssociation", "VPNGatewayRoutePropagation"),
        *("SecurityGroup", "SecurityGroupIngress", "SecurityGroupEgress"),
        *("NetworkAcl", "NetworkAclEntry", "SubnetNetworkAclAssociation"),
        *("NetworkInterface", "NetworkInterfaceAttachment", "Instance", "EIP", "EIPAssociation"),
        *("VPNGateway", "CustomerGateway", "VPNConnection", "VPNConnectionRoute"),
        *("TransitGateway", "TransitGatewayAttachment", "TransitGatewayVpcAttachment", "TransitGatewayRouteTable"),
        *("TransitGatewayRouteTableAssociation", "TransitGatewayRouteTablePropagation", "TransitGatewayRoute"),
        *("ClientVpnEndpoint", "ClientVpnTargetNetworkAssociation", "ClientVpnRoute", "ClientVpnAuthorizationRule"),
    )
)

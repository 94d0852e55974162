# ruff: noqa: ARG002 -- every type has the same signatures
"""Client VPN endpoints with their associations, routes and authorization rules."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from vpn_lab.region.cloudformation.resource import Attributes, Place, Properties, ResourceType, changed, picked

CREATED = (
    "AuthenticationOptions", "ClientCidrBlock", "TagSpecifications", "TransportProtocol",
    "EndpointIpAddressType", "TrafficIpAddressType", "DnsServers",
)  # fmt: skip
CHANGEABLE = (
    "ClientConnectOptions", "ClientLoginBannerOptions", "ClientRouteEnforcementOptions", "ConnectionLogOptions",
    "Description", "DisconnectOnSessionTimeout", "SecurityGroupIds", "SelfServicePortal", "ServerCertificateArn",
    "SessionTimeoutHours", "SplitTunnel", "VpcId", "VpnPort",
)  # fmt: skip
NOT_EMULATED = ("AuthorizationPolicy", "DevicePostureOptions", "TransitGatewayConfiguration")
GONE = ("NotFound", "AssociationIdNotFound", "RouteNotFound", "AuthorizationRuleNotFound")


class ClientVpnEndpoint(ResourceType):
    name = "AWS::EC2::ClientVpnEndpoint"

    def create(self, properties: Properties, place: Place) -> str:
        for name in NOT_EMULATED:
            if properties.get(name):
                raise ValueError(f"{self.name}: the region does not emulate {name}")
        made = self.ec2.create_client_vpn_endpoint(**picked(properties, *CREATED, *CHANGEABLE))
        return str(made["ClientVpnEndpointId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        """The tags came with the creation."""

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        asked: dict[str, Any] = {name: new[name] for name in CHANGEABLE if name in new and changed(old, new, name)}
        if changed(old, new, "DnsServers"):
            servers = list(new.get("DnsServers") or [])
            asked["DnsServers"] = {"CustomDnsServers": servers, "Enabled": bool(servers)}
        if "SecurityGroupIds" in asked:
            asked["VpcId"] = new["VpcId"]
        self.ec2.modify_client_vpn_endpoint(ClientVpnEndpointId=physical_id, **asked)

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_client_vpn_endpoint(ClientVpnEndpointId=physical_id)


class TargetNetworkAssociation(ResourceType):
    name = "AWS::EC2::ClientVpnTargetNetworkAssociation"

    def create(self, properties: Properties, place: Place) -> str:
        asked = picked(properties, "ClientVpnEndpointId", "SubnetId")
        return str(self.ec2.associate_client_vpn_target_network(**asked)["AssociationId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        """An association has no tags."""

    def delete(self, physical_id: str, properties: Properties) -> None:
        with _gone_already():
            self.ec2.disassociate_client_vpn_target_network(
                ClientVpnEndpointId=properties["ClientVpnEndpointId"], AssociationId=physical_id
            )


class ClientVpnRoute(ResourceType):
    name = "AWS::EC2::ClientVpnRoute"

    def create(self, properties: Properties, place: Place) -> str:
        names = ("ClientVpnEndpointId", "DestinationCidrBlock", "TargetVpcSubnetId", "Description")
        self.ec2.create_client_vpn_route(**picked(properties, *names))
        return ",".join(str(properties[name]) for name in ("ClientVpnEndpointId", "TargetVpcSubnetId", names[1]))

    def settle(self, physical_id: str, properties: Properties) -> None:
        """A route has no tags."""

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"Id": physical_id}

    def delete(self, physical_id: str, properties: Properties) -> None:
        with _gone_already():
            self.ec2.delete_client_vpn_route(
                **picked(properties, "ClientVpnEndpointId", "DestinationCidrBlock", "TargetVpcSubnetId")
            )


class ClientVpnAuthorizationRule(ResourceType):
    name = "AWS::EC2::ClientVpnAuthorizationRule"

    def create(self, properties: Properties, place: Place) -> str:
        names = ("ClientVpnEndpointId", "TargetNetworkCidr", "AccessGroupId")
        asked = picked(properties, *names, "AuthorizeAllGroups", "Description")
        self.ec2.authorize_client_vpn_ingress(**asked)
        return ",".join(str(properties[name]) for name in names if properties.get(name))

    def settle(self, physical_id: str, properties: Properties) -> None:
        """A rule has no tags."""

    def delete(self, physical_id: str, properties: Properties) -> None:
        with _gone_already():
            self.ec2.revoke_client_vpn_ingress(
                **picked(properties, "ClientVpnEndpointId", "TargetNetworkCidr", "AccessGroupId"),
                RevokeAllGroups=not properties.get("AccessGroupId"),
            )


class _gone_already:  # noqa: N801 -- reads as a statement
    """Client VPN has its own suffixes in the error codes for missing resources."""

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> bool:
        return isinstance(problem, ClientError) and problem.response["Error"]["Code"].endswith(GONE)

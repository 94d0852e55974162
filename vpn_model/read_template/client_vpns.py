"""Client VPN endpoints of a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vpn_model.client_vpn import (
    Authentication,
    AuthorizationRule,
    ClientVpnAssociation,
    ClientVpnEndpoint,
    ClientVpnRoute,
    ConnectionLog,
)
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.template import Template
from vpn_model.read_template.vpcs import chosen, default_group
from vpn_model.vpc import Subnet, Vpc

ENDPOINT = "AWS::EC2::ClientVpnEndpoint"
ASSOCIATION = "AWS::EC2::ClientVpnTargetNetworkAssociation"
ROUTE = "AWS::EC2::ClientVpnRoute"
RULE = "AWS::EC2::ClientVpnAuthorizationRule"
PARTS = (ASSOCIATION, ROUTE, RULE)
SOURCES = {
    "MutualAuthentication": "ClientRootCertificateChainArn",
    "ActiveDirectory": "DirectoryId",
    "FederatedAuthentication": "SAMLProviderArn",
}


def client_vpn_endpoints(
    template: Template, vpcs: Mapping[str, Vpc], subnets: Mapping[str, Subnet]
) -> dict[str, ClientVpnEndpoint]:
    """All endpoints: those of the template, and those of others that it adds something to."""
    named = {template.fields(part).id("ClientVpnEndpointId"): None for part in template.of_type(*PARTS)}
    own = {one.logical_id: None for one in template.of_type(ENDPOINT)}
    return {name: _endpoint(template, name, vpcs, subnets) for name in own | named}


def _endpoint(
    template: Template, identifier: str, vpcs: Mapping[str, Vpc], subnets: Mapping[str, Subnet]
) -> ClientVpnEndpoint:
    resource = template.get(identifier)
    # of an endpoint of another stack, everything is unknown but its parts
    fields = template.fields(resource) if resource else Fields(chosen(identifier, "ClientVpnEndpoint"), identifier)
    associations = tuple(_associations(template, identifier))
    inside = (subnets[one.subnet_id].vpc_id for one in associations if one.subnet_id in subnets)
    vpc = fields.optional_id("VpcId") or next(inside, "")
    logs, connect = fields.inner("ConnectionLogOptions"), fields.inner("ClientConnectOptions")
    block = vpcs[vpc].cidrs[0] if vpc in vpcs else chosen(vpc or identifier, "CidrBlock")
    own = (ClientVpnRoute(block, one.subnet_id, "associate") for one in associations)
    return ClientVpnEndpoint(
        id=identifier,
        name=template.tag_name(resource) if resource else "",
        client_cidr=fields.text("ClientCidrBlock", chosen(identifier, "ClientCidrBlock")),
        authentication=tuple(_authentication(one) for one in fields.items("AuthenticationOptions")),
        server_certificate_arn=fields.text("ServerCertificateArn"),
        dns_name=chosen(identifier, "DnsName"),
        vpc_id=vpc or None,
        transit_gateway_id=fields.inner("TransitGatewayConfiguration").optional_id("TransitGatewayId"),
        group_ids=fields.ids("SecurityGroupIds") or ((default_group(vpc),) if vpc else ()),
        associations=associations,
        routes=(*own, *_routes(template, identifier)),
        authorization_rules=tuple(_rules(template, identifier)),
        protocol=fields.text("TransportProtocol", "udp"),
        port=fields.number("VpnPort", 443),
        split_tunnel=fields.flag("SplitTunnel", False),
        dns_servers=fields.texts("DnsServers"),
        connection_log=ConnectionLog(
            logs.flag("Enabled", False),
            logs.optional_text("CloudwatchLogGroup"),
            logs.optional_text("CloudwatchLogStream"),
        ),
        session_timeout_hours=fields.number("SessionTimeoutHours", 24),
        disconnect_on_session_timeout=fields.flag("DisconnectOnSessionTimeout", True),
        self_service_portal=fields.switch("SelfServicePortal", False),
        client_connect_function_arn=connect.optional_text("LambdaFunctionArn"),
        description=str(fields.text("Description")),
    )


def _authentication(fields: Fields) -> Authentication:
    kind = fields.text("Type")
    inner = next(((name, source) for name, source in SOURCES.items() if name in fields), None)
    return Authentication(kind, fields.inner(inner[0]).text(inner[1]) if inner else "")


def _parts(template: Template, kind: str, endpoint: str) -> Iterator[tuple[str, Fields]]:
    for resource in template.of_type(kind):
        fields = template.fields(resource)
        if fields.id("ClientVpnEndpointId") == endpoint:
            yield resource.logical_id, fields


def _associations(template: Template, endpoint: str) -> Iterator[ClientVpnAssociation]:
    for name, fields in _parts(template, ASSOCIATION, endpoint):
        yield ClientVpnAssociation(name, fields.id("SubnetId"))


def _routes(template: Template, endpoint: str) -> Iterator[ClientVpnRoute]:
    for _, fields in _parts(template, ROUTE, endpoint):
        yield ClientVpnRoute(fields.text("DestinationCidrBlock"), fields.id("TargetVpcSubnetId"))


def _rules(template: Template, endpoint: str) -> Iterator[AuthorizationRule]:
    for _, fields in _parts(template, RULE, endpoint):
        everyone = fields.flag("AuthorizeAllGroups", False) is True
        yield AuthorizationRule(fields.text("TargetNetworkCidr"), None if everyone else fields.text("AccessGroupId"))

"""Finds the network in a template."""

from __future__ import annotations

import ipaddress
import re
from itertools import combinations
from typing import Any

from tools.pictures.network import ClientVpn, Connection, ElasticAddress, Gateway, Network, Pair, Tunnel, Vpc
from tools.pictures.permissions import allowed_instances
from tools.pictures.subnets import interfaces, private_addresses, read_subnets, short_name
from tools.pictures.transit import attached_vpcs, transit_gateways
from tools.template import Resource, Template

UNICAST_PEERS = re.compile(r"unicast_peer \{([^}]*)\}")
IBGP_NEIGHBOR = re.compile(r"^router bgp (\d+)$.*^ *neighbor \S+ remote-as (?:\1|internal)$", re.MULTILINE | re.DOTALL)


def read_network(template: Template) -> Network:
    """The network that a template describes."""
    gateways = _gateways(template)
    connections = tuple(_connection(template, resource) for resource in template.of_type("EC2::VPNConnection"))
    devices = {device for connection in connections for tunnel in connection.tunnels for device in tunnel.devices}
    attached = {gateway.vpc for gateway in gateways} | attached_vpcs(template)
    vpcs = [_vpc(template, resource, devices) for resource in template.of_type("EC2::VPC")]
    return Network(
        name=template.name,
        vpcs=tuple(sorted(vpcs, key=lambda vpc: vpc.id in attached)),
        addresses=tuple(_address(template, resource) for resource in template.of_type("EC2::EIP")),
        connections=connections,
        gateways=gateways,
        pairs=_pairs(template, devices),
        client_vpns=tuple(_client_vpn(template, one) for one in template.of_type("EC2::ClientVpnEndpoint")),
    )


def _client_vpn(template: Template, endpoint: Resource) -> ClientVpn:
    def parts(kind: str) -> list[Resource]:
        found = template.of_type(f"EC2::ClientVpn{kind}")
        return [one for one in found if template.target(one["ClientVpnEndpointId"]) is endpoint]

    subnets = [template.target(one["SubnetId"]) for one in parts("TargetNetworkAssociation")]
    return ClientVpn(
        id=endpoint.logical_id,
        name=short_name(template, endpoint),
        client_cidr=template.text(endpoint["ClientCidrBlock"]),
        subnets=tuple(subnet.logical_id for subnet in subnets if subnet),
        authorized=tuple(template.text(one["TargetNetworkCidr"]) for one in parts("AuthorizationRule")),
    )


def _vpc(template: Template, resource: Resource, devices: set[str]) -> Vpc:
    attachments = template.of_type("EC2::VPCGatewayAttachment")
    return Vpc(
        id=resource.logical_id,
        name=short_name(template, resource),
        cidr=template.text(resource["CidrBlock"]),
        has_internet_gateway=any(
            template.target(attachment["VpcId"]) is resource and template.target(attachment["InternetGatewayId"])
            for attachment in attachments
        ),
        subnets=read_subnets(template, resource, devices),
    )


def _address(template: Template, resource: Resource) -> ElasticAddress:
    holder = _instance_of(template, resource["InstanceId"])
    for association in template.of_type("EC2::EIPAssociation"):
        if template.target(association["AllocationId"]) is resource:
            holder = _instance_of(template, association["InstanceId"] or association["NetworkInterfaceId"])
    allowed = allowed_instances(template, "ec2:AssociateAddress", resource)
    return ElasticAddress(
        id=resource.logical_id,
        name=short_name(template, resource),
        held_by=holder,
        may_move_to=tuple(instance for instance in allowed if instance != holder),
    )


def _instance_of(template: Template, value: Any) -> str | None:
    """The instance behind an instance id or a network interface id."""
    found = template.target(value)
    if found is None or found.type == "AWS::EC2::Instance":
        return found.logical_id if found else None
    for instance in template.of_type("EC2::Instance"):
        if found in interfaces(template, instance):
            return instance.logical_id
    return None


def _gateways(template: Template) -> tuple[Gateway, ...]:
    vpcs: dict[str, str] = {}
    for attachment in template.of_type("EC2::VPCGatewayAttachment"):
        gateway = template.target(attachment["VpnGatewayId"])
        vpc = template.target(attachment["VpcId"])
        if gateway and vpc:
            vpcs[gateway.logical_id] = vpc.logical_id
    virtual = (
        Gateway(
            id=gateway.logical_id,
            kind="virtual private gateway",
            asn=template.text(gateway["AmazonSideAsn"] or 64512),
            vpc=vpcs.get(gateway.logical_id),
        )
        for gateway in template.of_type("EC2::VPNGateway")
    )
    return (*virtual, *transit_gateways(template))


def _connection(template: Template, resource: Resource) -> Connection:
    customer_gateway = template.target(resource["CustomerGatewayId"])
    gateway = template.target(resource["VpnGatewayId"] or resource["TransitGatewayId"])
    address = customer_gateway["IpAddress"] if customer_gateway else None
    found = template.target(address)
    return Connection(
        id=resource.logical_id,
        name=short_name(template, resource),
        routing="static" if resource["StaticRoutesOnly"] else "BGP",
        customer_gateway=customer_gateway.logical_id
        if customer_gateway
        else template.text(resource["CustomerGatewayId"]),
        customer_asn=template.text(customer_gateway["BgpAsn"] or 65000) if customer_gateway else "",
        address=found.logical_id if found else template.text(address),
        gateway=gateway.logical_id
        if gateway
        else template.text(resource["VpnGatewayId"] or resource["TransitGatewayId"]),
        static_routes=tuple(
            template.text(route["DestinationCidrBlock"])
            for route in template.of_type("EC2::VPNConnectionRoute")
            if template.target(route["VpnConnectionId"]) is resource
        ),
        tunnels=tuple(
            _tunnel(template, number, template.text(specification.get("TunnelInsideCidr", "chosen by AWS")))
            for number, specification in enumerate(resource["VpnTunnelOptionsSpecifications"] or (), start=1)
        ),
    )


def _tunnel(template: Template, number: int, inside_cidr: str) -> Tunnel:
    """A device terminates the tunnel when its user-data has the customer's address inside the tunnel."""
    inside = str(list(ipaddress.ip_network(inside_cidr).hosts())[1]) if "/" in inside_cidr else inside_cidr
    devices = tuple(
        instance.logical_id
        for instance in template.of_type("EC2::Instance")
        if f"{inside}/" in template.joined(instance["UserData"])
    )
    return Tunnel(number, inside_cidr, devices)


def _pairs(template: Template, devices: set[str]) -> tuple[Pair, ...]:
    """Devices whose configuration names each other as partners."""
    found = [resource for resource in template.of_type("EC2::Instance") if resource.logical_id in devices]
    pairs = []
    for first, second in combinations(found, 2):
        protocols = _protocols_between(template, first, second)
        if protocols:
            pairs.append(Pair(first.logical_id, second.logical_id, protocols))
    return tuple(pairs)


def _protocols_between(template: Template, first: Resource, second: Resource) -> tuple[str, ...]:
    """VRRP with a unicast peer of keepalived, iBGP with a neighbor that has the device's own ASN."""
    configuration = template.joined(first["UserData"])
    theirs = private_addresses(template, second)
    peers = [peer for block in UNICAST_PEERS.findall(configuration) for peer in block.split()]
    if not set(peers) & set(theirs):
        return ()
    return ("VRRP", "iBGP") if IBGP_NEIGHBOR.search(configuration) else ("VRRP",)

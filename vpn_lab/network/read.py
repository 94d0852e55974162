"""Reads from the EC2 API what was deployed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from vpn_lab.network.model import (
    Address,
    Deployed,
    Instance,
    Interface,
    Permission,
    Route,
    RouteTable,
    SecurityGroup,
    Subnet,
    TunnelOptions,
    Vpc,
    VpnConnection,
    VpnGateway,
)
from vpn_lab.network.planning.keys import of_connection
from vpn_lab.network.transit_model import transit_gateways

Clients = Callable[[str], Any]
Entry = Mapping[str, Any]

# What AWS lets a tunnel negotiate where nothing is said.
ANY_ENCRYPTION = ("AES128", "AES256", "AES128-GCM-16", "AES256-GCM-16")
ANY_INTEGRITY = ("SHA1", "SHA2-256", "SHA2-384", "SHA2-512")
ANY_PHASE1_GROUP = (2, *range(14, 25))
ANY_PHASE2_GROUP = (2, 5, *range(14, 25))
TARGETS = (
    *("NetworkInterfaceId", "GatewayId", "NatGatewayId", "TransitGatewayId", "VpcPeeringConnectionId"),
    *("EgressOnlyInternetGatewayId", "InstanceId"),
)


def deployed(client: Clients, region: str, boots: Mapping[str, int]) -> Deployed:
    """Read everything; ``boots`` tells how often each instance has started, which EC2 does not."""
    ec2 = client("ec2")
    internet = {
        attachment["VpcId"]
        for gateway in ec2.describe_internet_gateways()["InternetGateways"]
        for attachment in gateway["Attachments"]
    }
    instances = [
        instance
        for reservation in ec2.describe_instances()["Reservations"]
        for instance in reservation["Instances"]
        if instance["State"]["Name"] not in ("terminated", "shutting-down")
    ]
    return Deployed(
        region=region,
        vpcs=_by_id(_vpc(one, one["VpcId"] in internet) for one in ec2.describe_vpcs()["Vpcs"]),
        subnets=_by_id(
            Subnet(one["SubnetId"], one["VpcId"], one["CidrBlock"]) for one in ec2.describe_subnets()["Subnets"]
        ),
        route_tables=_route_tables(ec2),
        security_groups=_by_id(_security_group(one) for one in ec2.describe_security_groups()["SecurityGroups"]),
        instances=_by_id(_instance(ec2, one, boots) for one in instances),
        interfaces=_interfaces(ec2),
        vpn_gateways=_by_id(
            _vpn_gateway(one) for one in ec2.describe_vpn_gateways()["VpnGateways"] if one["State"] != "deleted"
        ),
        vpn_connections=_by_id(_vpn_connections(client)),
        transit_gateways=transit_gateways(ec2),
    )


def moved(client: Clients, before: Deployed) -> Deployed:
    """Read again only what a device moves when it takes over: routes, and addresses of interfaces."""
    ec2 = client("ec2")
    return replace(before, route_tables=_route_tables(ec2), interfaces=_interfaces(ec2))


def _route_tables(ec2: Any) -> dict[str, RouteTable]:
    return _by_id(_route_table(one) for one in ec2.describe_route_tables()["RouteTables"])


def _interfaces(ec2: Any) -> dict[str, Interface]:
    elastic = {
        (one["NetworkInterfaceId"], one["PrivateIpAddress"]): str(one["PublicIp"])
        for one in ec2.describe_addresses()["Addresses"]
        if one.get("NetworkInterfaceId")
    }
    return _by_id(_interface(one, elastic) for one in ec2.describe_network_interfaces()["NetworkInterfaces"])


def _by_id(things: Any) -> dict[str, Any]:
    return {thing.id: thing for thing in things}


def _vpc(entry: Entry, has_internet_gateway: bool) -> Vpc:
    cidrs = [one["CidrBlock"] for one in entry.get("CidrBlockAssociationSet", [])] or [entry["CidrBlock"]]
    return Vpc(entry["VpcId"], tuple(cidrs), has_internet_gateway)


def _route_table(entry: Entry) -> RouteTable:
    routes = [
        Route(route["DestinationCidrBlock"], _target(route))
        for route in entry["Routes"]
        if route.get("DestinationCidrBlock")
    ]
    subnets = [one["SubnetId"] for one in entry["Associations"] if one.get("SubnetId")]
    main = any(one.get("Main") for one in entry["Associations"])
    return RouteTable(entry["RouteTableId"], entry["VpcId"], tuple(routes), tuple(subnets), main)


def _target(route: Entry) -> str:
    if route.get("State") == "blackhole":
        return ""
    return next((str(route[name]) for name in TARGETS if route.get(name)), "")


def _security_group(entry: Entry) -> SecurityGroup:
    return SecurityGroup(
        entry["GroupId"],
        tuple(_permission(one) for one in entry["IpPermissions"]),
        tuple(_permission(one) for one in entry["IpPermissionsEgress"]),
    )


def _permission(entry: Entry) -> Permission:
    return Permission(
        protocol=entry["IpProtocol"],
        from_port=entry.get("FromPort"),
        to_port=entry.get("ToPort"),
        prefixes=tuple(one["CidrIp"] for one in entry.get("IpRanges", [])),
        group_ids=tuple(one["GroupId"] for one in entry.get("UserIdGroupPairs", [])),
    )


def _instance(ec2: Any, entry: Entry, boots: Mapping[str, int]) -> Instance:
    identifier = str(entry["InstanceId"])
    answer = ec2.describe_instance_attribute(InstanceId=identifier, Attribute="userData")
    encoded = answer.get("UserData", {}).get("Value")
    tags: dict[str, str] = {tag["Key"]: tag["Value"] for tag in entry.get("Tags", [])}
    profile = entry.get("IamInstanceProfile", {}).get("Arn")
    return Instance(
        id=identifier,
        name=tags.get("Name") or identifier,
        state=entry["State"]["Name"],
        user_data=base64.b64decode(encoded).decode() if encoded else None,
        role=profile.rsplit("/", 1)[-1] if profile else None,
        instance_type=entry["InstanceType"],
        image_id=entry["ImageId"],
        zone=entry["Placement"]["AvailabilityZone"],
        boots=boots.get(identifier, 1),
    )


def _interface(entry: Entry, elastic: Mapping[tuple[str, str], str]) -> Interface:
    attachment = entry.get("Attachment") or {}
    identifier = entry["NetworkInterfaceId"]
    automatic = (entry.get("Association") or {}).get("PublicIp") if not _has_elastic(identifier, elastic) else None
    addresses = sorted(entry["PrivateIpAddresses"], key=lambda one: not one.get("Primary"))
    return Interface(
        id=identifier,
        subnet_id=entry["SubnetId"],
        vpc_id=entry["VpcId"],
        addresses=tuple(
            Address(
                one["PrivateIpAddress"],
                elastic.get((identifier, one["PrivateIpAddress"])) or (automatic if one.get("Primary") else None),
            )
            for one in addresses
        ),
        group_ids=tuple(group["GroupId"] for group in entry["Groups"]),
        source_dest_check=entry["SourceDestCheck"],
        instance_id=attachment.get("InstanceId"),
        device_index=int(attachment.get("DeviceIndex") or 0),
        description=entry.get("Description") or "",
    )


def _has_elastic(identifier: str, elastic: Mapping[tuple[str, str], str]) -> bool:
    return any(owner == identifier for owner, _ in elastic)


def _vpn_gateway(entry: Entry) -> VpnGateway:
    attached = [one["VpcId"] for one in entry["VpcAttachments"] if one["State"] == "attached"]
    return VpnGateway(entry["VpnGatewayId"], attached[0] if attached else None, int(entry["AmazonSideAsn"]))


def _vpn_connections(client: Clients) -> list[VpnConnection]:
    ec2 = client("ec2")
    customers = {one["CustomerGatewayId"]: one for one in ec2.describe_customer_gateways()["CustomerGateways"]}
    return [
        _vpn_connection(client, one, customers[one["CustomerGatewayId"]])
        for one in ec2.describe_vpn_connections()["VpnConnections"]
        if one["State"] in ("available", "modifying")
    ]


def _vpn_connection(client: Clients, entry: Entry, customer: Entry) -> VpnConnection:
    options = entry["Options"]
    keys = of_connection(client, entry)
    return VpnConnection(
        id=entry["VpnConnectionId"],
        gateway_id=entry.get("VpnGatewayId") or entry.get("TransitGatewayId") or "",
        customer_address=customer["IpAddress"],
        customer_asn=int(customer.get("BgpAsnExtended") or customer["BgpAsn"]),
        static_routes_only=bool(options.get("StaticRoutesOnly")),
        static_prefixes=tuple(route["DestinationCidrBlock"] for route in entry.get("Routes", [])),
        tunnels=tuple(_tunnel(one, keys) for one in options["TunnelOptions"]),
    )


def _tunnel(entry: Entry, keys: Mapping[str, str]) -> TunnelOptions:
    def values(name: str, default: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(one["Value"] for one in entry.get(name) or []) or default

    address = entry["OutsideIpAddress"]
    return TunnelOptions(
        outside_address=address,
        inside_cidr=entry["TunnelInsideCidr"],
        pre_shared_key=entry.get("PreSharedKey") or keys[address],
        ike_versions=values("IkeVersions", ("ikev1", "ikev2")),
        phase1_encryption=values("Phase1EncryptionAlgorithms", ANY_ENCRYPTION),
        phase1_integrity=values("Phase1IntegrityAlgorithms", ANY_INTEGRITY),
        phase1_dh_groups=values("Phase1DHGroupNumbers", ANY_PHASE1_GROUP),
        phase1_lifetime_seconds=int(entry.get("Phase1LifetimeSeconds", 28800)),
        phase2_encryption=values("Phase2EncryptionAlgorithms", ANY_ENCRYPTION),
        phase2_integrity=values("Phase2IntegrityAlgorithms", ANY_INTEGRITY),
        phase2_dh_groups=values("Phase2DHGroupNumbers", ANY_PHASE2_GROUP),
        phase2_lifetime_seconds=int(entry.get("Phase2LifetimeSeconds", 3600)),
        rekey_margin_seconds=int(entry.get("RekeyMarginTimeSeconds", 270)),
        rekey_fuzz_percentage=int(entry.get("RekeyFuzzPercentage", 100)),
        replay_window=int(entry.get("ReplayWindowSize", 1024)),
        dpd_timeout_seconds=int(entry.get("DpdTimeoutSeconds", 30)),
        dpd_action=entry.get("DpdTimeoutAction", "clear"),
        startup_action=entry.get("StartupAction", "add"),
    )

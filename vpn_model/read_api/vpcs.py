"""VPCs, subnets, and what connects a VPC to the Internet, as the EC2 API describes them."""

from __future__ import annotations

from collections.abc import Collection

from vpn_model.read_api.calls import Calls, Entry, name_of, optional
from vpn_model.read_api.scope import Question, Scope, described, in_vpcs
from vpn_model.vpc import InstanceConnectEndpoint, InternetGateway, NatAddress, NatGateway, Subnet, Vpc

VPC = Question("describe_vpcs", "Vpcs", "VPC", "VpcId", "vpc-id")
SUBNET = Question("describe_subnets", "Subnets", "Subnet", "SubnetId", "subnet-id")
INTERNET_GATEWAY = Question(
    "describe_internet_gateways", "InternetGateways", "InternetGateway", "InternetGatewayId", "internet-gateway-id"
)
NAT_GATEWAY = Question("describe_nat_gateways", "NatGateways", "NatGateway", "NatGatewayId", "nat-gateway-id")
INSTANCE_CONNECT = Question(
    "describe_instance_connect_endpoints",
    "InstanceConnectEndpoints",
    "InstanceConnectEndpoint",
    "InstanceConnectEndpointId",
    "instance-connect-endpoint-id",
)
ENDED = frozenset({"deleted", "deleting", "failed", "delete-complete", "delete-in-progress", "create-failed"})
ASSOCIATED = frozenset({"associated", "associating"})


def vpcs(calls: Calls, scope: Scope) -> dict[str, Vpc]:
    return {one["VpcId"]: _vpc(one) for one in described(calls, VPC, scope.of_type("VPC"))}


def _vpc(entry: Entry) -> Vpc:
    primary = entry["CidrBlock"]
    others = [one for one in _blocks(entry, "CidrBlockAssociationSet", "CidrBlock") if one != primary]
    return Vpc(
        id=entry["VpcId"],
        name=name_of(entry),
        cidrs=(primary, *others),
        ipv6_cidrs=_blocks(entry, "Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock"),
        is_default=bool(entry.get("IsDefault")),
    )


def _blocks(entry: Entry, associations: str, block: str) -> tuple[str, ...]:
    state = f"{block}State"
    return tuple(
        one[block]
        for one in entry.get(associations) or ()
        if one.get(state, {}).get("State", "associated") in ASSOCIATED
    )


def subnets(calls: Calls, scope: Scope, inside: Collection[str] | None) -> dict[str, Subnet]:
    """The subnets of VPCs, and those that a stack made elsewhere; ``inside`` is None for all."""
    entries = in_vpcs(calls, SUBNET, scope, inside)
    return {
        one["SubnetId"]: Subnet(
            id=one["SubnetId"],
            name=name_of(one),
            vpc_id=one["VpcId"],
            cidr=one.get("CidrBlock", ""),
            zone=one["AvailabilityZone"],
            public_address_on_launch=bool(one.get("MapPublicIpOnLaunch")),
            ipv6_cidrs=_blocks(one, "Ipv6CidrBlockAssociationSet", "Ipv6CidrBlock"),
        )
        for one in entries
    }


def internet_gateways(calls: Calls, scope: Scope, inside: Collection[str] | None) -> dict[str, InternetGateway]:
    entries = in_vpcs(calls, INTERNET_GATEWAY, scope, inside, "attachment.vpc-id")
    return {
        one["InternetGatewayId"]: InternetGateway(
            one["InternetGatewayId"], name_of(one), next((end["VpcId"] for end in one["Attachments"]), None)
        )
        for one in entries
    }


def nat_gateways(calls: Calls, scope: Scope, inside: Collection[str] | None) -> dict[str, NatGateway]:
    entries = in_vpcs(calls, NAT_GATEWAY, scope, inside)
    return {one["NatGatewayId"]: _nat_gateway(one) for one in entries if one["State"] not in ENDED}


def _nat_gateway(entry: Entry) -> NatGateway:
    addresses = sorted(entry.get("NatGatewayAddresses") or (), key=lambda one: not one.get("IsPrimary"))
    return NatGateway(
        id=entry["NatGatewayId"],
        name=name_of(entry),
        vpc_id=entry["VpcId"],
        subnet_id=entry.get("SubnetId", ""),
        connectivity=entry.get("ConnectivityType", "public"),
        state=entry["State"],
        addresses=tuple(
            NatAddress(
                private=one.get("PrivateIp", ""),
                public=optional(one, "PublicIp"),
                allocation_id=optional(one, "AllocationId"),
                interface_id=optional(one, "NetworkInterfaceId"),
            )
            for one in addresses
        ),
    )


def instance_connect_endpoints(
    calls: Calls, scope: Scope, inside: Collection[str] | None
) -> dict[str, InstanceConnectEndpoint]:
    entries = in_vpcs(calls, INSTANCE_CONNECT, scope, inside)
    return {
        one["InstanceConnectEndpointId"]: InstanceConnectEndpoint(
            id=one["InstanceConnectEndpointId"],
            name=name_of(one),
            vpc_id=one["VpcId"],
            subnet_id=one["SubnetId"],
            group_ids=tuple(one.get("SecurityGroupIds") or ()),
            state=one["State"],
            preserve_client_address=bool(one.get("PreserveClientIp")),
            interface_ids=tuple(one.get("NetworkInterfaceIds") or ()),
        )
        for one in entries
        if one["State"] not in ENDED
    }

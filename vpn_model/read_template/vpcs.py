"""VPCs, subnets, and what connects a VPC to the Internet, of a template."""

from __future__ import annotations

from collections.abc import Mapping

from vpn_model.hosts import ElasticIp
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.template import Template
from vpn_model.unknown import Text, Unknown
from vpn_model.vpc import InstanceConnectEndpoint, InternetGateway, NatAddress, NatGateway, Subnet, Vpc

PLANNED = "planned"


def vpcs(template: Template) -> dict[str, Vpc]:
    blocks: dict[str, list[Fields]] = {}
    for resource in template.of_type("AWS::EC2::VPCCidrBlock"):
        fields = template.fields(resource)
        blocks.setdefault(fields.id("VpcId"), []).append(fields)
    found = {}
    for resource in template.of_type("AWS::EC2::VPC"):
        identifier, fields, more = resource.logical_id, template.fields(resource), blocks.get(resource.logical_id, [])
        primary = fields.text("CidrBlock", chosen(identifier, "CidrBlock"))
        found[identifier] = Vpc(
            id=identifier,
            name=template.tag_name(resource),
            cidrs=(primary, *(block.text("CidrBlock") for block in more if "CidrBlock" in block)),
            ipv6_cidrs=tuple(
                block.text("Ipv6CidrBlock", chosen(identifier, f"Ipv6CidrBlocks.{number}"))
                for number, block in enumerate(one for one in more if "CidrBlock" not in one)
            ),
        )
    return found


def subnets(template: Template) -> dict[str, Subnet]:
    found = {}
    for resource in template.of_type("AWS::EC2::Subnet"):
        identifier, fields = resource.logical_id, template.fields(resource)
        only_ipv6 = fields.flag("Ipv6Native", False) is True
        found[identifier] = Subnet(
            id=identifier,
            name=template.tag_name(resource),
            vpc_id=fields.id("VpcId"),
            cidr="" if only_ipv6 else fields.text("CidrBlock", chosen(identifier, "CidrBlock")),
            zone=fields.text("AvailabilityZone", chosen(identifier, "AvailabilityZone")),
            public_address_on_launch=fields.flag("MapPublicIpOnLaunch", False),
            ipv6_cidrs=fields.texts("Ipv6CidrBlock"),
        )
    return found


def internet_gateways(template: Template) -> dict[str, InternetGateway]:
    attached = attached_vpcs(template, "InternetGatewayId")
    found = {
        one.logical_id: InternetGateway(one.logical_id, template.tag_name(one), attached.get(one.logical_id))
        for one in template.of_type("AWS::EC2::InternetGateway")
    }
    # a gateway of another stack that this one attaches
    return found | {name: InternetGateway(name, "", vpc) for name, vpc in attached.items() if name not in found}


def attached_vpcs(template: Template, gateway: str) -> dict[str, str]:
    """The VPC of each gateway that is attached to one; ``gateway`` is ``InternetGatewayId`` or ``VpnGatewayId``."""
    attachments = map(template.fields, template.of_type("AWS::EC2::VPCGatewayAttachment"))
    return {one.id(gateway): one.id("VpcId") for one in attachments if gateway in one}


def nat_gateways(
    template: Template, subnets: Mapping[str, Subnet], elastic_ips: Mapping[str, ElasticIp]
) -> dict[str, NatGateway]:
    found = {}
    for resource in template.of_type("AWS::EC2::NatGateway"):
        identifier, fields = resource.logical_id, template.fields(resource)
        subnet = subnets.get(fields.id("SubnetId"))
        connectivity = fields.text("ConnectivityType", "public")
        allocation = fields.optional_id("AllocationId")
        elastic = elastic_ips.get(allocation or "")
        public: Text | None = elastic.address if elastic else chosen(identifier, "PublicIp")
        found[identifier] = NatGateway(
            id=identifier,
            name=template.tag_name(resource),
            vpc_id=fields.id("VpcId") or (subnet.vpc_id if subnet else chosen(identifier, "VpcId").text),
            subnet_id=fields.id("SubnetId"),
            connectivity=connectivity,
            state=PLANNED,
            addresses=(
                NatAddress(
                    private=fields.text("PrivateIpAddress", chosen(identifier, "PrivateIpAddress")),
                    public=None if connectivity == "private" else public,
                    allocation_id=allocation,
                    interface_id=None,
                ),
            ),
        )
    return found


def instance_connect_endpoints(template: Template, subnets: Mapping[str, Subnet]) -> dict[str, InstanceConnectEndpoint]:
    found = {}
    for resource in template.of_type("AWS::EC2::InstanceConnectEndpoint"):
        identifier, fields = resource.logical_id, template.fields(resource)
        vpc = vpc_of_subnet(subnets, fields.id("SubnetId"))
        found[identifier] = InstanceConnectEndpoint(
            id=identifier,
            name=template.tag_name(resource),
            vpc_id=vpc,
            subnet_id=fields.id("SubnetId"),
            group_ids=fields.ids("SecurityGroupIds") or (default_group(vpc),),
            state=PLANNED,
            preserve_client_address=fields.flag("PreserveClientIp", False),
        )
    return found


def vpc_of_subnet(subnets: Mapping[str, Subnet], subnet_id: str) -> str:
    """The VPC of a subnet; of one that is not in the template, the unknown value's text."""
    subnet = subnets.get(subnet_id)
    return subnet.vpc_id if subnet else chosen(subnet_id, "VpcId").text


def default_group(vpc_id: str) -> str:
    """The id of the security group that comes with a VPC."""
    return f"{vpc_id}.DefaultSecurityGroup"


def chosen(identifier: str, attribute: str) -> Unknown:
    """A value of a resource that AWS chooses, or that is known only where the resource was made."""
    name = identifier[2:-1] if identifier.startswith("${") and identifier.endswith("}") else identifier
    return Unknown(f"${{{name}.{attribute}}}", "chosen by AWS, or known only after the deployment")

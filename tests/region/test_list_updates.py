"""A list of a construct in another order, and then a shorter one, deployed as updates of a running stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from aws_cdk import App, DefaultStackSynthesizer
from aws_cdk import Stack as CdkStack
from aws_cdk import aws_ec2 as cdk_ec2
from aws_cdk.assertions import Template

from cdk_aws_vpn import (
    ClientVpn,
    MutualTls,
    TransitGateway,
    TransitGatewayVpcAttachment,
    VirtualPrivateGateway,
)
from tests.region.client_vpn_site import ClientSite
from tests.region.stack import Stack
from vpn_lab.region import Region

PREFIXES = ["10.60.0.0/16", "10.61.0.0/16"]


@pytest.fixture
def certificate(region: Region, ec2: Any) -> Iterator[str]:
    acm = region.client("acm")
    arn = ClientSite(ec2, acm).certificate
    yield arn
    acm.delete_certificate(CertificateArn=arn)


def network(certificate: str, order: Callable[[Sequence[Any]], list[Any]]) -> dict[str, Any]:
    """A VPC with two zones; its routes, its attachments and its endpoint take their lists in ``order``."""
    synthesizer = DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    stack = CdkStack(App(analytics_reporting=False), "Stack", synthesizer=synthesizer)
    vpc = cdk_ec2.Vpc(
        stack,
        "Vpc",
        availability_zones=["us-east-1a", "us-east-1b"],
        restrict_default_security_group=False,
        subnet_configuration=[
            cdk_ec2.SubnetConfiguration(name="Private", subnet_type=cdk_ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=24)
        ],
    )
    subnets = order(vpc.isolated_subnets)
    tables = [subnet.route_table for subnet in subnets]
    attachment = TransitGatewayVpcAttachment(
        stack, "Attachment", transit_gateway=TransitGateway(stack, "Tgw"), vpc=vpc, subnets=subnets
    )
    attachment.route_from(tables, order(PREFIXES))
    VirtualPrivateGateway(stack, "Vgw", vpc=vpc).propagate_routes_to(tables)
    users = ClientVpn(
        stack,
        "Users",
        vpc=vpc,
        subnets=subnets,
        client_cidr="10.70.0.0/22",
        split_tunnel=True,
        authentication=[MutualTls()],
        server_certificate_arn=certificate,
    )
    for prefix in (prefix for prefix in PREFIXES if prefix in order(PREFIXES)):
        users.route_to(prefix)
    return dict(Template.from_stack(stack).to_json()["Resources"])


def test_a_running_stack_takes_its_lists_in_another_order_and_shorter(certificate: str, stack: Stack, ec2: Any) -> None:
    complete = network(certificate, list)
    assert network(certificate, lambda elements: list(elements)[::-1]) == complete
    assert stack.create(complete) == "CREATE_COMPLETE"
    endpoint = next(name for name, one in complete.items() if one["Type"] == "AWS::EC2::ClientVpnEndpoint")
    before = stack.physical_id(endpoint)
    assert stack.update(network(certificate, lambda elements: list(elements)[1:])) == "UPDATE_COMPLETE"
    assert stack.physical_id(endpoint) == before
    routes = ec2.describe_client_vpn_routes(ClientVpnEndpointId=before)["Routes"]
    assert [one["DestinationCidr"] for one in routes if one["Origin"] == "add-route"] == PREFIXES[1:]
    vpc = stack.physical_id(next(name for name, one in complete.items() if one["Type"] == "AWS::EC2::VPC"))
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    to_gateway = [
        route["DestinationCidrBlock"] for table in tables for route in table["Routes"] if "TransitGatewayId" in route
    ]
    assert to_gateway == PREFIXES[1:]
    assert sum(len(table["PropagatingVgws"]) for table in tables) == 1

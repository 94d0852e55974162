"""A transit gateway in one stack and the sites in others, with equal ids: deployed, and a site removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_cdk import App, DefaultStackSynthesizer
from aws_cdk import Stack as CdkStack
from aws_cdk import aws_ec2 as cdk_ec2

from cdk_aws_vpn import TransitGateway, TransitGatewayRouteTable, TransitGatewayVpcAttachment
from tests.region.stack import Stack


def cdk_stack(app: App, name: str) -> CdkStack:
    return CdkStack(app, name, synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=False))


def hub_and_sites() -> dict[str, dict[str, Any]]:
    """The templates of a hub and of two sites, which put themselves into its route table."""
    app = App(analytics_reporting=False)
    hub = cdk_stack(app, "Hub")
    gateway = TransitGateway(hub, "Gateway")
    table = TransitGatewayRouteTable(hub, "Table", transit_gateway=gateway)
    for number in (1, 2):
        site = cdk_stack(app, f"Site{number}")
        vpc = cdk_ec2.Vpc(
            site,
            "Vpc",
            ip_addresses=cdk_ec2.IpAddresses.cidr(f"10.{number}.0.0/16"),
            availability_zones=["us-east-1a"],
            restrict_default_security_group=False,
            subnet_configuration=[
                cdk_ec2.SubnetConfiguration(name="Private", subnet_type=cdk_ec2.SubnetType.PRIVATE_ISOLATED)
            ],
        )
        attachment = TransitGatewayVpcAttachment(
            site, "Attachment", transit_gateway=gateway, vpc=vpc, subnets=vpc.isolated_subnets
        )
        mine = TransitGatewayRouteTable.from_id(
            site, "Table", table.transit_gateway_route_table_id, transit_gateway=gateway
        )
        mine.associate(attachment)
        mine.propagate_from(attachment)
    assembly = app.synth()
    return {name: assembly.get_stack_by_name(name).template for name in ("Hub", "Site1", "Site2")}


def test_sites_in_stacks_of_their_own_join_the_table_of_the_hub_and_leave_it(
    new_stack: Callable[[], Stack], ec2: Any
) -> None:
    templates = hub_and_sites()
    stacks = {name: new_stack() for name in templates}
    for name, template in templates.items():
        sections = {"Outputs": template["Outputs"]} if "Outputs" in template else {}
        assert stacks[name].create(template["Resources"], **sections) == "CREATE_COMPLETE"
    table_name = next(
        name
        for name, one in templates["Hub"]["Resources"].items()
        if one["Type"] == "AWS::EC2::TransitGatewayRouteTable"
    )
    table = stacks["Hub"].physical_id(table_name)

    def learned() -> list[str]:
        active = [{"Name": "state", "Values": ["active"]}]
        found = ec2.search_transit_gateway_routes(TransitGatewayRouteTableId=table, Filters=active)
        return sorted(one["DestinationCidrBlock"] for one in found["Routes"])

    assert learned() == ["10.1.0.0/16", "10.2.0.0/16"]
    assert stacks["Site1"].delete() == "DELETE_COMPLETE"
    assert learned() == ["10.2.0.0/16"]

"""The stage of one Region: its sites on its transit gateway, with monitoring."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Environment, Stack, Stage
from aws_cdk import aws_sns as sns
from baseline import TOPIC
from constructs import Construct
from landscape import Location
from sites import read_sites

from cdk_aws_vpn import AmazonSideGateway, Site, TransitGateway, VpnConnection, VpnHub, VpnMonitoring


class RegionalHub(Stage):
    """The sites of a Region. It is a stage, so that a pipeline can deploy it as a unit."""

    def __init__(
        self, scope: Construct, construct_id: str, *, sites: Sequence[Site], transit_gateway_id: str, env: Environment
    ) -> None:
        super().__init__(scope, construct_id, env=env)

        def gateway(stack: Stack, _number: int) -> AmazonSideGateway:
            return TransitGateway.from_id(stack, "TransitGateway", transit_gateway_id, amazon_side_asn=64512)

        self.hub = VpnHub(self, "Vpn", sites=sites, gateway=gateway, monitor=watch)


def watch(stack: Stack, connections: dict[str, VpnConnection]) -> None:
    """Add alarms, logs and a dashboard to each stack; the topic is the one of the baseline."""
    topic = sns.Topic.from_topic_arn(stack, "Topic", stack.format_arn(service="sns", resource=TOPIC))
    VpnMonitoring(stack, "Monitoring", connections=list(connections.values()), topic=topic)


def regional_hub(scope: Construct, location: Location) -> RegionalHub:
    """Return the hub of a location, with those sites of the list that belong there."""
    return RegionalHub(
        scope,
        location.name,
        sites=read_sites()[location.region],
        transit_gateway_id=location.transit_gateway_id,
        env=location.env,
    )

"""The network team's accounts, Regions and transit gateways."""

from __future__ import annotations

from dataclasses import dataclass

from aws_cdk import Environment


@dataclass(frozen=True)
class Location:
    """One Region of one account, with the transit gateway that the sites of this Region are attached to."""

    name: str
    account: str
    region: str
    transit_gateway_id: str

    @property
    def env(self) -> Environment:
        return Environment(account=self.account, region=self.region)


TOOLS = Environment(account="444455556666", region="eu-central-1")
"""Where the pipeline and the StackSet are."""
ORGANIZATION_UNIT = "ou-ab12-cd34ef56"
"""The accounts that hold VPN connections, now and later."""
PILOT = Location("Frankfurt", "111122223333", "eu-central-1", "tgw-0123456789abcdef0")
"""The location that gets every change first."""
OTHERS = (Location("Virginia", "111122223333", "us-east-1", "tgw-0fedcba9876543210"),)
LOCATIONS = (PILOT, *OTHERS)

"""A local AWS region: one process on a loopback port, to which the unmodified CDK CLI deploys.

    with Region.start() as region:
        region.bootstrap()
        region.cdk("deploy", "ScenarioDualCgwBgp", "--require-approval", "never")
        region.client("ec2").describe_vpn_connections()

From a shell: ``python -m vpn_lab.region --help``.
"""

from vpn_lab.region.errors import CommandFailedError, RegionError
from vpn_lab.region.handle import Region
from vpn_lab.region.settings import DEFAULT_ACCOUNT, DEFAULT_REGION, Settings, Signals

__all__ = ["DEFAULT_ACCOUNT", "DEFAULT_REGION", "CommandFailedError", "Region", "RegionError", "Settings", "Signals"]

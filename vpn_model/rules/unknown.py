"""Which values that are not known keep a rule from deciding, so that a reader has to be told."""

from __future__ import annotations

from vpn_model.rules.subject import SPECIFICATIONS

WITHOUT_A_RULE = ("PreSharedKey", "LogGroupArn", "BgpLogGroupArn", "TunnelInsideCidr", "TunnelInsideIpv6Cidr")
RANGES = ("CidrIp", "CidrIpv6", "IpProtocol", "FromPort", "ToPort", "TargetNetworkCidr")
FLAGS = ("ConnectionLogOptions", "Enabled", "AuthorizeAllGroups")


def matters(resource_type: str, path: str, reason: str) -> bool:
    """Whether a rule needs the value at this path, and could have it: an address of the deployment is not a range."""
    if reason.startswith("a macro"):
        return True
    last = path.rsplit(".", 1)[-1]
    if resource_type == "AWS::EC2::VPNConnection":
        return path.startswith((f"Properties.{SPECIFICATIONS}", "Properties.PreSharedKeyStorage")) and (
            last not in WITHOUT_A_RULE
        )
    return last in FLAGS or (last in RANGES and reason.startswith(("parameter", "depends")))

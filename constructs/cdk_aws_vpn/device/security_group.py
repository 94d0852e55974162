"""The security group of a customer gateway device: its own side, and the two ports of its tunnel endpoints."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.identity import id_for, in_order
from cdk_aws_vpn.foundation.names import as_description, name_in_region

IKE_PORTS = {500: "IKE", 4500: "IKE and ESP behind NAT"}
_UNREADABLE = (
    "The rule cannot read an address that is known only at deployment. This one is {what}: never the whole internet."
)
_ENDPOINT = "one tunnel endpoint (/32), UDP only"
_CANNOT_READ_TOKENS = ("AwsSolutions-EC23", "NIST.800.53.R5-EC2RestrictedSSH")
_ANY_PROTOCOL = "NIST.800.53.R5-EC2RestrictedCommonPorts"


class CgwSecurityGroup(Construct):
    """Admits the networks behind the device, and each tunnel endpoint on UDP 500 and 4500. Nothing else comes in.

    Outbound it allows the same, and HTTPS for AWS's APIs and packages. Security groups do not filter DNS, NTP and the
    metadata service of a VPC.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        vpc: The VPC.
        local_prefixes: Networks behind the device.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, local_prefixes: Sequence[str]) -> None:
        super().__init__(scope, construct_id)
        self._group = ec2.CfnSecurityGroup(
            self,
            "Resource",
            vpc_id=vpc.vpc_id,
            group_description=as_description(f"{name_in_region(scope)}: IKE and ESP"),
            security_group_egress=[
                ec2.CfnSecurityGroup.EgressProperty(
                    ip_protocol="tcp",
                    from_port=443,
                    to_port=443,
                    cidr_ip="0.0.0.0/0",
                    description="AWS APIs and packages",
                ),
                *(
                    ec2.CfnSecurityGroup.EgressProperty(
                        ip_protocol="-1", cidr_ip=network, description=f"From the tunnels to {network}"
                    )
                    for network in in_order(self, local_prefixes)
                ),
            ],
        )
        self.security_group_id: str = self._group.attr_group_id
        """Id of the group, ``sg-…``."""
        for network in local_prefixes:
            rule = self._admit(id_for(self, "From", network), network, "-1", None, "To the tunnels")
            unreadable = _unreadable("a network behind the device") if is_token(network) else {}
            acknowledge(
                rule, {_ANY_PROTOCOL: "The device forwards every protocol of the network behind it."} | unreadable
            )

    def admit_tunnel(self, number: int, outside_address: str) -> None:
        """Let the device and the endpoint of tunnel ``number`` speak IKE and ESP to each other."""
        endpoint = f"{outside_address}/32"
        for port, use in IKE_PORTS.items():
            name = f"Tunnel{number}Udp{port}"
            rule = self._admit(f"From{name}", endpoint, "udp", port, f"{use} from tunnel {number}")
            acknowledge(rule, {_ANY_PROTOCOL: _UNREADABLE.format(what=_ENDPOINT)} | _unreadable(_ENDPOINT))
            ec2.CfnSecurityGroupEgress(
                self,
                f"To{name}",
                group_id=self.security_group_id,
                ip_protocol="udp",
                from_port=port,
                to_port=port,
                cidr_ip=endpoint,
                description=f"{use} to tunnel {number}",
            )

    def _admit(self, name: str, network: str, protocol: str, port: int | None, use: str) -> ec2.CfnSecurityGroupIngress:
        return ec2.CfnSecurityGroupIngress(
            self,
            name,
            group_id=self.security_group_id,
            ip_protocol=protocol,
            from_port=port,
            to_port=port,
            cidr_ip=network,
            description=use,
        )


def _unreadable(what: str) -> dict[str, str]:
    return {rule_id: _UNREADABLE.format(what=what) for rule_id in _CANNOT_READ_TOKENS}

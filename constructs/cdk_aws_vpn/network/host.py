"""A small instance at either end, which you can ping and log in to."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.addressing import check_address, check_prefixes
from cdk_aws_vpn.checks.arguments import check_security_group, check_vpc
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.identity import in_order
from cdk_aws_vpn.foundation.instance_defaults import (
    NO_TERMINATION_PROTECTION,
    check_instance_type,
    instance_defaults,
)
from cdk_aws_vpn.foundation.known_later import network_peer
from cdk_aws_vpn.foundation.names import as_description, name_in_region, name_tag
from cdk_aws_vpn.foundation.pinned_ami import PinnedAmi
from cdk_aws_vpn.foundation.private_addresses import claim_address
from cdk_aws_vpn.foundation.subnets import check_subnet_of, subnet_cidr

IPERF3_PORT = 5201


class Host(Construct):
    """An Amazon Linux instance without a public address, a role or a key pair.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        vpc: The VPC.
        subnet: The subnet.
        private_address: Its address in the subnet. Default: chosen by AWS.
        reachable_from: Networks that may ping it and open TCP connections to port 5201 (iperf3).
        ssh_from: Security group that SSH is accepted from, such as that of an EC2 Instance Connect Endpoint.
            Default: no SSH.
        architecture: ``x86_64`` or ``arm64``; it cannot change on a deployed host with a ``private_address``.
            Default: ``x86_64``.
        instance_type: A type with processors of this architecture. Default: t3.micro, or t4g.micro with ``arm64``.

    Raises:
        AddressingError: The address is not in the subnet or is used by something else there, or ``reachable_from``
            contains a value that is not a network.
        VpnConfigurationError: The instance type does not have the architecture, or an argument has the wrong type.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnet: ec2.ISubnet,
        reachable_from: Sequence[str],
        private_address: str | None = None,
        ssh_from: ec2.ISecurityGroup | None = None,
        architecture: str = "x86_64",
        instance_type: str | None = None,
    ) -> None:
        check_vpc("vpc", vpc)
        check_subnet_of("subnet", subnet, vpc)
        instance_type = check_instance_type(instance_type, architecture)
        if private_address is not None:
            check_address("private_address", private_address, within=subnet_cidr(subnet))
        check_prefixes("reachable_from", reachable_from)
        if ssh_from is not None:
            check_security_group("ssh_from", ssh_from)
        super().__init__(scope, construct_id)
        claim_address(self, "private_address", subnet, private_address)
        group = ec2.SecurityGroup(
            self,
            "Group",
            vpc=vpc,
            description=as_description(f"{name_in_region(self)}: pings and iperf3"),
            allow_all_outbound=False,
        )
        for network in in_order(self, reachable_from):
            peer = network_peer(network)
            group.add_ingress_rule(peer, ec2.Port.icmp_ping(), f"Ping from {network}")
            group.add_ingress_rule(peer, ec2.Port.tcp(IPERF3_PORT), f"iperf3 from {network}")
            group.add_egress_rule(peer, ec2.Port.icmp_ping(), f"Ping to {network}")
            group.add_egress_rule(peer, ec2.Port.tcp(IPERF3_PORT), f"iperf3 to {network}")
        if ssh_from is not None:
            group.add_ingress_rule(
                ec2.Peer.security_group_id(ssh_from.security_group_id),
                ec2.Port.tcp(22),
                "EC2 Instance Connect Endpoint",
            )
        instance = ec2.CfnInstance(
            self,
            "Instance",
            image_id=PinnedAmi.of(self, architecture=architecture).image_id,
            instance_type=instance_type,
            subnet_id=subnet.subnet_id,
            private_ip_address=private_address,
            security_group_ids=[group.security_group_id],
            tags=[name_tag(self)],
            **instance_defaults(),
        )
        acknowledge(
            instance,
            NO_TERMINATION_PROTECTION
            | {
                "NIST.800.53.R5-EC2InstanceProfileAttached": "Answers pings and calls no AWS API, so it has no "
                "credentials that could be stolen; one logs in through EC2 Instance Connect."
            },
        )
        self.instance_id: str = instance.ref
        """Id of the instance, ``i-…``."""
        self.private_address: str = private_address or instance.attr_private_ip
        """Its private address."""

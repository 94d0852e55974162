"""A VPC with a public and a private subnet in each of one or two Availability Zones: the ends of the scenarios."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from cdk_aws_vpn.checks.addressing import check_address, check_vpc_cidr
from cdk_aws_vpn.checks.arguments import check_choice, check_flag, check_literal, check_subnet, check_whole_number
from cdk_aws_vpn.checks.texts import check_text
from cdk_aws_vpn.checks.tokens import is_token, stand_in
from cdk_aws_vpn.errors import AddressingError, VpnConfigurationError
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.log_groups import make_log_group
from cdk_aws_vpn.foundation.places import stack_of
from cdk_aws_vpn.foundation.subnets import subnet_cidr
from cdk_aws_vpn.network.host import Host
from cdk_aws_vpn.network.subnet_layout import lay_out_tiers, subnet_prefix_length

_SMALLEST_SUBNET = 28
_MOST_ADDRESSES = 2**16 - 1
_ANY_BLOCK, _ANY_SUBNET = "10.0.0.0/16", "10.0.0.0/24"
_WHY_NO_KEY = (
    "Holds addresses, ports and counters of flows and no payload; CloudWatch Logs encrypts it at rest with a key of "
    "its own."
)


class TwoTierVpc(Construct):
    """A VPC whose subnets alternate between a public and a private tier.

    From ``10.60.0.0/16`` it uses ``10.60.0.0/24`` (public) and ``10.60.1.0/24`` (private) in the first Availability
    Zone, ``10.60.2.0/24`` and ``10.60.3.0/24`` in the second. Flow logs go to CloudWatch Logs for a month. No subnet
    assigns public addresses, and the private subnets have no way out except the VPN.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        cidr: Network of the VPC, /16 to /26. Each subnet is a /24; in a block smaller than /22, a quarter of the block.
        max_azs: 1 or 2 Availability Zones.
        internet_access: Whether there is an internet gateway and the public tier uses it.

    Raises:
        AddressingError: ``cidr`` is not a usable block.
        VpnConfigurationError: ``max_azs`` is neither 1 nor 2, or more than the Region has.
    """

    def __init__(self, scope: Construct, construct_id: str, *, cidr: str, max_azs: int, internet_access: bool) -> None:
        _check_size(cidr, max_azs)
        cidr = stand_in(cidr, _ANY_BLOCK)
        check_flag("internet_access", internet_access)
        super().__init__(scope, construct_id)
        _check_zones(self, max_azs)
        self.cidr = cidr
        length = subnet_prefix_length(cidr)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=lay_out_tiers(cidr, max_azs),
            max_azs=max_azs,
            create_internet_gateway=internet_access,
            restrict_default_security_group=False,
            nat_gateways=0,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Public",
                    cidr_mask=length,
                    subnet_type=ec2.SubnetType.PUBLIC if internet_access else ec2.SubnetType.PRIVATE_ISOLATED,
                    map_public_ip_on_launch=False if internet_access else None,
                ),
                ec2.SubnetConfiguration(name="Private", cidr_mask=length, subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            ],
        )
        """The VPC itself."""
        acknowledge(
            self.vpc.node.find_child("Resource"),
            {
                "NIST.800.53.R5-VPCDefaultSecurityGroupClosed": "Nothing is ever put into the default security group: "
                "each interface of this VPC names its own. A new default group admits its own members only."
            },
        )
        tiers = [*self.vpc.public_subnets, *self.vpc.isolated_subnets]  # in the order of the configuration
        self.public_subnets: list[ec2.ISubnet] = tiers[:max_azs]
        """The public tier, one subnet per Availability Zone."""
        self.private_subnets: list[ec2.ISubnet] = tiers[max_azs:]
        """The private tier, one subnet per Availability Zone."""
        self._flow_logs()
        self._instance_connect_group: ec2.SecurityGroup | None = None

    @property
    def private_route_tables(self) -> list[ec2.IRouteTable]:
        """The route tables of the private tier."""
        return [subnet.route_table for subnet in self.private_subnets]

    @property
    def route_tables(self) -> list[ec2.IRouteTable]:
        """The route tables of both tiers."""
        return [subnet.route_table for subnet in (*self.public_subnets, *self.private_subnets)]

    def address(self, subnet: ec2.ISubnet, host: int = 100) -> str:
        """Return the address number ``host`` of a subnet, such as 10.60.1.100 for 100 in 10.60.1.0/24.

        Args:
            subnet: A subnet of this VPC.
            host: The number of the address, counted from the first address of the subnet. Default: 100.

        Raises:
            AddressingError: The subnet has no such address, or AWS reserves it.
            VpnConfigurationError: An argument has the wrong type.
        """
        check_subnet("subnet", subnet)
        check_whole_number("host", host, 0, _MOST_ADDRESSES)
        cidr = stand_in(subnet_cidr(subnet), _ANY_SUBNET)
        if cidr is None or is_token(cidr):
            raise AddressingError(
                "subnet", cidr, "a subnet whose block is known at synth", "pass one of this VPC's, or write the address"
            )
        network = ipaddress.IPv4Network(cidr)
        address = str(ipaddress.IPv4Address(int(network.network_address) + host))
        return check_address("private_address", address, within=str(network))

    def add_host(
        self,
        construct_id: str,
        *,
        reachable_from: Sequence[str],
        private_address: str | None = None,
        architecture: str = "x86_64",
    ) -> Host:
        """Add a small instance to the private tier that answers pings and accepts logins.

        There is no SSH from the Internet and no key pair: logins use an EC2 Instance Connect Endpoint of the VPC.

        Args:
            construct_id: Id of the host in this construct.
            reachable_from: Networks that may ping it and open TCP connections to port 5201 (iperf3).
            private_address: Its address. Default: number 100 of the first private subnet.
            architecture: ``x86_64`` or ``arm64``; it cannot change on a deployed host. Default: ``x86_64``.

        Raises:
            AddressingError: The address is not in the subnet or is used by something else there, or
                ``reachable_from`` contains a value that is not a network.
            VpnConfigurationError: There is no such architecture, or the id is not a text.
        """
        check_text("construct_id", construct_id)
        subnet = self.private_subnets[0]
        endpoint_group = self._instance_connect_endpoint(subnet)
        return Host(
            self,
            construct_id,
            vpc=self.vpc,
            subnet=subnet,
            private_address=self.address(subnet) if private_address is None else private_address,
            reachable_from=reachable_from,
            ssh_from=endpoint_group,
            architecture=architecture,
        )

    def _instance_connect_endpoint(self, subnet: ec2.ISubnet) -> ec2.ISecurityGroup:
        if self._instance_connect_group is None:
            self._instance_connect_group = ec2.SecurityGroup(
                self,
                "InstanceConnectGroup",
                vpc=self.vpc,
                description="EC2 Instance Connect Endpoint: SSH to the hosts of this VPC",
                allow_all_outbound=False,
            )
            self._instance_connect_group.add_egress_rule(
                ec2.Peer.ipv4(self.cidr), ec2.Port.tcp(22), "SSH to the hosts of this VPC"
            )
            ec2.CfnInstanceConnectEndpoint(
                self,
                "InstanceConnect",
                subnet_id=subnet.subnet_id,
                security_group_ids=[self._instance_connect_group.security_group_id],
            )
        return self._instance_connect_group

    def _flow_logs(self) -> None:
        log_group = make_log_group(self, "FlowLogGroup", why_no_key=_WHY_NO_KEY)
        # a flow log of another account must not write with this role
        conditions = {"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
        principal = iam.ServicePrincipal("vpc-flow-logs.amazonaws.com", conditions=conditions)
        role = iam.Role(self, "FlowLogRole", assumed_by=principal)
        policy = iam.ManagedPolicy(
            self,
            "FlowLogPolicy",
            description="Lets VPC flow logs write to their log group",
            roles=[role],
            statements=[
                iam.PolicyStatement(
                    actions=["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
                    resources=[log_group.log_group_arn],
                )
            ],
        )
        flow_log = ec2.CfnFlowLog(
            self,
            "FlowLog",
            resource_id=self.vpc.vpc_id,
            resource_type="VPC",
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_group_name=log_group.log_group_name,
            deliver_logs_permission_arn=role.role_arn,
            max_aggregation_interval=60,
        )
        flow_log.node.add_dependency(policy)


def _check_size(cidr: str, max_azs: int) -> None:
    remedy = "write the block: subnets are laid out at synthesis"
    check_literal("cidr", cidr, "a literal block", remedy, error=AddressingError)
    check_vpc_cidr("cidr", cidr)
    if not is_token(cidr) and ipaddress.IPv4Network(cidr).prefixlen > _SMALLEST_SUBNET - 2:
        raise AddressingError("cidr", cidr, "/16 to /26, room for four subnets", "choose a larger block")
    check_choice("max_azs", max_azs, (1, 2), "two devices in two zones need 2")


def _check_zones(vpc: TwoTierVpc, max_azs: int) -> None:
    zones = stack_of(vpc).availability_zones
    if len(zones) < max_azs:
        raise VpnConfigurationError(
            "max_azs",
            max_azs,
            f"at most {len(zones)}, the number of Availability Zones of the stack",
            "give the stack an env whose Region has more, or use one device",
        )

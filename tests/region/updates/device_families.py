"""Families with devices, hosts and what watches them."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns

import cdk_aws_vpn as vpn
from tests.region.updates.families import CLOUD, IDC, KEY, Family


class WithADevice(Family):
    """A data centre with a device and a host, a cloud, and the monitoring of it all."""

    def build(self) -> None:
        stack = self.stack
        self.topic = sns.Topic(stack, "Topic")
        self.key = kms.Key.from_key_arn(stack, "Key", KEY)
        self.role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        self.boundary = iam.ManagedPolicy.from_aws_managed_policy_name("PowerUserAccess")
        self.idc = vpn.IdcVpc(stack, "Idc", cidr=IDC, max_azs=2)
        self.other = vpn.IdcVpc(stack, "OtherIdc", cidr="10.61.0.0/16", max_azs=1)
        self.ssh = self.security_group("Ssh", self.idc.vpc)
        self.gateway = vpn.VirtualPrivateGateway(stack, "Gateway", vpc=self.vpc("Cloud", CLOUD), amazon_side_asn=64512)
        probe = vpn.ProbeConfig(**self.options("ProbeConfig"))
        device = self.options(
            "CgwInstance",
            vpc=self.idc.vpc,
            subnet=self.idc.public_subnets[0],
            private_address="10.60.0.100",
            local_prefixes=[IDC],
            remote_prefixes=[CLOUD],
            probe=probe,
        )
        self.device = vpn.CgwInstance(stack, "Cgw", **device)
        self.connection = vpn.VpnConnection(
            stack,
            "Vpn",
            gateway=self.gateway,
            customer_gateway=self.device.customer_gateway,
            routing=vpn.Bgp(),
            tunnels=(
                vpn.TunnelOptions(inside_cidr="169.254.130.0/30"),
                vpn.TunnelOptions(inside_cidr="169.254.131.0/30"),
            ),
        )
        self.device.connect(self.connection)
        firewall = vpn.CustomerGateway(stack, "Firewall", address="198.51.100.230", bgp_asn=65020)
        self.other_connection = vpn.VpnConnection(
            stack,
            "OtherVpn",
            gateway=self.gateway,
            customer_gateway=firewall,
            routing=vpn.Bgp(),
            tunnels=(
                vpn.TunnelOptions(inside_cidr="169.254.132.0/30"),
                vpn.TunnelOptions(inside_cidr="169.254.133.0/30"),
            ),
        )
        host = self.options(
            "Host",
            vpc=self.idc.vpc,
            subnet=self.idc.private_subnets[0],
            reachable_from=[CLOUD],
            private_address="10.60.1.50",
        )
        vpn.Host(stack, "Host", **host)
        timing = vpn.AlarmTiming(**self.options("AlarmTiming"))
        watched = self.options("VpnMonitoring", connections=[self.connection], devices=[self.device], timing=timing)
        vpn.VpnMonitoring(stack, "Monitoring", **watched)
        vpn.PinnedAmi(stack, "Image", **self.options("PinnedAmi"))

    def image(self) -> ec2.IMachineImage:
        return ec2.MachineImage.generic_linux({"us-east-1": self.given["image"]})


class WithNetworks(Family):
    """VPCs alone."""

    def build(self) -> None:
        two = {"cidr": "10.80.0.0/16", "max_azs": 1, "internet_access": True}
        vpn.TwoTierVpc(self.stack, "Two", **self.options("TwoTierVpc", **two))
        cloud = self.options("CloudVpc", cidr=CLOUD, max_azs=1, internet_access=False)
        vpn.CloudVpc(self.stack, "Cloud", **cloud)
        vpn.IdcVpc(self.stack, "Idc", **self.options("IdcVpc", cidr=IDC, max_azs=1))


ZONES = (0, 1, 1, 0, 1)
"""The zone of each device: a pair, one that takes the place of the standby, and a cluster."""


class WithTwoDevices(Family):
    """A pair with two connections, and a cluster with one."""

    def build(self) -> None:
        stack = self.stack
        self.idc = vpn.IdcVpc(stack, "Idc", cidr=IDC, max_azs=2)
        self.gateway = vpn.VirtualPrivateGateway(stack, "Gateway", vpc=self.vpc("Cloud", CLOUD), amazon_side_asn=64512)
        hub = vpn.TransitGateway(stack, "Hub", amazon_side_asn=64513)
        one, two, three = (self.device(number) for number in (0, 1, 2))
        self.tables = self.idc.private_route_tables
        self.spare = [self.table(number) for number in (0, 1)]
        self.devices = (one, two, three)
        for number, device in enumerate(self.devices):
            ends = {"gateway": hub, "customer_gateway": device.customer_gateway, "routing": vpn.Bgp()}
            device.connect(self._connection(f"Vpn{number}", 140 + 2 * number, **ends))
        pair = self.options("CgwPair", active=one, standby=two, idc_route_tables=self.tables[:1])
        vpn.CgwPair(stack, "Pair", **pair)
        four, five = self.device(3), self.device(4)
        self.members = (four, five)
        cluster = self.options(
            "CgwCluster",
            active=four,
            standby=five,
            active_shared_address="10.60.0.30",
            standby_shared_address="10.60.2.30",
            idc_route_tables=self.tables[1:],
        )
        made = vpn.CgwCluster(stack, "Cluster", **cluster)
        ends = {"gateway": self.gateway, "customer_gateway": made.customer_gateway, "routing": vpn.Static([IDC])}
        made.connect(self._connection("Shared", 150, **ends))

    def table(self, number: int) -> ec2.IRouteTable:
        subnet = ec2.PrivateSubnet(
            self.stack,
            f"Spare{number}",
            vpc_id=self.idc.vpc.vpc_id,
            cidr_block=f"10.60.{200 + number}.0/24",
            availability_zone=self.idc.vpc.availability_zones[0],
        )
        return subnet.route_table

    def device(self, number: int) -> vpn.CgwInstance:
        subnet = self.idc.public_subnets[ZONES[number]]
        return vpn.CgwInstance(
            self.stack,
            f"Cgw{number}",
            vpc=self.idc.vpc,
            subnet=subnet,
            private_address=self.idc.address(subnet, 100 + number),
            local_prefixes=[IDC],
            remote_prefixes=[CLOUD],
        )

    def _connection(self, name: str, block: int, **ends: Any) -> vpn.VpnConnection:
        inside = [vpn.TunnelOptions(inside_cidr=f"169.254.{each}.0/30") for each in (block, block + 1)]
        return vpn.VpnConnection(self.stack, name, tunnels=inside, **ends)

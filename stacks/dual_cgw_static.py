"""Two devices in two zones, each with its own connection, and static routes."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from cdk_aws_vpn import (
    CgwInstance,
    CgwPair,
    CloudVpc,
    IdcVpc,
    Static,
    TunnelOptions,
    VirtualPrivateGateway,
    VpnConnection,
    VpnMonitoring,
)
from stacks.scenario import Scenario


class ScenarioDualCgwStatic(Scenario):
    """Two devices in two zones, two static connections; the IDC's route follows the healthy device.

    The devices fail over their own direction. AWS stays on one connection until its dead peer detection gives up on it.
    """

    def __init__(self, scope: Construct, **arguments: Any) -> None:
        super().__init__(scope, **arguments)
        settings = self.settings

        idc = IdcVpc(self, "Idc", cidr=settings.idc_cidr, max_azs=2)
        cloud = CloudVpc(self, "Cloud", cidr=settings.cloud_cidr, max_azs=2)

        vgw = VirtualPrivateGateway(self, "Vgw", vpc=cloud.vpc, amazon_side_asn=settings.amazon_side_asn)
        vgw.propagate_routes_to(cloud.route_tables)

        active, standby = (
            CgwInstance(
                self,
                name,
                vpc=idc.vpc,
                subnet=subnet,
                private_address=idc.address(subnet),
                local_prefixes=[idc.cidr],
                remote_prefixes=[cloud.cidr],
                **settings.device,
            )
            for name, subnet in zip(("CgwActive", "CgwStandby"), idc.public_subnets, strict=True)
        )
        vpn_active = VpnConnection(
            self,
            "VpnActive",
            gateway=vgw,
            customer_gateway=active.customer_gateway,
            routing=Static([idc.cidr]),
            security_profile=settings.security_profile,
            tunnels=(TunnelOptions(inside_cidr="169.254.10.0/30"), TunnelOptions(inside_cidr="169.254.11.0/30")),
        )
        vpn_standby = VpnConnection(
            self,
            "VpnStandby",
            gateway=vgw,
            customer_gateway=standby.customer_gateway,
            routing=Static([idc.cidr]),
            security_profile=settings.security_profile,
            tunnels=(TunnelOptions(inside_cidr="169.254.20.0/30"), TunnelOptions(inside_cidr="169.254.21.0/30")),
        )
        active.connect(vpn_active)
        standby.connect(vpn_standby)
        CgwPair(self, "Pair", active=active, standby=standby, idc_route_tables=idc.private_route_tables)

        monitoring = VpnMonitoring(self, "Monitoring", connections=[vpn_active, vpn_standby], devices=[active, standby])

        self.output_connection("VpnActive", vpn_active)
        self.output_connection("VpnStandby", vpn_standby)
        self.output_device("CgwActive", active)
        self.output_device("CgwStandby", standby)
        self.add_host("IdcHost", idc, reachable_from=[cloud.cidr])
        self.add_host("CloudHost", cloud, reachable_from=[idc.cidr])
        self.output_monitoring("Monitoring", monitoring)

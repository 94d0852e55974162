"""Two devices in two zones, a transit gateway with ECMP, two VPCs behind it."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from cdk_aws_vpn import (
    Bgp,
    CgwInstance,
    CgwPair,
    CloudVpc,
    IdcVpc,
    TransitGateway,
    TransitGatewayRouteTable,
    TransitGatewayVpcAttachment,
    TunnelOptions,
    VpnConnection,
    VpnMonitoring,
)
from stacks.scenario import Scenario


class ScenarioTransitGatewayEcmp(Scenario):
    """Two devices in two zones, a transit gateway that spreads flows over their four tunnels, two VPCs behind it.

    Both devices announce equal paths by BGP. The two VPCs reach the data centre, and not each other.
    """

    def __init__(self, scope: Construct, **arguments: Any) -> None:
        super().__init__(scope, **arguments)
        settings = self.settings

        idc = IdcVpc(self, "Idc", cidr=settings.idc_cidr, max_azs=2)
        cloud = CloudVpc(self, "Cloud", cidr=settings.cloud_cidr)
        second = CloudVpc(self, "SecondCloud", cidr=settings.second_cloud_cidr)

        tgw = TransitGateway(self, "Tgw", amazon_side_asn=settings.amazon_side_asn)
        attachments = [
            TransitGatewayVpcAttachment(
                vpc, "Attachment", transit_gateway=tgw, vpc=vpc.vpc, subnets=vpc.private_subnets
            )
            for vpc in (cloud, second)
        ]
        for attachment, vpc in zip(attachments, (cloud, second), strict=True):
            attachment.route_from(vpc.route_tables, [idc.cidr])

        active, standby = (
            CgwInstance(
                self,
                name,
                vpc=idc.vpc,
                subnet=subnet,
                private_address=idc.address(subnet),
                local_prefixes=[idc.cidr],
                remote_prefixes=[cloud.cidr, second.cidr],
                **settings.device,
            )
            for name, subnet in zip(("CgwActive", "CgwStandby"), idc.public_subnets, strict=True)
        )
        vpn_active = VpnConnection(
            self,
            "VpnActive",
            gateway=tgw,
            customer_gateway=active.customer_gateway,
            routing=Bgp(),
            security_profile=settings.security_profile,
            tunnels=(TunnelOptions(inside_cidr="169.254.10.0/30"), TunnelOptions(inside_cidr="169.254.11.0/30")),
        )
        vpn_standby = VpnConnection(
            self,
            "VpnStandby",
            gateway=tgw,
            customer_gateway=standby.customer_gateway,
            routing=Bgp(),
            security_profile=settings.security_profile,
            tunnels=(TunnelOptions(inside_cidr="169.254.20.0/30"), TunnelOptions(inside_cidr="169.254.21.0/30")),
        )
        active.connect(vpn_active)
        standby.connect(vpn_standby)
        CgwPair(
            self,
            "Pair",
            active=active,
            standby=standby,
            idc_route_tables=idc.private_route_tables,
            active_active=True,
        )

        from_vpcs = TransitGatewayRouteTable(self, "FromVpcs", transit_gateway=tgw)
        from_vpcs.associate(*attachments)
        from_vpcs.propagate_from(vpn_active, vpn_standby)
        from_idc = TransitGatewayRouteTable(self, "FromIdc", transit_gateway=tgw)
        from_idc.associate(vpn_active, vpn_standby)
        from_idc.propagate_from(*attachments)

        monitoring = VpnMonitoring(self, "Monitoring", connections=[vpn_active, vpn_standby], devices=[active, standby])

        self.output_connection("VpnActive", vpn_active)
        self.output_connection("VpnStandby", vpn_standby)
        self.output_device("CgwActive", active)
        self.output_device("CgwStandby", standby)
        self.add_host("IdcHost", idc, reachable_from=[cloud.cidr, second.cidr])
        self.add_host("CloudHost", cloud, reachable_from=[idc.cidr])
        self.add_host("SecondCloudHost", second, reachable_from=[idc.cidr])
        self.output_monitoring("Monitoring", monitoring)

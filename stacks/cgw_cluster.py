"""Two devices that act as one: an Elastic IP that moves between them, one customer gateway, one connection."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from cdk_aws_vpn import (
    CgwCluster,
    CgwInstance,
    CloudVpc,
    IdcVpc,
    Static,
    TunnelOptions,
    VirtualPrivateGateway,
    VpnConnection,
    VpnMonitoring,
)
from stacks.scenario import Scenario


class ScenarioCgwCluster(Scenario):
    """Two devices in two zones that share one Elastic IP; AWS sees a single customer gateway.

    The master holds the address. After a takeover, the new master negotiates the tunnels again.
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
        cluster = CgwCluster(
            self,
            "Cluster",
            active=active,
            standby=standby,
            active_shared_address=idc.address(idc.public_subnets[0], 110),
            standby_shared_address=idc.address(idc.public_subnets[1], 110),
            idc_route_tables=idc.private_route_tables,
        )
        vpn = VpnConnection(
            self,
            "Vpn",
            gateway=vgw,
            customer_gateway=cluster.customer_gateway,
            routing=Static([idc.cidr]),
            security_profile=settings.security_profile,
            tunnels=(TunnelOptions(inside_cidr="169.254.10.0/30"), TunnelOptions(inside_cidr="169.254.11.0/30")),
        )
        cluster.connect(vpn)

        monitoring = VpnMonitoring(self, "Monitoring", connections=[vpn], devices=[active, standby])

        self.output_connection("Vpn", vpn)
        self.output_cluster("Cluster", cluster)
        self.output_device("CgwActive", active)
        self.output_device("CgwStandby", standby)
        self.add_host("IdcHost", idc, reachable_from=[cloud.cidr])
        self.add_host("CloudHost", cloud, reachable_from=[idc.cidr])
        self.output_monitoring("Monitoring", monitoring)

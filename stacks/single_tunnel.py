"""One device, one connection, one tunnel in use: the network of many tutorials, with safe defaults."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from cdk_aws_vpn import (
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


class ScenarioSingleTunnel(Scenario):
    """One device, one static connection; only tunnel 1 is configured on the device.

    When tunnel 1 goes down, so does the network. The other scenarios exist to avoid that.
    """

    def __init__(self, scope: Construct, **arguments: Any) -> None:
        super().__init__(scope, **arguments)
        settings = self.settings

        idc = IdcVpc(self, "Idc", cidr=settings.idc_cidr)
        cloud = CloudVpc(self, "Cloud", cidr=settings.cloud_cidr)

        vgw = VirtualPrivateGateway(self, "Vgw", vpc=cloud.vpc, amazon_side_asn=settings.amazon_side_asn)
        vgw.propagate_routes_to(cloud.route_tables)

        cgw = CgwInstance(
            self,
            "Cgw",
            vpc=idc.vpc,
            subnet=idc.public_subnets[0],
            private_address=idc.address(idc.public_subnets[0]),
            local_prefixes=[idc.cidr],
            remote_prefixes=[cloud.cidr],
            **settings.device,
        )
        vpn = VpnConnection(
            self,
            "Vpn",
            gateway=vgw,
            customer_gateway=cgw.customer_gateway,
            routing=Static([idc.cidr]),
            security_profile=settings.security_profile,
            tunnels=(TunnelOptions(inside_cidr="169.254.10.0/30"), TunnelOptions(inside_cidr="169.254.11.0/30")),
        )
        cgw.connect(vpn, tunnels=(1,))
        cgw.route_from(idc.private_route_tables)

        monitoring = VpnMonitoring(self, "Monitoring", connections=[vpn], devices=[cgw])

        self.output_connection("Vpn", vpn)
        self.output_device("Cgw", cgw)
        self.add_host("IdcHost", idc, reachable_from=[cloud.cidr])
        self.add_host("CloudHost", cloud, reachable_from=[idc.cidr])
        self.output_monitoring("Monitoring", monitoring)

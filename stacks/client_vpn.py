"""Client VPN: users reach the cloud and, through a Site-to-Site connection, the data centre."""

from __future__ import annotations

from typing import Any

from constructs import Construct

from cdk_aws_vpn import (
    CgwInstance,
    ClientVpn,
    ClientVpnMonitoring,
    CloudVpc,
    IdcVpc,
    MutualTls,
    Static,
    TunnelOptions,
    VirtualPrivateGateway,
    VpnConnection,
    VpnMonitoring,
)
from stacks.certificates import certificate_arns
from stacks.scenario import Scenario


class ScenarioClientVpn(Scenario):
    """Users with certificates reach the cloud and, over a Site-to-Site connection, the data centre.

    The endpoint has associations in two zones; either one is enough. The Site-to-Site connection is the one of
    ScenarioDualTunnel.
    """

    def __init__(self, scope: Construct, **arguments: Any) -> None:
        super().__init__(scope, **arguments)
        settings = self.settings

        idc = IdcVpc(self, "Idc", cidr=settings.idc_cidr)
        cloud = CloudVpc(self, "Cloud", cidr=settings.cloud_cidr, max_azs=2)

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
        cgw.connect(vpn)
        cgw.route_from(idc.private_route_tables)

        monitoring = VpnMonitoring(self, "Monitoring", connections=[vpn], devices=[cgw])

        server, client_ca = certificate_arns(self)
        client_vpn = ClientVpn(
            self,
            "ClientVpn",
            vpc=cloud.vpc,
            subnets=cloud.private_subnets,
            client_cidr=settings.client_cidr,
            server_certificate_arn=server,
            authentication=[MutualTls(client_ca_arn=client_ca)],
            split_tunnel=True,
        )
        client_vpn.authorize(cloud.cidr, description="The cloud")
        client_vpn.reach(idc.cidr, description="The data centre, over the Site-to-Site connection")

        clients = ClientVpnMonitoring(self, "ClientMonitoring", client_vpn=client_vpn)

        self.output_client_vpn("ClientVpn", client_vpn)
        self.output_connection("Vpn", vpn)
        self.output_device("Cgw", cgw)
        self.add_host("IdcHost", idc, reachable_from=[cloud.cidr])
        self.add_host("CloudHost", cloud, reachable_from=[idc.cidr, cloud.cidr])
        self.output_monitoring("Monitoring", monitoring)
        self.output_monitoring("ClientMonitoring", clients)

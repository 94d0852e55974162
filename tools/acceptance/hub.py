"""Ten connections in one stack, all of them created at the same time."""

from __future__ import annotations

import aws_cdk as cdk

from cdk_aws_vpn import Bgp, CustomerGateway, TransitGateway, VpnConnection

CONNECTIONS = 10


class AcceptanceHub(cdk.Stack):
    """A transit gateway with ten connections to addresses that nobody has."""

    def __init__(self, app: cdk.App) -> None:
        super().__init__(app, "AcceptanceHub", description="Ten VPN connections that are created at the same time")
        gateway = TransitGateway(self, "Gateway")
        for number in range(1, CONNECTIONS + 1):
            firewall = CustomerGateway(self, f"Firewall{number}", address=f"203.0.113.{number}", bgp_asn=65000)
            VpnConnection(self, f"Vpn{number}", gateway=gateway, customer_gateway=firewall, routing=Bgp())


if __name__ == "__main__":
    app = cdk.App()
    AcceptanceHub(app)
    app.synth()

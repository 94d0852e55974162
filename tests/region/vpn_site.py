"""A VPC with a virtual private gateway, to which tests connect."""

from __future__ import annotations

from typing import Any


class Site:
    """A VPC with a virtual private gateway, and customer gateways on demand; everything is deleted at the end."""

    def __init__(self, ec2: Any) -> None:
        self.ec2 = ec2
        self.vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
        self.gateway = ec2.create_vpn_gateway(Type="ipsec.1", AmazonSideAsn=64512)["VpnGateway"]["VpnGatewayId"]
        ec2.attach_vpn_gateway(VpcId=self.vpc, VpnGatewayId=self.gateway)
        self.customers: list[str] = []
        self.connections: list[str] = []

    def customer(self, number: int = 1, asn: int = 65000) -> str:
        made = self.ec2.create_customer_gateway(Type="ipsec.1", IpAddress=f"203.0.113.{100 + number}", BgpAsn=asn)
        self.customers.append(made["CustomerGateway"]["CustomerGatewayId"])
        return self.customers[-1]

    def request(self, *tunnels: dict[str, Any], customer: str | None = None, **options: Any) -> dict[str, Any]:
        return {
            "Type": "ipsec.1",
            "CustomerGatewayId": customer or self.customer(),
            "VpnGatewayId": self.gateway,
            "Options": {"TunnelOptions": list(tunnels), **options},
        }

    def connect(self, *tunnels: dict[str, Any], storage: str = "Standard", **options: Any) -> dict[str, Any]:
        request = self.request(*tunnels, **options)
        made = self.ec2.create_vpn_connection(PreSharedKeyStorage=storage, **request)["VpnConnection"]
        self.connections.append(made["VpnConnectionId"])
        return dict(made)

    def shown(self, identifier: str | None = None) -> dict[str, Any]:
        identifiers = [identifier or self.connections[-1]]
        return dict(self.ec2.describe_vpn_connections(VpnConnectionIds=identifiers)["VpnConnections"][0])

    def remove(self) -> None:
        for connection in self.connections:
            if self.shown(connection)["State"] != "deleted":
                self.ec2.delete_vpn_connection(VpnConnectionId=connection)
        for customer in dict.fromkeys(self.customers):
            self.ec2.delete_customer_gateway(CustomerGatewayId=customer)
        self.ec2.detach_vpn_gateway(VpcId=self.vpc, VpnGatewayId=self.gateway)
        self.ec2.delete_vpn_gateway(VpnGatewayId=self.gateway)
        self.ec2.delete_vpc(VpcId=self.vpc)


def value(*values: object) -> list[dict[str, object]]:
    return [{"Value": one} for one in values]

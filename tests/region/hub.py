"""A transit gateway with what is attached to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vpn_lab.region import Region

IDC = "10.60.0.0/16"


class Hub:
    """A transit gateway, a VPC and a VPN connection; everything is deleted at the end."""

    def __init__(self, region: Region, **options: Any) -> None:
        self.region, self.ec2 = region, region.client("ec2")
        off = {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}
        made = self.ec2.create_transit_gateway(Options={**off, **options})
        self.gateway = made["TransitGateway"]["TransitGatewayId"]
        self.vpc = self.ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [self.subnet(f"10.50.{number}.0/24", zone) for number, zone in enumerate("aab")]
        self.customers: list[str] = []
        self.connections: list[str] = []

    def subnet(self, cidr: str, zone: str) -> str:
        made = self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=f"us-east-1{zone}")
        return str(made["Subnet"]["SubnetId"])

    def request(self, **changed: Any) -> dict[str, Any]:
        return {"TransitGatewayId": self.gateway, "VpcId": self.vpc, "SubnetIds": self.subnets[:1], **changed}

    def attach(self) -> str:
        made = self.ec2.create_transit_gateway_vpc_attachment(**self.request())
        return str(made["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"])

    def connect(self, *tunnels: dict[str, Any], **options: Any) -> dict[str, Any]:
        address = f"203.0.113.{150 + len(self.customers)}"
        customer = self.ec2.create_customer_gateway(Type="ipsec.1", IpAddress=address, BgpAsn=65000)
        self.customers.append(customer["CustomerGateway"]["CustomerGatewayId"])
        made = self.ec2.create_vpn_connection(
            Type="ipsec.1",
            CustomerGatewayId=self.customers[-1],
            TransitGatewayId=self.gateway,
            Options={"TunnelOptions": list(tunnels), **options},
        )["VpnConnection"]
        self.connections.append(made["VpnConnectionId"])
        return dict(made)

    def attachment_of(self, connection: str) -> str:
        """The attachment, once it is available."""
        self.ec2.get_waiter("vpn_connection_available").wait(
            VpnConnectionIds=[connection], WaiterConfig={"Delay": 1, "MaxAttempts": 20}
        )
        mine = [{"Name": "resource-id", "Values": [connection]}]
        (found,) = self.ec2.describe_transit_gateway_attachments(Filters=mine)["TransitGatewayAttachments"]
        return str(found["TransitGatewayAttachmentId"])

    def table(self) -> str:
        made = self.ec2.create_transit_gateway_route_table(TransitGatewayId=self.gateway)
        return str(made["TransitGatewayRouteTable"]["TransitGatewayRouteTableId"])

    def routes(self, table: str) -> list[tuple[str, str, str, list[str]]]:
        both = [{"Name": "state", "Values": ["active", "blackhole"]}]
        found = self.ec2.search_transit_gateway_routes(TransitGatewayRouteTableId=table, Filters=both)["Routes"]
        return [
            (
                one["DestinationCidrBlock"],
                one["Type"],
                one["State"],
                [each["ResourceType"] for each in one.get("TransitGatewayAttachments", [])],
            )
            for one in found
        ]

    def report(self, connection: dict[str, Any], status: str = "UP") -> None:
        for tunnel in connection["Options"]["TunnelOptions"]:
            self.region.report_tunnel(
                connection["VpnConnectionId"], tunnel["OutsideIpAddress"], status=status, learned_prefixes=[IDC]
            )

    def remove(self) -> None:
        for connection in self.connections:
            self.ec2.delete_vpn_connection(VpnConnectionId=connection)
        for customer in self.customers:
            self.ec2.delete_customer_gateway(CustomerGatewayId=customer)
        mine = [{"Name": "transit-gateway-id", "Values": [self.gateway]}]
        for one in self.ec2.describe_transit_gateway_attachments(Filters=mine)["TransitGatewayAttachments"]:
            attachment = one["TransitGatewayAttachmentId"]
            self.ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=attachment)
        self.ec2.delete_transit_gateway(TransitGatewayId=self.gateway)
        for subnet in self.subnets:
            self.ec2.delete_subnet(SubnetId=subnet)
        self.ec2.delete_vpc(VpcId=self.vpc)


def relate(hub: Hub, call: str, table: str, attachment: str) -> Callable[[], Any]:
    names = {"TransitGatewayRouteTableId": table, "TransitGatewayAttachmentId": attachment}
    return lambda: getattr(hub.ec2, call)(**names)

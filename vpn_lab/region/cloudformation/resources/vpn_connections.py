# ruff: noqa: ARG002 -- every type has the same signatures
"""Site-to-Site VPN connections and their static routes."""

from __future__ import annotations

import time
from typing import Any

from vpn_lab.region.cloudformation.resource import (
    Attributes,
    Place,
    Properties,
    ResourceType,
    changed,
    picked,
    retag,
    tag,
)

OPTIONS = (
    "EnableAcceleration",
    "LocalIpv4NetworkCidr",
    "LocalIpv6NetworkCidr",
    "OutsideIpAddressType",
    "RemoteIpv4NetworkCidr",
    "RemoteIpv6NetworkCidr",
    "StaticRoutesOnly",
    "TransportTransitGatewayAttachmentId",
    "TunnelBandwidth",
    "TunnelInsideIpVersion",
)
LOG_OPTIONS = {
    "LogEnabled": "LogEnabled",
    "LogGroupArn": "LogGroupArn",
    "LogOutputFormat": "LogOutputFormat",
    "BgpLogEnabled": "BgpLogEnabled",
    "BgpLogGroupArn": "BgpLogGroupArn",
    "BgpLogOutputFormat": "BgpLogOutputFormat",
}
PROVISIONING_DEADLINE_SECONDS = 30


def tunnel_specification(properties: Properties) -> dict[str, Any]:
    """One entry of VpnTunnelOptionsSpecifications in the form of the API."""
    made = dict(properties)
    logs = (made.pop("LogOptions", None) or {}).get("CloudwatchLogOptions")
    if logs:
        made["LogOptions"] = {"CloudWatchLogOptions": {LOG_OPTIONS[name]: value for name, value in logs.items()}}
    return made


class VpnConnection(ResourceType):
    name = "AWS::EC2::VPNConnection"

    def create(self, properties: Properties, place: Place) -> str:
        options = picked(properties, *OPTIONS)
        tunnels = [tunnel_specification(one) for one in properties.get("VpnTunnelOptionsSpecifications") or ()]
        if tunnels:
            options["TunnelOptions"] = tunnels
        ends = ("Type", "CustomerGatewayId", "VpnGatewayId", "TransitGatewayId", "PreSharedKeyStorage")
        made = self.ec2.create_vpn_connection(Options=options, **picked(properties, *ends))["VpnConnection"]
        return str(made["VpnConnectionId"])

    def settle(self, physical_id: str, properties: Properties) -> None:
        tag(physical_id, properties)
        self._wait(physical_id)

    def _found(self, identifier: str) -> dict[str, Any]:
        return dict(self.ec2.describe_vpn_connections(VpnConnectionIds=[identifier])["VpnConnections"][0])

    def _wait(self, identifier: str) -> None:
        deadline = time.monotonic() + PROVISIONING_DEADLINE_SECONDS
        while self._found(identifier)["State"] != "available":
            if time.monotonic() > deadline:
                raise TimeoutError(f"{identifier} did not become available in {PROVISIONING_DEADLINE_SECONDS} s")
            time.sleep(0.05)

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {"VpnConnectionId": physical_id}

    def update(self, physical_id: str, old: Properties, new: Properties, place: Place) -> None:
        if changed(old, new, "CustomerGatewayId", "VpnGatewayId", "TransitGatewayId"):
            self.ec2.modify_vpn_connection(
                VpnConnectionId=physical_id,
                **picked(new, "CustomerGatewayId", "VpnGatewayId", "TransitGatewayId"),
            )
        if changed(old, new, "TunnelBandwidth"):
            self.ec2.modify_vpn_connection_options(
                VpnConnectionId=physical_id, TunnelBandwidth=new.get("TunnelBandwidth", "standard")
            )
        self._change_tunnels(physical_id, old, new)
        retag(physical_id, old, new)

    def _change_tunnels(self, identifier: str, old: Properties, new: Properties) -> None:
        """Change one tunnel after the other with ModifyVpnTunnelOptions; skip a tunnel whose options stay the same."""
        before = old.get("VpnTunnelOptionsSpecifications") or ()
        after = new.get("VpnTunnelOptionsSpecifications") or ()
        addresses = [one["OutsideIpAddress"] for one in self._found(identifier)["Options"]["TunnelOptions"]]
        for number, specification in enumerate(after):
            previous = before[number] if number < len(before) else {}
            if specification != previous:
                self.ec2.modify_vpn_tunnel_options(
                    VpnConnectionId=identifier,
                    VpnTunnelOutsideIpAddress=addresses[number],
                    TunnelOptions=tunnel_specification(specification),
                )

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_vpn_connection(VpnConnectionId=physical_id)


class VpnConnectionRoute(ResourceType):
    name = "AWS::EC2::VPNConnectionRoute"

    def create(self, properties: Properties, place: Place) -> str:
        self.ec2.create_vpn_connection_route(**picked(properties, "VpnConnectionId", "DestinationCidrBlock"))
        return f"{properties['DestinationCidrBlock']}|{properties['VpnConnectionId']}"

    def attributes(self, physical_id: str, properties: Properties) -> Attributes:
        return {}

    def delete(self, physical_id: str, properties: Properties) -> None:
        self.ec2.delete_vpn_connection_route(**picked(properties, "VpnConnectionId", "DestinationCidrBlock"))

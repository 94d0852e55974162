"""The EC2 actions that differ from moto's: one method per action, named as moto's dispatcher names them."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.responses import EC2Response
from moto.ec2.utils import add_tag_specification, is_valid_resource_id

from vpn_lab.region.ec2.backend import backends
from vpn_lab.region.ec2.client_vpn.actions import ClientVpnActions
from vpn_lab.region.ec2.instances.actions import InstanceActions
from vpn_lab.region.ec2.instances.profile_actions import ProfileActions
from vpn_lab.region.ec2.instances.root_volume_actions import RootVolumeActions
from vpn_lab.region.ec2.transit.actions import TransitGatewayActions
from vpn_lab.region.ec2.vpn.actions import VpnActions


class RegionEc2(
    VpnActions, TransitGatewayActions, ClientVpnActions, InstanceActions, ProfileActions, RootVolumeActions, EC2Response
):
    @property
    def ec2_backend(self) -> Any:
        return backends[self.current_account][self.region]

    def create_tags(self) -> ActionResult:
        """Look up our resources here; moto knows only its own."""
        identifiers = self._get_param("Resources", [])
        ours = [one for one in identifiers if not is_valid_resource_id(one)]
        for identifier in ours:
            if identifier.startswith("cvpn-endpoint-"):
                self.ec2_backend.client_vpn_endpoint(identifier)
            else:
                self.ec2_backend.instance_connect_endpoint(identifier)
        self.ec2_backend.create_tags(ours, {one["Key"]: one["Value"] for one in self._get_param("Tags", [])})
        self.params["Resources"] = [one for one in identifiers if one not in ours]
        return super().create_tags() if self.params["Resources"] or not ours else EmptyResult()

    def describe_route_tables(self) -> ActionResult:
        backend = self.ec2_backend
        tables = backend.describe_route_tables(self._get_param("RouteTableIds", []), self._filters_from_querystring())
        return ActionResult({"RouteTables": [backend.show_route_table(table) for table in tables]})

    def delete_route_table(self) -> ActionResult:
        self.ec2_backend.check_not_main(self._get_param("RouteTableId"))
        return super().delete_route_table()

    def enable_vgw_route_propagation(self) -> ActionResult:
        self.ec2_backend.enable_vgw_route_propagation(self._get_param("RouteTableId"), self._get_param("GatewayId"))
        return EmptyResult()

    def disable_vgw_route_propagation(self) -> ActionResult:
        self.ec2_backend.disable_vgw_route_propagation(self._get_param("RouteTableId"), self._get_param("GatewayId"))
        return EmptyResult()

    def associate_address(self) -> ActionResult:
        self.error_on_dryrun()
        return ActionResult({"AssociationId": self.ec2_backend.map_address(self.params).association_id})

    def create_instance_connect_endpoint(self) -> ActionResult:
        tags = add_tag_specification(self._get_param("TagSpecifications", []))
        endpoint = self.ec2_backend.open_instance_connect_endpoint(self.params, tags)
        return ActionResult({"InstanceConnectEndpoint": endpoint.shown()})

    def describe_instance_connect_endpoints(self) -> ActionResult:
        backend = self.ec2_backend
        identifiers = self._get_param("InstanceConnectEndpointIds", []) or list(backend.instance_connect_endpoints)
        found = [backend.instance_connect_endpoint(identifier).shown() for identifier in identifiers]
        for name, values in self._filters_from_querystring().items():
            member = {"vpc-id": "VpcId", "subnet-id": "SubnetId", "state": "State"}[name]
            found = [endpoint for endpoint in found if endpoint[member] in values]
        return ActionResult({"InstanceConnectEndpoints": found})

    def delete_instance_connect_endpoint(self) -> ActionResult:
        closed = self.ec2_backend.close_instance_connect_endpoint(self._get_param("InstanceConnectEndpointId"))
        return ActionResult({"InstanceConnectEndpoint": closed})


def failure(status: int, code: str, message: str) -> tuple[int, dict[str, str], str]:
    """An error that moto does not produce: an unknown action, or a defect of the emulation."""
    body = (
        f"<Response><Errors><Error><Code>{code}</Code><Message>{escape(message)}</Message></Error></Errors>"
        "<RequestID>none</RequestID></Response>"
    )
    return status, {"Content-Type": "text/xml"}, body

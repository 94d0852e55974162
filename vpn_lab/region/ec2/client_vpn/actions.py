"""The actions of Client VPN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.responses import EC2Response
from moto.ec2.utils import add_tag_specification


class ClientVpnActions(EC2Response):
    def _endpoint(self) -> Any:
        return self.ec2_backend.client_vpn_endpoint(self._get_param("ClientVpnEndpointId"))

    def create_client_vpn_endpoint(self) -> ActionResult:
        tags = add_tag_specification(self._get_param("TagSpecifications", []))
        endpoint = self.ec2_backend.open_client_vpn_endpoint(self.params, tags)
        shown = endpoint.shown()
        return ActionResult({name: shown[name] for name in ("ClientVpnEndpointId", "Status", "DnsName")})

    def describe_client_vpn_endpoints(self) -> ActionResult:
        backend = self.ec2_backend
        identifiers = self._get_param("ClientVpnEndpointIds", []) or list(backend.client_vpn_endpoints)
        found = [backend.client_vpn_endpoint(one).shown() for one in identifiers]
        members = {"endpoint-id": "ClientVpnEndpointId", "transport-protocol": "TransportProtocol"}
        return ActionResult({"ClientVpnEndpoints": self._chosen(found, lambda one, name: one[members[name]])})

    def modify_client_vpn_endpoint(self) -> ActionResult:
        self.ec2_backend.change_client_vpn_endpoint(self.params)
        return ActionResult({"Return": True})

    def delete_client_vpn_endpoint(self) -> ActionResult:
        self.ec2_backend.close_client_vpn_endpoint(self._get_param("ClientVpnEndpointId"))
        return ActionResult({"Status": {"Code": "deleting"}})

    def associate_client_vpn_target_network(self) -> ActionResult:
        association = self.ec2_backend.associate_client_vpn(
            self._get_param("ClientVpnEndpointId"), self._get_param("SubnetId")
        )
        return ActionResult({"AssociationId": association.id, "Status": {"Code": "associating"}})

    def disassociate_client_vpn_target_network(self) -> ActionResult:
        association = self._get_param("AssociationId")
        self.ec2_backend.disassociate_client_vpn(self._get_param("ClientVpnEndpointId"), association)
        return ActionResult({"AssociationId": association, "Status": {"Code": "disassociating"}})

    def describe_client_vpn_target_networks(self) -> ActionResult:
        wanted = self._get_param("AssociationIds", [])
        found = [one for one in self._endpoint().shown_networks() if not wanted or one["AssociationId"] in wanted]
        members = {"association-id": "AssociationId", "target-network-id": "TargetNetworkId", "vpc-id": "VpcId"}
        return ActionResult({"ClientVpnTargetNetworks": self._chosen(found, lambda one, name: one[members[name]])})

    def apply_security_groups_to_client_vpn_target_network(self) -> ActionResult:
        groups = self._get_param("SecurityGroupIds", [])
        self.ec2_backend.apply_groups_to_client_vpn(
            self._get_param("ClientVpnEndpointId"), self._get_param("VpcId"), groups
        )
        return ActionResult({"SecurityGroupIds": groups})

    def create_client_vpn_route(self) -> ActionResult:
        self.ec2_backend.add_client_route(self.params)
        return ActionResult({"Status": {"Code": "creating"}})

    def delete_client_vpn_route(self) -> ActionResult:
        self.ec2_backend.remove_client_route(self.params)
        return ActionResult({"Status": {"Code": "deleting"}})

    def describe_client_vpn_routes(self) -> ActionResult:
        members = {"destination-cidr": "DestinationCidr", "origin": "Origin", "target-subnet": "TargetSubnet"}
        found = self._endpoint().shown_routes()
        return ActionResult({"Routes": self._chosen(found, lambda one, name: one[members[name]])})

    def authorize_client_vpn_ingress(self) -> ActionResult:
        self.ec2_backend.authorize_clients(self.params)
        return ActionResult({"Status": {"Code": "authorizing"}})

    def revoke_client_vpn_ingress(self) -> ActionResult:
        self.ec2_backend.revoke_client_ingress(self.params)
        return ActionResult({"Status": {"Code": "revoking"}})

    def describe_client_vpn_authorization_rules(self) -> ActionResult:
        members = {"destination-cidr": "DestinationCidr", "group-id": "GroupId", "description": "Description"}
        found = self._endpoint().shown_rules()
        return ActionResult({"AuthorizationRules": self._chosen(found, lambda one, name: one[members[name]])})

    def export_client_vpn_client_configuration(self) -> ActionResult:
        text = self.ec2_backend.client_configuration(self._get_param("ClientVpnEndpointId"))
        return ActionResult({"ClientConfiguration": text})

    def import_client_vpn_client_certificate_revocation_list(self) -> ActionResult:
        self.ec2_backend.revoke_clients(
            self._get_param("ClientVpnEndpointId"), self._get_param("CertificateRevocationList")
        )
        return ActionResult({"Return": True})

    def export_client_vpn_client_certificate_revocation_list(self) -> ActionResult:
        text = self._endpoint().revocation_list
        if text is None:
            return ActionResult({"Status": {"Code": "pending"}})
        return ActionResult({"CertificateRevocationList": text, "Status": {"Code": "active"}})

    def describe_client_vpn_connections(self) -> ActionResult:
        members = {"connection-id": "ConnectionId", "username": "Username"}
        found = list(self._endpoint().connections.values())
        return ActionResult({"Connections": self._chosen(found, lambda one, name: one.get(members[name]))})

    def terminate_client_vpn_connections(self) -> ActionResult:
        identifier, user = self._get_param("ClientVpnEndpointId"), self._get_param("Username")
        ended = self.ec2_backend.end_client_connections(identifier, self._get_param("ConnectionId"), user)
        return ActionResult({"ClientVpnEndpointId": identifier, "Username": user, "ConnectionStatuses": ended})

    def _chosen(self, found: list[dict[str, Any]], value: Callable[[dict[str, Any], str], Any]) -> list[dict[str, Any]]:
        """Apply the request's filters."""
        for name, values in self._filters_from_querystring().items():
            found = [one for one in found if value(one, name) in values]
        return found

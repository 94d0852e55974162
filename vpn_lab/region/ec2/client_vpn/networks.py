"""The target networks, routes and authorization rules of a Client VPN endpoint, with the checks of EC2."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

from vpn_lab.region.ec2.client_vpn import options as client_vpn_options
from vpn_lab.region.ec2.client_vpn.endpoint import Association, ClientRoute, ClientVpnEndpoint, Rule
from vpn_lab.region.ec2.client_vpn.endpoints import ClientVpnEndpoints
from vpn_lab.region.ec2.errors import invalid_value, refusal

SMALLEST_SUBNET = 27
FREE_ADDRESSES = 20
KEPT_BY_AWS = 5
ROUTES_PER_ASSOCIATION = 100
RULES_PER_ENDPOINT = 200
ANYWHERE = IPv4Network("0.0.0.0/0")


class ClientVpnNetworks(ClientVpnEndpoints):
    def associate_client_vpn(self, identifier: str, subnet_id: str) -> Association:
        """AssociateClientVpnTargetNetwork; AWS automatically adds the route to the VPC."""
        endpoint = self.client_vpn_endpoint(identifier)
        subnet = self._target_subnet(subnet_id)
        self._check_target(endpoint, subnet)
        groups = list(endpoint.settings.get("SecurityGroupIds") or [])
        if not groups:
            groups = [one.id for one in self.groups[subnet.vpc_id].values() if one.name == "default"]
        description = f"ClientVPN Endpoint resource {identifier}"
        interface = self.create_network_interface(subnet, "", None, groups, description)
        interface.requester_managed = True
        association = Association(interface)
        endpoint.associations[association.id] = association
        endpoint.settings.setdefault("VpcId", subnet.vpc_id)
        endpoint.settings.setdefault("SecurityGroupIds", groups)
        local = str(self.get_vpc(subnet.vpc_id).cidr_block)
        endpoint.routes.append(ClientRoute(local, subnet_id, "associate", "Default Route"))
        return association

    def _target_subnet(self, subnet_id: str) -> Any:
        if not self.describe_subnets(filters={"subnet-id": [subnet_id]}):
            raise refusal("InvalidClientVpnSubnetId.NotFound", f"Subnet {subnet_id} does not exist")
        return self.get_subnet(subnet_id)

    def _check_target(self, endpoint: ClientVpnEndpoint, subnet: Any) -> None:
        for other in endpoint.associations.values():
            if other.interface.subnet.id == subnet.id:
                message = f"{endpoint.id} is already associated with {subnet.id}"
                raise refusal("InvalidClientVpnDuplicateAssociationException", message)
            if other.interface.subnet.availability_zone == subnet.availability_zone:
                message = f"{endpoint.id} is already associated with a subnet in {subnet.availability_zone}"
                raise refusal("InvalidClientVpnSubnetId.DuplicateAz", message)
        vpc = endpoint.settings.get("VpcId")
        if vpc not in (None, subnet.vpc_id):
            raise refusal("InvalidParameterValue", f"{subnet.id} does not belong to {vpc}, the VPC of {endpoint.id}")
        block = IPv4Network(self.get_vpc(subnet.vpc_id).cidr_block)
        if block.overlaps(IPv4Network(endpoint.client_cidr)):
            message = f"The VPC's CIDR {block} overlaps the client CIDR {endpoint.client_cidr}"
            raise refusal("InvalidClientVpnSubnetId.OverlappingCidr", message)
        free = subnet.cidr.num_addresses - KEPT_BY_AWS - len(self.private_addresses(subnet))
        if subnet.cidr.prefixlen > SMALLEST_SUBNET or free < FREE_ADDRESSES:
            rule = f"It must be /{SMALLEST_SUBNET} or larger and have {FREE_ADDRESSES} free addresses."
            raise invalid_value("subnetId", subnet.id, rule)

    def disassociate_client_vpn(self, identifier: str, association_id: str) -> None:
        """DisassociateClientVpnTargetNetwork; this also deletes the routes through the subnet."""
        endpoint = self.client_vpn_endpoint(identifier)
        if association_id not in endpoint.associations:
            message = f"There is no association {association_id} on {identifier}"
            raise refusal("InvalidClientVpnAssociationIdNotFound", message)
        interface = endpoint.associations.pop(association_id).interface
        endpoint.routes = [one for one in endpoint.routes if one.subnet != interface.subnet.id]
        interface.requester_managed = False
        self.delete_network_interface(interface.id)

    def apply_groups_to_client_vpn(self, identifier: str, vpc_id: str, groups: list[str]) -> None:
        """ApplySecurityGroupsToClientVpnTargetNetwork."""
        self.change_client_vpn_endpoint(
            {"ClientVpnEndpointId": identifier, "VpcId": vpc_id, "SecurityGroupIds": groups}
        )

    def add_client_route(self, request: dict[str, Any]) -> None:
        """CreateClientVpnRoute."""
        endpoint = self.client_vpn_endpoint(request["ClientVpnEndpointId"])
        destination = client_vpn_options.network("destinationCidrBlock", request["DestinationCidrBlock"])
        subnet = request["TargetVpcSubnetId"]
        if subnet not in {one.interface.subnet.id for one in endpoint.associations.values()}:
            message = f"There is no active association of {endpoint.id} with {subnet}"
            raise refusal("InvalidClientVpnActiveAssociationNotFound", message)
        if destination != ANYWHERE and destination.overlaps(IPv4Network(endpoint.client_cidr)):
            rule = f"It overlaps the client CIDR {endpoint.client_cidr}."
            raise invalid_value("destinationCidrBlock", destination, rule)
        through = [one for one in endpoint.routes if one.subnet == subnet]
        if str(destination) in {one.destination for one in through}:
            message = f"There is a route to {destination} through {subnet} already"
            raise refusal("InvalidClientVpnDuplicateRoute", message)
        if len(through) >= ROUTES_PER_ASSOCIATION:
            raise refusal("ClientVpnRouteLimitExceeded", f"At most {ROUTES_PER_ASSOCIATION} through a target network.")
        endpoint.routes.append(ClientRoute(str(destination), subnet, "add-route", request.get("Description")))

    def remove_client_route(self, request: dict[str, Any]) -> None:
        """DeleteClientVpnRoute: only for routes that CreateClientVpnRoute created."""
        endpoint = self.client_vpn_endpoint(request["ClientVpnEndpointId"])
        destination, subnet = request["DestinationCidrBlock"], request.get("TargetVpcSubnetId")
        for one in endpoint.routes:
            if (one.destination, one.origin) == (destination, "add-route") and subnet in (None, one.subnet):
                endpoint.routes.remove(one)
                return
        raise refusal("InvalidClientVpnRouteNotFound", f"There is no route to {destination} through {subnet}")

    def authorize_clients(self, request: dict[str, Any]) -> None:
        """AuthorizeClientVpnIngress."""
        endpoint = self.client_vpn_endpoint(request["ClientVpnEndpointId"])
        target = str(client_vpn_options.network("targetNetworkCidr", request["TargetNetworkCidr"]))
        group = request.get("AccessGroupId")
        if (group is not None) == bool(request.get("AuthorizeAllGroups")):
            raise refusal("InvalidParameterCombination", "Give either AccessGroupId or AuthorizeAllGroups.")
        if group is not None and not endpoint.knows_groups:
            raise refusal(
                "InvalidParameterValue", "AccessGroupId requires Active Directory or federated authentication."
            )
        if (target, group) in {(one.network, one.group) for one in endpoint.rules}:
            message = f"There is a rule for {target} already"
            raise refusal("InvalidClientVpnDuplicateAuthorizationRule", message)
        if len(endpoint.rules) >= RULES_PER_ENDPOINT:
            raise refusal("ClientVpnAuthorizationRuleLimitExceeded", f"At most {RULES_PER_ENDPOINT} on an endpoint.")
        endpoint.rules.append(Rule(target, group, request.get("Description")))

    def revoke_client_ingress(self, request: dict[str, Any]) -> None:
        """RevokeClientVpnIngress."""
        endpoint = self.client_vpn_endpoint(request["ClientVpnEndpointId"])
        wanted = (request["TargetNetworkCidr"], request.get("AccessGroupId"))
        for one in endpoint.rules:
            if (one.network, one.group) == wanted:
                endpoint.rules.remove(one)
                return
        raise refusal("InvalidClientVpnEndpointAuthorizationRuleNotFound", f"There is no rule for {wanted[0]}")

"""EC2 Instance Connect Endpoints, which moto does not have: one per VPC, with an interface in its subnet."""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend
from moto.ec2.models.core import TaggedEC2Resource
from moto.moto_api._internal import mock_random

from vpn_lab.region import quotas
from vpn_lab.region.ec2.account_quotas import AccountQuotas
from vpn_lab.region.ec2.errors import refusal
from vpn_lab.region.ec2.networks.interfaces import Interfaces


class InstanceConnectEndpoint(TaggedEC2Resource):
    state = "create-complete"

    def __init__(self, backend: Any, interface: Any, groups: list[str], request: dict[str, Any]) -> None:
        self.ec2_backend = backend
        self.id = "eice-" + mock_random.get_random_hex(17)
        self.interface = interface
        self.security_group_ids = groups
        self.preserve_client_ip = bool(request.get("PreserveClientIp", False))
        self.created_at = utcnow()

    def shown(self) -> dict[str, Any]:
        backend = self.ec2_backend
        region = backend.region_name
        return {
            "OwnerId": backend.account_id,
            "InstanceConnectEndpointId": self.id,
            "InstanceConnectEndpointArn": (
                f"arn:{backend.partition}:ec2:{region}:{backend.account_id}:instance-connect-endpoint/{self.id}"
            ),
            "State": self.state,
            "DnsName": f"{self.id}.ec2-instance-connect-endpoint.{region}.amazonaws.com",
            "NetworkInterfaceIds": [self.interface.id],
            "VpcId": self.interface.vpc_id,
            "SubnetId": self.interface.subnet_id,
            "AvailabilityZone": self.interface.availability_zone,
            "CreatedAt": self.created_at,
            "PreserveClientIp": self.preserve_client_ip,
            "SecurityGroupIds": self.security_group_ids,
            "Tags": [{"Key": tag["key"], "Value": tag["value"]} for tag in self.get_tags()],
        }


class InstanceConnectEndpoints(AccountQuotas, Interfaces, EC2Backend):
    instance_connect_endpoints: dict[str, InstanceConnectEndpoint]

    def open_instance_connect_endpoint(self, request: dict[str, Any], tags: dict[str, str]) -> InstanceConnectEndpoint:
        subnet = self.get_subnet(request["SubnetId"])
        for existing in self.instance_connect_endpoints.values():
            if existing.interface.vpc_id == subnet.vpc_id:
                message = f"The VPC {subnet.vpc_id} already has an EC2 Instance Connect Endpoint."
                raise refusal("ResourceLimitExceeded", message)
        self.check_quota(
            quotas.INSTANCE_CONNECT_ENDPOINTS,
            len(self.instance_connect_endpoints),
            "ResourceLimitExceeded",
            "EC2 Instance Connect Endpoints",
        )
        interface = self.create_network_interface(
            subnet, "", None, request.get("SecurityGroupIds"), "EC2 Instance Connect Endpoint"
        )
        interface.requester_managed = True
        groups = [group.id for group in interface._group_set]
        endpoint = InstanceConnectEndpoint(self, interface, groups, request)
        endpoint.add_tags(tags)
        self.instance_connect_endpoints[endpoint.id] = endpoint
        return endpoint

    def close_instance_connect_endpoint(self, identifier: str) -> dict[str, Any]:
        endpoint = self.instance_connect_endpoint(identifier)
        shown = {**endpoint.shown(), "State": "delete-complete"}
        endpoint.interface.requester_managed = False
        self.delete_network_interface(endpoint.interface.id)
        del self.instance_connect_endpoints[identifier]
        return shown

    def instance_connect_endpoint(self, identifier: str) -> InstanceConnectEndpoint:
        if identifier not in self.instance_connect_endpoints:
            message = f"The instance connect endpoint '{identifier}' does not exist"
            raise refusal("InvalidInstanceConnectEndpointId.NotFound", message)
        return self.instance_connect_endpoints[identifier]

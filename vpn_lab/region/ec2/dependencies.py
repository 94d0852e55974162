"""Rejects deleting what something else still needs."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC

from vpn_lab.region.ec2.errors import dependency_violation, refusal
from vpn_lab.region.ec2.transit.gateways import TransitGateways


class Dependencies(TransitGateways, EC2Backend):
    def delete_vpc(self, vpc_id: str) -> VPC:
        gateways = [gateway for gateway in self.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id]
        groups = [group for group in self.groups.get(vpc_id, {}).values() if group.name != "default"]
        interfaces = [interface for interface in self.enis.values() if interface.vpc_id == vpc_id]
        if gateways or groups or interfaces:
            raise dependency_violation("vpc", vpc_id)
        self.check_unattached("vpc", vpc_id)
        return super().delete_vpc(vpc_id)

    def delete_subnet(self, subnet_id: str) -> Subnet:
        if any(interface.subnet.id == subnet_id for interface in self.enis.values()):
            raise dependency_violation("subnet", subnet_id)
        self.check_unattached("subnet", subnet_id)
        deleted = super().delete_subnet(subnet_id)
        for table in self.route_tables.values():
            for association, target in list(table._associations.items()):
                if target == subnet_id:
                    del table._associations[association]
        return deleted

    def delete_security_group(self, name: str | None = None, group_id: str | None = None) -> None:
        group = self.get_security_group_by_name_or_id(group_id or name or "")
        if group is None:
            raise refusal("InvalidGroup.NotFound", f"The security group '{group_id or name}' does not exist")
        attached = any(group in interface._group_set for interface in self.enis.values())
        if attached or any(_mentions(other, group.id) for other in self._groups() if other.id != group.id):
            raise refusal("DependencyViolation", f"resource {group.id} has a dependent object")
        super().delete_security_group(name, group_id)

    def _groups(self) -> list[Any]:
        return [group for groups in self.groups.values() for group in groups.values()]

    def detach_internet_gateway(self, internet_gateway_id: str, vpc_id: str) -> None:
        if any(interface.vpc_id == vpc_id and interface.public_ip for interface in self.enis.values()):
            message = (
                f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before "
                "detaching the gateway."
            )
            raise refusal("DependencyViolation", message)
        super().detach_internet_gateway(internet_gateway_id, vpc_id)

    def attach_internet_gateway(self, internet_gateway_id: str, vpc_id: str) -> Any:
        mine = self.get_internet_gateway(internet_gateway_id).vpc
        if mine is not None:
            message = f"resource {internet_gateway_id} is already attached to network {mine.id}"
            raise refusal("Resource.AlreadyAssociated", message)
        if any(gateway.vpc and gateway.vpc.id == vpc_id for gateway in self.internet_gateways.values()):
            message = f"Network {vpc_id} already has an internet gateway attached"
            raise refusal("InvalidParameterValue", message)
        return super().attach_internet_gateway(internet_gateway_id, vpc_id)


def _mentions(group: Any, group_id: str) -> bool:
    return any(rule.source_group.get("GroupId") == group_id for rule in [*group.ingress_rules, *group.egress_rules])

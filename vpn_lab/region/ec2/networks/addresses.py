"""Elastic IP addresses: from a documentation range, one private address each, not released while in use."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_ip_addresses import ElasticAddress

from vpn_lab.region import quotas
from vpn_lab.region.ec2.account_quotas import AccountQuotas
from vpn_lab.region.ec2.errors import refusal
from vpn_lab.region.ec2.networks.interfaces import Interfaces
from vpn_lab.region.ec2.vpn import outside_addresses
from vpn_lab.region.ec2.vpn.outside_addresses import ELASTIC


class RegionElasticAddress(ElasticAddress):
    target: str | None = None
    """The private address that this address maps to, which need not be the first of the interface."""

    @property
    def private_ip_address(self) -> str | None:
        return self.target if self.eni else None


class Addresses(AccountQuotas, Interfaces, EC2Backend):
    def allocate_address(
        self,
        domain: str,  # noqa: ARG002 -- every address is for VPCs
        address: str | None = None,
        tags: dict[str, str] | None = None,
    ) -> ElasticAddress:
        self.check_quota(quotas.ADDRESSES, len(self.addresses), "AddressLimitExceeded", "addresses")
        chosen = address or outside_addresses.first_free(ELASTIC, self.public_addresses())
        allocated = RegionElasticAddress(  # type: ignore[abstract]
            self, "vpc", address=chosen, tags=tags
        )
        self.addresses.append(allocated)
        return allocated

    def map_address(self, request: dict[str, Any]) -> ElasticAddress:
        """AssociateAddress: with the primary private address of the interface, unless the request names another one."""
        elastic = self._named(request)
        interface = self._interface(request)
        primary = interface.private_ip_address
        target = request.get("PrivateIpAddress") or primary
        entry = next((one for one in interface.private_ip_addresses if one["PrivateIpAddress"] == target), None)
        if entry is None:
            message = f"The network interface '{interface.id}' does not have the private address {target}."
            raise refusal("InvalidParameterValue", message)
        self._check_reach(interface)
        if elastic.eni is interface and elastic.target == target:
            return elastic
        self._make_room(elastic, interface, target, bool(request.get("AllowReassociation", False)))
        super().associate_address(eni=interface, allocation_id=elastic.allocation_id, reassociate=True)
        elastic.target, elastic.instance = target, interface.instance
        entry["Association"] = {
            "PublicIp": elastic.public_ip,
            "AllocationId": elastic.allocation_id,
            "AssociationId": elastic.association_id,
            "IpOwnerId": self.account_id,
        }
        if target != primary:
            interface.public_ip = self._mapped_to(interface, primary)
        return elastic

    def _named(self, request: dict[str, Any]) -> RegionElasticAddress:
        if request.get("AllocationId"):
            found = self.address_by_allocation([request["AllocationId"]])
        elif request.get("PublicIp"):
            found = self.address_by_ip([request["PublicIp"]])
        else:
            raise refusal("MissingParameter", "Either 'AllocationId' or 'PublicIp' must be provided.")
        assert isinstance(found[0], RegionElasticAddress)
        return found[0]

    def _interface(self, request: dict[str, Any]) -> Any:
        if request.get("NetworkInterfaceId"):
            return self.get_network_interface(request["NetworkInterfaceId"])
        if request.get("InstanceId"):
            instance = self.get_instance(request["InstanceId"])
            if instance.state not in ("running", "stopped", "pending"):
                raise refusal("IncorrectInstanceState", f"The instance '{instance.id}' is {instance.state}.")
            return instance.nics[0]
        raise refusal("MissingParameter", "Either 'InstanceId' or 'NetworkInterfaceId' must be provided.")

    def _check_reach(self, interface: Any) -> None:
        if not any(gateway.vpc and gateway.vpc.id == interface.vpc_id for gateway in self.internet_gateways.values()):
            message = f"Network {interface.vpc_id} is not attached to any internet gateway"
            raise refusal("Gateway.NotAttached", message)

    def _make_room(self, elastic: RegionElasticAddress, interface: Any, target: str, reassociate: bool) -> None:
        """An Elastic IP address has one private address and vice versa; changing that needs AllowReassociation."""
        moving = elastic.eni is not None
        others = [one for one in self.addresses if one is not elastic and one.eni is interface]
        other = next((one for one in others if one.private_ip_address == target), None)
        if (moving or other) and not reassociate:
            identifier = elastic.allocation_id if moving else interface.id
            raise refusal("Resource.AlreadyAssociated", f"resource {identifier} is already associated.")
        for taken in (elastic if moving else None, other):
            if taken is not None:
                self.disassociate_address(address=taken.public_ip)

    def _mapped_to(self, interface: Any, private: str | None) -> str | None:
        found = [one for one in self.addresses if one.eni is interface and one.private_ip_address == private]
        return found[0].public_ip if found else None

    def disassociate_address(self, address: str | None = None, association_id: str | None = None) -> None:
        found = self.address_by_ip([address]) if address else self.address_by_association([association_id or ""])
        elastic = found[0]
        interface = elastic.eni
        if interface is not None:
            for entry in interface.private_ip_addresses:
                if entry.get("Association", {}).get("PublicIp") == elastic.public_ip:
                    del entry["Association"]
        kept = interface.public_ip if interface is not None else None
        super().disassociate_address(address=elastic.public_ip)
        if interface is not None and kept != elastic.public_ip:
            interface.public_ip = kept

    def release_address(self, address: str | None = None, allocation_id: str | None = None) -> None:
        found = self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id or ""])
        if found[0].eni is not None:
            raise refusal("InvalidIPAddress.InUse", f"Address {found[0].public_ip} is in use.")
        super().release_address(address, allocation_id)

# ruff: noqa: PLR0917 -- moto calls it so
"""Network interfaces whose private addresses are checked as EC2 checks them."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import AddressValueError, IPv4Address
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.subnets import Subnet

from vpn_lab.region.ec2.account import InAccount
from vpn_lab.region.ec2.errors import dependency_violation, invalid_value, refusal
from vpn_lab.region.ec2.vpn import outside_addresses
from vpn_lab.region.ec2.vpn.outside_addresses import ELASTIC

RESERVED_AT_START = 4


class RegionNetworkInterface(NetworkInterface):
    @property
    def network_interface_id(self) -> str:
        """moto derives the name of this member from the class name, which is different here."""
        return str(self.id)

    def check_auto_public_ip(self) -> None:
        """Assign the public address of a subnet or launch: a new one at every start, from the documentation range."""
        if self.public_ip_auto_assign and self.public_ip is None:
            self.public_ip = outside_addresses.first_free(ELASTIC, self.ec2_backend.public_addresses())


class Interfaces(InAccount, EC2Backend):
    def public_addresses(self) -> Iterator[str]:
        """Those of all Regions: a public address exists once in the world."""
        for backend in self.everywhere():
            yield from (address.public_ip for address in backend.addresses)
            yield from (interface.public_ip for interface in backend.enis.values() if interface.public_ip)

    def private_addresses(self, subnet: Subnet) -> set[str]:
        return {
            address["PrivateIpAddress"]
            for interface in self.enis.values()
            if interface.subnet.id == subnet.id
            for address in interface.private_ip_addresses
        }

    def check_private_address(self, subnet: Subnet, address: str) -> str:
        try:
            parsed = IPv4Address(address)
        except AddressValueError:
            raise invalid_value("address", address, "Invalid IPv4 address.") from None
        if parsed not in subnet.cidr:
            raise refusal("InvalidParameterValue", "Address does not fall within the subnet's address range")
        offset = int(parsed) - int(subnet.cidr.network_address)
        if offset < RESERVED_AT_START or parsed == subnet.cidr.broadcast_address:
            raise refusal("InvalidParameterValue", "Address is in subnet's reserved address range")
        if address in self.private_addresses(subnet):
            raise refusal("InvalidIPAddress.InUse", "The specified address is already in use.")
        return address

    def free_private_address(self, subnet: Subnet, beside: set[str]) -> str:
        used = self.private_addresses(subnet) | beside
        first = int(subnet.cidr.network_address) + RESERVED_AT_START
        for number in range(first, int(subnet.cidr.broadcast_address)):
            if str(IPv4Address(number)) not in used:
                return str(IPv4Address(number))
        message = f"Not enough free addresses in subnet '{subnet.id}'"
        raise refusal("InsufficientFreeAddressesInSubnet", message)

    def create_network_interface(
        self,
        subnet: Any,
        private_ip_address: str | list[str],
        private_ip_addresses: list[Any] | None = None,
        group_ids: list[str] | None = None,
        description: str | None = None,
        tags: dict[str, str] | None = None,
        delete_on_termination: bool | None = False,
        **kwargs: Any,
    ) -> NetworkInterface:
        subnet = self.get_subnet(subnet) if isinstance(subnet, str) else subnet
        self._check_groups(subnet, group_ids or [])
        addresses = self._addresses(subnet, str(private_ip_address or ""), private_ip_addresses or [])
        addresses += self._more(subnet, addresses, int(kwargs.pop("secondary_ips_count", None) or 0))
        interface = RegionNetworkInterface(  # type: ignore[abstract]
            self,
            subnet,
            addresses[0],
            [{"Primary": number == 0, "PrivateIpAddress": address} for number, address in enumerate(addresses)],
            group_ids=group_ids,
            description=description,
            tags=tags,
            delete_on_termination=delete_on_termination,
            **kwargs,
        )
        self.enis[interface.id] = interface
        return interface

    def _addresses(self, subnet: Subnet, primary: str, asked: list[Any]) -> list[str]:
        """All requested addresses, the primary one first; without a request, one is chosen."""
        entries = [{"PrivateIpAddress": one} if isinstance(one, str) else one for one in asked]
        named = [entry["PrivateIpAddress"] for entry in entries if entry.get("Primary")]
        first = primary or (named[0] if named else "")
        others = [entry["PrivateIpAddress"] for entry in entries if entry["PrivateIpAddress"] != first]
        if not first:
            first = self.free_private_address(subnet, set(others))
        if len({first, *others}) != 1 + len(others):
            raise refusal("InvalidParameterValue", "A private address is given twice.")
        return [self.check_private_address(subnet, address) for address in (first, *others)]

    def _more(self, subnet: Subnet, addresses: list[str], count: int) -> list[str]:
        more: list[str] = []
        for _ in range(count):
            more.append(self.free_private_address(subnet, {*addresses, *more}))
        return more

    def _check_groups(self, subnet: Subnet, group_ids: list[str]) -> None:
        for group_id in group_ids:
            group = self.get_security_group_from_id(group_id)
            if group is None:
                raise refusal("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist")
            if group.vpc_id != subnet.vpc_id:
                message = f"Security group {group_id} and subnet {subnet.id} belong to different networks."
                raise refusal("InvalidParameter", message)

    def assign_private_ip_addresses(
        self, eni_id: str, private_ip_addresses: list[str] | None = None, secondary_ips_count: int | None = None
    ) -> NetworkInterface:
        interface = self.get_network_interface(eni_id)
        wanted = list(private_ip_addresses or []) or self._more(interface.subnet, [], int(secondary_ips_count or 0))
        mine = {address["PrivateIpAddress"] for address in interface.private_ip_addresses}
        for address in wanted:
            if address not in mine:
                self.check_private_address(interface.subnet, address)
        return super().assign_private_ip_addresses(eni_id, wanted)

    def attach_network_interface(self, eni_id: str, instance_id: str, device_index: int) -> Any:
        interface, instance = self.get_network_interface(eni_id), self.get_instance(instance_id)
        if interface.instance is not None:
            raise refusal("InvalidNetworkInterface.InUse", f"Interface: [{eni_id}] in use.")
        if int(device_index) in instance.nics:
            message = f"Instance '{instance_id}' already has an interface attached at device index '{device_index}'."
            raise refusal("InvalidParameterValue", message)
        if instance.subnet_id and self.get_subnet(instance.subnet_id).vpc_id != interface.vpc_id:
            message = f"Interface {eni_id} and instance {instance_id} belong to different networks."
            raise refusal("InvalidParameterCombination", message)
        return super().attach_network_interface(eni_id, instance_id, device_index)

    def detach_network_interface(self, attachment_id: str) -> None:
        for interface in self.enis.values():
            if interface.attachment_id == attachment_id and interface.device_index == 0:
                message = f"The network interface at device index 0 of {interface.instance} cannot be detached."
                raise refusal("OperationNotPermitted", message)
        super().detach_network_interface(attachment_id)

    def delete_network_interface(self, eni_id: str) -> None:
        interface = self.get_network_interface(eni_id)
        if interface.instance is not None:
            raise refusal("InvalidParameterValue", f"Network interface '{eni_id}' is currently in use.")
        if interface.requester_managed:
            raise dependency_violation("network interface", eni_id)
        for address in list(self.addresses):
            if address.eni is interface:
                self.disassociate_address(address=address.public_ip)
        super().delete_network_interface(eni_id)

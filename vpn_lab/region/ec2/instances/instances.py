"""Instances: launched with checked interfaces, restarted in place, and outlived by interfaces that are not deleted."""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ec2.models.instances import Instance, InstanceState

from vpn_lab.region.ec2.errors import refusal
from vpn_lab.region.ec2.instances import boot_signals
from vpn_lab.region.ec2.networks.addresses import Addresses

USER_DATA_LIMIT = 16384


class NoAddresses:
    """A placeholder, because moto asks a terminated instance for its first interface."""

    private_ip_address: str | None = None
    public_ip: str | None = None


class NoInterfaces(dict[int, Any]):
    """The interfaces of a terminated instance: none, and none of their addresses."""

    def __missing__(self, index: int) -> NoAddresses:
        return NoAddresses()


class Instances(Addresses, EC2Backend):
    boots: dict[str, int]
    """Instance id → how many times it has started, the launch included."""

    def interfaces_for_launch(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        """The interfaces of a launch as entries of NetworkInterfaces; requested new interfaces are created here."""
        specifications = request.get("NetworkInterfaces") or []
        if not specifications:
            if not request.get("SubnetId"):
                raise refusal("MissingInput", "No subnet is given, and the account has no default VPC to fall back on.")
            specifications = [
                {
                    "DeviceIndex": 0,
                    "SubnetId": request["SubnetId"],
                    "PrivateIpAddress": request.get("PrivateIpAddress"),
                    "Groups": request.get("SecurityGroupIds") or [],
                }
            ]
        return [self._interface_for_launch(specification) for specification in specifications]

    def _interface_for_launch(self, specification: dict[str, Any]) -> dict[str, Any]:
        index = int(specification.get("DeviceIndex", 0))
        if specification.get("NetworkInterfaceId"):
            interface = self.get_network_interface(specification["NetworkInterfaceId"])
            if interface.instance is not None:
                message = f"Interface: [{interface.id}] in use."
                raise refusal("InvalidNetworkInterface.InUse", message)
            interface.delete_on_termination = bool(specification.get("DeleteOnTermination", False))
        else:
            interface = self.create_network_interface(
                specification["SubnetId"],
                specification.get("PrivateIpAddress") or "",
                specification.get("PrivateIpAddresses"),
                specification.get("Groups"),
                specification.get("Description") or ("Primary network interface" if index == 0 else None),
                delete_on_termination=bool(specification.get("DeleteOnTermination", True)),
            )
            asked = specification.get("AssociatePublicIpAddress")
            interface.public_ip_auto_assign = interface.subnet.map_public_ip_on_launch if asked is None else asked
        return {"DeviceIndex": index, "NetworkInterfaceId": interface.id}

    def launched(self, instance: Instance) -> None:
        """What a launch decides and moto leaves open: the zone, the groups, the public address, the first boot."""
        primary: NetworkInterface = instance.nics[0]
        instance._subnet_id = primary.subnet.id
        instance._placement.zone = primary.subnet.availability_zone
        instance.security_groups = list(primary._group_set)
        automatic = primary.public_ip_auto_assign
        primary.public_ip_auto_assign = automatic
        primary.check_auto_public_ip()
        self._booted(instance)

    def _booted(self, instance: Instance) -> str:
        """Count a boot, and signal for a device; return the user-data of a device that the region signals for."""
        self.boots[instance.id] = self.boots.get(instance.id, 0) + 1
        return boot_signals.send(instance.id, instance.user_data)

    def start_instances(self, instance_ids: list[str]) -> list[tuple[Instance, InstanceState]]:
        stopped = [one for one in self.get_multi_instances_by_id(instance_ids) if one.state == "stopped"]
        self.check_vcpus(one.instance_type for one in stopped)
        started = super().start_instances(instance_ids)
        for instance, previous in started:
            if previous.name == "stopped":
                instance.launch_time = utcnow()
                self._booted(instance)
        return started

    def modify_instance_attribute(self, instance_id: str, key: str, value: Any) -> Instance:
        instance = self.get_instance(instance_id)
        if key in ("user_data", "instance_type", "ebs_optimized", "kernel") and instance.state != "stopped":
            message = f"The instance '{instance_id}' is not in the 'stopped' state."
            raise refusal("IncorrectInstanceState", message)
        if key == "source_dest_check":
            instance.nics[0].source_dest_check = value
        return super().modify_instance_attribute(instance_id, key, value)

    def terminate_instances(self, instance_ids: list[str]) -> list[tuple[Instance, InstanceState]]:
        for instance in self.get_multi_instances_by_id(instance_ids):
            if instance.disable_api_termination:
                message = f"The instance '{instance.id}' may not be terminated. Modify its 'disableApiTermination'."
                raise refusal("OperationNotPermitted", message)
        nics = {instance.id: list(instance.nics.values()) for instance in self.get_multi_instances_by_id(instance_ids)}
        doomed = [nic for owned in nics.values() for nic in owned if nic.delete_on_termination]
        for nic in doomed:
            nic.delete_on_termination = False
        terminated = super().terminate_instances(instance_ids)
        for instance, _ in terminated:
            for nic in nics[instance.id]:
                self._leave(instance, nic)
        for nic in doomed:
            self.delete_network_interface(nic.id)
        return terminated

    def _leave(self, instance: Instance, nic: NetworkInterface) -> None:
        instance.detach_eni(nic)
        instance.nics = NoInterfaces()
        nic.public_ip_auto_assign = False
        for address in self.addresses:
            if address.eni is nic:
                address.instance = None

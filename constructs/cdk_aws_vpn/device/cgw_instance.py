"""The customer gateway device as an EC2 instance: libreswan, FRR and keepalived on Amazon Linux 2023."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_aws_vpn.checks.addressing import check_address, check_prefixes
from cdk_aws_vpn.checks.arguments import check_instance, check_literal, check_vpc, check_whole_number
from cdk_aws_vpn.checks.asns import check_bgp_asn
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.device.boot import BootParts, DeviceBoot, DeviceSettings
from cdk_aws_vpn.device.configuration import ProbeConfig, check_host_name
from cdk_aws_vpn.device.connection_settings import check_identity, device_bgp, device_tunnels
from cdk_aws_vpn.device.device_state import DeviceState
from cdk_aws_vpn.device.image import check_image, find_image_id
from cdk_aws_vpn.device.permissions import CgwPermissions, check_role
from cdk_aws_vpn.device.uplink import CgwUplink
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.identity import id_for, in_order
from cdk_aws_vpn.foundation.instance_defaults import check_instance_type, check_volume_key
from cdk_aws_vpn.foundation.names import as_host_name, name_tag
from cdk_aws_vpn.foundation.places import check_same_stack
from cdk_aws_vpn.foundation.requirement import require
from cdk_aws_vpn.foundation.subnets import check_public_subnet, check_route_tables, network_of, subnet_cidr
from cdk_aws_vpn.gateways.customer_gateway import CustomerGateway

_NO_CONNECTION = (
    "the device has no VPN connection; allowed: one connection per device; "
    "call connect(VpnConnection(…, customer_gateway=device.customer_gateway, …))"
)


class CgwInstance(DeviceState):
    """A software customer gateway with an Elastic IP of its own.

    Its configuration is rendered into the user-data at synthesis, so a reviewer of the template reads the files that
    will run; only addresses and keys are filled in later. The user-data runs at every boot, so a changed configuration
    needs only a restart in place. CloudFormation waits until the device signals that it is up.

    Call :meth:`connect` once to give it a VPN connection.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        vpc: The VPC of the device, new or existing.
        subnet: A subnet with a route to an internet gateway.
        remote_prefixes: Networks behind AWS that it sends through the tunnels.
        local_prefixes: Networks behind the device, announced by BGP. Default: the VPC's network.
        private_address: Its address in the subnet. Default: chosen by AWS.
        bgp_asn: Its ASN, 1 to 4294967294 except those that AWS reserves. Default: 65000.
        architecture: ``x86_64`` or ``arm64``; it cannot change on a deployed device. Default: ``x86_64``.
        instance_type: A type with processors of this architecture. Default: t3.micro, or t4g.micro with ``arm64``.
        machine_image: Your own Amazon Linux 2023 image. Default: the one that was the newest at the first
            deployment (see :class:`~cdk_aws_vpn.PinnedAmi`). It cannot change on a deployed device: the new instance
            would need the interface that the old one holds. docs/device.md says how to renew a device in place.
        image_release: Any text. Like ``machine_image``, it cannot change on a deployed device. Default: ``"1"``.
        probe: How it tests its tunnels. Default: ``ProbeConfig()``: pings every 200 ms, dead after about 0.6 s.
        ready_timeout_minutes: How long CloudFormation waits for it, 5 to 720. Default: 20.
        name: Host name: 1 to 63 letters, digits, periods, hyphens, underscores. Default: the id, as far as possible.
        role: A role of yours, which EC2 may assume; the device's policy is attached to it, and nothing for Session
            Manager. Default: a new one.
        permissions_boundary: Permissions boundary of a new role. Default: none.
        role_path: Path of a new role, its policy and its instance profile in IAM, such as ``/vpn/``. Default: ``/``.
        volume_encryption_key: KMS key of the volume; your account's EBS settings must be allowed to use it. It cannot
            change on a deployed device. Default: the account's default key for EBS.

    Raises:
        AddressingError: An address, a network or the ASN cannot be used.
        VpnConfigurationError: Another property is out of range.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.IVpc,
        subnet: ec2.ISubnet,
        remote_prefixes: Sequence[str],
        local_prefixes: Sequence[str] | None = None,
        private_address: str | None = None,
        bgp_asn: int = 65000,
        architecture: str = "x86_64",
        instance_type: str | None = None,
        machine_image: ec2.IMachineImage | None = None,
        image_release: str = "1",
        probe: ProbeConfig | None = None,
        ready_timeout_minutes: int = 20,
        name: str | None = None,
        role: iam.IRole | None = None,
        permissions_boundary: iam.IManagedPolicy | None = None,
        role_path: str | None = None,
        volume_encryption_key: kms.IKey | None = None,
    ) -> None:
        check_vpc("vpc", vpc)
        check_public_subnet("subnet", subnet, vpc)
        self.remote_prefixes = check_prefixes("remote_prefixes", remote_prefixes)
        """Networks behind AWS that the device sends through its tunnels."""
        local = check_prefixes("local_prefixes", network_of(vpc) if local_prefixes is None else local_prefixes)
        if private_address is not None:
            check_address("private_address", private_address, within=subnet_cidr(subnet))
        check_bgp_asn("bgp_asn", bgp_asn)
        check_literal("bgp_asn", bgp_asn, "a literal number", "write it: the device's configuration contains it")
        instance_type = check_instance_type(instance_type, architecture)
        check_whole_number("ready_timeout_minutes", ready_timeout_minutes, 5, 720, "leave it out for 20")
        if probe is not None:
            check_instance("probe", probe, ProbeConfig, "wrap the values: ProbeConfig(…)")
        check_image(machine_image, image_release)
        check_host_name("name", name)
        check_role(role, permissions_boundary, role_path)
        check_volume_key(volume_encryption_key)
        super().__init__(scope, construct_id)
        self.vpc = vpc
        """The VPC of the device."""
        self.bgp_asn = bgp_asn
        self.name = name or as_host_name(construct_id)
        self._routed = False
        self.connection: VpnConnection | None = None
        """The VPN connection whose tunnels the device ends; None before :meth:`connect`."""
        self._customer_gateway: CustomerGateway | None = None
        self.uplink = CgwUplink(
            self, "Uplink", vpc=vpc, subnet=subnet, local_prefixes=local, private_address=private_address
        )
        """The device's interface, Elastic IP and security group."""
        self.address: str = self.uplink.address
        """Elastic IP of the device."""
        self.private_address: str = self.uplink.private_address
        """Private address of the device."""
        self.network_interface_id: str = self.uplink.network_interface_id
        """Interface that routes to the tunnels point to."""
        self._permissions = CgwPermissions(
            self, "Permissions", role=role, permissions_boundary=permissions_boundary, role_path=role_path
        )
        self.role: iam.IRole = self._permissions.role
        """Role of the device; it may read its own keys and what else its scenario needs."""
        self.instance_type: str = instance_type
        """Type of the instance, such as ``t3.micro``."""
        settings = DeviceSettings(
            name=self.name,
            instance_type=instance_type,
            image_id=find_image_id(self, machine_image, architecture, image_release),
            local_prefixes=tuple(in_order(self, local)),
            remote_prefixes=tuple(in_order(self, self.remote_prefixes)),
            probe=probe or ProbeConfig(),
            ready_timeout_minutes=ready_timeout_minutes,
            volume_encryption_key=volume_encryption_key,
        )
        self.boot: DeviceBoot = DeviceBoot(self, settings=settings, uplink=self.uplink, permissions=self._permissions)
        """The instance and its user-data, for the constructs that pair and watch devices."""
        self.instance_id: str = self.boot.instance.ref
        """Id of the instance, ``i-…``."""
        self.ready = self.boot.ready
        """What CloudFormation waits for until the device says that it is up."""
        require(self, lambda: self.is_connected, _NO_CONNECTION)

    @property
    def customer_gateway(self) -> CustomerGateway:
        """The customer gateway of this device's own address. The first use adds it to the stack."""
        if self._customer_gateway is None:
            self._customer_gateway = CustomerGateway(
                self, "CustomerGateway", address=self.address, bgp_asn=self.bgp_asn, name=str(name_tag(self).value)
            )
        return self._customer_gateway

    @property
    def user_data(self) -> str:
        """The user-data as text, with tokens where values are known only at deployment.

        Raises:
            VpnConfigurationError: The device has no VPN connection yet.
        """
        if self.boot.parts is None:
            raise VpnConfigurationError(
                "user_data", None, "a device with a VPN connection", "call connect(connection) first"
            )
        return self.boot.user_data(self.boot.parts)

    def connect(
        self, connection: VpnConnection, *, tunnels: Sequence[int] = (1, 2), identity: str | None = None
    ) -> None:
        """Give the device its VPN connection.

        Args:
            connection: A connection whose customer gateway is this device's.
            tunnels: The tunnels that the device sets up, ``(1,)``, ``(2,)`` or both. Default: both.
            identity: Public address that AWS knows the device by, that of the connection's customer gateway. Default:
                its own Elastic IP.

        Raises:
            AddressingError: ``identity`` is not the address of the connection's customer gateway.
            VpnConfigurationError: The device already has a connection; the connection has another customer gateway or
                is in another stack; a tunnel number is neither 1 nor 2; Amazon's ASN is not known; or the user-data
                becomes too large.
        """
        check_instance("connection", connection, VpnConnection, "make one with gateway=… and customer_gateway=…")
        check_same_stack("connection", connection, self, "because a device and its connection refer to each other")
        if self.is_connected:
            raise VpnConfigurationError(
                "connection", connection.node.path, "one connection per device", "add a second CgwInstance for it"
            )
        if identity is None and connection.customer_gateway is not self._customer_gateway:
            raise VpnConfigurationError(
                "connection",
                connection.node.path,
                "a connection whose customer_gateway is this device's",
                "make it with customer_gateway=device.customer_gateway",
            )
        if identity is not None:
            check_identity(identity, connection.customer_gateway)
        chosen = device_tunnels(connection, tunnels)
        for tunnel in chosen:
            self._permissions.read_secret(connection.tunnels[tunnel.number - 1].pre_shared_key)
            self.uplink.security_group.admit_tunnel(tunnel.number, tunnel.outside_address)
        self.boot.instance.node.add_dependency(self._permissions.policy, self.uplink.security_group)
        bgp = device_bgp(connection, self.bgp_asn)
        self.boot.refresh(BootParts(identity=identity or self.address, tunnels=chosen, bgp=bgp))
        self.connection = connection

    def route_from(self, route_tables: Sequence[ec2.IRouteTable]) -> None:
        """Route traffic for the networks behind AWS from ``route_tables`` to this device.

        Args:
            route_tables: Route tables of the VPC's private subnets; one that several subnets share counts once.

        Raises:
            VpnConfigurationError: The list is empty, contains something else or a table of another VPC, or this is the
                second call.
        """
        ids = check_route_tables("route_tables", route_tables, self.vpc)
        if self._routed:
            raise VpnConfigurationError(
                "route_tables", ids, "one call per device", "list all in one call; a pair or a cluster calls it itself"
            )
        self._routed = True
        for table_id in ids:
            for prefix in self.remote_prefixes:
                route = ec2.CfnRoute(
                    self,
                    id_for(self, "Route", table_id, prefix),
                    route_table_id=table_id,
                    destination_cidr_block=prefix,
                    network_interface_id=self.network_interface_id,
                )
                # a route to an interface that no instance has is a black hole
                route.add_resource_dependency(self.boot.instance)

"""The customer gateway device as an EC2 instance: libreswan, FRR and keepalived on Amazon Linux 2023."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace

from aws_cdk import Aws, CfnResource, CfnTag, CfnWaitCondition, CfnWaitConditionHandle, Fn, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3_assets as s3_assets
from constructs import Construct

from cdk_aws_vpn.checks.addressing import check_address, check_prefixes
from cdk_aws_vpn.checks.arguments import (
    check_construct,
    check_instance,
    check_route_tables,
    check_subnet,
    check_vpc,
    check_whole_number,
)
from cdk_aws_vpn.checks.asns import check_bgp_asn
from cdk_aws_vpn.connection.routing import Bgp
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.device.configuration import (
    BgpConfig,
    CodeAsset,
    DeviceConfig,
    MetricsConfig,
    PairConfig,
    ProbeConfig,
    render_user_data,
)
from cdk_aws_vpn.device.connection_settings import device_tunnels
from cdk_aws_vpn.device.permissions import CgwPermissions
from cdk_aws_vpn.device.uplink import CgwUplink
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.asset_files import NOT_SHIPPED, asset_path
from cdk_aws_vpn.foundation.instance_defaults import (
    acknowledge_termination_protection,
    check_instance_type,
    instance_defaults,
)
from cdk_aws_vpn.foundation.pinned_ami import PinnedAmi, check_release
from cdk_aws_vpn.foundation.requirement import require_connection
from cdk_aws_vpn.foundation.subnets import subnet_cidr
from cdk_aws_vpn.gateways.amazon_side_gateway import AmazonSideGateway
from cdk_aws_vpn.gateways.customer_gateway import CustomerGateway

__all__ = ["CgwInstance"]


class CgwInstance(Construct):
    """A software customer gateway with an Elastic IP of its own.

    Its configuration is rendered into the user-data while the template is written, so a reviewer reads the very files
    that will run; only addresses and keys are filled in later. It runs at every boot, so that a changed configuration
    is a restart in place. CloudFormation waits until the device says that it is up.

    Call :meth:`terminate` once to give it a VPN connection.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        vpc: The VPC it stands in, new or existing.
        subnet: A subnet with a route to an internet gateway.
        remote_prefixes: Networks behind AWS that it sends through the tunnels.
        local_prefixes: Networks behind the device, announced by BGP. Default: the VPC's network.
        private_address: Its address in the subnet. Default: chosen by AWS.
        bgp_asn: Its ASN, 1 to 4294967295 without those AWS uses. Default: 65000.
        architecture: ``x86_64`` or ``arm64``. Default: ``x86_64``.
        instance_type: A type with processors of this architecture. Default: t3.micro, or t4g.micro with ``arm64``.
        machine_image: An Amazon Linux 2023 image of your own. Default: the one that was newest at the first
            deployment (see :class:`~cdk_aws_vpn.PinnedAmi`).
        image_release: Any text; a new one takes the image that is newest then, and replaces the instance.
            Default: ``"1"``.
        probe: How it tests its tunnels. Default: ``ProbeConfig()``: pings every 200 ms, dead after about 0.6 s.
        ready_timeout_minutes: How long CloudFormation waits for it, 5 to 720. Default: 20.
        name: Host name and Name tag: 1 to 63 letters, digits, periods, hyphens. Default: made of the id.

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
    ) -> None:
        check_vpc("vpc", vpc)
        _check_public(subnet)
        self._remote_prefixes = check_prefixes("remote_prefixes", remote_prefixes)
        self._local_prefixes = check_prefixes(
            "local_prefixes", [vpc.vpc_cidr_block] if local_prefixes is None else local_prefixes
        )
        if private_address is not None:
            check_address("private_address", private_address, within=subnet_cidr(subnet))
        check_bgp_asn("bgp_asn", bgp_asn)
        instance_type = check_instance_type(instance_type, architecture)
        check_whole_number("ready_timeout_minutes", ready_timeout_minutes, 5, 720, "leave it out for 20")
        if probe is not None:
            check_instance("probe", probe, ProbeConfig, "wrap the values: ProbeConfig(…)")
        if machine_image is not None:
            wanted = {
                "allowed": "an ec2.IMachineImage",
                "remedy": "wrap an id: MachineImage.generic_linux({region: id})",
            }
            check_construct("machine_image", machine_image, attribute="get_image", **wanted)
        check_release("image_release", image_release)
        super().__init__(scope, construct_id)
        self.bgp_asn = bgp_asn
        self.name = name or construct_id
        self._routed = False
        self._probe = probe or ProbeConfig()
        self._pair: PairConfig | None = None
        self._config: DeviceConfig | None = None
        self._connection: VpnConnection | None = None
        self._customer_gateway: CustomerGateway | None = None
        self._code: s3_assets.Asset | None = None
        self.uplink = CgwUplink(
            self,
            "Uplink",
            vpc=vpc,
            subnet=subnet,
            local_prefixes=self._local_prefixes,
            private_address=private_address,
        )
        """The device's interface, Elastic IP and security group."""
        self.address: str = self.uplink.address
        """Elastic IP of the device."""
        self.private_address: str = self.uplink.private_address
        """Private address of the device."""
        self.network_interface_id: str = self.uplink.network_interface_id
        """Interface that routes to the tunnels point to."""
        self._permissions = CgwPermissions(self, "Permissions")
        self.role: iam.Role = self._permissions.role
        """Role of the device; it may read its own keys and what else its scenario needs."""
        image_id = (
            PinnedAmi.of(self, architecture=architecture, release=image_release).image_id
            if machine_image is None
            else machine_image.get_image(self).image_id
        )
        self.instance_type: str = instance_type
        """Type of the instance, such as ``t3.micro``."""
        self._make_instance(image_id, instance_type, ready_timeout_minutes)
        require_connection(self)

    @property
    def customer_gateway(self) -> CustomerGateway:
        """The customer gateway of this device's own address. The first use adds it to the stack."""
        if self._customer_gateway is None:
            self._customer_gateway = CustomerGateway(
                self, "CustomerGateway", address=self.address, bgp_asn=self.bgp_asn, name=self.node.path
            )
        return self._customer_gateway

    @property
    def remote_prefixes(self) -> tuple[str, ...]:
        """Networks behind AWS that the device sends through its tunnels."""
        return self._remote_prefixes

    @property
    def is_terminated(self) -> bool:
        """True once the device has a VPN connection."""
        return self._config is not None

    @property
    def uses_bgp(self) -> bool:
        """True once the device has a VPN connection that routes by BGP."""
        return self._config is not None and self._config.bgp is not None

    @property
    def connection(self) -> VpnConnection | None:
        """The VPN connection whose tunnels the device ends; None before :meth:`terminate`."""
        return self._connection

    @property
    def gateway(self) -> AmazonSideGateway | None:
        """Amazon's end of the device's connection; None before :meth:`terminate`."""
        return self._connection.gateway if self._connection else None

    @property
    def tunnel_numbers(self) -> tuple[int, ...]:
        """The tunnels that the device sets up: 1, 2 or both; none before :meth:`terminate`."""
        return tuple(tunnel.number for tunnel in self._config.tunnels) if self._config else ()

    @property
    def is_probed(self) -> bool:
        """True when the device tests its tunnels by pings."""
        return self._config is not None and self._config.probe is not None

    @property
    def is_paired(self) -> bool:
        """True when another device stands ready for this one."""
        return self._pair is not None

    @property
    def user_data(self) -> str:
        """The user-data as text, with tokens where values are known only at deployment.

        Raises:
            VpnConfigurationError: The device has no VPN connection yet.
        """
        if self._config is None:
            raise VpnConfigurationError(
                "user_data", None, "a device with a VPN connection", "call terminate(connection) first"
            )
        return render_user_data(self._config)

    def terminate(
        self, connection: VpnConnection, *, tunnels: Sequence[int] = (1, 2), identity: str | None = None
    ) -> None:
        """Let the device end the tunnels of ``connection``.

        Args:
            connection: A connection whose customer gateway is this device's.
            tunnels: The tunnels that the device sets up, ``(1,)``, ``(2,)`` or both. Default: both.
            identity: Public address that the device is known by. Default: its own Elastic IP.

        Raises:
            VpnConfigurationError: The device has a connection already; the connection has another customer gateway;
                a tunnel number is neither 1 nor 2; Amazon's ASN is not known; or the user-data grows too large.
        """
        check_instance("connection", connection, VpnConnection, "make one with gateway=… and customer_gateway=…")
        if self._config is not None:
            raise VpnConfigurationError(
                "connection", connection.node.path, "one connection a device", "add a second CgwInstance for it"
            )
        if identity is None and connection.customer_gateway is not self._customer_gateway:
            raise VpnConfigurationError(
                "connection",
                connection.node.path,
                "a connection whose customer_gateway is this device's",
                "make it with customer_gateway=device.customer_gateway",
            )
        if not isinstance(tunnels, Sequence):
            raise VpnConfigurationError("tunnels", tunnels, "(1,), (2,) or (1, 2)", "name each tunnel once")
        chosen = device_tunnels(connection, tunnels)
        for tunnel in chosen:
            self._permissions.read_secret(connection.tunnels[tunnel.number - 1].pre_shared_key)
            self.uplink.security_group.admit_tunnel(tunnel.number, tunnel.outside_address)
        self._instance.node.add_dependency(self._permissions.policy)
        self._connection = connection
        bgp = self._bgp(connection)
        probed = bgp is not None or len(chosen) > 1
        self._render(
            DeviceConfig(
                name=self.name,
                region=Aws.REGION,
                public_address=identity or self.address,
                private_address=self.private_address,
                local_prefixes=self._local_prefixes,
                remote_prefixes=self._remote_prefixes,
                tunnels=chosen,
                bgp=bgp,
                probe=self._probe if probed else None,
                code=self._code_asset() if probed else None,
                signal_url=self._handle.ref,
            )
        )

    def route_from(self, route_tables: Sequence[ec2.IRouteTable]) -> None:
        """Send what is meant for the networks behind AWS from ``route_tables`` to this device.

        Args:
            route_tables: Route tables of the VPC's private subnets; one that several subnets share is taken once.

        Raises:
            VpnConfigurationError: The list is empty, holds something else, or is the second one.
        """
        ids = check_route_tables("route_tables", route_tables)
        if self._routed:
            raise VpnConfigurationError(
                "route_tables", ids, "one call a device", "name all in one call; a pair or a cluster calls it itself"
            )
        self._routed = True
        for number, table_id in enumerate(ids, start=1):
            for prefix in self._remote_prefixes:
                ec2.CfnRoute(
                    self,
                    f"Route{number} {prefix}".replace("/", " "),
                    route_table_id=table_id,
                    destination_cidr_block=prefix,
                    network_interface_id=self.network_interface_id,
                )

    def publish_metrics(self, metrics: MetricsConfig, *, start_after: CfnResource) -> None:
        """Let the device publish what it knows of itself; called by :class:`~cdk_aws_vpn.VpnMonitoring`.

        Args:
            metrics: Where to, and under which name.
            start_after: The log stream, which must be there first.

        Raises:
            VpnConfigurationError: The device has no VPN connection yet, or publishes already.
        """
        if self._config is None or self._config.metrics is not None:
            raise VpnConfigurationError(
                "devices",
                self.node.path,
                "devices that have their connection, each in one VpnMonitoring",
                "call terminate(connection) first, and name the device once",
            )
        self._permissions.write_log(metrics.log_group, metrics.log_stream)
        self._render(replace(self._config, metrics=metrics, code=self._code_asset()))
        self._instance.add_resource_dependency(start_after)

    def join_pair(self, pair: PairConfig, *, start_after: CgwInstance | None = None) -> None:
        """Make the device one of two; called by the constructs that pair devices.

        Args:
            pair: Its half of the pair.
            start_after: The device that must be up before this one is started or changed, so that two gateways are
                never updated at the same time. Default: none.

        Raises:
            VpnConfigurationError: The device is in a pair already, or has no connection yet.
        """
        if self._config is None or self._pair is not None:
            raise VpnConfigurationError(
                "device",
                self.node.path,
                "a device that has its connection and no partner yet",
                "call terminate(connection) before pairing, and pair a device once",
            )
        self._pair = pair
        self._permissions.take_over(pair.route_table_ids, self.network_interface_id, pair.shared_address_allocation_id)
        self._render(replace(self._config, pair=pair, probe=self._probe, code=self._code_asset()))
        if start_after is not None:
            self._instance.add_resource_dependency(start_after.ready)

    def _make_instance(self, image_id: str, instance_type: str, ready_timeout_minutes: int) -> None:
        profile = iam.CfnInstanceProfile(self, "Profile", roles=[self.role.role_name])
        self._instance = ec2.CfnInstance(
            self,
            "Instance",
            image_id=image_id,
            instance_type=instance_type,
            iam_instance_profile=profile.ref,
            network_interfaces=[
                ec2.CfnInstance.NetworkInterfaceProperty(
                    device_index="0", network_interface_id=self.network_interface_id
                )
            ],
            tags=[CfnTag(key="Name", value=self.node.path)],
            **instance_defaults(),
        )
        acknowledge_termination_protection(self._instance)
        acknowledge(
            self._instance,
            {
                "NIST.800.53.R5-EC2InstancesInVPC": "It stands in a VPC by its network interface, which is a resource "
                "of its own so that routes to it survive the instance; the rule looks for a subnet on the instance."
            },
        )
        self._instance.add_resource_dependency(self.uplink.association)
        self.instance_id: str = self._instance.ref
        """Id of the instance, ``i-…``."""
        self._handle = CfnWaitConditionHandle(self, "ReadyHandle")
        self.ready = CfnWaitCondition(
            self, "Ready", handle=self._handle.ref, count=1, timeout=str(ready_timeout_minutes * 60)
        )
        """What CloudFormation waits for until the device says that it is up."""
        self.ready.add_resource_dependency(self._instance)

    def _bgp(self, connection: VpnConnection) -> BgpConfig | None:
        if not isinstance(connection.routing, Bgp):
            return None
        amazon_side_asn = connection.gateway.amazon_side_asn
        if amazon_side_asn is None:
            raise VpnConfigurationError(
                "amazon_side_asn",
                None,
                "the ASN of the existing gateway",
                "pass amazon_side_asn to from_id(…); the device's BGP needs it",
            )
        return BgpConfig(
            local_asn=self.bgp_asn,
            amazon_side_asn=amazon_side_asn,
            advertised_prefixes=self._local_prefixes,
            learned_maximum=connection.gateway.learned_prefixes_maximum,
            announced_maximum=connection.gateway.announced_prefixes_maximum,
        )

    def _code_asset(self) -> CodeAsset:
        if self._code is None:
            self._code = s3_assets.Asset(self, "Code", path=str(asset_path("cgw/device")), exclude=list(NOT_SHIPPED))
            self._permissions.read_object(self._code.s3_bucket_name, self._code.s3_object_key)
        return CodeAsset(bucket=self._code.s3_bucket_name, key=self._code.s3_object_key)

    def _render(self, config: DeviceConfig) -> None:
        """Put the user-data into the instance, and make CloudFormation wait anew whenever it differs."""
        self._config = config
        unsigned = Stack.of(self).resolve(render_user_data(replace(config, signal_url="")))
        digest = hashlib.sha256(json.dumps(unsigned, sort_keys=True).encode()).hexdigest()[:8]
        name = re.sub(r"[^A-Za-z0-9]", "", self.node.path.removeprefix(Stack.of(self).node.path))
        self._handle.override_logical_id(f"{name}ReadyHandle{digest}")
        self.ready.override_logical_id(f"{name}Ready{digest}")
        self._instance.user_data = Fn.base64(render_user_data(config))


def _check_public(subnet: ec2.ISubnet) -> None:
    check_subnet("subnet", subnet)
    if isinstance(subnet, ec2.PrivateSubnet):
        raise VpnConfigurationError(
            "subnet",
            subnet.node.path,
            "a subnet with a route to an internet gateway: the tunnels run over the internet",
            "pass one of vpc.public_subnets",
        )

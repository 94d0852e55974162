"""The instance of a device, and the settings that it receives when it boots.

:func:`join_pair` and :func:`publish_metrics` are for the constructs that pair and watch devices.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace

from aws_cdk import Aws, CfnResource, CfnWaitCondition, CfnWaitConditionHandle, Fn
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from cdk_aws_vpn.device.configuration import (
    BgpConfig,
    CodeAsset,
    DeviceConfig,
    MetricsConfig,
    PairConfig,
    ProbeConfig,
    TunnelConfig,
    render_user_data,
)
from cdk_aws_vpn.device.permissions import CgwPermissions
from cdk_aws_vpn.device.uplink import CgwUplink
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.instance_defaults import NO_TERMINATION_PROTECTION, instance_defaults
from cdk_aws_vpn.foundation.names import logical_name, name_tag
from cdk_aws_vpn.foundation.places import path_of, stack_of
from cdk_aws_vpn.foundation.uploads import upload

_REGION = Aws.REGION
_FIRST_SECONDS = 60
"""How long before CloudFormation stops waiting the device ends its boot itself, to say which step was not done: the
instance takes a few seconds to start, and so does the signal."""


@dataclass(frozen=True, kw_only=True)
class DeviceSettings:
    """What is known about a device before it has a connection."""

    name: str
    instance_type: str
    image_id: str
    local_prefixes: tuple[str, ...]
    remote_prefixes: tuple[str, ...]
    probe: ProbeConfig
    ready_timeout_minutes: int
    volume_encryption_key: kms.IKey | None = None


@dataclass(frozen=True, kw_only=True)
class BootParts:
    """What a device is given step by step: its connection, then a partner and a place for its metrics.

    Attributes:
        identity: Public address that AWS knows the device by.
    """

    identity: str
    tunnels: tuple[TunnelConfig, ...]
    bgp: BgpConfig | None
    pair: PairConfig | None = None
    metrics: MetricsConfig | None = None

    @property
    def is_probed(self) -> bool:
        """Whether the device pings AWS's end of each tunnel: it has another path, or must inform AWS."""
        return self.bgp is not None or self.pair is not None or len(self.tunnels) > 1


class DeviceBoot:
    """The instance of one device with its user-data. Its resources are children of the device.

    The user-data is rendered whenever a part is added, so that an error is raised by the line that added the part.
    """

    def __init__(
        self, device: Construct, *, settings: DeviceSettings, uplink: CgwUplink, permissions: CgwPermissions
    ) -> None:
        self._device = device
        self._settings = settings
        self._uplink = uplink
        self.permissions = permissions
        self.parts: BootParts | None = None
        """What the device was given; None before it has a connection."""
        self._code: CodeAsset | None = None
        self.instance = self._make_instance()
        self._handle = CfnWaitConditionHandle(device, "ReadyHandle")
        timeout = str(settings.ready_timeout_minutes * 60)
        self.ready = CfnWaitCondition(device, "Ready", handle=self._handle.ref, count=1, timeout=timeout)
        """What CloudFormation waits for until the device says that it is up."""
        self.ready.add_resource_dependency(self.instance)

    @property
    def path(self) -> str:
        """Path of the device."""
        return path_of(self._device)

    def user_data(self, parts: BootParts) -> str:
        """Return the user-data for ``parts``, with tokens where values are known only at deployment."""
        return render_user_data(self._config(parts, signal_url=self._handle.ref))

    def refresh(self, parts: BootParts) -> None:
        """Take ``parts``, and put the user-data into the instance.

        The logical id of the wait condition is a digest of the text, so that CloudFormation waits again for a device
        whose user-data has changed.
        """
        unsigned = stack_of(self._device).resolve(render_user_data(self._config(parts, signal_url="")))
        digest = hashlib.sha256(json.dumps(unsigned, sort_keys=True).encode()).hexdigest()[:8]
        name = logical_name(self._device)
        self._handle.override_logical_id(f"{name}ReadyHandle{digest}")
        self.ready.override_logical_id(f"{name}Ready{digest}")
        self.instance.user_data = Fn.base64(self.user_data(parts))
        self.parts = parts

    def _config(self, parts: BootParts, *, signal_url: str) -> DeviceConfig:
        settings = self._settings
        return DeviceConfig(
            name=settings.name,
            region=_REGION,
            public_address=parts.identity,
            private_address=self._uplink.private_address,
            local_prefixes=settings.local_prefixes,
            remote_prefixes=settings.remote_prefixes,
            tunnels=parts.tunnels,
            bgp=parts.bgp,
            pair=parts.pair,
            probe=settings.probe if parts.is_probed else None,
            metrics=parts.metrics,
            code=self._code_asset() if parts.is_probed or parts.metrics is not None else None,
            signal_url=signal_url,
            boot_seconds=settings.ready_timeout_minutes * 60 - _FIRST_SECONDS,
        )

    def _code_asset(self) -> CodeAsset:
        if self._code is None:
            code = upload(self._device, "cgw/device")
            self._code = CodeAsset(bucket=code.bucket, key=code.key)
            self.permissions.read_object(self._code.bucket, self._code.key)
        return self._code

    def _make_instance(self) -> ec2.CfnInstance:
        profile = iam.CfnInstanceProfile(
            self._device, "Profile", roles=[self.permissions.role.role_name], path=self.permissions.path
        )
        instance = ec2.CfnInstance(
            self._device,
            "Instance",
            image_id=self._settings.image_id,
            instance_type=self._settings.instance_type,
            iam_instance_profile=profile.ref,
            network_interfaces=[
                ec2.CfnInstance.NetworkInterfaceProperty(
                    device_index="0", network_interface_id=self._uplink.network_interface_id
                )
            ],
            tags=[name_tag(self._device)],
            **instance_defaults(self._settings.volume_encryption_key),
        )
        acknowledge(
            instance,
            NO_TERMINATION_PROTECTION
            | {
                "NIST.800.53.R5-EC2InstancesInVPC": "It stands in a VPC by its network interface, which is a resource "
                "of its own so that routes to it survive the instance; the rule looks for a subnet on the instance."
            },
        )
        instance.add_resource_dependency(self._uplink.association)
        return instance


def join_pair(boot: DeviceBoot, pair: PairConfig, *, start_after: DeviceBoot | None = None) -> None:
    """Make a device one of two.

    Args:
        boot: The device.
        pair: Its half of the pair.
        start_after: The device that must be up before this one is started or changed, so that two devices are never
            changed at the same time. Default: none.

    Raises:
        VpnConfigurationError: The device has no connection, or is already part of a pair.
    """
    if boot.parts is None or boot.parts.pair is not None:
        raise VpnConfigurationError(
            "device",
            boot.path,
            "a device that has its connection and no partner yet",
            "call connect(connection) before pairing, and pair a device once",
        )
    boot.permissions.take_over(pair.route_table_ids, pair.network_interface_id, pair.shared_address_allocation_id)
    boot.refresh(replace(boot.parts, pair=pair))
    if start_after is not None:
        boot.instance.add_resource_dependency(start_after.ready)


def publish_metrics(boot: DeviceBoot, metrics: MetricsConfig, *, start_after: CfnResource) -> None:
    """Let a device publish its own metrics.

    Args:
        boot: The device.
        metrics: The log stream that it writes to, and the name of the device in its metrics.
        start_after: The log stream, which must exist first.

    Raises:
        VpnConfigurationError: The device has no connection, or already publishes.
    """
    if boot.parts is None or boot.parts.metrics is not None:
        raise VpnConfigurationError(
            "devices",
            boot.path,
            "devices that have their connection, each in one VpnMonitoring",
            "call connect(connection) first, and list the device once",
        )
    boot.permissions.write_log(metrics.log_group, metrics.log_stream)
    boot.refresh(replace(boot.parts, metrics=metrics))
    boot.instance.add_resource_dependency(start_after)

"""The customer gateway device: its settings, and the files and user-data rendered from them."""

from cdk_aws_vpn.device.configuration.plain_texts import check_host_name
from cdk_aws_vpn.device.configuration.probe import ProbeConfig
from cdk_aws_vpn.device.configuration.render import USER_DATA_MAX_BYTES, render_files, render_user_data, user_data_bytes
from cdk_aws_vpn.device.configuration.settings import (
    BgpConfig,
    CodeAsset,
    DeviceConfig,
    MetricsConfig,
    PairConfig,
    TunnelConfig,
)

__all__ = [
    "USER_DATA_MAX_BYTES",
    "BgpConfig",
    "CodeAsset",
    "DeviceConfig",
    "MetricsConfig",
    "PairConfig",
    "ProbeConfig",
    "TunnelConfig",
    "check_host_name",
    "render_files",
    "render_user_data",
    "user_data_bytes",
]

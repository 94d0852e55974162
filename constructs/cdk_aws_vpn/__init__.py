"""AWS Site-to-Site VPN and Client VPN for the AWS CDK.

The ends: :class:`IdcVpc`, :class:`CloudVpc`, :class:`Host`. The devices: :class:`CgwInstance`, :class:`CgwPair`,
:class:`CgwCluster`. AWS's side: :class:`VirtualPrivateGateway`, :class:`TransitGateway` with
:class:`TransitGatewayRouteTable` and :class:`TransitGatewayVpcAttachment`, :class:`CustomerGateway`,
:class:`VpnConnection` with :class:`TunnelOptions`, :class:`Static` and :class:`Bgp`; :class:`VpnMonitoring` watches it
all. For single computers: :class:`ClientVpn` with :class:`MutualTls`, :class:`ActiveDirectory` or :class:`Saml`, and
:class:`ClientVpnMonitoring`. Many sites: :class:`VpnHub` with a :class:`Site` each. The policy:
:func:`apply_vpn_policy`. Every error is a :class:`VpnError`.
"""

from cdk_aws_vpn.client_vpn.authentication import ActiveDirectory, ClientAuthentication, MutualTls, Saml
from cdk_aws_vpn.client_vpn.client_vpn import ClientVpn
from cdk_aws_vpn.connection.pre_shared_key import check_pre_shared_key
from cdk_aws_vpn.connection.routing import Bgp, Routing, Static
from cdk_aws_vpn.connection.security_profile import CNSA, COMPATIBILITY, PROFILES, RECOMMENDED, SecurityProfile
from cdk_aws_vpn.connection.tunnel_endpoints import TunnelEndpoints
from cdk_aws_vpn.connection.tunnel_options import TunnelLogOptions, TunnelOptions
from cdk_aws_vpn.connection.vpn_connection import VpnConnection
from cdk_aws_vpn.connection.vpn_tunnel import VpnTunnel
from cdk_aws_vpn.device.cgw_cluster import CgwCluster
from cdk_aws_vpn.device.cgw_instance import CgwInstance
from cdk_aws_vpn.device.cgw_pair import CgwPair
from cdk_aws_vpn.device.configuration.probe import ProbeConfig
from cdk_aws_vpn.errors import (
    AddressingError,
    AssetError,
    QuotaError,
    TunnelOptionsError,
    VpnConfigurationError,
    VpnError,
)
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.asset_files import asset_path
from cdk_aws_vpn.foundation.pinned_ami import PinnedAmi
from cdk_aws_vpn.gateways.amazon_side_gateway import AmazonSideGateway
from cdk_aws_vpn.gateways.customer_gateway import CustomerGateway
from cdk_aws_vpn.gateways.transit_gateway import TransitGateway
from cdk_aws_vpn.gateways.virtual_private_gateway import VirtualPrivateGateway
from cdk_aws_vpn.monitoring.alarm_timing import AlarmTiming
from cdk_aws_vpn.monitoring.client_vpn_monitoring import ClientVpnMonitoring
from cdk_aws_vpn.monitoring.vpn_monitoring import VpnMonitoring
from cdk_aws_vpn.network.cloud_vpc import CloudVpc
from cdk_aws_vpn.network.host import Host
from cdk_aws_vpn.network.idc_vpc import IdcVpc
from cdk_aws_vpn.network.two_tier_vpc import TwoTierVpc
from cdk_aws_vpn.policy.rules import apply_vpn_policy, vpn_guard_rules
from cdk_aws_vpn.sites.vpn_hub import VpnHub
from cdk_aws_vpn.sites.vpn_site import Site
from cdk_aws_vpn.transit.route_table import TransitGatewayRouteTable
from cdk_aws_vpn.transit.vpc_attachment import TransitGatewayVpcAttachment

__all__ = [
    "CNSA",
    "COMPATIBILITY",
    "PROFILES",
    "RECOMMENDED",
    "ActiveDirectory",
    "AddressingError",
    "AlarmTiming",
    "AmazonSideGateway",
    "AssetError",
    "Bgp",
    "CgwCluster",
    "CgwInstance",
    "CgwPair",
    "ClientAuthentication",
    "ClientVpn",
    "ClientVpnMonitoring",
    "CloudVpc",
    "CustomerGateway",
    "Host",
    "IdcVpc",
    "MutualTls",
    "PinnedAmi",
    "ProbeConfig",
    "QuotaError",
    "Routing",
    "Saml",
    "SecurityProfile",
    "Site",
    "Static",
    "TransitGateway",
    "TransitGatewayRouteTable",
    "TransitGatewayVpcAttachment",
    "TunnelEndpoints",
    "TunnelLogOptions",
    "TunnelOptions",
    "TunnelOptionsError",
    "TwoTierVpc",
    "VirtualPrivateGateway",
    "VpnConfigurationError",
    "VpnConnection",
    "VpnError",
    "VpnHub",
    "VpnMonitoring",
    "VpnTunnel",
    "acknowledge",
    "apply_vpn_policy",
    "asset_path",
    "check_pre_shared_key",
    "vpn_guard_rules",
]

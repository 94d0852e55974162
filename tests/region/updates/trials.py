"""What is tried on each family: every option of every construct, changed once on a deployed stack.

Options that change nothing but properties in place change together, in few updates. The others are read from the
template one at a time, so that it is known which resources each of them replaces, and are deployed together where they
do not exclude each other. What AWS refuses is deployed alone.
"""

from __future__ import annotations

from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.aws_logs import RetentionDays

import cdk_aws_vpn as vpn
from tests.region.updates.device_trials import DEVICE_TRIALS
from tests.region.updates.families import STATIC, Family, OnVirtualPrivateGateway
from tests.region.updates.more_families import OnTransitGateway, WithClients, saml
from tests.region.updates.trial import Trials


def secret(family: Family) -> secretsmanager.Secret:
    rules = secretsmanager.SecretStringGenerator(
        exclude_punctuation=True,
        password_length=40,
        require_each_included_type=True,
        secret_string_template="{}",  # noqa: S106 -- an empty object, to which the key is added
        generate_string_key="key",
    )
    return secretsmanager.Secret(family.stack, "Psk", generate_secret_string=rules)


TRIALS: dict[type[Family], Trials] = {
    OnVirtualPrivateGateway: Trials(
        in_place=[
            {
                "VpnConnection.name": "x",
                "VirtualPrivateGateway.name": "y",
                "CustomerGateway.name": "z",
                "Static.prefixes": ["10.91.0.0/16"],
                "TunnelOptions.phase1_lifetime_seconds": 14400,
                "TunnelOptions.phase2_lifetime_seconds": 1800,
                "TunnelOptions.rekey_margin_time_seconds": 300,
                "TunnelOptions.rekey_fuzz_percentage": 50,
                "TunnelOptions.replay_window_size": 2048,
                "TunnelOptions.dpd_timeout_seconds": 40,
                "TunnelOptions.dpd_timeout_action": "restart",
                "TunnelOptions.startup_action": "start",
                "TunnelOptions.enable_tunnel_lifecycle_control": True,
                "TunnelOptions.phase1_encryption_algorithms": ["AES256-GCM-16"],
                "TunnelOptions.phase1_integrity_algorithms": ["SHA2-512"],
                "TunnelOptions.phase1_dh_group_numbers": [20],
                "TunnelOptions.phase2_encryption_algorithms": ["AES256-GCM-16"],
                "TunnelOptions.phase2_integrity_algorithms": ["SHA2-512"],
                "TunnelOptions.phase2_dh_group_numbers": [20],
                "TunnelOptions.ike_versions": ["ikev2"],
                "TunnelOptions.inside_cidr": "169.254.102.0/30",
                "TunnelLogOptions.log_group": lambda family: family.groups[2],
                "TunnelLogOptions.bgp_log_group": lambda family: family.groups[3],
                "TunnelLogOptions.log_output_format": "text",
                "TunnelLogOptions.bgp_log_output_format": "text",
                "VpnConnection.security_profile": "cnsa",
                "VpnConnection.encryption_key": lambda family: family.key,
            },
            {
                "TunnelOptions.pre_shared_key": secret,
                "TunnelOptions.pre_shared_key_field": "key",
                "TunnelOptions.log_options": None,
                "SecurityProfile.encryption_algorithms": ("AES256-GCM-16",),
                "SecurityProfile.integrity_algorithms": ("SHA2-512",),
                "SecurityProfile.dh_group_numbers": (20,),
                "SecurityProfile.ike_versions": ("ikev2",),
                "SecurityProfile.name": "mine",
                "SecurityProfile.gives_up": "nothing",
            },
            {
                "VpnConnection.tunnels": lambda _: (
                    vpn.TunnelOptions(inside_cidr="169.254.110.0/30"),
                    vpn.TunnelOptions(inside_cidr="169.254.111.0/30"),
                ),
                "VpnConnection.gateway": lambda family: family.other_gateway,
                "VpnConnection.customer_gateway": lambda family: family.other_firewall,
                "TunnelEndpoints.vpn_connection_id": lambda family: family.static.vpn_connection_id,
                "TunnelEndpoints.inside_cidrs": STATIC,
            },
        ],
        replacing=[
            [
                {"VpnConnection.routing": lambda _: vpn.Static(["10.99.0.0/16"])},
                {"VpnConnection.pre_shared_key_storage": "Standard"},
                {"VpnConnection.local_ipv4_network_cidr": "10.0.0.0/8"},
                {"VpnConnection.remote_ipv4_network_cidr": "10.0.0.0/8"},
                {"CustomerGateway.address": "198.51.100.222"},
                {"CustomerGateway.bgp_asn": 65033},
                {"CustomerGateway.device_name": "fw"},
                {"VirtualPrivateGateway.amazon_side_asn": 64999},
            ],
            [{"VirtualPrivateGateway.vpc": lambda family: family.other_cloud}],
        ],
        refused=[],
    ),
    OnTransitGateway: Trials(
        in_place=[
            {
                "TransitGateway.vpn_ecmp_support": False,
                "TransitGateway.auto_accept_shared_attachments": True,
                "TransitGateway.dns_support": False,
                "TransitGateway.cidr_blocks": ["10.98.0.0/24"],
                "TransitGateway.name": "x",
                "TransitGateway.default_route_table_association": True,
                "TransitGateway.default_route_table_propagation": True,
                "TransitGatewayVpcAttachment.subnets": lambda family: family.cloud.isolated_subnets,
                "TransitGatewayVpcAttachment.appliance_mode_support": True,
                "TransitGatewayVpcAttachment.dns_support": False,
                "TransitGatewayVpcAttachment.ipv6_support": True,
                "TransitGatewayVpcAttachment.name": "x",
                "TransitGatewayRouteTable.name": "x",
                "VpnConnection.tunnel_bandwidth": "large",
                "TunnelOptions.inside_ipv6_cidr": "fd00:3::/126",
            },
        ],
        replacing=[
            [
                {"VpnConnection.enable_acceleration": True},
                {"TransitGatewayVpcAttachment.transit_gateway": lambda family: family.other_gateway},
            ],
            [
                {
                    "VpnConnection.tunnel_inside_ip_version": "ipv6",
                    "VpnConnection.tunnels": lambda _: (
                        vpn.TunnelOptions(inside_cidr="169.254.120.0/30", inside_ipv6_cidr="fd00:8::/126"),
                        vpn.TunnelOptions(inside_cidr="169.254.121.0/30", inside_ipv6_cidr="fd00:9::/126"),
                    ),
                },
                {"TransitGatewayRouteTable.transit_gateway": lambda family: family.other_gateway},
            ],
            [
                {
                    "TransitGatewayVpcAttachment.vpc": lambda family: family.other_cloud,
                    "TransitGatewayVpcAttachment.subnets": lambda family: family.other_cloud.isolated_subnets[:1],
                },
                {"TransitGateway.amazon_side_asn": 64555},
            ],
        ],
        refused=[],
    ),
    WithClients: Trials(
        in_place=[
            {
                "ClientVpn.split_tunnel": False,
                "ClientVpn.security_groups": lambda family: [family.group, family.other_group],
                "ClientVpn.dns_servers": ["10.50.0.2"],
                "ClientVpn.vpn_port": 1194,
                "ClientVpn.session_timeout_hours": 8,
                "ClientVpn.disconnect_on_session_timeout": False,
                "ClientVpn.login_banner": "hello",
                "ClientVpn.connect_handler": lambda family: family.handler,
                "ClientVpn.log_group": lambda family: family.logs,
                "ClientVpn.description": "x",
                "ClientVpn.server_certificate_arn": lambda family: family.given["other certificate"],
                "ClientVpn.subnets": lambda family: family.cloud.isolated_subnets,
                "ClientVpnMonitoring.topic": lambda family: family.topic,
                "ClientVpnMonitoring.authentication_failures": 5,
                "ClientVpnMonitoring.most_connections": 9,
                "ClientVpnMonitoring.revocation_list_days": 30,
                "ClientVpnMonitoring.revocation_list_required": True,
            },
            {"ClientVpn.log_retention": RetentionDays.ONE_DAY, "ClientVpn.self_service_portal": True},
            {"ClientVpnMonitoring.client_vpn": lambda family: family.other_endpoint},
        ],
        replacing=[
            [
                {"ClientVpn.client_cidr": "10.76.0.0/22"},
                {"ClientVpn.transport_protocol": "tcp"},
                {"MutualTls.client_ca_arn": lambda family: family.given["other certificate"]},
                {"ActiveDirectory.directory_id": "d-0123456781"},
                {"Saml.provider_arn": saml("three")},
                {"Saml.self_service_provider_arn": saml("four")},
                {"ClientVpnMonitoring.dashboard_name": "mine"},
            ],
            [
                {"ClientVpn.authentication": lambda _: [vpn.ActiveDirectory(directory_id="d-0123456780")]},
            ],
        ],
        refused=[
            {
                "ClientVpn.vpc": lambda family: family.other_cloud,
                "ClientVpn.subnets": lambda family: family.other_cloud.isolated_subnets[:1],
                "ClientVpn.security_groups": lambda family: [family.new_group],
            }
        ],
    ),
    **DEVICE_TRIALS,
}

LIKE_ANOTHER = {
    # the region publishes one image of each kernel, so a newer one is given by name
    "CgwInstance.image_release": "CgwInstance.machine_image",
    "CgwCluster.standby": "CgwPair.standby",
    # a site's connection and customer gateway are those of the constructs
    "Site.address": "CustomerGateway.address",
    "Site.bgp_asn": "CustomerGateway.bgp_asn",
    "Site.customer_gateway_id": "VpnConnection.customer_gateway",
    "Site.prefixes": "Static.prefixes",
    "Site.routing": "VpnConnection.routing",
    "Site.security_profile": "VpnConnection.security_profile",
    "VpnHub.gateway": "VpnConnection.gateway",
}
"""Options that do what another option does."""

NOT_HERE = {
    "CustomerGateway.certificate_arn": "a private certificate needs AWS Private CA, which the region does not have",
    "CustomerGateway.outside_ip_address_type": "a private-IP VPN needs Direct Connect, which the region does not have",
    "VpnConnection.outside_ip_address_type": "a private-IP VPN needs Direct Connect, which the region does not have",
    "VpnConnection.transport_transit_gateway_attachment_id": "it is the attachment of a Direct Connect gateway",
    "Site.branch": "it is a name for checks",
    "Site.name": "it is the identity of a site",
    "Site.number": "it is the place of a site",
    "VpnHub.env": "it is the place of the stacks",
    "VpnHub.monitor": "it is a function of the user",
    "VpnHub.route": "it is a function of the user",
    "VpnHub.sites": "it is a list of sites",
    "VpnHub.sites_per_stack": "it moves sites between stacks",
}
"""Options that the region cannot show, and why; their rows follow the provider schemas."""

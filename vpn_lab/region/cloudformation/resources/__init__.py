"""The resource types of the region that are not ministack's; importing a module registers its types."""

from vpn_lab.region.cloudformation.resources import (
    addresses,
    client_vpn,
    flow_logs,
    instance_connect,
    instance_profiles,
    instances,
    interfaces,
    launch_templates,
    query_definitions,
    routing,
    secrets,
    security_groups,
    transit_gateways,
    vpc,
    vpn_connections,
    vpn_gateways,
)

__all__ = [
    "addresses",
    "client_vpn",
    "flow_logs",
    "instance_connect",
    "instance_profiles",
    "instances",
    "interfaces",
    "launch_templates",
    "query_definitions",
    "routing",
    "secrets",
    "security_groups",
    "transit_gateways",
    "vpc",
    "vpn_connections",
    "vpn_gateways",
]

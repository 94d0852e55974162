"""The EC2 resource types of the region; importing a module registers its types."""

from vpn_lab.region.cloudformation.resources import (
    addresses,
    flow_logs,
    instance_connect,
    instances,
    interfaces,
    launch_templates,
    routing,
    security_groups,
    transit_gateways,
    vpc,
    vpn_connections,
    vpn_gateways,
)

__all__ = [
    "addresses",
    "flow_logs",
    "instance_connect",
    "instances",
    "interfaces",
    "launch_templates",
    "routing",
    "security_groups",
    "transit_gateways",
    "vpc",
    "vpn_connections",
    "vpn_gateways",
]

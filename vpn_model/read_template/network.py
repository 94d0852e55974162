"""Makes the model of a template."""

from __future__ import annotations

from vpn_model.modelled import MODELLED_TYPES
from vpn_model.network import Network, Other, Stack, StackResource
from vpn_model.read_template import (
    client_vpns,
    connections,
    filters,
    gateways,
    hosts,
    interfaces,
    routing,
    transit,
    vpcs,
)
from vpn_model.read_template.template import Template


def read_network(template: Template) -> Network:
    """Return the network that a template describes, before anything is deployed.

    Ids are logical ids. What comes with a resource has an id of its own: ``Vpc.MainRouteTable``,
    ``Vpc.DefaultSecurityGroup``, ``Vpc.DefaultNetworkAcl``, ``Instance.NetworkInterfaces.0``,
    ``Connection.TransitAttachment``, ``TransitGateway.DefaultRouteTable``. A thing of another stack that the template
    changes is there with what the template contains about it; its id is the literal one, or the unknown value's text. A
    resource of a type that is not modelled is in ``others``.

    Raises:
        TemplateError: A function has arguments that it does not take, or a value that must be a number is not one.
    """
    blocks, parts = vpcs.vpcs(template), vpcs.subnets(template)
    vpns = connections.vpn_connections(template)
    ends = interfaces.network_interfaces(template, parts)
    addresses = hosts.elastic_ips(template, ends)
    ends = hosts.with_elastic_ips(ends, addresses)
    return Network(
        region=template.environment.pseudo_parameter("AWS::Region"),
        vpcs=blocks,
        subnets=parts,
        route_tables=routing.route_tables(template, blocks, vpns),
        security_groups=filters.security_groups(template, blocks),
        network_acls=filters.network_acls(template, blocks),
        interfaces=ends,
        instances=hosts.instances(template, parts, ends),
        elastic_ips=addresses,
        internet_gateways=vpcs.internet_gateways(template),
        nat_gateways=vpcs.nat_gateways(template, parts, addresses),
        instance_connect_endpoints=vpcs.instance_connect_endpoints(template, parts),
        vpn_gateways=gateways.vpn_gateways(template),
        customer_gateways=gateways.customer_gateways(template),
        vpn_connections=vpns,
        transit_gateways=transit.transit_gateways(template, blocks, vpns),
        client_vpn_endpoints=client_vpns.client_vpn_endpoints(template, blocks, parts),
        others=_others(template),
        uncertain_ids=template.uncertain_ids,
        stack=_stack(template),
    )


def _stack(template: Template) -> Stack:
    resources = tuple(StackResource(one.logical_id, one.logical_id, one.type) for one in template)
    return Stack(template.name, resources, template.outputs, template.description)


def _others(template: Template) -> tuple[Other, ...]:
    """Everything that is not modelled, and the macros that may make more."""
    macros = (Other(name, "Transform") for name in template.transforms)
    resources = (one for one in template if one.type not in MODELLED_TYPES)
    return (*macros, *(Other(one.logical_id, one.type, template.tag_name(one)) for one in resources))

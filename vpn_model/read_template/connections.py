"""Site-to-Site VPN connections of a template. A pre-shared key stays there: only where it comes from is read."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from vpn_model.connection import KeySource, StaticRoute, Tunnel, VpnConnection
from vpn_model.read_template.fields import Fields
from vpn_model.read_template.references import Reference, name_within
from vpn_model.read_template.template import Resource, Template
from vpn_model.read_template.vpcs import chosen
from vpn_model.tunnel_options import TunnelLog, TunnelOptions
from vpn_model.unknown import Unknown

TUNNELS = 2
DYNAMIC_REFERENCE = re.compile(r"\{\{resolve:.*\}\}")
LISTS = {
    "ike_versions": "IKEVersions",
    "phase1_encryption": "Phase1EncryptionAlgorithms",
    "phase1_integrity": "Phase1IntegrityAlgorithms",
    "phase2_encryption": "Phase2EncryptionAlgorithms",
    "phase2_integrity": "Phase2IntegrityAlgorithms",
}
NUMBER_LISTS = {"phase1_dh_groups": "Phase1DHGroupNumbers", "phase2_dh_groups": "Phase2DHGroupNumbers"}
NUMBERS = {
    "phase1_lifetime_seconds": "Phase1LifetimeSeconds",
    "phase2_lifetime_seconds": "Phase2LifetimeSeconds",
    "rekey_margin_seconds": "RekeyMarginTimeSeconds",
    "rekey_fuzz_percentage": "RekeyFuzzPercentage",
    "replay_window_size": "ReplayWindowSize",
    "dpd_timeout_seconds": "DPDTimeoutSeconds",
}
TEXTS = {"dpd_timeout_action": "DPDTimeoutAction", "startup_action": "StartupAction"}


def vpn_connections(template: Template) -> dict[str, VpnConnection]:
    routes: dict[str, list[StaticRoute]] = {}
    for fields in map(template.fields, template.of_type("AWS::EC2::VPNConnectionRoute")):
        destination = StaticRoute(fields.text("DestinationCidrBlock"))
        routes.setdefault(fields.id("VpnConnectionId"), []).append(destination)
    found = {
        resource.logical_id: _connection(template, resource) for resource in template.of_type("AWS::EC2::VPNConnection")
    }
    # a connection of another stack that this one adds routes to
    for name in routes.keys() - found.keys():
        found[name] = VpnConnection(name, "", chosen(name, "CustomerGatewayId").text, ())
    return {name: replace(connection, static_routes=tuple(routes.get(name, ()))) for name, connection in found.items()}


def _connection(template: Template, resource: Resource) -> VpnConnection:
    identifier, fields = resource.logical_id, template.fields(resource)
    storage = fields.text("PreSharedKeyStorage", "Standard")
    version = fields.text("TunnelInsideIpVersion", "ipv4")
    family, everything = ("Ipv6", "::/0") if version == "ipv6" else ("Ipv4", "0.0.0.0/0")
    return VpnConnection(
        id=identifier,
        name=template.tag_name(resource),
        customer_gateway_id=fields.id("CustomerGatewayId"),
        tunnels=_tunnels(template, identifier, fields),
        vpn_gateway_id=fields.optional_id("VpnGatewayId"),
        transit_gateway_id=fields.optional_id("TransitGatewayId"),
        static_routes_only=fields.flag("StaticRoutesOnly", False),
        local_cidr=fields.text(f"Local{family}NetworkCidr", everything),
        remote_cidr=fields.text(f"Remote{family}NetworkCidr", everything),
        inside_ip_version=version,
        outside_address_type=fields.text("OutsideIpAddressType", "PublicIpv4"),
        acceleration=fields.flag("EnableAcceleration", False),
        tunnel_bandwidth=fields.text("TunnelBandwidth", "standard"),
        key_storage=storage,
        key_arn=None if storage == "Standard" else chosen(identifier, "PreSharedKeyArn"),
        transport_attachment_id=fields.optional_id("TransportTransitGatewayAttachmentId"),
        concentrator_id=fields.optional_id("VpnConcentratorId"),
    )


def _tunnels(template: Template, connection: str, fields: Fields) -> tuple[Tunnel, ...]:
    written = fields.items("VpnTunnelOptionsSpecifications")
    if isinstance(fields.raw("VpnTunnelOptionsSpecifications"), Unknown):
        written = written * TUNNELS
    missing = max(0, TUNNELS - len(written))
    both = (*written, *(Fields({}, connection) for _ in range(missing)))
    return tuple(_tunnel(template, f"{connection}.Tunnel{number}", one) for number, one in enumerate(both, start=1))


def _tunnel(template: Template, name: str, fields: Fields) -> Tunnel:
    return Tunnel(
        outside_address=chosen(name, "OutsideAddress"),
        inside_cidr=fields.text("TunnelInsideCidr", chosen(name, "InsideCidr")),
        options=_options(fields),
        inside_ipv6_cidr=fields.optional_text("TunnelInsideIpv6Cidr"),
        key_source=_key_source(template, fields.raw("PreSharedKey")),
    )


def _options(fields: Fields) -> TunnelOptions:
    found: dict[str, Any] = {}
    # an empty list counts as not written: AWS uses its default
    found |= {option: values for option, name in LISTS.items() if (values := fields.values(name))}
    found |= {option: numbers for option, name in NUMBER_LISTS.items() if (numbers := fields.numbers(name))}
    found |= {option: fields.number(name, 0) for option, name in NUMBERS.items() if name in fields}
    found |= {option: fields.text(name) for option, name in TEXTS.items() if name in fields}
    if "EnableTunnelLifecycleControl" in fields:
        found["tunnel_lifecycle_control"] = fields.flag("EnableTunnelLifecycleControl", False)
    logs = fields.inner("LogOptions").inner("CloudwatchLogOptions")
    for option, prefix in (("vpn_log", ""), ("bgp_log", "Bgp")):
        if f"{prefix}LogEnabled" in logs:
            found[option] = TunnelLog(
                logs.flag(f"{prefix}LogEnabled", False),
                logs.optional_text(f"{prefix}LogGroupArn"),
                logs.text(f"{prefix}LogOutputFormat", "json"),
            )
    return TunnelOptions(**found, written=frozenset(found))


def _key_source(template: Template, value: Any) -> KeySource:
    if value is None:
        return "generated by AWS"
    if isinstance(value, Reference):
        return "expression"
    if not isinstance(value, Unknown):
        return "clear text"
    if "{{resolve:" in value.text:
        # text around the reference is a part of the key
        return "dynamic reference" if DYNAMIC_REFERENCE.fullmatch(value.text) else "clear text"
    return "parameter" if name_within(value) in template.parameter_names else "expression"

"""Turns the effective options of a tunnel into the property that CloudFormation takes."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager

from cdk_aws_vpn.connection.negotiation import in_order_of_choice
from cdk_aws_vpn.connection.tunnel_options import TunnelLogOptions
from cdk_aws_vpn.connection.vpn_tunnel import VpnTunnel
from cdk_aws_vpn.foundation.log_groups import log_destination
from cdk_aws_vpn.foundation.places import asked_once

_Specification = ec2.CfnVPNConnection.VpnTunnelOptionsSpecificationProperty
_NOT_NEGOTIATED = ("dpd_timeout_action", "startup_action", "enable_tunnel_lifecycle_control")


def tunnel_specification(tunnel: VpnTunnel) -> ec2.CfnVPNConnection.VpnTunnelOptionsSpecificationProperty:
    """Return the specification of ``tunnel``; its key is a dynamic reference to the secret."""
    options = tunnel.options
    values: dict[str, Any] = {name: getattr(options, name) for name in _NOT_NEGOTIATED}
    for name, value in tunnel.negotiation.values().items():
        values[name] = (
            value if isinstance(value, int | float) else [{"value": each} for each in in_order_of_choice(name, value)]
        )
    if tunnel.pre_shared_key is not None:
        values["pre_shared_key"] = _dynamic_reference((tunnel.pre_shared_key, options.pre_shared_key_field))
    if options.log_options is not None:
        values["log_options"] = _log_options(options.log_options)
    return _Specification(
        tunnel_inside_cidr=tunnel.inside_cidr, tunnel_inside_ipv6_cidr=options.inside_ipv6_cidr, **values
    )


@asked_once
def _dynamic_reference(key: tuple[secretsmanager.ISecret, str | None]) -> str:
    secret, field = key
    value = secret.secret_value if field is None else secret.secret_value_from_json(field)
    return value.unsafe_unwrap()


def _log_options(options: TunnelLogOptions) -> ec2.CfnVPNConnection.VpnTunnelLogOptionsSpecificationProperty:
    return ec2.CfnVPNConnection.VpnTunnelLogOptionsSpecificationProperty(
        cloudwatch_log_options=ec2.CfnVPNConnection.CloudwatchLogOptionsSpecificationProperty(
            log_enabled=options.log_group is not None,
            log_group_arn=_arn(options.log_group),
            log_output_format=options.log_output_format if options.log_group is not None else None,
            bgp_log_enabled=options.bgp_log_group is not None,
            bgp_log_group_arn=_arn(options.bgp_log_group),
            bgp_log_output_format=options.bgp_log_output_format if options.bgp_log_group is not None else None,
        )
    )


def _arn(log_group: logs.ILogGroup | None) -> str | None:
    return None if log_group is None else log_destination(log_group)

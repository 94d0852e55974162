"""AWS's quotas for VPN, checked while a stack is synthesized.

Each value is the default that an account starts with. If AWS has granted an account more, the number is in the
context, and the check uses it::

    "context": {"cdk-aws-vpn:quotas": {"vpn-connections-per-vgw": 20}}

On the command line, write the same map as JSON: ``-c 'cdk-aws-vpn:quotas={"vpn-connections-per-vgw": 20}'``.

Sources: "AWS Site-to-Site VPN quotas", "AWS Transit Gateway quotas", "AWS Client VPN quotas" and "CloudFormation
quotas"; some name the code that Service Quotas knows the quota by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from constructs import Construct

from cdk_aws_vpn.errors import QuotaError, VpnConfigurationError
from cdk_aws_vpn.foundation.places import asked_once

QUOTAS_CONTEXT_KEY = "cdk-aws-vpn:quotas"


@asked_once
def _context_of(scope: Construct) -> Any:
    """Return what the context says to ``scope``. The CDK changes no context once a construct has children."""
    return scope.node.try_get_context(QUOTAS_CONTEXT_KEY)


@dataclass(frozen=True, kw_only=True)
class Quota:
    """One quota: its key in the context, its name and code in the Service Quotas console, and its default.

    ``code`` is None where Service Quotas has none that is known to us.
    ``raisable`` is False if AWS never raises the quota; ``instead`` is what to do then.
    """

    key: str
    name: str
    default: int
    code: str | None = None
    raisable: bool = True
    instead: str = ""

    def check(self, scope: Construct, prop: str, count: int) -> None:
        """Raise when ``count`` is more than the default, or more than the context of ``scope`` grants.

        Raises:
            QuotaError: There are too many.
            VpnConfigurationError: The context contains an unknown quota, or a value that is not a whole number.
        """
        limit = self._granted(scope) if self.raisable else self.default
        if count > limit:
            raise QuotaError(
                prop,
                count,
                f"{limit} at most ({self.name!r})",
                self._remedy,
            )

    @property
    def _remedy(self) -> str:
        if not self.raisable:
            return f"{self.instead}; AWS does not raise this quota"
        code = f" ({self.code} in Service Quotas)" if self.code else ""
        return (
            f"use another gateway, stack or Region, or have the quota raised{code} and set {self.key!r} "
            f"in the context {QUOTAS_CONTEXT_KEY!r}"
        )

    def _granted(self, scope: Construct) -> int:
        granted = _context_of(scope)
        if granted is None:
            return self.default
        if isinstance(granted, str) and granted.lstrip().startswith("{"):  # from -c on the command line
            with suppress(ValueError):
                granted = json.loads(granted)
        example = f'write it like {{"{self.key}": {2 * self.default}}} in cdk.json'
        if not isinstance(granted, Mapping):
            raise VpnConfigurationError(
                f"context {QUOTAS_CONTEXT_KEY}", granted, "a map from the key of a quota to a number", example
            )
        for key, value in granted.items():
            if key not in _QUOTAS:
                raise VpnConfigurationError(f"context {QUOTAS_CONTEXT_KEY}", key, ", ".join(_QUOTAS), example)
            if not re.fullmatch(r"\d+", str(value)):
                raise VpnConfigurationError(
                    f"context {QUOTAS_CONTEXT_KEY}/{key}", value, "a whole number, 0 or more", example
                )
        return int(granted.get(self.key, self.default))


VPN_CONNECTIONS_PER_VGW = Quota(
    key="vpn-connections-per-vgw",
    name="VPN connections per virtual private gateway",
    default=10,
    code="L-B91E5754",
)
VPN_CONNECTIONS_PER_REGION = Quota(
    key="vpn-connections-per-region", name="VPN connections per Region", default=50, code="L-3E6EC3A3"
)
CUSTOMER_GATEWAYS_PER_REGION = Quota(
    key="customer-gateways-per-region", name="Customer gateways per Region", default=50, code="L-4FB7FF5D"
)
VIRTUAL_PRIVATE_GATEWAYS_PER_REGION = Quota(
    key="virtual-private-gateways-per-region",
    name="Virtual private gateways per Region",
    default=5,
    code="L-7029FAB6",
)
TRANSIT_GATEWAY_ATTACHMENTS = Quota(
    key="attachments-per-transit-gateway",
    name="Attachments per transit gateway",
    default=5000,
    raisable=False,
    instead="use another transit gateway",
)
STATIC_ROUTES_PER_CONNECTION = Quota(
    key="static-routes-per-connection", name="Static routes per VPN connection", default=100
)
TRANSIT_GATEWAYS_PER_REGION = Quota(key="transit-gateways-per-region", name="Transit gateways per account", default=5)
TRANSIT_GATEWAY_ROUTE_TABLES = Quota(
    key="transit-gateway-route-tables", name="Transit gateway route tables per transit gateway", default=20
)
CLIENT_VPN_ENDPOINTS_PER_REGION = Quota(
    key="client-vpn-endpoints-per-region", name="Client VPN endpoints per Region", default=5
)
AUTHORIZATION_RULES_PER_CLIENT_VPN_ENDPOINT = Quota(
    key="authorization-rules-per-client-vpn-endpoint",
    name="Authorization rules per Client VPN endpoint",
    default=200,
)
ROUTES_PER_CLIENT_VPN_ASSOCIATION = Quota(
    key="routes-per-client-vpn-association", name="Routes per Client VPN target network association", default=100
)
RESOURCES_PER_STACK = Quota(
    key="resources-per-stack",
    name="Resources in a CloudFormation template",
    default=500,
    raisable=False,
    instead="put fewer into each stack",
)

_QUOTAS = {
    quota.key: quota
    for quota in (
        VPN_CONNECTIONS_PER_VGW,
        VPN_CONNECTIONS_PER_REGION,
        CUSTOMER_GATEWAYS_PER_REGION,
        VIRTUAL_PRIVATE_GATEWAYS_PER_REGION,
        TRANSIT_GATEWAY_ATTACHMENTS,
        STATIC_ROUTES_PER_CONNECTION,
        TRANSIT_GATEWAYS_PER_REGION,
        TRANSIT_GATEWAY_ROUTE_TABLES,
        CLIENT_VPN_ENDPOINTS_PER_REGION,
        AUTHORIZATION_RULES_PER_CLIENT_VPN_ENDPOINT,
        ROUTES_PER_CLIENT_VPN_ASSOCIATION,
    )
}

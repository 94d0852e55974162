"""Every mistake stops at once, with one error of our own that says what, which, how far, and what to do."""

from __future__ import annotations

import pytest

from cdk_aws_vpn import TunnelOptions
from cdk_aws_vpn.errors import type_of
from tests.constructs.bad_input import Bad
from tests.constructs.bad_shared_checks import BAD_SHARED_CHECKS
from tests.constructs.checks.bad_addresses import BAD_ADDRESSES
from tests.constructs.client_vpn.bad_access import BAD_ACCESS
from tests.constructs.client_vpn.bad_client_vpn import BAD_CLIENT_VPN
from tests.constructs.connection.bad_connections import BAD_CONNECTIONS
from tests.constructs.connection.bad_keys import BAD_KEYS
from tests.constructs.connection.bad_tunnels import BAD_TUNNELS
from tests.constructs.device.bad_devices import BAD_DEVICES
from tests.constructs.device.bad_pairs import BAD_PAIRS
from tests.constructs.foundation.bad_quotas import BAD_QUOTAS
from tests.constructs.gateways.bad_gateways import BAD_GATEWAYS
from tests.constructs.monitoring.bad_monitoring import BAD_MONITORING
from tests.constructs.site import Site
from tests.constructs.sites.bad_sites import BAD_SITES
from tests.constructs.transit.bad_route_tables import BAD_ROUTE_TABLES
from tests.constructs.transit.bad_transit import BAD_TRANSIT
from tests.constructs.transit.bad_transit_connections import BAD_TRANSIT_CONNECTIONS

BAD = [
    *BAD_ADDRESSES,
    *BAD_GATEWAYS,
    *BAD_TUNNELS,
    *BAD_KEYS,
    *BAD_CONNECTIONS,
    *BAD_QUOTAS,
    *BAD_SITES,
    *BAD_DEVICES,
    *BAD_PAIRS,
    *BAD_MONITORING,
    *BAD_TRANSIT,
    *BAD_ROUTE_TABLES,
    *BAD_TRANSIT_CONNECTIONS,
    *BAD_CLIENT_VPN,
    *BAD_ACCESS,
    *BAD_SHARED_CHECKS,
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.behaviour.replace(" ", "-"))
def test_a_mistake_is_answered_with_what_is_allowed_and_what_to_do(bad: Bad) -> None:
    with pytest.raises(bad.error) as raised:
        bad.write(Site())
    error = raised.value
    assert type(error) is bad.error
    hidden = isinstance(bad.value, dict | type | TunnelOptions)
    assert (error.property, error.value) == (bad.prop, type_of(bad.value) if hidden else bad.value)
    assert bad.allowed in error.allowed
    assert bad.remedy in error.remedy
    assert error.__cause__ is None
    assert str(error) == f"{bad.prop} {error.value!r} is not allowed; allowed: {error.allowed}; {error.remedy}"


def test_the_table_has_at_least_a_hundred_distinct_mistakes() -> None:
    assert len({bad.behaviour for bad in BAD}) == len(BAD) >= 100

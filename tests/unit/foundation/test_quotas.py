"""AWS's quotas, and how to declare that AWS has granted more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_aws_vpn import QuotaError, VpnConfigurationError
from cdk_aws_vpn.foundation import quotas
from cdk_aws_vpn.foundation.quotas import QUOTAS_CONTEXT_KEY, VPN_CONNECTIONS_PER_VGW, Quota

DOCUMENTED = {
    "vpn-connections-per-vgw": 10,
    "vpn-connections-per-region": 50,
    "customer-gateways-per-region": 50,
    "virtual-private-gateways-per-region": 5,
    "static-routes-per-connection": 100,
    "transit-gateways-per-region": 5,
    "transit-gateway-route-tables": 20,
    "attachments-per-transit-gateway": 5000,
    "resources-per-stack": 500,
    "client-vpn-endpoints-per-region": 5,
    "authorization-rules-per-client-vpn-endpoint": 200,
    "routes-per-client-vpn-association": 100,
}
KNOWN = [value for value in vars(quotas).values() if isinstance(value, Quota)]


class Scope:
    """A construct, as far as a quota needs one: something with a context of its own."""

    def __init__(self, context: Any) -> None:
        values = {QUOTAS_CONTEXT_KEY: context}
        self.node = SimpleNamespace(try_get_context=values.get)


def scope(context: Any = None) -> Any:
    return Scope(context)


def test_the_defaults_are_those_that_aws_documents() -> None:
    assert {quota.key: quota.default for quota in KNOWN} == DOCUMENTED


@pytest.mark.parametrize("quota", KNOWN, ids=lambda quota: quota.key)
def test_as_many_as_the_default_are_allowed_and_one_more_is_not(quota: Quota) -> None:
    quota.check(scope(), "things", quota.default)
    with pytest.raises(QuotaError) as raised:
        quota.check(scope(), "things", quota.default + 1)
    assert raised.value.value == quota.default + 1
    assert quota.name in raised.value.allowed
    assert (quota.key if quota.raisable else "does not raise") in raised.value.remedy
    assert (quota.code or "") in raised.value.remedy


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_what_the_account_was_granted_counts_instead(granted: int, count: int) -> None:
    account = scope({"vpn-connections-per-vgw": granted})
    if count <= granted:
        VPN_CONNECTIONS_PER_VGW.check(account, "gateway", count)
    else:
        with pytest.raises(QuotaError, match=f"allowed: {granted} at most"):
            VPN_CONNECTIONS_PER_VGW.check(account, "gateway", count)


def test_a_grant_for_one_quota_leaves_the_others_alone() -> None:
    with pytest.raises(QuotaError, match="10 at most"):
        VPN_CONNECTIONS_PER_VGW.check(scope({"vpn-connections-per-region": 99}), "gateway", 11)


@pytest.mark.parametrize("granted", ["many", None, [], {}, "1.5", 2.5, True, -1])
def test_a_grant_must_be_a_whole_number(granted: Any) -> None:
    with pytest.raises(VpnConfigurationError, match=r"context cdk-aws-vpn:quotas/vpn-connections-per-vgw .*cdk\.json"):
        VPN_CONNECTIONS_PER_VGW.check(scope({"vpn-connections-per-vgw": granted}), "gateway", 1)


@pytest.mark.parametrize("context", ["20", 20, ["vpn-connections-per-vgw"]])
def test_the_grants_must_be_a_map(context: Any) -> None:
    with pytest.raises(VpnConfigurationError, match="context cdk-aws-vpn:quotas"):
        VPN_CONNECTIONS_PER_VGW.check(scope(context), "gateway", 1)


def test_a_grant_for_an_unknown_quota_is_refused() -> None:
    with pytest.raises(VpnConfigurationError, match="vpn-connections-per-vpc"):
        VPN_CONNECTIONS_PER_VGW.check(scope({"vpn-connections-per-vpc": 20}), "gateway", 1)

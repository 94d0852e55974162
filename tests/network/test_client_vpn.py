"""Client VPN with real packets: a real OpenVPN client with our exported profile, and a real OpenVPN server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from tests.network.conftest import CLIENT_VPN, Machines
from tests.network.observed import answers, statistics
from tests.network.site import CLOUD_HOST, IDC_HOST, Site
from vpn_lab.network.users import Users

pytestmark = [pytest.mark.machine, pytest.mark.parametrize("site", [CLIENT_VPN], indirect=True)]

CONNECTED_SECONDS = 60
RULE_SECONDS = 30
REFUSED_SECONDS = 150
# a server notices after 60 s that a client is gone
GONE_SECONDS = 90


@pytest.fixture
def users(site: Site, machines: Machines) -> Users:
    """The users of the endpoint, once the user of the outage of its association is gone."""
    found = Users(site.network, machines.keys)
    wait(found, lambda: "bob" not in dict(found.listed()), GONE_SECONDS, "bob to be gone")
    return found


@pytest.fixture
def alice(users: Users) -> Iterator[str]:
    users.connect("alice")
    wait(users, lambda: users.connected("alice"), CONNECTED_SECONDS, "alice to be connected")
    wait(users, lambda: users.reaches("alice", CLOUD_HOST, IDC_HOST), CONNECTED_SECONDS, "alice to reach both hosts")
    yield "alice"
    users.disconnect("alice")


def wait(users: Users, condition: Callable[[], bool], seconds: float, what: str) -> None:
    users.network.wait(lambda _: condition(), seconds, what)


def test_a_client_reaches_the_cloud_and_the_data_centre_behind_it(site: Site, users: Users, alice: str) -> None:
    began, address = time.time(), users.state(alice)["address"]
    assert address.startswith("10.70.")
    wait(users, lambda: users.listed() == [(alice, address)], RULE_SECONDS, "the API to show alice")
    wait(
        users, lambda: counted(site, users, "ActiveConnectionsCount", "Maximum", began) == 1, RULE_SECONDS, "the metric"
    )
    connected = [row["client-ip"] for row in answers(site, "who was connected") if row["common-name"] == alice]
    assert address in connected


def counted(site: Site, users: Users, metric: str, statistic: str, since: float) -> float:
    """Return a statistic of a metric of the endpoint; 0 while it has no value."""
    dimensions = [{"Name": "Endpoint", "Value": users.endpoint["ClientVpnEndpointId"]}]
    return statistics(site, "AWS/ClientVPN", metric, dimensions, since).get(statistic, 0)


def test_the_hosts_see_an_address_of_the_endpoints_subnets(users: Users, alice: str) -> None:
    text = users.network.call(f"client-{alice}", "ping", "-c", "1", "-W", "2", IDC_HOST)["output"]
    assert "1 received" in text
    answer = users.network.region.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    own = [one["PrivateIpAddress"] for one in answer if "ClientVPN" in one["Description"]]
    assert len(own) == 2
    assert all(address.startswith("10.50.") for address in own)


def test_without_a_rule_a_client_reaches_nothing(users: Users, alice: str) -> None:
    networks = users.authorized()
    assert networks
    users.authorize(*networks, allowed=False)
    try:
        for host in (CLOUD_HOST, IDC_HOST):
            wait(users, lambda one=host: not users.reaches(alice, one), RULE_SECONDS, f"{host} to be closed")  # type: ignore[misc]
        assert users.connected(alice)
    finally:
        users.authorize(*networks, allowed=True)
    wait(users, lambda: users.reaches(alice, CLOUD_HOST, IDC_HOST), RULE_SECONDS, "both hosts to be open again")


def test_a_revoked_client_is_cut_off_and_refused(site: Site, users: Users) -> None:
    began = time.time()
    users.connect("mallory")
    wait(users, lambda: users.connected("mallory"), CONNECTED_SECONDS, "mallory to be connected")
    assert users.command("revoke", "mallory")["revoked"] >= 1
    wait(users, lambda: users.refusals() > 0, REFUSED_SECONDS, "a server to refuse mallory")
    assert not users.connected("mallory")
    assert not users.reaches("mallory", CLOUD_HOST)
    wait(users, lambda: counted(site, users, "AuthenticationFailures", "Sum", began) > 0, RULE_SECONDS, "the metric")
    assert counted(site, users, "CrlDaysToExpiry", "Minimum", began) > 0
    users.disconnect("mallory")

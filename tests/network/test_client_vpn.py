"""Client VPN with real packets: a real OpenVPN client with our exported profile, and a real OpenVPN server."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.network.conftest import ROOT, Machines
from tests.network.site import CLOUD_HOST, IDC_HOST
from vpn_lab.network.network import Network

pytestmark = pytest.mark.machine

STACK = "ScenarioClientVpn"
CONNECTED_SECONDS = 60
RULE_SECONDS = 30
# 20 s until silence is noticed, 60 s for a handshake with the same server, and the rest for the other one
TAKEOVER_SECONDS = 150
NETWORKS = ("10.50.0.0/16", "10.60.0.0/16")


@dataclass(frozen=True)
class Users:
    """The endpoint of the scenario, and what an operator does for its users."""

    network: Network
    folder: Path

    def command(self, *words: str) -> Any:
        """Run our own operator command against the region."""
        line = [sys.executable, "-m", "vpn_ops", "client-vpn", *words, "--json", "--folder", str(self.folder)]
        environment = self.network.region.environment()
        ended = subprocess.run(line, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
        return json.loads(ended.stdout)

    def connect(self, name: str) -> None:
        """Give a user a profile, and a computer that connects with it."""
        profile = Path(self.command("profile", name)["profile"]).read_text()
        self.network.attach_client(name, profile)

    def state(self, name: str) -> dict[str, str]:
        """What a user's OpenVPN says of itself; empty before the computer is there."""
        return dict(self.network.state().get(f"client-{name}", {}).get("client", {}))

    def connected(self, name: str) -> bool:
        return self.state(name).get("state") == "CONNECTED"

    def reaches(self, name: str, *targets: str) -> bool:
        return all(self.network.pings(f"client-{name}", one) for one in targets)

    def listed(self) -> list[tuple[str, str]]:
        """Names and addresses of those who are connected, by the EC2 API."""
        answer = self.network.region.client("ec2").describe_client_vpn_connections(**self.endpoint)["Connections"]
        return [(one["CommonName"], one["ClientIp"]) for one in answer if one["Status"]["Code"] == "active"]

    def wait(self, condition: Callable[[], bool], seconds: float, what: str) -> float:
        return self.network.wait(lambda _: condition(), seconds, what)

    @property
    def endpoint(self) -> dict[str, str]:
        (found,) = self.network.region.client("ec2").describe_client_vpn_endpoints()["ClientVpnEndpoints"]
        return {"ClientVpnEndpointId": found["ClientVpnEndpointId"]}


@pytest.fixture
def users(machines: Machines) -> Users:
    """The scenario with its Site-to-Site tunnels up."""
    site = machines.site(STACK)
    found = Users(site.network, machines.keys)
    found.wait(site.healthy, TAKEOVER_SECONDS, "the device to be healthy")
    return found


@pytest.fixture
def alice(users: Users) -> Iterator[str]:
    users.connect("alice")
    users.wait(lambda: users.connected("alice"), CONNECTED_SECONDS, "alice to be connected")
    users.wait(lambda: users.reaches("alice", CLOUD_HOST, IDC_HOST), CONNECTED_SECONDS, "alice to reach both hosts")
    yield "alice"
    users.network.detach_client("alice")


def test_a_client_reaches_the_cloud_and_the_data_centre_behind_it(users: Users, alice: str) -> None:
    assert users.state(alice)["address"].startswith("10.70.")
    users.wait(
        lambda: users.listed() == [(alice, users.state(alice)["address"])], RULE_SECONDS, "the API to show alice"
    )


def test_the_hosts_see_an_address_of_the_endpoints_subnets(users: Users, alice: str) -> None:
    text = users.network.call(f"client-{alice}", "ping", "-c", "1", "-W", "2", IDC_HOST)["output"]
    assert "1 received" in text
    answer = users.network.region.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    own = [one["PrivateIpAddress"] for one in answer if "ClientVPN" in one["Description"]]
    assert len(own) == 2
    assert all(address.startswith("10.50.") for address in own)


def test_without_a_rule_a_client_reaches_nothing(users: Users, alice: str) -> None:
    ec2 = users.network.region.client("ec2")
    for network in NETWORKS:
        ec2.revoke_client_vpn_ingress(**users.endpoint, TargetNetworkCidr=network, RevokeAllGroups=True)
    try:
        for host in (CLOUD_HOST, IDC_HOST):
            users.wait(lambda one=host: not users.reaches(alice, one), RULE_SECONDS, f"{host} to be closed")  # type: ignore[misc]
        assert users.connected(alice)
    finally:
        for network in NETWORKS:
            ec2.authorize_client_vpn_ingress(**users.endpoint, TargetNetworkCidr=network, AuthorizeAllGroups=True)
    users.wait(lambda: users.reaches(alice, CLOUD_HOST, IDC_HOST), RULE_SECONDS, "both hosts to be open again")


def test_the_second_association_takes_over_when_the_first_is_cut(users: Users, alice: str) -> None:
    first = users.state(alice)["server"]
    users.network.fault("blackhole", first)
    try:
        users.wait(
            lambda: users.state(alice)["server"] != first and users.reaches(alice, CLOUD_HOST, IDC_HOST),
            TAKEOVER_SECONDS,
            "the other association to carry traffic",
        )
    finally:
        users.network.fault("heal", first)


def test_a_revoked_client_is_cut_off_and_refused(users: Users) -> None:
    users.connect("mallory")
    users.wait(lambda: users.connected("mallory"), CONNECTED_SECONDS, "mallory to be connected")
    assert users.command("revoke", "mallory")["revoked"] >= 1
    users.wait(lambda: refusals(users) > 0, TAKEOVER_SECONDS, "a server to refuse mallory")
    assert not users.connected("mallory")
    assert not users.reaches("mallory", CLOUD_HOST)
    users.network.detach_client("mallory")


def refusals(users: Users) -> int:
    """How often the servers refused a certificate because it is revoked."""
    servers = [name for name in users.network.state() if name.startswith("cvpn-assoc-")]
    logs = [users.network.call(one, "cat", "/var/log/openvpn.log")["output"] for one in servers]
    return sum(log.count("certificate revoked") for log in logs)

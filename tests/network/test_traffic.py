"""Every scenario carries traffic, and only what is expected crosses the Internet."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from tests.network.conftest import BGP, STATIC, TRANSIT, TUNNELS
from tests.network.site import CLOUD_HOST, IDC_HOST, QUIET_SECONDS, Site
from tests.network.test_transit_gateway_ecmp import uses_all
from vpn_lab.network.measuring.capture import Capture
from vpn_lab.network.network import Network
from vpn_lab.network.planning import algorithms
from vpn_lab.network.reporting import telemetry
from vpn_model.unknown import all_known

pytestmark = pytest.mark.machine
BREAKS_NOTHING = True

every_scenario = pytest.mark.parametrize("site", [*STATIC, *BGP, *TRANSIT], indirect=True)
MEGABYTE = 1 << 20
MSS = re.compile(r"mss (\d+)")
HEADERS = 40


def listens(network: Network, host: str) -> bool:
    return "5201" in network.run(host, "ss", "-ltn")


@every_scenario
def test_the_hosts_reach_each_other_both_ways(site: Site) -> None:
    site.network.wait(lambda _: site.carries(), 30, "the hosts to reach each other")


@every_scenario
def test_a_megabyte_arrives_both_ways_in_packets_that_must_not_be_fragmented(site: Site) -> None:
    ways = ((site.idc, site.cloud, CLOUD_HOST), (site.cloud, site.idc, IDC_HOST))
    with ThreadPoolExecutor() as pool:
        # in parallel, because each takes a while
        transfers = [pool.submit(transfer, site.network, *way) for way in ways]
    for transferred in transfers:
        received, connections = transferred.result()
        assert received >= MEGABYTE
        assert "flags [DF]" in connections
        assert {int(mss) for mss in MSS.findall(connections)} == {clamped(site)}


def transfer(network: Network, client: str, server: str, address: str) -> tuple[int, str]:
    """Send some megabytes; return the bytes that arrived, and the capture of how the connections began."""
    # a server is the client of the other direction, and what it sends is clamped only later
    arriving = f"tcp[tcpflags] & tcp-syn != 0 and dst host {address} and dst port 5201"
    capture = Capture(network, server, arriving, "-v")
    with ThreadPoolExecutor() as pool:
        serving = pool.submit(network.run, server, "iperf3", "-s", "-1")
        capture.wait()
        network.wait(partial(listens, host=server), 20, "iperf3 to listen")
        sent = json.loads(network.run(client, "iperf3", "-c", address, "-n", "4M", "--json"))
        serving.result()
    # at the end of a test iperf3 counts what has arrived by then, and the last of it is under way
    return sent["end"]["sum_received"]["bytes"], capture.result()


def clamped(site: Site) -> int:
    """Return the MSS that fits through every tunnel of a scenario."""
    options = [tunnel.options for connection in site.connections for tunnel in connection.tunnels]
    return (
        min(algorithms.mtu(all_known(one.phase2_encryption), all_known(one.phase2_integrity)) for one in options)
        - HEADERS
    )


@every_scenario
def test_nothing_but_ipsec_crosses_the_internet(site: Site) -> None:
    network, outsides = site.network, list(site.tunnels)
    capture = Capture(network, "internet", "ip")
    capture.wait()
    for _ in range(3):
        assert site.carries()
    packets = [line for line in capture.result().splitlines() if " IP " in line]
    own = [line for line in packets if any(outside in line for outside in outsides)]
    assert any(".4500: UDP-encap: ESP" in line for line in own)
    assert not [line for line in packets if "10.60." in line or "10.50." in line]


@every_scenario
def test_the_algorithms_in_force_are_among_those_asked_for_on_every_tunnel(site: Site) -> None:
    options = {one.outside_address: one.options for connection in site.connections for one in connection.tunnels}
    established = {outside: one for outside, one in site.tunnels.items() if one["established"]}
    assert len(established) == TUNNELS[site.stack]
    for outside, tunnel in established.items():
        found, asked = telemetry.negotiated(tunnel), options[outside]
        assert found["IkeVersion"] in asked.ike_versions
        assert found["Phase1EncryptionAlgorithm"] in asked.phase1_encryption
        assert found["Phase1IntegrityAlgorithm"] in asked.phase1_integrity
        assert found["Phase1DHGroup"] in asked.phase1_dh_groups
        assert found["Phase2EncryptionAlgorithm"] in asked.phase2_encryption
        # the first child association takes its keys from the IKE exchange, and has no group of its own until a rekey
        assert found.get("Phase2DHGroup", asked.phase2_dh_groups[0]) in asked.phase2_dh_groups


@every_scenario
def test_aws_has_a_propagated_route_to_the_data_centre(site: Site) -> None:
    gateway = site.gateway
    tables = site.network.deployed().model.route_tables.values()
    targets = {route.target_id for table in tables for route in table.routes if route.destination == "10.60.0.0/16"}
    assert gateway in targets
    with_bgp = [one for one in site.tunnels.values() if one["bgp"] is not None]
    assert all(one["bgp"] == "Established" and one["prefixes"] == ["10.60.0.0/16"] for one in with_bgp)


@pytest.mark.parametrize("site", TRANSIT, indirect=True)
def test_the_transit_gateway_uses_four_tunnels(site: Site) -> None:
    site.network.wait(lambda _: uses_all(site), QUIET_SECONDS, "the gateway to use four tunnels")


@every_scenario
def test_the_tunnels_survive_new_keys(site: Site) -> None:
    network = site.network
    for kind, part in (("child", "esp"), ("ike", "ike")):
        before = {outside: one for outside, one in site.tunnels.items() if one["established"]}
        for one in before.values():
            network.machine.call("rekey", gateway=one["gateway"], name=one["name"], kind=kind)
        network.wait(partial(renewed, site, part, before), 30, f"new keys for the {kind} associations")
        assert site.carries()


def renewed(site: Site, part: str, before: dict[str, dict[str, Any]], _: Network) -> bool:
    """Tell whether every tunnel has other security associations than before."""
    now = site.tunnels
    return all(now[outside][part] and now[outside][part] != one[part] for outside, one in before.items())

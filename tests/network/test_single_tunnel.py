"""One device, one tunnel: the deployed user-data brings up real IKE and ESP."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.network.conftest import CLOUD_HOST, IDC_HOST, TUNNELS_UP_SECONDS
from vpn_lab.network.network import Network

pytestmark = pytest.mark.machine


def reachable(network: Network) -> bool:
    return network.pings(IDC_HOST, CLOUD_HOST) and network.pings(CLOUD_HOST, IDC_HOST)


def listens(network: Network, host: str) -> bool:
    return "5201" in network.run(host, "ss", "-ltn")


def captures(network: Network) -> bool:
    # a packet socket shows that tcpdump has opened its interface
    return len(network.run("internet", "cat", "/proc/net/packet").splitlines()) > 1


def test_the_hosts_reach_each_other_both_ways(single_tunnel: Network) -> None:
    single_tunnel.wait(reachable, 30, "the hosts to reach each other")


def test_a_megabyte_arrives_both_ways(single_tunnel: Network) -> None:
    for server, client in ((CLOUD_HOST, IDC_HOST), (IDC_HOST, CLOUD_HOST)):
        with ThreadPoolExecutor() as pool:
            serving = pool.submit(single_tunnel.run, server, "iperf3", "-s", "-1")
            single_tunnel.wait(partial(listens, host=server), 20, "iperf3 to listen")
            sent = json.loads(single_tunnel.run(client, "iperf3", "-c", server, "-n", "2M", "--json"))
            serving.result()
        # at the end of a test iperf3 counts what has arrived by then, and the last of it is under way
        assert sent["end"]["sum_received"]["bytes"] >= 1 << 20


def test_nothing_but_ipsec_crosses_the_internet(single_tunnel: Network) -> None:
    with ThreadPoolExecutor() as pool:
        capturing = pool.submit(single_tunnel.capture, "internet", "ip", 10)
        single_tunnel.wait(captures, 20, "the capture")
        for _ in range(3):
            assert reachable(single_tunnel)
        packets = [line for line in capturing.result().splitlines() if " IP " in line]
    assert any("UDP-encap: ESP" in line for line in packets)
    assert not [line for line in packets if "10.60." in line or "10.50." in line]


def test_the_algorithms_in_force_are_the_lowest_that_the_tunnel_allows(single_tunnel: Network) -> None:
    negotiated = next(one for one in single_tunnel.tunnels().values() if one["established"])
    assert negotiated["ike"]["encr-alg"] == negotiated["esp"]["encr-alg"] == "AES_GCM_16"
    assert negotiated["ike"]["dh-group"] == "ECP_256"
    assert negotiated["ike"]["version"] == "2"


def test_without_the_tunnel_the_hosts_do_not_reach_each_other(single_tunnel: Network) -> None:
    outside = next(name for name, one in single_tunnel.tunnels().items() if one["established"])
    single_tunnel.fault("blackhole", outside)
    assert not single_tunnel.pings(IDC_HOST, CLOUD_HOST)
    single_tunnel.fault("heal", outside)
    single_tunnel.wait(reachable, TUNNELS_UP_SECONDS, "the tunnel to carry traffic again")


def test_after_a_reboot_everything_comes_back_by_itself(single_tunnel: Network) -> None:
    single_tunnel.fault("power-off", "Cgw")
    assert not single_tunnel.pings(IDC_HOST, CLOUD_HOST)
    single_tunnel.fault("power-on", "Cgw")
    single_tunnel.wait(reachable, TUNNELS_UP_SECONDS, "the rebooted device to carry traffic")

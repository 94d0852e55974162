"""The name server of a client's node, and the plan of a Client VPN, without a machine."""

from __future__ import annotations

import struct
from dataclasses import replace

from tests.network.deployments import changed, device_and_host, interface
from vpn_lab.network.client_vpn_servers import MUTUAL_TLS, ServerIdentity, outside_address
from vpn_lab.network.clients import Client
from vpn_lab.network.deployed import Deployed
from vpn_lab.network.guest.openvpn import clients
from vpn_lab.network.guest.openvpn import connection as client_state
from vpn_lab.network.guest.resolver import answer
from vpn_lab.network.plan import Plan
from vpn_lab.network.planning.planner import plan
from vpn_lab.network.reporting.clients import connection, identifier
from vpn_model.client_vpn import (
    Authentication,
    AuthorizationRule,
    ClientVpnAssociation,
    ClientVpnEndpoint,
    ClientVpnRoute,
)
from vpn_model.hosts import InterfaceAddress

NAMES = {"cvpn.example": ["198.18.0.1", "198.18.0.2"]}
STATUS = [
    "HEADER\tCLIENT_LIST\tCommon Name\tReal Address\tVirtual Address\tVirtual IPv6 Address\tBytes Received\t"
    "Bytes Sent\tConnected Since\tConnected Since (time_t)\tUsername\tClient ID\tPeer ID\tData Channel Cipher",
    "CLIENT_LIST\talice\t198.19.0.1:5\t10.70.0.2\t\t10\t20\tnow\t0\tUNDEF\t7\t0\tAES-256-GCM",
    "CLIENT_LIST\tUNDEF\t198.19.0.2:5\t\t\t10\t20\tnow\t0\tUNDEF\t8\t0\tAES-256-GCM",
]


def question(name: str, kind: int = 1) -> bytes:
    labels = b"".join(bytes([len(one)]) + one.encode() for one in name.split("."))
    return struct.pack("!6H", 77, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", kind, 1)


def code_and_count(reply: bytes) -> tuple[int, int]:
    _, flags, _, count, *_ = struct.unpack_from("!6H", reply)
    return flags & 15, count


def test_an_endpoint_answers_behind_any_label() -> None:
    reply = answer(question("0a1b.CVPN.example"), NAMES)
    assert code_and_count(reply) == (0, 2)
    assert reply.endswith(bytes([198, 18, 0, 2]))


def test_it_has_no_other_addresses_and_other_names_do_not_exist() -> None:
    assert code_and_count(answer(question("cvpn.example", kind=28), NAMES)) == (0, 0)
    assert code_and_count(answer(question("notcvpn.example"), NAMES)) == (3, 0)


def test_a_server_lists_clients_that_have_an_address() -> None:
    (one,) = clients(STATUS)
    assert (one["name"], one["address"], one["client_id"]) == ("alice", "10.70.0.2", "7")
    assert identifier("cvpn-assoc-1", one) != identifier("cvpn-assoc-2", one)
    assert connection("c", one)["CommonName"] == "alice"


def test_a_client_that_says_nothing_is_not_connected() -> None:
    assert client_state([])["state"] == ""
    assert client_state(["0,CONNECTED,SUCCESS,10.70.0.2,198.18.0.1,443,,"])["server"] == "198.18.0.1"


ASSOCIATION = ClientVpnAssociation("cvpn-assoc-1", "subnet-a")


def deployed(*authorized: str, revocation_list: str | None = None) -> Deployed:
    base = device_and_host()
    own = interface("eni-0000cvpn", None, InterfaceAddress("10.60.0.50"), "sg-open", about="for cvpn-endpoint-1")
    endpoint = ClientVpnEndpoint(
        id="cvpn-endpoint-1",
        name="",
        client_cidr="10.70.0.0/22",
        authentication=(Authentication(MUTUAL_TLS, "arn"),),
        server_certificate_arn="arn",
        dns_name="*.cvpn.example",
        split_tunnel=True,
        dns_servers=("10.60.0.2",),
        associations=(ASSOCIATION,),
        routes=(ClientVpnRoute("10.60.0.0/16", "subnet-a"), ClientVpnRoute("10.50.0.0/16", "subnet-b")),
        authorization_rules=tuple(AuthorizationRule(network) for network in authorized),
    )
    identity = ServerIdentity("certificate", "not a key", "chain", "authority", revocation_list)
    with_endpoint = changed(
        base, interfaces={**base.model.interfaces, own.id: own}, client_vpn_endpoints={endpoint.id: endpoint}
    )
    return replace(with_endpoint, server_identities={endpoint.id: identity})


def planned(*authorized: str, revocation_list: str | None = None) -> Plan:
    found = deployed(*authorized, revocation_list=revocation_list)
    return plan(found, 4566, [Client("alice", "remote cvpn.example 443")])


def test_a_server_lets_clients_into_authorized_networks_only() -> None:
    assert "ip daddr { 10.60.0.0/16 } accept" in planned("10.60.0.0/16")["nodes"]["cvpn-assoc-1"]["firewall"]
    nothing = planned()["nodes"]["cvpn-assoc-1"]["firewall"]
    assert 'iifname "tun*" oifname "vpc" drop' in nothing
    assert "snat to 10.60.0.50" in nothing


def test_a_server_has_the_routes_of_its_own_subnet() -> None:
    server = planned()["nodes"]["cvpn-assoc-1"]
    text = server["files"]["etc/openvpn/server.conf"]
    assert 'push "route 10.60.0.0 255.255.0.0"' in text
    assert "10.50.0.0" not in text
    assert "crl-verify" not in text
    assert 'push "dhcp-option DNS 10.60.0.2"' in text
    assert "10.60.0.0/16 via 10.60.0.1 dev vpc" in server["routes"]


def test_a_revocation_list_is_enforced() -> None:
    files = planned(revocation_list="list")["nodes"]["cvpn-assoc-1"]["files"]
    assert files["etc/openvpn/revoked.crl"] == "list"
    assert "crl-verify /etc/openvpn/revoked.crl" in files["etc/openvpn/server.conf"]


def test_a_client_stands_on_the_internet_with_its_profile_as_it_is() -> None:
    nodes = planned()["nodes"]
    outside = outside_address(ASSOCIATION)
    assert nodes["client-alice"]["files"] == {"root/profile.ovpn": "remote cvpn.example 443"}
    assert nodes["client-alice"]["names"] == {"cvpn.example": [outside]}
    assert any(route.startswith(f"{outside} dev ") for route in nodes["internet"]["routes"])


def test_the_vpcs_router_reaches_the_endpoints_interface() -> None:
    result = planned()
    assert any(route.startswith("10.60.0.50 dev ") for route in result["nodes"]["vpc-a"]["routes"])
    ends = {end for cable in result["cables"] for end in (cable["a"], cable["b"])}
    assert ("cvpn-assoc-1", "vpc") in ends

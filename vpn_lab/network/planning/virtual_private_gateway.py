"""A virtual private gateway as a node: the AWS ends of its tunnels, in strongSwan and FRR."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network

from vpn_lab.network import plan
from vpn_lab.network.deployed import Deployed
from vpn_lab.network.plan import MED, PREFERRED_MED, Node, node
from vpn_lab.network.planning import addresses, algorithms
from vpn_model.connection import Tunnel, VpnConnection
from vpn_model.gateways import VpnGateway
from vpn_model.network import Network
from vpn_model.unknown import all_known, known

OUTSIDE_TABLE = 10
DPD_INTERVAL_SECONDS = 10
HOLD_SECONDS = 30
KEEPALIVE_SECONDS = 10
PREFIXES_MAXIMUM = 100
READY = frozenset({"available", "modifying"})


def gateway(deployed: Deployed, vpn_gateway: VpnGateway) -> Node:
    """Return the node of one virtual private gateway."""
    model = deployed.model
    connections = connections_of(model, vpn_gateway.id)
    made = node("gateway")
    outside = [known(tunnel.outside_address) for connection in connections for tunnel in connection.tunnels]
    made["addresses"] = {"lo": [f"{address}/32" for address in [*outside, addresses.GATEWAY_TO_VPC]]}
    # only packets from an outside address may leave to the Internet: packets for a tunnel that is down must not
    made["rules"] = [f"priority 1000 from {address} lookup {OUTSIDE_TABLE}" for address in outside]
    made["routes"] = [
        f"default via {addresses.INTERNET} dev {addresses.WIDE_AREA_PORT} onlink table {OUTSIDE_TABLE}",
        "unreachable default",
    ]
    vpc = model.vpcs.get(vpn_gateway.vpc_id or "")
    cidrs = all_known(vpc.cidrs) if vpc else ()
    made["routes"] += [f"{cidr} via {addresses.VPC_TO_GATEWAY} dev {addresses.VPC_PORT} onlink" for cidr in cidrs]
    made["tunnels"] = tunnels(connections, MED)
    made["files"] = tunnel_files(deployed, connections)
    if any(not connection.static_routes_only for connection in connections):
        made["files"]["etc/frr/bgpd.conf"] = _bgp(model, vpn_gateway, connections, cidrs)
    return made


def connections_of(model: Network, gateway_id: str) -> list[VpnConnection]:
    """Return a gateway's connections that are ready, in an order that does not change."""
    own = (one for one in model.vpn_connections.values() if one.gateway_id == gateway_id and one.state in READY)
    return sorted(own, key=lambda one: one.id)


def _pairs(connections: list[VpnConnection]) -> list[tuple[VpnConnection, Tunnel]]:
    return [(connection, tunnel) for connection in connections for tunnel in connection.tunnels]


def tunnels(connections: list[VpnConnection], med: tuple[int, int]) -> list[plan.Tunnel]:
    """Return the tunnels of a gateway; ``med`` has the MEDs of the first and second tunnel of a connection."""
    return [_tunnel(*one, med[one[0].tunnels.index(one[1])]) for one in _pairs(connections)]


def tunnel_files(deployed: Deployed, connections: list[VpnConnection]) -> dict[str, str]:
    """Return strongSwan's configuration for all tunnels of a gateway."""
    pairs = _pairs(connections)
    if not pairs:
        return {}
    return {
        "etc/strongswan.conf": _strongswan(known(pairs[0][1].options.dpd_timeout_seconds)),
        "etc/swanctl/swanctl.conf": "\n".join(_ike(deployed, *pair) for pair in pairs),
    }


def tunnel_name(tunnel: Tunnel) -> str:
    """Return the name of a tunnel, derived from its inside network, which is unique on the gateway."""
    third, fourth = _own_octets(tunnel)
    return f"tun{third}-{fourth}"


def _number(tunnel: Tunnel) -> int:
    """Return the number of a tunnel's interface, which is unique and independent of other tunnels."""
    third, fourth = _own_octets(tunnel)
    return 256 * third + fourth


def _own_octets(tunnel: Tunnel) -> tuple[int, int]:
    """Return what distinguishes a tunnel's inside network from the others in 169.254.0.0/16."""
    octets = ip_network(known(tunnel.inside_cidr)).network_address.packed
    return octets[2], octets[3]


def _tunnel(connection: VpnConnection, tunnel: Tunnel, med: int) -> plan.Tunnel:
    inside, options = ip_network(known(tunnel.inside_cidr)), tunnel.options
    static = [known(route.destination) for route in connection.static_routes] if connection.static_routes_only else []
    return {
        "name": tunnel_name(tunnel),
        "connection": connection.id,
        "outside_address": known(tunnel.outside_address),
        "aws_address": str(inside[1]),
        "device_address": str(inside[2]),
        "number": _number(tunnel),
        "mtu": algorithms.mtu(all_known(options.phase2_encryption), all_known(options.phase2_integrity)),
        "med": med,
        "static_prefixes": static,
    }


def _strongswan(dpd_timeout_seconds: int) -> str:
    """Return the settings of the daemon. In IKEv2, retransmission is the dead peer detection."""
    wait = max(dpd_timeout_seconds - DPD_INTERVAL_SECONDS, DPD_INTERVAL_SECONDS) / 2
    return f"""charon-systemd {{
  install_routes = no
  install_virtual_ip = no
  retransmit_base = 1
  retransmit_tries = 1
  retransmit_timeout = {wait}
  load = random nonce openssl aes sha1 sha2 hmac kdf gcm gmp pem x509 pubkey kernel-netlink socket-default vici
  filelog {{
    log {{
      path = /run/charon.log
      default = 1
      flush_line = yes
    }}
  }}
}}
"""


def customer_address(model: Network, connection: VpnConnection) -> str:
    """Return the address of the device that a connection ends on, as its customer gateway says."""
    return str(known(model.customer_gateways[connection.customer_gateway_id].address))


def _ike(deployed: Deployed, connection: VpnConnection, tunnel: Tunnel) -> str:
    name, number, options = tunnel_name(tunnel), _number(tunnel), tunnel.options
    customer, aws = customer_address(deployed.model, connection), known(tunnel.outside_address)
    versions = all_known(options.ike_versions)
    version = 0 if len(versions) > 1 else int(versions[0][-1])
    phase1 = (all_known(options.phase1_encryption), all_known(options.phase1_integrity))
    phase2 = (all_known(options.phase2_encryption), all_known(options.phase2_integrity))
    margin = known(options.rekey_margin_seconds)
    fuzz = margin * known(options.rekey_fuzz_percentage) // 100
    phase2_lifetime = known(options.phase2_lifetime_seconds)
    return f"""connections {{
  {name} {{
    version = {version}
    local_addrs = {aws}
    remote_addrs = {customer}
    proposals = {algorithms.ike_proposals(*phase1, all_known(options.phase1_dh_groups))}
    rekey_time = {known(options.phase1_lifetime_seconds) - margin}s
    rand_time = {fuzz}s
    over_time = {margin}s
    dpd_delay = {DPD_INTERVAL_SECONDS}s
    dpd_timeout = {options.dpd_timeout_seconds}s
    mobike = no
    unique = replace
    local {{
      auth = psk
      id = {aws}
    }}
    remote {{
      auth = psk
      id = {customer}
    }}
    children {{
      {name} {{
        local_ts = 0.0.0.0/0
        remote_ts = 0.0.0.0/0
        esp_proposals = {algorithms.esp_proposals(*phase2, all_known(options.phase2_dh_groups))}
        rekey_time = {phase2_lifetime - margin}s
        rand_time = {fuzz}s
        life_time = {phase2_lifetime}s
        replay_window = {options.replay_window_size}
        if_id_in = {number}
        if_id_out = {number}
        start_action = {"start" if options.startup_action == "start" else "none"}
        dpd_action = {"start" if options.dpd_timeout_action == "restart" else "clear"}
      }}
    }}
  }}
}}
secrets {{
  ike-{name} {{
    id-1 = {aws}
    id-2 = {customer}
    secret = "{deployed.pre_shared_keys[aws]}"
  }}
}}"""


def _bgp(model: Network, vpn_gateway: VpnGateway, connections: list[VpnConnection], cidrs: tuple[str, ...]) -> str:
    lines = [
        f"router bgp {vpn_gateway.asn}",
        f" bgp router-id {connections[0].tunnels[0].outside_address}",
        *(" no bgp ebgp-requires-policy", " no bgp network import-check", " bgp graceful-restart-disable"),
    ]
    policy = []
    for connection in connections:
        if connection.static_routes_only:
            continue
        for med, tunnel in zip(MED, connection.tunnels, strict=True):
            neighbor = bgp_neighbor(model, connection, tunnel, med, PREFIXES_MAXIMUM)
            lines += neighbor.session
            policy += neighbor.policy
    # without this, FRR would spread flows over equal paths, which a virtual private gateway never does
    lines += [
        " address-family ipv4 unicast",
        "  maximum-paths 1",
        *(f"  network {cidr}" for cidr in cidrs),
        *policy,
        " exit-address-family",
    ]
    return "\n".join([*lines, *med_route_maps()]) + "\n"


@dataclass(frozen=True)
class Neighbor:
    """The lines of bgpd's configuration for one tunnel."""

    peer: str
    session: list[str]
    policy: list[str]


def bgp_neighbor(model: Network, connection: VpnConnection, tunnel: Tunnel, med: int, maximum: int) -> Neighbor:
    """Return a session as AWS configures it; it ends if the device announces more than ``maximum`` networks."""
    peer = str(ip_network(known(tunnel.inside_cidr))[2])
    return Neighbor(
        peer,
        [
            f" neighbor {peer} remote-as {model.customer_gateways[connection.customer_gateway_id].asn}",
            f" neighbor {peer} timers {KEEPALIVE_SECONDS} {HOLD_SECONDS}",
            f" neighbor {peer} timers connect 5",
            f" neighbor {peer} advertisement-interval 0",
        ],
        [f"  neighbor {peer} route-map MED-{med} out", f"  neighbor {peer} maximum-prefix {maximum}"],
    )


def med_route_maps() -> list[str]:
    """Return the route-maps that announce a MED, named after it."""
    lines = []
    for med in (PREFERRED_MED, *MED):
        lines += ["exit", f"route-map MED-{med} permit 10", f" set metric {med}"]
    return lines

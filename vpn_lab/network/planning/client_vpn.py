"""Client VPN in the plan of a network: a real OpenVPN server per association, and the clients.

A server connects the Internet with an interface of the VPC. It lets clients reach only the authorized networks, along
the routes of its subnet, and translates their addresses to that of the interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, ip_network

from vpn_lab.network.client_vpn_servers import ServerIdentity, associations, interface_of, outside_address, served
from vpn_lab.network.clients import Client
from vpn_lab.network.deployed import Deployed
from vpn_lab.network.plan import Cable, Node, Plan, node
from vpn_lab.network.planning import addresses
from vpn_lab.network.planning.addresses import INTERNET, INTERNET_NODE, VPC_PORT, WIDE_AREA_PORT, port_of
from vpn_model.client_vpn import ClientVpnAssociation, ClientVpnEndpoint
from vpn_model.unknown import all_known, known

OUTSIDE_TABLE = 10
POOLS = 8
# what AWS's servers push to clients; a client leaves a silent server after 20 seconds
PING_SECONDS, PING_RESTART_SECONDS = 1, 20


def extend(plan: Plan, deployed: Deployed, clients: Sequence[Client]) -> None:
    """Add endpoints and clients to a plan."""
    internet = plan["nodes"][INTERNET_NODE]
    endpoints = served(deployed.model)
    for endpoint in endpoints:
        for number, association in enumerate(associations(endpoint)):
            plan["nodes"][association.id] = _server(deployed, endpoint, association, number)
            plan["cables"].append(_cable(internet, association.id, outside_address(association)))
            interface = interface_of(deployed.model, endpoint, association)
            ends = (interface.vpc_id, port_of(interface.id)), (association.id, VPC_PORT)
            plan["cables"].append({"a": ends[0], "b": ends[1]})
    names = {
        known(endpoint.dns_name).removeprefix("*."): [outside_address(one) for one in associations(endpoint)]
        for endpoint in endpoints
    }
    for client in clients:
        plan["nodes"][client.node] = _client(client, names)
        plan["cables"].append(_cable(internet, client.node, client.address))


def _cable(internet: Node, name: str, address: str) -> Cable:
    port = port_of(name)
    internet["routes"].append(f"{address} dev {port}")
    return {"a": (INTERNET_NODE, port), "b": (name, WIDE_AREA_PORT)}


def _client(client: Client, names: dict[str, list[str]]) -> Node:
    made = node("client")
    made["addresses"] = {"lo": [f"{client.address}/32"]}
    made["routes"] = [f"default via {INTERNET} dev {WIDE_AREA_PORT} onlink src {client.address}"]
    made["files"] = {"root/profile.ovpn": client.profile}
    made["names"] = names
    return made


def _server(deployed: Deployed, endpoint: ClientVpnEndpoint, association: ClientVpnAssociation, number: int) -> Node:
    own = known(interface_of(deployed.model, endpoint, association).primary_address)
    subnet = ip_network(known(deployed.model.subnets[association.subnet_id].cidr))
    router, outside = addresses.subnet_router(str(subnet)), outside_address(association)
    routes = [known(one.destination) for one in endpoint.routes if one.subnet_id == association.subnet_id]
    made = node("client-vpn")
    made["addresses"] = {"lo": [f"{outside}/32"], VPC_PORT: [f"{own}/{subnet.prefixlen}"]}
    made["rules"] = [f"priority 1000 from {outside} lookup {OUTSIDE_TABLE}"]
    made["routes"] = [
        f"default via {INTERNET} dev {WIDE_AREA_PORT} onlink table {OUTSIDE_TABLE}",
        *(f"{destination.replace('0.0.0.0/0', 'default')} via {router} dev {VPC_PORT}" for destination in routes),
    ]
    if "0.0.0.0/0" not in routes:
        made["routes"].append("unreachable default")
    made["firewall"] = _firewall(endpoint, own)
    pool = list(IPv4Network(known(endpoint.client_cidr)).subnets(prefixlen_diff=POOLS.bit_length() - 1))[number]
    made["files"] = _identity(deployed.server_identities[endpoint.id])
    revokes = "etc/openvpn/revoked.crl" in made["files"]
    made["files"]["etc/openvpn/server.conf"] = _configuration(endpoint, outside, pool, routes, revokes=revokes)
    return made


def _identity(identity: ServerIdentity) -> dict[str, str]:
    """Return the files with which a server proves itself, and those with which it verifies clients."""
    files = {
        "etc/openvpn/server.crt": identity.certificate + "\n" + identity.chain,
        "etc/openvpn/server.key": identity.key,
        "etc/openvpn/clients.crt": identity.client_authority,
    }
    if identity.revocation_list is not None:
        files["etc/openvpn/revoked.crl"] = identity.revocation_list
    return files


def _firewall(endpoint: ClientVpnEndpoint, address: str) -> str:
    """Let clients reach the authorized networks, and let nobody reach the clients."""
    rules = endpoint.authorization_rules
    authorized = sorted(known(one.destination) for one in rules if one.allows_everyone)
    allowed = f"ip daddr {{ {', '.join(authorized)} }} accept" if authorized else ""
    return f"""table ip client_vpn
delete table ip client_vpn
table ip client_vpn {{
	chain forward {{
		type filter hook forward priority 0; policy drop;
		ct state established,related accept
		iifname "tun*" oifname "{VPC_PORT}" {allowed or "drop"}
	}}
	chain source {{
		type nat hook postrouting priority 100;
		oifname "{VPC_PORT}" ip saddr {endpoint.client_cidr} snat to {address}
	}}
}}
"""


def _configuration(
    endpoint: ClientVpnEndpoint, address: str, pool: IPv4Network, routes: Sequence[str], *, revokes: bool
) -> str:
    lines = [
        *("dev tun", "dev-type tun", "topology subnet", f"server {pool.network_address} {pool.netmask}"),
        *(f"local {address}", f"port {endpoint.port}", f"proto {_protocol(endpoint)}"),
        *("ca /etc/openvpn/clients.crt", "cert /etc/openvpn/server.crt", "key /etc/openvpn/server.key", "dh none"),
        *("remote-cert-tls client", "data-ciphers AES-256-GCM", "auth-nocache", "persist-key", "reneg-sec 0"),
        # a user may have several computers
        "duplicate-cn",
        *(f'push "ping {PING_SECONDS}"', f'push "ping-restart {PING_RESTART_SECONDS}"'),
        *("ping 10", "ping-restart 60"),
        *("management /run/openvpn.sock unix", "log-append /var/log/openvpn.log", "verb 3"),
    ]
    if revokes:
        lines.append("crl-verify /etc/openvpn/revoked.crl")
    if endpoint.split_tunnel:
        networks = (ip_network(one) for one in routes if one != "0.0.0.0/0")
        lines += [f'push "route {one.network_address} {one.netmask}"' for one in networks]
    else:
        lines.append('push "redirect-gateway def1"')
    lines += [f'push "dhcp-option DNS {server}"' for server in all_known(endpoint.dns_servers)]
    return "\n".join(lines) + "\n"


def _protocol(endpoint: ClientVpnEndpoint) -> str:
    return "tcp-server" if endpoint.protocol == "tcp" else "udp"

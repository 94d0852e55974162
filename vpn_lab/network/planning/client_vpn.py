"""Client VPN in the plan of a network: a real OpenVPN server per association, and the clients.

A server connects the Internet with an interface of the VPC. It lets clients reach only the authorized networks, along
the routes of its subnet, and translates their addresses to that of the interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, ip_network

from vpn_lab.network.client_vpn_model import Association, Client, ClientVpn
from vpn_lab.network.model import Deployed
from vpn_lab.network.plan import Cable, Node, Plan, node
from vpn_lab.network.planning import addresses
from vpn_lab.network.planning.addresses import INTERNET, INTERNET_NODE, VPC_PORT, WIDE_AREA_PORT, port_of

OUTSIDE_TABLE = 10
POOLS = 8
# what AWS's servers push to clients; a client leaves a silent server after 20 seconds
PING_SECONDS, PING_RESTART_SECONDS = 1, 20


def extend(plan: Plan, deployed: Deployed, clients: Sequence[Client]) -> None:
    """Add endpoints and clients to a plan."""
    internet = plan["nodes"][INTERNET_NODE]
    for endpoint in deployed.client_vpns.values():
        for number, association in enumerate(endpoint.associations):
            plan["nodes"][association.id] = _server(deployed, endpoint, association, number)
            plan["cables"].append(_cable(internet, association.id, association.outside_address))
            interface = deployed.interfaces[association.interface_id]
            ends = (interface.vpc_id, port_of(interface.id)), (association.id, VPC_PORT)
            plan["cables"].append({"a": ends[0], "b": ends[1]})
    names = {
        endpoint.host_name: [one.outside_address for one in endpoint.associations]
        for endpoint in deployed.client_vpns.values()
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


def _server(deployed: Deployed, endpoint: ClientVpn, association: Association, number: int) -> Node:
    interface = deployed.interfaces[association.interface_id]
    subnet = deployed.subnets[association.subnet_id]
    router = addresses.subnet_router(subnet.cidr)
    routes = [destination for destination, through in endpoint.routes if through == association.subnet_id]
    made = node("client-vpn")
    prefix = ip_network(subnet.cidr).prefixlen
    made["addresses"] = {
        "lo": [f"{association.outside_address}/32"],
        VPC_PORT: [f"{interface.primary_address}/{prefix}"],
    }
    made["rules"] = [f"priority 1000 from {association.outside_address} lookup {OUTSIDE_TABLE}"]
    made["routes"] = [
        f"default via {INTERNET} dev {WIDE_AREA_PORT} onlink table {OUTSIDE_TABLE}",
        *(f"{destination.replace('0.0.0.0/0', 'default')} via {router} dev {VPC_PORT}" for destination in routes),
    ]
    if "0.0.0.0/0" not in routes:
        made["routes"].append("unreachable default")
    made["firewall"] = _firewall(endpoint, interface.primary_address)
    pool = list(IPv4Network(endpoint.client_cidr).subnets(prefixlen_diff=POOLS.bit_length() - 1))[number]
    made["files"] = {
        "etc/openvpn/server.crt": endpoint.certificate + "\n" + endpoint.chain,
        "etc/openvpn/server.key": endpoint.key,
        "etc/openvpn/clients.crt": endpoint.client_authority,
        "etc/openvpn/server.conf": _configuration(
            endpoint, association.outside_address, str(pool.network_address), str(pool.netmask), routes
        ),
    }
    if endpoint.revocation_list is not None:
        made["files"]["etc/openvpn/revoked.crl"] = endpoint.revocation_list
    return made


def _firewall(endpoint: ClientVpn, address: str) -> str:
    """Let clients reach the authorized networks, and let nobody reach the clients."""
    allowed = f"ip daddr {{ {', '.join(sorted(endpoint.authorized))} }} accept" if endpoint.authorized else ""
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


def _configuration(endpoint: ClientVpn, address: str, pool: str, mask: str, routes: Sequence[str]) -> str:
    lines = [
        *("dev tun", "dev-type tun", "topology subnet", f"server {pool} {mask}"),
        *(f"local {address}", f"port {endpoint.port}", f"proto {_protocol(endpoint)}"),
        *("ca /etc/openvpn/clients.crt", "cert /etc/openvpn/server.crt", "key /etc/openvpn/server.key", "dh none"),
        *("remote-cert-tls client", "data-ciphers AES-256-GCM", "auth-nocache", "persist-key", "reneg-sec 0"),
        # a user may have several computers
        "duplicate-cn",
        *(f'push "ping {PING_SECONDS}"', f'push "ping-restart {PING_RESTART_SECONDS}"'),
        *("ping 10", "ping-restart 60"),
        *("management /run/openvpn.sock unix", "log-append /var/log/openvpn.log", "verb 3"),
    ]
    if endpoint.revocation_list is not None:
        lines.append("crl-verify /etc/openvpn/revoked.crl")
    if endpoint.split_tunnel:
        networks = (ip_network(one) for one in routes if one != "0.0.0.0/0")
        lines += [f'push "route {one.network_address} {one.netmask}"' for one in networks]
    else:
        lines.append('push "redirect-gateway def1"')
    lines += [f'push "dhcp-option DNS {server}"' for server in endpoint.dns_servers]
    return "\n".join(lines) + "\n"


def _protocol(endpoint: ClientVpn) -> str:
    return "tcp-server" if endpoint.protocol == "tcp" else "udp"

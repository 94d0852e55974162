"""Bad CIDR blocks and private addresses."""

from __future__ import annotations

from typing import Any

from cdk_aws_vpn import CgwCluster, CloudVpc, Host, IdcVpc, Static, TunnelOptions
from tests.constructs.bad_input import Bad, Whatever, address
from tests.constructs.site import CLOUD, IDC, Site

INSIDE = "a /30 of 169.254.0.0/16"
LIST = "one or more IPv4 networks"


def vpc(behaviour: str, cidr: Any, allowed: str, remedy: str) -> Bad:
    return address(f"a vpc {behaviour}", lambda s: s.make(IdcVpc, cidr=cidr), "cidr", cidr, allowed, remedy)


def inside(behaviour: str, value: Any, allowed: str = INSIDE, remedy: str = "'169.254.6.0/30'") -> Bad:
    return address(
        f"a tunnel {behaviour}", lambda _: TunnelOptions(inside_cidr=value), "inside_cidr", value, allowed, remedy
    )


def static(behaviour: str, prefixes: Any, value: Any, allowed: str, remedy: str) -> Bad:
    return address(
        f"static routing {behaviour}",
        lambda s: s.connection(routing=Static(prefixes)),
        "prefixes",
        value,
        allowed,
        remedy,
    )


def inside_used_twice(site: Site) -> None:
    for number, other in enumerate(("169.254.11.0/30", "169.254.12.0/30")):
        tunnels = (TunnelOptions(inside_cidr="169.254.10.0/30"), TunnelOptions(inside_cidr=other))
        site.connection(f"Vpn{number}", tunnels=tunnels)


def cluster(site: Site, active: str, standby: str = "10.60.2.110") -> CgwCluster:
    made: CgwCluster = site.make(
        CgwCluster,
        active=site.member(),
        standby=site.member("Standby", 1),
        active_shared_address=active,
        standby_shared_address=standby,
        idc_route_tables=site.idc.private_route_tables,
    )
    return made


def host(site: Site, **arguments: Any) -> Host:
    defaults = {"vpc": site.idc.vpc, "subnet": site.idc.private_subnets[0], "reachable_from": [CLOUD]}
    made: Host = site.make(Host, **{**defaults, **arguments})
    return made


BAD_ADDRESSES = [
    vpc("without a prefix length", "10.60.0.0", "with its prefix length", "write '10.60.0.0/32'"),
    vpc("with a host bit", "10.60.0.1/16", "no host bit set", "write '10.60.0.0/16'"),
    vpc("larger than /16", "10.0.0.0/8", "/16 to /28", "choose a block like"),
    vpc("smaller than /28", "10.60.0.0/29", "/16 to /28", "choose a block like"),
    vpc("too small for four subnets", "10.60.0.0/27", "/16 to /26", "choose a larger block"),
    vpc("with an impossible octet", "10.300.0.0/16", "CIDR notation", "write it like"),
    vpc("with an impossible prefix length", "10.60.0.0/33", "CIDR notation", "write it like"),
    vpc("of ipv6", "fd00::/64", "an IPv4 network", "write it like"),
    vpc("of nothing", "", "CIDR notation", "write it like"),
    vpc("of none", None, "CIDR notation", "write it like"),
    vpc("of a number", 10, "CIDR notation", "write it like"),
    address(
        "a cloud vpc with words for a network",
        lambda s: s.make(CloudVpc, cidr="cloud"),
        "cidr",
        "cloud",
        "an IPv4 network",
        "write it like",
    ),
    address(
        "a vpc known only at deployment",
        lambda s: s.make(IdcVpc, cidr=s.stack.region),
        "cidr",
        "(a token)",
        "a literal block",
        "write the block",
    ),
    inside("with the first reserved block", "169.254.0.0/30", "AWS reserves"),
    inside("with the last reserved block", "169.254.5.0/30", "AWS reserves"),
    inside("with the metadata service's block", "169.254.169.252/30", "AWS reserves"),
    inside("with a block of another size", "169.254.6.0/29"),
    inside("with a block outside link-local space", "10.0.0.0/30"),
    inside("with a block that is not aligned", "169.254.6.1/30", "no host bit", "write '169.254.6.0/30'"),
    inside("with a number for a block", 6, "CIDR notation", "write it like"),
    address(
        "a tunnel with an ipv6 block of another size",
        lambda _: TunnelOptions(inside_ipv6_cidr="fd00::/64"),
        "inside_ipv6_cidr",
        "fd00::/64",
        "a /126 of fd00::/8",
        "choose a block like",
    ),
    address(
        "a tunnel with a block known only at deployment",
        lambda s: s.connection(tunnels=(TunnelOptions(inside_cidr=s.stack.region), TunnelOptions())),
        "inside_cidr",
        Whatever(),
        "a literal /30 of 169.254.0.0/16",
        "leave inside_cidr out",
    ),
    address(
        "two connections of a gateway with the same inside block",
        inside_used_twice,
        "inside_cidr",
        "169.254.10.0/30",
        "no other tunnel of the gateway",
        "leave inside_cidr out",
    ),
    static("with no network", [], [], LIST, "write it like"),
    static("with text instead of a list", IDC, IDC, LIST, "write it like"),
    static("with the same network twice", [IDC, IDC], IDC, "each network once", "remove the second"),
    static("with a host instead of a network", [IDC, "10.61.0.7"], "10.61.0.7", "its prefix length", "/32'"),
    address(
        "a device without networks behind aws",
        lambda s: s.device(remote_prefixes=[]),
        "remote_prefixes",
        [],
        LIST,
        "write it like",
    ),
    address(
        "a device without networks behind it",
        lambda s: s.device(local_prefixes=[]),
        "local_prefixes",
        [],
        LIST,
        "write it like",
    ),
    address(
        "a device that sends all of the internet through the tunnels",
        lambda s: s.connected(remote_prefixes=["0.0.0.0/0"]),
        "remote_prefixes",
        "0.0.0.0/0",
        "not the whole Internet",
        "name the networks",
    ),
    address(
        "a device outside its subnet",
        lambda s: s.device(private_address="10.60.1.100"),
        "private_address",
        "10.60.1.100",
        "10.60.0.4 to 10.60.0.254",
        "choose an address of the subnet",
    ),
    address(
        "a host on an address that aws keeps",
        lambda s: host(s, private_address="10.60.1.1"),
        "private_address",
        "10.60.1.1",
        "10.60.1.4 to 10.60.1.254",
        "AWS does not reserve",
    ),
    address(
        "a host that nobody may reach",
        lambda s: host(s, reachable_from=[]),
        "reachable_from",
        [],
        LIST,
        "write it like",
    ),
    address(
        "a host number that the subnet does not have",
        lambda s: s.idc.address(s.idc.public_subnets[0], 255),
        "private_address",
        "10.60.0.255",
        "usable addresses of 10.60.0.0/24",
        "choose an address",
    ),
    address(
        "a host number in a subnet of unknown block",
        lambda s: s.idc.address(s.vpc.public_subnets[0]),
        "subnet",
        None,
        "known at synth",
        "write the address",
    ),
    address(
        "a cluster with a shared address outside its subnet",
        lambda s: cluster(s, "10.60.1.110"),
        "active_shared_address",
        "10.60.1.110",
        "10.60.0.4 to 10.60.0.254",
        "choose an address",
    ),
    address(
        "a cluster whose shared address is the standby device's own",
        lambda s: cluster(s, "10.60.0.110", "10.60.2.100"),
        "standby_shared_address",
        "10.60.2.100",
        "no interface has yet",
        "choose another",
    ),
    address(
        "a connection that accepts no network of its own",
        lambda s: s.connection(local_ipv4_network_cidr="10.60.0.0"),
        "local_ipv4_network_cidr",
        "10.60.0.0",
        "prefix length",
        "write '10.60.0.0/32'",
    ),
    address(
        "a connection that accepts no network of aws",
        lambda s: s.connection(remote_ipv4_network_cidr="cloud"),
        "remote_ipv4_network_cidr",
        "cloud",
        "CIDR notation",
        "write it like",
    ),
]

"""Two devices that cannot be one."""

from __future__ import annotations

from typing import Any

from cdk_aws_vpn import CgwCluster, CgwPair, Static
from tests.constructs.bad_input import Bad, Whatever, setting
from tests.constructs.site import CLOUD, IDC, Site

TABLES = "one or more route tables"


def pair(behaviour: str, prop: str, value: Any, allowed: str, remedy: str) -> Bad:
    def write(site: Site) -> Any:
        defaults = {**site.pair(), "idc_route_tables": site.idc.private_route_tables}
        return site.make(CgwPair, **{**defaults, prop: value})

    return setting(f"a pair with {behaviour}", write, prop, value, allowed, remedy)


def make_pair(site: Site, active: Any, standby: Any) -> Any:
    return site.make(CgwPair, active=active, standby=standby, idc_route_tables=site.idc.private_route_tables)


def make_cluster(site: Site) -> CgwCluster:
    made: CgwCluster = site.make(
        CgwCluster,
        active=site.member(),
        standby=site.member("Standby", 1),
        active_shared_address="10.60.0.110",
        standby_shared_address="10.60.2.110",
        idc_route_tables=site.idc.private_route_tables,
    )
    return made


def connect_cluster(site: Site, times: int, *, by_name: bool = False) -> None:
    cluster = make_cluster(site)
    vpn: Any = site.connection("Shared", customer_gateway=cluster.customer_gateway, routing=Static([IDC]))
    for _ in range(times):
        cluster.connect("vpn" if by_name else vpn)  # type: ignore[arg-type]


def pair_twice(site: Site) -> None:
    arguments: dict[str, Any] = {**site.pair(), "idc_route_tables": site.idc.private_route_tables}
    for name in ("Pair", "SecondPair"):
        CgwPair(site.stack, name, **arguments)


BAD_PAIRS = [
    setting(
        "a pair of one device",
        lambda s: make_pair(s, *[s.connected()] * 2),
        "standby",
        "Stack/Cgw",
        "a device other than active",
        "add a second device",
    ),
    pair("a name for a device", "standby", "CgwStandby", "CgwInstance", "make two devices"),
    pair("router number 0", "virtual_router_id", 0, "1 to 255", "leave it out for 60"),
    pair("router number 256", "virtual_router_id", 256, "1 to 255", "leave it out for 60"),
    pair("text for a router number", "virtual_router_id", "60", "a whole number", "leave it out for 60"),
    pair("no route table", "idc_route_tables", [], TABLES, "private subnets"),
    pair("the id of a route table", "idc_route_tables", "rtb-01234567", TABLES, "private subnets"),
    setting(
        "a pair whose devices reach different networks",
        lambda s: make_pair(s, **s.pair(remote_prefixes=["10.51.0.0/16"])),
        "remote_prefixes",
        ("10.51.0.0/16",),
        f"those of the active device, ('{CLOUD}',)",
        "give both devices the same networks",
    ),
    setting(
        "a pair that mixes bgp and static routes",
        lambda s: make_pair(
            s, **s.pair(bgp=True) | {"standby": s.connected("Other", bgp=False, subnet=s.idc.public_subnets[1])}
        ),
        "standby",
        "Stack/Other",
        "routes as the active device's does",
        "or both Static(…)",
    ),
    setting(
        "a bgp pair of two asns",
        lambda s: make_pair(s, **s.pair(bgp_asn=65001)),
        "bgp_asn",
        65001,
        "that of the active device, 65000",
        "the same ASN",
    ),
    setting(
        "a pair of devices without connections",
        lambda s: make_pair(s, s.member(), s.member("Standby", 1)),
        "device",
        "Stack/Active",
        "a device that has its connection",
        "call connect(connection) before pairing",
    ),
    setting("a device in two pairs", pair_twice, "route_tables", Whatever(), "one call per device", "one call"),
    setting(
        "a cluster that ends a device's connection",
        lambda s: make_cluster(s).connect(s.connection("Other")),
        "connection",
        "Stack/Other",
        "whose customer_gateway is the cluster's",
        "customer_gateway=cluster.customer_gateway",
    ),
    setting(
        "a cluster connected twice",
        lambda s: connect_cluster(s, 2),
        "connection",
        "Stack/Shared",
        "one connection per cluster",
        "add a second cluster",
    ),
    setting(
        "a cluster that ends the name of a connection",
        lambda s: connect_cluster(s, 1, by_name=True),
        "connection",
        "vpn",
        "VpnConnection",
        "make one with gateway=…",
    ),
]

"""Values that are known only at deployment: passed on where the template takes them, refused where one computes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Fn, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk.assertions import Template
from constructs import Construct

from cdk_aws_vpn import (
    Bgp,
    CgwInstance,
    CgwPair,
    ClientVpn,
    ClientVpnMonitoring,
    CloudVpc,
    CustomerGateway,
    Host,
    IdcVpc,
    MutualTls,
    ProbeConfig,
    Site,
    Static,
    TransitGateway,
    TransitGatewayRouteTable,
    TransitGatewayVpcAttachment,
    TunnelOptions,
    VirtualPrivateGateway,
    VpnConfigurationError,
    VpnConnection,
    VpnHub,
)
from tests.constructs.site import CLOUD, resources

CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/0b1c2d3e"
DYNAMIC = "{{resolve:ssm:/net/cidr}}"


@dataclass
class Known:
    """A stack with parameters, a data centre and a transit gateway; every construct gets a scope of its own."""

    app: App = field(default_factory=lambda: App(builtin_cloud_formation_validation=False, analytics_reporting=False))
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.stack = Stack(self.app, "Stack")
        self.number: Any = CfnParameter(self.stack, "Number", type="Number").value_as_number
        self.text = CfnParameter(self.stack, "Text").value_as_string
        self.list: Any = CfnParameter(self.stack, "List", type="CommaDelimitedList").value_as_list
        self.idc = IdcVpc(self.stack, "Idc", max_azs=2)
        self.other = ec2.Vpc(self.stack, "Other", ip_addresses=ec2.IpAddresses.cidr("10.80.0.0/16"), max_azs=1)
        self.tgw = TransitGateway(self.stack, "Tgw")
        self.networks = [self.other.vpc_cidr_block, Fn.import_value("network"), self.text, DYNAMIC, CLOUD]

    def scope(self) -> Construct:
        return Construct(self.stack, f"Scope{next(self.numbers)}")

    def device(self, **options: Any) -> CgwInstance:
        given = {"vpc": self.idc.vpc, "subnet": self.idc.public_subnets[0], "remote_prefixes": [CLOUD], **options}
        return CgwInstance(self.scope(), "Device", **given)

    def connected(self, tunnel: dict[str, Any], **options: Any) -> CgwInstance:
        device = self.device(**options)
        first, second = TunnelOptions(**tunnel), TunnelOptions(**tunnel)
        cgw = device.customer_gateway
        connection = self.connection(customer_gateway=cgw, routing=Bgp(), tunnels=[first, second])
        device.connect(connection)
        return device

    def connection(self, **options: Any) -> VpnConnection:
        scope = self.scope()
        defaults: dict[str, Any] = {"gateway": self.tgw, "routing": Bgp()}
        if "customer_gateway" not in options:
            defaults["customer_gateway"] = CustomerGateway.from_id(scope, "Cgw", "cgw-0123456789abcdef0")
        return VpnConnection(scope, "Vpn", **{**defaults, **options})

    def clients(self, **options: Any) -> ClientVpn:
        given = {
            "vpc": self.idc.vpc,
            "subnets": self.idc.private_subnets,
            "client_cidr": "10.70.0.0/22",
            "server_certificate_arn": CERTIFICATE,
            "authentication": [MutualTls()],
            "split_tunnel": True,
            **options,
        }
        return ClientVpn(self.scope(), "Clients", **given)


@pytest.fixture(scope="module")
def known() -> Known:
    return Known()


def test_a_network_that_is_known_later_can_be_a_destination_everywhere() -> None:
    known = Known()
    tables = known.idc.private_route_tables
    vgw = VirtualPrivateGateway.from_id(known.stack, "Vgw", "vgw-0123456789abcdef0")
    vpn = known.connection(gateway=vgw, routing=Static(known.networks))
    vpn.add_static_route(Fn.import_value("another"))
    attachment = TransitGatewayVpcAttachment(
        known.stack, "Attachment", transit_gateway=known.tgw, vpc=known.idc.vpc, subnets=known.idc.private_subnets
    )
    attachment.route_from(tables, known.networks)
    table = TransitGatewayRouteTable(known.stack, "Table", transit_gateway=known.tgw)
    for network in known.networks[:-1]:
        table.add_route(network, attachment)
    table.add_blackhole(Fn.import_value("unwanted"))
    device = known.connected({}, remote_prefixes=known.networks, local_prefixes=[Fn.import_value("idc")])
    device.route_from(tables)
    clients = known.clients()
    for network in known.networks:
        clients.reach(network)
    Host(known.stack, "Host", vpc=known.idc.vpc, subnet=known.idc.private_subnets[0], reachable_from=known.networks)
    template = Template.from_stack(known.stack)
    count = len(known.networks)
    assert len(resources(template, "AWS::EC2::VPNConnectionRoute")) == count + 1
    assert len(resources(template, "AWS::EC2::TransitGatewayRoute")) == count
    routes = [each for each in resources(template, "AWS::EC2::Route") if each["DestinationCidrBlock"] == DYNAMIC]
    assert len(routes) == 2 * len(tables)
    assert len(resources(template, "AWS::EC2::ClientVpnRoute")) == 2 * count
    (rules,) = (
        each["SecurityGroupIngress"]
        for each in resources(template, "AWS::EC2::SecurityGroup")
        if "iperf3" in each["GroupDescription"]
    )
    assert DYNAMIC in [rule["CidrIp"] for rule in rules]


def test_the_id_of_a_route_follows_what_its_destination_refers_to() -> None:
    def logical_ids(order: int) -> set[str]:
        known = Known()
        vgw = VirtualPrivateGateway.from_id(known.stack, "Vgw", "vgw-0123456789abcdef0")
        known.connection(gateway=vgw, routing=Static(known.networks[::order]))
        return set(Template.from_stack(known.stack).find_resources("AWS::EC2::VPNConnectionRoute"))

    assert logical_ids(1) == logical_ids(-1)


def test_what_goes_into_the_template_as_it_is_may_be_known_later() -> None:
    known = Known()
    options = {"phase1_dh_group_numbers": (known.number,), "dpd_timeout_seconds": known.number}
    tunnels = [TunnelOptions(**options), TunnelOptions(**options)]
    known.connection(tunnels=tunnels, pre_shared_key_storage=known.text)
    CustomerGateway(known.scope(), "Cgw", address=known.text, bgp_asn=known.number)
    known.connected({}, image_release=known.text, private_address=known.text)
    known.clients(client_cidr=known.text, vpn_port=known.number, dns_servers=known.list)
    TransitGateway(known.scope(), "Tgw", cidr_blocks=known.list)
    written = Template.from_stack(known.stack).to_json()["Resources"]
    found = [each["Properties"] for each in written.values() if each["Type"] == "AWS::EC2::CustomerGateway"]
    assert {"Ref": "Number"} in [each["BgpAsn"] for each in found]
    (endpoint,) = (each["Properties"] for each in written.values() if each["Type"] == "AWS::EC2::ClientVpnEndpoint")
    assert (endpoint["VpnPort"], endpoint["DnsServers"]) == ({"Ref": "Number"}, {"Ref": "List"})


def pair(known: Known) -> CgwPair:
    active, standby = (known.connected({}, subnet=subnet) for subnet in known.idc.public_subnets)
    return CgwPair(
        known.scope(),
        "Pair",
        active=active,
        standby=standby,
        idc_route_tables=known.idc.private_route_tables,
        virtual_router_id=known.number,
    )


def hub(known: Known, **options: Any) -> VpnHub:
    site = Site(number=0, name="berlin", address="203.0.113.7")
    return VpnHub(known.scope(), "Hub", sites=[site], gateway=lambda *_: known.tgw, **options)


COMPUTED: dict[str, tuple[Callable[[Known], Any], str]] = {
    "the timeout of a device": (lambda k: k.device(ready_timeout_minutes=k.number), "ready_timeout_minutes"),
    "the dead peer detection of a device": (
        lambda k: k.connected({"dpd_timeout_seconds": k.number}),
        "dpd_timeout_seconds",
    ),
    "the ciphers of a device": (
        lambda k: k.connected({"phase2_encryption_algorithms": (k.text,)}),
        "phase2_encryption_algorithms",
    ),
    "the groups of a device": (
        lambda k: k.connected({"phase1_dh_group_numbers": (k.number,)}),
        "phase1_dh_group_numbers",
    ),
    "the asn of a device": (lambda k: k.connected({}, bgp_asn=k.number), "bgp_asn"),
    "the interval of probes": (lambda k: ProbeConfig(interval_milliseconds=k.number), "interval_milliseconds"),
    "the router id of a pair": (pair, "virtual_router_id"),
    "the sites of a stack": (lambda k: hub(k, sites_per_stack=k.number), "sites_per_stack"),
    "the number of a site": (lambda k: Site(number=k.number, name="a", address="203.0.113.7"), "number"),
    "the routing of a site": (lambda k: Site(number=0, name="a", address="203.0.113.7", routing=k.text), "routing"),
    "the zones of a vpc": (lambda k: CloudVpc(k.scope(), "Vpc", max_azs=k.number), "max_azs"),
    "the block of a vpc": (lambda k: CloudVpc(k.scope(), "Vpc", cidr=k.text), "cidr"),
    "an inside block": (
        lambda k: k.connection(tunnels=[TunnelOptions(inside_cidr=k.text), TunnelOptions()]),
        "inside_cidr",
    ),
    "the bandwidth of a connection": (lambda k: k.connection(tunnel_bandwidth=k.text), "tunnel_bandwidth"),
    "the days of a revocation list": (
        lambda k: ClientVpnMonitoring(k.stack, "X", client_vpn=k.clients(), revocation_list_days=k.number),
        "revocation_list_days",
    ),
    "a list of networks": (lambda k: Static(k.list), "prefixes"),
    "a list of algorithms": (lambda k: TunnelOptions(ike_versions=k.list), "ike_versions"),
}


@pytest.mark.parametrize("case", COMPUTED)
def test_what_is_computed_with_must_be_literal(known: Known, case: str) -> None:
    write, prop = COMPUTED[case]
    with pytest.raises(VpnConfigurationError, match=r"write|name") as raised:
        write(known)
    assert (raised.value.property, raised.value.value) == (prop, "(a token)")


def test_the_largest_number_of_clients_must_be_given_where_their_network_is_known_later(known: Known) -> None:
    clients = known.clients(client_cidr=known.text)
    with pytest.raises(VpnConfigurationError, match="most_connections"):
        ClientVpnMonitoring(known.scope(), "Monitoring", client_vpn=clients)

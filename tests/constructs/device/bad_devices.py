"""Bad devices and hosts, and the VPCs they stand in."""

from __future__ import annotations

from typing import Any

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from cdk_aws_vpn import CloudVpc, CustomerGateway, Host, IdcVpc, PinnedAmi, VirtualPrivateGateway
from tests.constructs.bad_input import Bad, Whatever, setting
from tests.constructs.site import CLOUD, Site

ARCHITECTURES = "x86_64 or arm64"
TABLES = "one or more route tables"


def device(behaviour: str, prop: str, value: Any, allowed: str, remedy: str, **more: Any) -> Bad:
    arguments = {prop: value, **more}
    return setting(f"a device with {behaviour}", lambda s: s.device(**arguments), prop, value, allowed, remedy)


def connect_again(site: Site) -> None:
    site.connected().connect(site.connection("Second"))


def connect(site: Site, connection: Any = None, **arguments: Any) -> None:
    one = site.device()
    vpn = site.connection(customer_gateway=one.customer_gateway) if connection is None else connection
    one.connect(vpn, **arguments)


def with_certificate(site: Site) -> None:
    arn = "arn:aws:acm:eu-west-1:111122223333:certificate/0123"
    one = site.device()
    cgw = CustomerGateway(site.stack, "Certified", address="203.0.113.8", certificate_arn=arn)
    one.connect(site.connection(customer_gateway=cgw), identity="203.0.113.8")


def unknown_asn(site: Site) -> None:
    vgw = VirtualPrivateGateway.from_id(site.stack, "Unknown", "vgw-0123456789abcdef1")
    one = site.device()
    one.connect(site.connection(gateway=vgw, customer_gateway=one.customer_gateway))


def route_twice(site: Site) -> None:
    one = site.device()
    for _ in range(2):
        one.route_from(site.idc.private_route_tables)


class OneZone(Stack):
    """A stack in a Region with a single Availability Zone."""

    @property
    def availability_zones(self) -> list[str]:
        return ["xx-test-1a"]


def boundary_of_a_role(site: Site) -> None:
    role = iam.Role.from_role_name(site.stack, "Mine", "vpn-device")
    boundary = iam.ManagedPolicy.from_managed_policy_name(site.stack, "Boundary", "boundary")
    site.device(role=role, permissions_boundary=boundary)


BAD_DEVICES = [
    device("the name of a role", "role", "vpn-device", "an iam.IRole", "Role.from_role_name"),
    device("the name of a boundary", "permissions_boundary", "boundary", "an iam.IManagedPolicy", "ManagedPolicy.from"),
    device("half a path", "role_path", "vpn", "a slash at both ends", "write it like '/vpn/'"),
    device("the alias of a volume key", "volume_encryption_key", "alias/ebs", "a kms.IKey", "Key.from_key_arn"),
    setting(
        "a device with a boundary for a role that exists",
        boundary_of_a_role,
        "permissions_boundary",
        "given",
        "none with a role of yours",
        "remove one of the two",
    ),
    device("an unknown architecture", "architecture", "mips", ARCHITECTURES, "choose one of these"),
    device(
        "an intel type and arm processors", "instance_type", "t3.micro", "t4g.micro", "change", architecture="arm64"
    ),
    device("an arm type and intel processors", "instance_type", "t4g.micro", "t3.micro", "change the type"),
    device("half an instance type", "instance_type", "t3", "a family and a size", "write it like 't3.micro'"),
    device("an instance type without a size", "instance_type", "t3.", "a family and a size", "write it like"),
    device("words for an instance type", "instance_type", "small.one", "a family and a size", "write it like"),
    device("a number for an instance type", "instance_type", 3, "a family and a size", "write it like"),
    device("too little time to start", "ready_timeout_minutes", 4, "5 to 720", "leave it out for 20"),
    device("more time to start than cloudformation waits", "ready_timeout_minutes", 721, "5 to 720", "leave it out"),
    device("text for a time to start", "ready_timeout_minutes", "20", "a whole number, 5 to 720", "leave it out"),
    device("a map for a probe", "probe", {"recoveries": 3}, "ProbeConfig", "wrap the values"),
    device("an image's id for an image", "machine_image", "ami-01234567", "ec2.IMachineImage", "generic_linux"),
    device("an empty image release", "image_release", "", "a text that is not empty", "write it like '2'"),
    device("a number for an image release", "image_release", 2, "a text that is not empty", "write it like '2'"),
    device("the id of a vpc", "vpc", "vpc-01234567", "an ec2.IVpc", "ec2.Vpc.from_lookup(…)"),
    device("the id of a subnet", "subnet", "subnet-01234567", "an ec2.ISubnet", "Subnet.from_subnet_attributes(…)"),
    setting(
        "a device in a private subnet",
        lambda s: s.device(subnet=s.idc.private_subnets[0]),
        "subnet",
        "Stack/Idc/Vpc/PrivateSubnet1",
        "a route to an internet gateway",
        "vpc.public_subnets",
    ),
    setting(
        "a device with a name that is not a host name",
        lambda s: s.connected("Cgw", name="my device"),
        "name",
        "my device",
        "as a host name",
        "plainer name",
    ),
    setting(
        "a device whose user-data grows too large",
        lambda s: s.connected(remote_prefixes=[f"10.{n // 256}.{n % 256}.0/24" for n in range(300)]),
        "user_data",
        Whatever(),
        "at most 14336 bytes",
        "into fewer, larger networks",
    ),
    setting(
        "the user-data of a device without a connection",
        lambda s: s.device().user_data,
        "user_data",
        None,
        "a device with a VPN connection",
        "call connect(connection) first",
    ),
    setting(
        "a device connected twice",
        connect_again,
        "connection",
        "Stack/Second",
        "one connection per device",
        "add a second CgwInstance",
    ),
    setting(
        "a device that ends another's connection",
        lambda s: connect(s, s.connection("Other")),
        "connection",
        "Stack/Other",
        "whose customer_gateway is this device's",
        "customer_gateway=device.customer_gateway",
    ),
    setting(
        "a device that ends the id of a connection",
        lambda s: connect(s, "vpn-0123456789abcdef0"),
        "connection",
        "vpn-0123456789abcdef0",
        "VpnConnection",
        "make one with gateway=…",
    ),
    setting(
        "a device that sets up tunnel 3",
        lambda s: connect(s, tunnels=(1, 3)),
        "tunnels",
        (1, 3),
        "(1,), (2,) or (1, 2)",
        "name each tunnel once",
    ),
    setting(
        "a device that sets up no tunnel",
        lambda s: connect(s, tunnels=()),
        "tunnels",
        (),
        "(1,), (2,) or (1, 2)",
        "name each tunnel once",
    ),
    setting(
        "a device that is told a number for tunnels",
        lambda s: connect(s, tunnels=1),
        "tunnels",
        1,
        "(1,), (2,) or (1, 2)",
        "name each tunnel once",
    ),
    setting(
        "a device whose connection has a certificate",
        with_certificate,
        "connection",
        "with a certificate",
        "tunnels with a pre-shared key",
        "leave certificate_arn out",
    ),
    setting(
        "a device that speaks bgp with an unknown asn",
        unknown_asn,
        "amazon_side_asn",
        None,
        "the ASN of the existing gateway",
        "pass amazon_side_asn to from_id(…)",
    ),
    setting(
        "routes from no route table",
        lambda s: s.device().route_from([]),
        "route_tables",
        [],
        TABLES,
        "private subnets",
    ),
    setting(
        "routes to a device set up twice", route_twice, "route_tables", Whatever(), "one call per device", "one call"
    ),
    setting("a vpc in no zone", lambda s: s.make(IdcVpc, max_azs=0), "max_azs", 0, "1 or 2", "two devices"),
    setting("a vpc in three zones", lambda s: s.make(CloudVpc, max_azs=3), "max_azs", 3, "1 or 2", "two devices"),
    setting("text for zones", lambda s: s.make(IdcVpc, max_azs="2"), "max_azs", "2", "1 or 2", "two devices"),
    setting(
        "two zones in a region that has one",
        lambda s: IdcVpc(OneZone(s.app, "OneZone"), "Idc", max_azs=2),
        "max_azs",
        2,
        "at most 1",
        "whose Region has more",
    ),
    setting(
        "text for internet access",
        lambda s: s.make(CloudVpc, internet_access="no"),
        "internet_access",
        "no",
        "True or False",
        "quotation marks",
    ),
    setting(
        "a host of an unknown architecture",
        lambda s: s.idc.add_host("Host", reachable_from=[CLOUD], architecture="riscv"),
        "architecture",
        "riscv",
        ARCHITECTURES,
        "choose one of these",
    ),
    setting(
        "a host in the id of a subnet",
        lambda s: s.make(Host, vpc=s.idc.vpc, subnet="subnet-01234567", reachable_from=[CLOUD]),
        "subnet",
        "subnet-01234567",
        "an ec2.ISubnet",
        "Subnet.from_subnet_attributes(…)",
    ),
    setting(
        "an image of an unknown architecture",
        lambda s: s.make(PinnedAmi, architecture="x86"),
        "architecture",
        "x86",
        ARCHITECTURES,
        "choose one of these",
    ),
]

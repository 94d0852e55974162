"""Calls of devices, and what makes a template of the result."""

from __future__ import annotations

from typing import Any

from aws_cdk import aws_ec2 as ec2

from cdk_aws_vpn import (
    CgwCluster,
    CgwInstance,
    CgwPair,
    ProbeConfig,
)
from tests.constructs.sweep.bench import Bench
from tests.constructs.sweep.calls import Ready, construct, subject


# device
@subject("CgwInstance")
def _device(bench: Bench) -> Ready:
    def make(**given: Any) -> None:
        device = CgwInstance(bench.stack, bench.new_id(), **given)
        device.connect(bench.connection(customer_gateway=device.customer_gateway))

    return Ready(
        make,
        {
            "vpc": bench.vpc,
            "subnet": bench.vpc.public_subnets[0],
            "remote_prefixes": ["10.50.0.0/16"],
            "local_prefixes": ["10.60.0.0/16"],
            "private_address": bench.private_address(),
            "bgp_asn": 65000,
            "architecture": "x86_64",
            "instance_type": "t3.micro",
            "machine_image": ec2.MachineImage.generic_linux({"eu-west-1": "ami-0123456789abcdef0"}),
            "image_release": "1",
            "probe": ProbeConfig(),
            "ready_timeout_minutes": 20,
            "name": "device",
            "role": None,
            "permissions_boundary": bench.boundary,
            "role_path": "/vpn/",
            "volume_encryption_key": bench.key,
        },
    )


@subject("CgwInstance.connect")
def _connect(bench: Bench) -> Ready:
    device = bench.device()
    connection = bench.connection(customer_gateway=device.customer_gateway)
    return Ready(device.connect, {"connection": connection, "tunnels": (1, 2), "identity": None})


@subject("CgwInstance.route_from")
def _device_route_from(bench: Bench) -> Ready:
    return Ready(bench.connected().route_from, {"route_tables": bench.route_tables})


subject("ProbeConfig")(
    lambda bench: Ready(
        lambda **given: bench.connected(probe=ProbeConfig(**given)),
        {"interval_milliseconds": 200, "silence_milliseconds": 550, "recoveries": 15},
    )
)
construct(
    CgwPair,
    lambda bench: {
        "active": bench.connected(),
        "standby": bench.connected(1),
        "idc_route_tables": bench.route_tables,
        "virtual_router_id": 60,
        "active_active": False,
    },
)


def _members(bench: Bench) -> dict[str, Any]:
    return {
        "active": bench.device(0, private_address=bench.private_address(0)),
        "standby": bench.device(1, private_address=bench.private_address(1)),
        "active_shared_address": bench.private_address(0),
        "standby_shared_address": bench.private_address(1),
        "idc_route_tables": bench.route_tables,
        "virtual_router_id": 60,
    }


@subject("CgwCluster")
def _cluster(bench: Bench) -> Ready:
    def make(**given: Any) -> None:
        cluster = CgwCluster(bench.stack, bench.new_id(), **given)
        cluster.connect(bench.connection(customer_gateway=cluster.customer_gateway))

    return Ready(make, _members(bench))


@subject("CgwCluster.connect")
def _cluster_connect(bench: Bench) -> Ready:
    cluster = CgwCluster(bench.stack, bench.new_id(), **_members(bench))
    connection = bench.connection(customer_gateway=cluster.customer_gateway)
    return Ready(cluster.connect, {"connection": connection, "tunnels": (1, 2)})

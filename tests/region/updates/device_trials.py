"""What is tried on devices, hosts and networks."""

from __future__ import annotations

from aws_cdk.aws_logs import RetentionDays

import cdk_aws_vpn as vpn
from tests.region.updates.device_families import WithADevice, WithNetworks, WithTwoDevices
from tests.region.updates.families import Family
from tests.region.updates.trial import Trials

DEVICE_TRIALS: dict[type[Family], Trials] = {
    WithNetworks: Trials(
        in_place=[
            {"CloudVpc.internet_access": True, "TwoTierVpc.internet_access": False},
            {"TwoTierVpc.max_azs": 2, "CloudVpc.max_azs": 2, "IdcVpc.max_azs": 2},
        ],
        replacing=[
            [{"TwoTierVpc.cidr": "10.81.0.0/16"}, {"CloudVpc.cidr": "10.82.0.0/16"}, {"IdcVpc.cidr": "10.83.0.0/16"}]
        ],
        refused=[],
    ),
    WithADevice: Trials(
        in_place=[
            {
                "CgwInstance.remote_prefixes": ["10.50.0.0/16", "10.51.0.0/16"],
                "CgwInstance.local_prefixes": ["10.60.0.0/17"],
                "CgwInstance.instance_type": "t3.small",
                "CgwInstance.name": "x",
                "CgwInstance.permissions_boundary": lambda family: family.boundary,
                "ProbeConfig.interval_milliseconds": 300,
                "ProbeConfig.silence_milliseconds": 1500,
                "ProbeConfig.recoveries": 8,
                "Host.reachable_from": ["10.51.0.0/16"],
                "Host.instance_type": "t3.small",
                "Host.ssh_from": lambda family: family.ssh,
                "AlarmTiming.period_seconds": 120,
                "AlarmTiming.datapoints_to_alarm": 2,
                "AlarmTiming.evaluation_periods": 5,
                "VpnMonitoring.topic": lambda family: family.topic,
                "VpnMonitoring.log_retention": RetentionDays.ONE_DAY,
                "VpnMonitoring.log_encryption_key": lambda family: family.key,
                "PinnedAmi.architecture": "arm64",
                "PinnedAmi.release": "2",
            },
            {
                "VpnMonitoring.devices": [],
                "VpnMonitoring.timing": lambda _: vpn.AlarmTiming(period_seconds=180),
                "VpnMonitoring.connections": lambda family: [family.connection, family.other_connection],
                "CgwInstance.probe": lambda _: vpn.ProbeConfig(silence_milliseconds=1800),
                "CgwInstance.ready_timeout_minutes": 25,
                "CgwInstance.role": lambda family: family.role,
            },
        ],
        replacing=[
            [
                {"VpnMonitoring.dashboard_name": "mine"},
                {"CgwInstance.bgp_asn": 65077},
                {"CgwInstance.role_path": "/vpn/"},
                {"CgwInstance.private_address": "10.60.0.101"},
                {"Host.private_address": "10.60.1.51"},
            ],
            [
                {
                    "CgwInstance.subnet": lambda family: family.idc.public_subnets[1],
                    "CgwInstance.private_address": "10.60.2.100",
                },
                {
                    "Host.subnet": lambda family: family.idc.private_subnets[1],
                    "Host.private_address": "10.60.3.50",
                },
            ],
            [
                {
                    "CgwInstance.vpc": lambda family: family.other.vpc,
                    "CgwInstance.subnet": lambda family: family.other.public_subnets[0],
                    "CgwInstance.private_address": "10.61.0.100",
                },
                {
                    "Host.vpc": lambda family: family.other.vpc,
                    "Host.subnet": lambda family: family.other.private_subnets[0],
                    "Host.private_address": "10.61.1.50",
                },
            ],
        ],
        refused=[
            {"CgwInstance.architecture": "arm64"},
            {"CgwInstance.machine_image": lambda family: family.image()},
            {"CgwInstance.volume_encryption_key": lambda family: family.key},
            {"Host.architecture": "arm64"},
        ],
    ),
    WithTwoDevices: Trials(
        in_place=[
            {
                "CgwPair.idc_route_tables": lambda family: family.spare[:1],
                "CgwCluster.idc_route_tables": lambda family: family.spare[1:],
                "CgwPair.virtual_router_id": 77,
                "CgwCluster.virtual_router_id": 78,
                "CgwCluster.active_shared_address": "10.60.0.31",
                "CgwCluster.standby_shared_address": "10.60.2.31",
            },
            {"CgwPair.active_active": True},
            {"CgwPair.standby": lambda family: family.devices[2]},
        ],
        replacing=[],
        refused=[
            {
                "CgwPair.active": lambda family: family.devices[2],
                "CgwPair.standby": lambda family: family.devices[0],
            },
            {
                # the two change places
                "CgwCluster.active": lambda family: family.members[1],
                "CgwCluster.standby": lambda family: family.members[0],
                "CgwCluster.active_shared_address": "10.60.2.30",
                "CgwCluster.standby_shared_address": "10.60.0.30",
            },
        ],
    ),
}

"""What is read from the APIs: all pages, without keys, and only what the permissions allow."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.model.fake_clients import MEMBERS, FakeClients
from vpn_model.connection import TunnelTelemetry
from vpn_model.network import Unreadable
from vpn_model.read_api.network import read_network
from vpn_model.tunnel_options import ALL_ENCRYPTION, TunnelLog

KEY = "my.secret.key"
VPC = {
    "VpcId": "vpc-1",
    "CidrBlock": "10.0.0.0/16",
    "CidrBlockAssociationSet": [
        {"CidrBlock": "10.2.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"CidrBlock": "10.0.0.0/16", "CidrBlockState": {"State": "associated"}},
        {"CidrBlock": "10.3.0.0/16", "CidrBlockState": {"State": "disassociated"}},
    ],
    "Tags": [{"Key": "Name", "Value": "cloud"}],
}
TUNNEL = {"TunnelInsideCidr": "169.254.10.0/30", "PreSharedKey": KEY}
CONNECTION = {
    "VpnConnectionId": "vpn-1",
    "CustomerGatewayId": "cgw-1",
    "VpnGatewayId": "vgw-1",
    "State": "available",
    "CustomerGatewayConfiguration": f"<pre_shared_key>{KEY}</pre_shared_key>",
    "Routes": [{"DestinationCidrBlock": "10.9.0.0/16", "State": "available"}, {"State": "deleted"}],
    "Options": {
        "StaticRoutesOnly": True,
        "TunnelOptions": [
            {
                **TUNNEL,
                "OutsideIpAddress": "192.0.2.1",
                "IkeVersions": [{"Value": "ikev2"}],
                "Phase1EncryptionAlgorithms": [],
                "Phase2DHGroupNumbers": [{"Value": 20}],
                "DpdTimeoutSeconds": 45,
                "EnableTunnelLifecycleControl": False,
                "LogOptions": {"CloudWatchLogOptions": {"LogEnabled": True, "LogGroupArn": "arn"}},
            },
            {**TUNNEL, "OutsideIpAddress": "192.0.2.2"},
        ],
    },
    "VgwTelemetry": [
        {
            "OutsideIpAddress": "192.0.2.2",
            "Status": "UP",
            "StatusMessage": "1 BGP ROUTES",
            "AcceptedRouteCount": 1,
            "LastStatusChange": datetime(2026, 11, 1, tzinfo=UTC),
        }
    ],
}


def test_every_page_is_read() -> None:
    more = [{**VPC, "VpcId": f"vpc-{number}"} for number in range(2, 5)]
    found = read_network(FakeClients(describe_vpcs=[[VPC], more[:2], [], more[2:]]), "us-east-1")
    assert list(found.vpcs) == ["vpc-1", "vpc-2", "vpc-3", "vpc-4"]
    assert found.vpcs["vpc-1"].cidrs == ("10.0.0.0/16", "10.2.0.0/16")
    assert (found.vpcs["vpc-1"].name, found.region, found.stack) == ("cloud", "us-east-1", None)


def test_each_call_is_made_once_and_none_for_each_instance() -> None:
    instances = [_instance(number) for number in range(3)]
    clients = FakeClients(describe_vpcs=[[VPC]], describe_instances=[[{"Instances": instances}]])
    assert len(read_network(clients, "us-east-1").instances) == 3
    assert sorted(clients.calls()) == sorted(set(clients.calls()))
    assert all(call.startswith(("describe_", "get_", "search_", "list_")) for call in clients.calls())


def _instance(number: int, **more: Any) -> dict[str, Any]:
    return {
        "InstanceId": f"i-{number}",
        "State": {"Name": "running"},
        "InstanceType": "t3.micro",
        "ImageId": "ami-1",
        "Placement": {"AvailabilityZone": "us-east-1a"},
        "IamInstanceProfile": {"Arn": "arn:aws:iam::1:instance-profile/path/device"},
        **more,
    }


def test_instances_that_are_terminated_are_not_there() -> None:
    gone = _instance(2, State={"Name": "terminated"})
    found = read_network(FakeClients(describe_instances=[[{"Instances": [_instance(1), gone]}]]), "us-east-1")
    (host,) = found.instances.values()
    assert (host.instance_profile, host.zone, host.is_running) == ("device", "us-east-1a", True)


def test_no_key_gets_into_the_model() -> None:
    found = read_network(FakeClients(describe_vpn_connections=[[CONNECTION]]), "us-east-1")
    assert "vpn-1" in repr(found)
    assert KEY not in repr(found)
    assert "pre_shared_key" not in repr(found)


def test_no_key_gets_into_an_error() -> None:
    broken = {**CONNECTION, "Options": {"TunnelOptions": [{**TUNNEL, "IkeVersions": [{}]}]}}
    with pytest.raises(KeyError) as problem:
        read_network(FakeClients(describe_vpn_connections=[[broken]]), "us-east-1")
    trace, shown = problem.value.__traceback__, repr(problem.value)
    while trace is not None:
        if "vpn_model" in trace.tb_frame.f_code.co_filename and trace.tb_frame.f_code.co_name != "vpn_connections":
            shown += repr({name: value for name, value in trace.tb_frame.f_locals.items() if name != "client"})
        trace = trace.tb_next
    assert KEY not in shown


def test_a_connection_tells_what_was_written_and_what_holds() -> None:
    found = read_network(FakeClients(describe_vpn_connections=[[CONNECTION]]), "us-east-1").vpn_connections["vpn-1"]
    first, second = found.tunnels
    assert (first.options.ike_versions, first.options.phase1_encryption) == (("ikev2",), ALL_ENCRYPTION)
    assert first.options.written == {
        *("ike_versions", "phase2_dh_groups", "dpd_timeout_seconds", "tunnel_lifecycle_control", "vpn_log")
    }
    assert first.options.vpn_log == TunnelLog(True, "arn")
    assert (second.options.written, second.key_source) == (frozenset(), "not shown")
    assert first.telemetry is None
    assert second.telemetry == TunnelTelemetry("UP", "1 BGP ROUTES", datetime(2026, 11, 1, tzinfo=UTC), 1)
    assert [route.destination for route in found.static_routes] == ["10.9.0.0/16"]
    assert (found.key_storage, found.key_arn, found.static_routes_only) == ("Standard", None, True)


def test_a_connection_that_is_deleted_is_not_there() -> None:
    clients = FakeClients(describe_vpn_connections=[[{**CONNECTION, "State": "deleted"}]])
    assert read_network(clients, "us-east-1").vpn_connections == {}


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"])
def test_what_may_not_be_read_is_named_and_the_rest_is_read(code: str) -> None:
    clients = FakeClients(
        {"describe_vpn_connections": code, "describe_nat_gateways": code},
        describe_vpcs=[[VPC]],
        describe_customer_gateways=[[{"CustomerGatewayId": "cgw-1", "State": "available", "BgpAsn": "65001"}]],
    )
    found = read_network(clients, "us-east-1")
    assert set(found.unreadable) == {
        Unreadable("ec2:DescribeVpnConnections", code),
        Unreadable("ec2:DescribeNatGateways", code),
    }
    assert list(found.vpcs) == ["vpc-1"]
    assert found.customer_gateways["cgw-1"].asn == 65001


def test_without_any_permission_everything_is_named() -> None:
    refused = dict.fromkeys(MEMBERS, "UnauthorizedOperation")
    found = read_network(FakeClients(refused), "us-east-1", stack="vpn")
    assert [one.call for one in found.unreadable] == [
        "cloudformation:ListStackResources",
        "cloudformation:DescribeStacks",
    ]
    everything = read_network(FakeClients(refused), "us-east-1")
    assert len(everything.unreadable) == len({one.call for one in everything.unreadable}) == 16


def test_another_error_ends_the_reading() -> None:
    with pytest.raises(ClientError, match="RequestLimitExceeded"):
        read_network(FakeClients({"describe_vpcs": "RequestLimitExceeded"}), "us-east-1")

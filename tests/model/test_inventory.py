"""What exists in an account and Region, and what is new since an earlier look."""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
import pytest

from tests.model.fake_clients import MEMBERS, FakeClients
from vpn_model.network import Unreadable
from vpn_model.read_api.inventory import EC2, OTHERS, Inventory, id_key, read_inventory

ASKED = (*(("ec2", call, member, id_key(member, key)) for _, call, member, key in EC2), *(one[1:5] for one in OTHERS))
MEMBERS_TOO = {call: member for _, call, member, _ in ASKED} | {"list_keys": "Keys", "list_aliases": "Aliases"}

ANSWERS: dict[str, Any] = {
    "describe_vpcs": [[{"VpcId": "vpc-1"}], [{"VpcId": "vpc-2"}]],
    "describe_instances": [
        [
            {
                "Instances": [
                    {"InstanceId": "i-1", "State": {"Name": "running"}},
                    {"InstanceId": "i-2", "State": {"Name": "terminated"}},
                ]
            }
        ]
    ],
    "describe_vpn_connections": [[{"VpnConnectionId": "vpn-1", "State": "deleted"}]],
    "describe_transit_gateway_attachments": [[{"TransitGatewayAttachmentId": "tgw-attach-1", "State": "available"}]],
    "describe_instance_connect_endpoints": [[{"InstanceConnectEndpointId": "eice-1", "State": "create-complete"}]],
    "list_roles": [[{"RoleName": "device"}]],
    "list_keys": [[{"KeyId": "k-1"}, {"KeyId": "k-2"}, {"KeyId": "k-3"}]],
    "list_aliases": [[{"AliasName": "alias/aws/ebs"}, {"AliasName": "alias/mine"}]],
}
KEYS = {
    "k-1": {"KeyId": "k-1", "KeyManager": "CUSTOMER", "KeyState": "Enabled"},
    "k-2": {"KeyId": "k-2", "KeyManager": "AWS", "KeyState": "Enabled"},
    "k-3": {"KeyId": "k-3", "KeyManager": "CUSTOMER", "KeyState": "PendingDeletion"},
}


class Account(FakeClients):
    """An account with keys, which are described one by one."""

    members = MEMBERS | MEMBERS_TOO

    def describe_key(self, KeyId: str) -> dict[str, object]:  # noqa: N803 -- AWS's name
        next(self.pages("describe_key", {"KeyId": KeyId}))
        return {"KeyMetadata": KEYS[KeyId]}


def test_what_has_ended_does_not_exist() -> None:
    found = read_inventory(Account(**ANSWERS))
    assert found.found == {
        "VPC": {"vpc-1", "vpc-2"},
        "instance": {"i-1"},
        "transit gateway attachment": {"tgw-attach-1"},
        "instance connect endpoint": {"eice-1"},
        "role": {"device"},
        "key": {"k-1"},
        "key alias": {"alias/mine"},
    }
    assert found.unreadable == ()


def test_what_is_new() -> None:
    before = Inventory({"VPC": frozenset({"vpc-1"}), "role": frozenset({"a"})})
    after = Inventory({"VPC": frozenset({"vpc-1", "vpc-2"}), "secret": frozenset({"s"})})
    assert after.new_since(before) == {"VPC": {"vpc-2"}, "secret": {"s"}}
    assert before.new_since(before) == {}


def test_what_may_not_be_read_is_named_and_counts_as_unknown() -> None:
    clients = Account({"list_roles": "AccessDenied", "describe_key": "AccessDeniedException"}, **ANSWERS)
    found = read_inventory(clients)
    assert set(found.unreadable) == {
        Unreadable("iam:ListRoles", "AccessDenied"),
        Unreadable("kms:DescribeKey", "AccessDeniedException"),
    }
    assert "role" not in found.found
    assert found.found["VPC"] == {"vpc-1", "vpc-2"}


@cache
def client_of(service: str) -> Any:
    return boto3.Session(region_name="us-east-1").client(service)  # type: ignore[call-overload]


@pytest.mark.parametrize(("service", "call", "member", "key"), ASKED, ids=str)
def test_the_calls_and_their_answers_are_those_of_aws(service: str, call: str, member: str, key: str) -> None:
    client = client_of(service)
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[call])
    assert key in operation.output_shape.members[member].member.members

"""What keeps its identity: ids when a list changes, and names when an app is arranged differently.

CloudFormation creates before it deletes. A resource whose logical id follows from its position in a list collides with
itself as soon as another element of the list goes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from aws_cdk import App, NestedStack, Stack, Stage
from constructs import Construct

from cdk_aws_vpn import Bgp, CustomerGateway, TransitGateway, VpnConnection
from tests.constructs.network_of_lists import Network, Order

ORDERS: dict[str, Order] = {
    "as given": list,
    "reversed": lambda elements: list(elements)[::-1],
    "without the first": lambda elements: list(elements)[1:],
    "without the last": lambda elements: list(elements)[:-1],
}


@cache
def built(order: str) -> dict[str, Any]:
    """The resources of the stack; the CDK's metadata holds no resource of the network."""
    return Network(ORDERS[order]).build()


def identity(resource: dict[str, Any]) -> str:
    """What a resource of a list is, by the properties that AWS tells it from others by."""
    found = resource.get("Properties", {})
    keys = ("RouteTableId", "TransitGatewayRouteTableId", "SubnetId", "TargetVpcSubnetId", "DestinationCidrBlock",
            "TargetNetworkCidr", "AccessGroupId", "CidrIp", "FromPort", "TransitGatewayAttachmentId",
            "VpnConnectionId", "GroupId", "ClientVpnEndpointId")  # fmt: skip
    return repr([resource["Type"], *(found.get(key) for key in keys)])


def test_another_order_changes_nothing() -> None:
    before, after = built("as given"), built("reversed")
    assert after.keys() == before.keys()
    changed = {before[name]["Type"] for name in before if before[name] != after[name]}
    assert changed == {"AWS::CloudWatch::Dashboard"}  # it shows the connections in the order of the list


LISTED = (
    ("AWS::EC2::Route", 4),
    ("AWS::EC2::TransitGatewayRoute", 1),
    ("AWS::EC2::VPNConnectionRoute", 1),
    ("AWS::EC2::TransitGatewayRouteTableAssociation", 1),
    ("AWS::EC2::TransitGatewayRouteTablePropagation", 1),
    ("AWS::EC2::ClientVpnTargetNetworkAssociation", 1),
    ("AWS::EC2::ClientVpnRoute", 1),
    ("AWS::EC2::ClientVpnAuthorizationRule", 1),
    ("AWS::EC2::SecurityGroupIngress", 1),
)


@pytest.mark.parametrize("order", ["without the first", "without the last"])
@pytest.mark.parametrize(("resource_type", "least_gone"), LISTED)
def test_a_shorter_list_keeps_the_ids_of_what_remains(order: str, resource_type: str, least_gone: int) -> None:
    before, after = (
        {name: identity(one) for name, one in built(which).items() if one["Type"] == resource_type}
        for which in ("as given", order)
    )
    assert len(before) - len(after) >= least_gone
    assert {name: before.get(name) for name in after} == after


def stack_of(arrangement: str) -> Stack:
    """A stack with the name ``vpn``, in an app that is arranged in one of several ways."""
    app = App(analytics_reporting=False)
    if arrangement == "in a stage":
        return Stack(Stage(app, "Prod"), "Vpn", stack_name="vpn")
    return Stack(app, "Vpn" if arrangement == "in the app" else "Renamed", stack_name="vpn")


@pytest.mark.parametrize("arrangement", ["in a stage", "under another id"])
def test_a_stack_that_keeps_its_name_keeps_its_template(arrangement: str) -> None:
    before, after = (Network(list, stack_of(each)).build() for each in ("in the app", arrangement))
    assert after.keys() == before.keys()
    changed = {name for name in before if before[name] != after[name]}
    for name in changed:  # the CDK's own VPCs and security groups are named after the whole path
        before[name]["Properties"].pop("Tags", None)
        after[name]["Properties"].pop("Tags", None)
    assert {name for name in changed if before[name] != after[name]} == {"Group075EF4563", "Group1BEBD4686"}


def inside(scope: Construct) -> list[str]:
    """The inside CIDR blocks of a connection on one and the same transit gateway."""
    gateway = TransitGateway.from_id(scope, "Tgw", "tgw-0123456789abcdef0")
    device = CustomerGateway.from_id(scope, "Device", "cgw-0123456789abcdef0")
    vpn = VpnConnection(scope, "Vpn", gateway=gateway, customer_gateway=device, routing=Bgp())
    return [tunnel.inside_cidr for tunnel in vpn.tunnels]


def test_stacks_of_two_names_take_different_inside_cidr_blocks() -> None:
    first, second = (inside(Stack(App(), "Vpn", stack_name=f"vpn-{who}")) for who in ("dev", "prod"))
    assert not set(first) & set(second)


def test_a_construct_that_changes_no_logical_id_moves_no_inside_cidr_block() -> None:
    assert inside(Construct(Stack(App(), "Vpn"), "Default")) == inside(Stack(App(), "Vpn"))


def test_an_account_that_is_learned_later_moves_no_inside_cidr_block() -> None:
    known = {"account": "111122223333", "region": "eu-west-1"}
    assert inside(Stack(App(), "Vpn", env=known)) == inside(Stack(App(), "Vpn"))


def test_a_nested_stack_has_inside_cidr_blocks_of_its_own() -> None:
    """The name of a nested stack is known at deployment only."""
    outer = Stack(App(), "Vpn")
    blocks = [*inside(outer), *inside(NestedStack(outer, "A")), *inside(NestedStack(outer, "B"))]
    assert len(set(blocks)) == len(blocks)
    again = Stack(Stage(App(), "Prod"), "Any", stack_name="Vpn")
    assert inside(NestedStack(again, "A")) == blocks[2:4]

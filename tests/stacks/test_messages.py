"""Synthesis is slow when Python and the CDK's JavaScript exchange many messages: their number is kept low.

A time depends on the machine and on what else it does. The number of messages does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aws_cdk import App, Stack
from jsii._kernel.providers import process

from cdk_aws_vpn import Bgp, CloudVpc, CustomerGateway, VirtualPrivateGateway, VpnConnection
from tests.stacks.scenes import SCENARIOS, new_app

Count = Callable[[Callable[[], Any]], int]


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Count:
    """Count the messages that a function sends to the CDK's JavaScript."""
    sent = 0
    send = process._NodeProcess.send

    def counted(*arguments: Any) -> Any:
        nonlocal sent
        sent += 1
        return send(*arguments)

    def count_messages(function: Callable[[], Any]) -> int:
        nonlocal sent
        sent = 0
        function()
        return sent

    monkeypatch.setattr(process._NodeProcess, "send", counted)
    return count_messages


def test_a_connection_takes_some_thirty_messages(count: Count) -> None:
    def connect(number: int) -> None:
        stack = Stack(App(), "Stack")
        gateway = VirtualPrivateGateway(stack, "Gateway", vpc=CloudVpc(stack, "Cloud").vpc)
        for branch in range(number):
            device = CustomerGateway(stack, f"Device{branch}", address=f"203.0.113.{branch + 1}", bgp_asn=65010)
            VpnConnection(stack, f"Branch{branch}", gateway=gateway, customer_gateway=device, routing=Bgp())

    connect(1)  # what is asked once per process
    assert (count(lambda: connect(6)) - count(lambda: connect(1))) / 5 <= 30


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_takes_some_seven_messages_per_resource(count: Count, name: str) -> None:
    app = new_app()
    sent = count(lambda: SCENARIOS[name](app))
    template = app.synth().get_stack_by_name(name).template
    assert sent / len(template["Resources"]) <= 7.5

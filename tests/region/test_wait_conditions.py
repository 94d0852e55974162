"""Wait conditions: who signals, which signals count, and what happens without a signal."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from threading import Thread
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.templates import Resources, device
from vpn_lab.region import Region

HANDLE: Resources = {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}


NAMING = {"Fn::Sub": ["#!/bin/sh\ncurl -X PUT '${url}'", {"url": {"Ref": "Handle"}}]}


def condition(timeout: int = 600, count: int = 1, **attributes: Any) -> Resources:
    properties = {"Handle": {"Ref": "Handle"}, "Timeout": str(timeout), "Count": count}
    return {"Aa": {"Type": "AWS::CloudFormation::WaitCondition", "Properties": properties, **attributes}}


DATA = {"Data": {"Value": {"Fn::GetAtt": ["Aa", "Data"]}}}


def test_the_region_signals_for_an_instance_whose_user_data_names_the_handle(stack: Any) -> None:
    assert stack.create({**HANDLE, **condition(), **device(NAMING)}, Outputs=DATA) == "CREATE_COMPLETE"
    identifier = stack.physical_id("Device")
    assert json.loads(stack.outputs["Data"]) == {identifier: identifier}


def test_a_handle_that_no_instance_names_times_out(stack: Any) -> None:
    assert stack.create({**HANDLE, **condition(), **device()}) == "ROLLBACK_COMPLETE"
    assert "timed out. Received 0 conditions when expecting 1" in stack.reason("Aa")


def test_one_signal_is_not_two(stack: Any) -> None:
    assert stack.create({**HANDLE, **condition(count=2), **device(NAMING)}) == "ROLLBACK_COMPLETE"
    assert "Received 1 conditions when expecting 2" in stack.reason("Aa")


def put_when_known(stack: Any, **signal: str) -> Thread:
    """Send a signal as a device would, once the handle exists."""

    def send() -> None:
        url = ""
        while not url.startswith("http"):
            try:
                url = stack.physical_id("Handle")
            except ClientError:
                continue
        body = json.dumps({"UniqueId": "device", "Reason": "", "Data": "", **signal}).encode()
        request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310
        urllib.request.urlopen(request, timeout=10)  # noqa: S310

    thread = Thread(target=send)
    thread.start()
    return thread


@pytest.mark.parametrize(("status", "outcome"), [("SUCCESS", "CREATE_COMPLETE"), ("FAILURE", "ROLLBACK_COMPLETE")])
def test_a_put_to_the_handle_is_a_signal(status: str, outcome: str, stack: Any) -> None:
    sender = put_when_known(stack, Status=status, Data="all is well", Reason="no tunnel came up")
    assert stack.create({**HANDLE, **condition()}, Outputs=DATA) == outcome
    sender.join()
    if status == "SUCCESS":
        assert json.loads(stack.outputs["Data"]) == {"device": "all is well"}
    else:
        assert "no tunnel came up" in stack.reason("Aa")


def test_a_put_that_is_no_signal_is_refused(stack: Any) -> None:
    stack.create({**HANDLE, "Vpc": device()["Vpc"]})
    url = stack.physical_id("Handle")
    for body in (b"not json", b'{"Status": "PERHAPS", "UniqueId": "a"}'):
        request = urllib.request.Request(url, body, {"Content-Type": ""}, method="PUT")  # noqa: S310
        with pytest.raises(urllib.error.HTTPError, match="400"):
            urllib.request.urlopen(request, timeout=10)  # noqa: S310


def test_where_devices_answer_for_themselves_the_region_keeps_silent(tmp_path: Any) -> None:
    with Region.start(state_dir=tmp_path / "s", signals="device", signal_timeout_limit=0.5) as region:
        client = region.client("cloudformation")
        template = json.dumps({"Resources": {**HANDLE, **condition(), **device(NAMING)}})
        client.create_stack(StackName="silent", TemplateBody=template)
        with pytest.raises(Exception, match="ROLLBACK_COMPLETE"):
            client.get_waiter("stack_create_complete").wait(
                StackName="silent", WaiterConfig={"Delay": 0.2, "MaxAttempts": 100}
            )
        events = client.describe_stack_events(StackName="silent")["StackEvents"]
        assert any("timed out" in one.get("ResourceStatusReason", "") for one in events)

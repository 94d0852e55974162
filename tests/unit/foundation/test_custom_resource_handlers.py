"""The Lambda handlers, with fakes for boto3 and a real HTTP server in the role of CloudFormation."""

from __future__ import annotations

import importlib
import json
import sys
from types import ModuleType
from typing import Any

import pytest

from cdk_aws_vpn.foundation import lookup_function
from tests.unit.foundation.stand_ins import CONTEXT, KEY, Clients, CloudFormation, RefusedError, load


@pytest.fixture
def endpoints(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return load("tunnel_endpoints", clients, monkeypatch)


@pytest.fixture
def pinned_ami(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return load("pinned_ami", clients, monkeypatch)


@pytest.fixture
def attachment(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    module = load("transit_gateway_attachment", clients, monkeypatch)
    monkeypatch.setattr(module, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(module, "LONGEST_WAIT_SECONDS", 0.1)
    return module


CONNECTION = {"VpnConnectionId": "vpn-1", "TransitGatewayId": "tgw-1"}


def asked(*cidrs: str) -> dict[str, Any]:
    return {"VpnConnectionId": "vpn-1", "TunnelInsideCidrs": list(cidrs or ("169.254.10.0/30", "169.254.11.0/30"))}


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_outside_addresses_are_matched_by_inside_cidr_and_not_by_order(
    request_type: str, endpoints: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    endpoints.handler(cloudformation.event(request_type, asked()), CONTEXT)
    assert cloudformation.answer["Status"] == "SUCCESS"
    assert cloudformation.answer["Data"] == {
        "Tunnel1OutsideAddress": "203.0.113.1",
        "Tunnel2OutsideAddress": "203.0.113.2",
    }
    assert clients.calls == [("describe_vpn_connections", {"VpnConnectionIds": ["vpn-1"]})]


def test_an_ipv6_tunnel_is_found_by_its_block_as_well(
    endpoints: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.tunnels = [{"TunnelInsideIpv6Cidr": "fd00::/126", "OutsideIpAddress": "203.0.113.3"}]
    endpoints.handler(cloudformation.event("Create", asked("fd00::/126")), CONTEXT)
    assert cloudformation.answer["Data"] == {"Tunnel1OutsideAddress": "203.0.113.3"}


@pytest.mark.parametrize("request_type", ["Create", "Update", "Delete"])
def test_keys_in_the_answer_of_ec2_are_neither_returned_nor_printed(
    request_type: str,
    endpoints: ModuleType,
    cloudformation: CloudFormation,
    capfd: pytest.CaptureFixture[str],
) -> None:
    endpoints.handler(cloudformation.event(request_type, asked(), PhysicalResourceId="id"), CONTEXT)
    endpoints.handler(cloudformation.event(request_type, asked("169.254.99.0/30"), PhysicalResourceId="id"), CONTEXT)
    printed = "".join(capfd.readouterr())
    assert "LookUp" in printed  # the outcome is logged, so the search had something to search
    assert KEY not in printed
    assert KEY not in json.dumps(cloudformation.answers)


def test_a_tunnel_that_does_not_exist_fails_the_resource_and_says_which(
    endpoints: ModuleType, cloudformation: CloudFormation
) -> None:
    endpoints.handler(cloudformation.event("Create", asked("169.254.10.0/30", "169.254.99.0/30")), CONTEXT)
    assert cloudformation.answer["Status"] == "FAILED"
    assert "vpn-1 has no tunnel with inside CIDR 169.254.99.0/30" in cloudformation.answer["Reason"]
    assert "2026/11/23/stream" in cloudformation.answer["Reason"]
    assert "Data" not in cloudformation.answer


@pytest.mark.parametrize("request_type", ["Create", "Update"])
def test_an_api_error_reaches_cloudformation_as_the_reason(
    request_type: str, endpoints: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.error = PermissionError("not authorized to perform: ec2:DescribeVpnConnections")
    endpoints.handler(cloudformation.event(request_type, asked()), CONTEXT)
    assert cloudformation.answer["Status"] == "FAILED"
    assert cloudformation.answer["Reason"].startswith("PermissionError: not authorized to perform")


def test_an_attachment_is_asked_for_by_its_connection_and_gateway(
    attachment: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    attachment.handler(cloudformation.event("Create", CONNECTION), CONTEXT)
    assert cloudformation.answer["Data"] == {"TransitGatewayAttachmentId": "tgw-attach-0"}
    assert cloudformation.answer["PhysicalResourceId"] == "vpn-1-attachment"
    ((_, arguments),) = clients.calls
    filters = {one["Name"]: one["Values"] for one in arguments["Filters"]}
    assert filters == {"resource-id": ["vpn-1"], "resource-type": ["vpn"], "transit-gateway-id": ["tgw-1"]}


def test_an_attachment_that_is_not_available_yet_is_waited_for(
    attachment: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.attachments = [[], ["deleted", "pending"], ["deleted", "available"]]
    attachment.handler(cloudformation.event("Create", CONNECTION), CONTEXT)
    assert cloudformation.answer["Data"] == {"TransitGatewayAttachmentId": "tgw-attach-1"}
    assert len(clients.calls) == 3


def test_an_attachment_that_never_comes_fails_the_resource_and_says_what_was_seen(
    attachment: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.attachments = [["failed"]]
    attachment.handler(cloudformation.event("Create", CONNECTION), CONTEXT)
    assert cloudformation.answer["Status"] == "FAILED"
    assert "vpn-1 has no available attachment to tgw-1; states seen: failed" in cloudformation.answer["Reason"]


@pytest.mark.parametrize("name", ["tunnel_endpoints", "pinned_ami", "transit_gateway_attachment", "tunnels_up"])
def test_deletion_succeeds_without_calling_aws_and_keeps_the_physical_id(
    name: str, clients: Clients, cloudformation: CloudFormation, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients.error = AssertionError("called")
    properties = {**asked(), **CONNECTION, "ParameterName": "/aws/ami"}
    handler = load(name, clients, monkeypatch).handler
    handler(cloudformation.event("Delete", properties, PhysicalResourceId="kept"), CONTEXT)
    assert (cloudformation.answer["Status"], cloudformation.answer["PhysicalResourceId"]) == ("SUCCESS", "kept")
    assert clients.calls == []


def test_a_failed_creation_is_answered_with_a_physical_id_so_that_it_can_be_rolled_back(
    endpoints: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.error = RuntimeError("throttled")
    endpoints.handler(cloudformation.event("Create", asked()), CONTEXT)
    assert cloudformation.answer["PhysicalResourceId"] == "vpn-1-tunnel-endpoints"


def test_the_request_is_echoed_so_that_cloudformation_recognises_it(
    pinned_ami: ModuleType, cloudformation: CloudFormation
) -> None:
    event = cloudformation.event("Create", {"ParameterName": "/aws/ami", "Release": "1"})
    pinned_ami.handler(event, CONTEXT)
    for key in ("StackId", "RequestId", "LogicalResourceId"):
        assert cloudformation.answer[key] == event[key]
    assert cloudformation.headers[0].get("Content-Type") == ""  # what the pre-signed URL was signed for


def test_the_image_is_what_the_parameter_says_now(
    pinned_ami: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    pinned_ami.handler(cloudformation.event("Create", {"ParameterName": "/aws/ami", "Release": "1"}), CONTEXT)
    assert cloudformation.answer["Data"] == {"ImageId": "ami-0123456789abcdef0"}
    assert clients.calls == [("get_parameter", {"Name": "/aws/ami"})]


def test_a_new_release_keeps_the_physical_id_so_that_nothing_is_deleted(
    pinned_ami: ModuleType, cloudformation: CloudFormation
) -> None:
    event = cloudformation.event("Update", {"ParameterName": "/aws/ami", "Release": "2"}, PhysicalResourceId="first")
    pinned_ami.handler(event, CONTEXT)
    assert cloudformation.answer["PhysicalResourceId"] == "first"


@pytest.mark.parametrize(
    "code", ["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "InvalidVpnConnectionID.NotFound"]
)
@pytest.mark.parametrize("name", ["tunnel_endpoints", "pinned_ami", "transit_gateway_attachment"])
def test_what_aws_refuses_only_for_a_moment_is_asked_for_again(
    name: str, code: str, clients: Clients, cloudformation: CloudFormation, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients.refusals = [code, code]
    properties = {**asked(), **CONNECTION, "ParameterName": "/aws/ami"}
    load(name, clients, monkeypatch).handler(cloudformation.event("Create", properties), CONTEXT)
    assert cloudformation.answer["Status"] == "SUCCESS"
    assert len(clients.calls) == 3


def test_a_permission_that_never_comes_fails_the_resource_with_the_words_of_aws(
    endpoints: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.error = RefusedError("UnauthorizedOperation")
    endpoints.handler(cloudformation.event("Create", asked()), CONTEXT)
    assert cloudformation.answer["Status"] == "FAILED"
    assert "(UnauthorizedOperation)" in cloudformation.answer["Reason"]
    assert len(clients.calls) > 1


def test_another_refusal_is_reported_at_once(
    endpoints: ModuleType, clients: Clients, cloudformation: CloudFormation
) -> None:
    clients.error = RefusedError("InvalidParameterValue")
    endpoints.handler(cloudformation.event("Create", asked()), CONTEXT)
    assert (cloudformation.answer["Status"], len(clients.calls)) == ("FAILED", 1)


def test_every_wait_ends_before_lambda_ends_the_function(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    attachment = load("transit_gateway_attachment", clients, monkeypatch)
    shared = importlib.reload(sys.modules["custom_resource"])
    assert attachment.LONGEST_WAIT_SECONDS >= 240
    # 15 s are left for the last call and the answer
    assert shared.NOT_YET_SECONDS + attachment.LONGEST_WAIT_SECONDS <= lookup_function.TIMEOUT_SECONDS - 15

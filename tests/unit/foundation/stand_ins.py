"""What a look-up handler meets on AWS: CloudFormation as a real HTTP server, and boto3."""

from __future__ import annotations

import importlib
import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from cdk_aws_vpn import asset_path

CONTEXT = SimpleNamespace(log_stream_name="2026/11/23/stream")
KEY = "PlantedPreSharedKey.0123456789"
TUNNELS = [
    {"TunnelInsideCidr": "169.254.11.0/30", "OutsideIpAddress": "203.0.113.2", "PreSharedKey": KEY},
    {"TunnelInsideCidr": "169.254.10.0/30", "OutsideIpAddress": "203.0.113.1", "PreSharedKey": KEY},
]


class RefusedError(Exception):
    """What botocore raises: the code is in ``response``."""

    def __init__(self, code: str) -> None:
        super().__init__(f"An error occurred ({code}) when calling the API")
        self.response = {"Error": {"Code": code}}


class CloudFormation:
    """Receives the answers that a handler sends to its pre-signed URL."""

    def __init__(self) -> None:
        answers: list[dict[str, Any]] = []
        headers: list[dict[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answers.append(json.loads(body))
                headers.append(dict(self.headers))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Stay silent."""

        self.answers, self.headers = answers, headers
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/answer?signature=1"

    def event(self, request_type: str, properties: dict[str, Any], **more: Any) -> dict[str, Any]:
        return {
            "RequestType": request_type,
            "ResponseURL": self.url,
            "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/vpn/1",
            "RequestId": "request-1",
            "LogicalResourceId": "LookUp",
            "ResourceProperties": properties,
            **more,
        }

    @property
    def answer(self) -> dict[str, Any]:
        assert len(self.answers) == 1, "CloudFormation takes exactly one answer"
        return self.answers[0]


class Clients:
    """Replaces boto3: returns prepared answers and records the calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.tunnels: list[dict[str, Any]] = TUNNELS
        self.attachments: list[list[str]] = [["available"]]
        self.telemetry: list[list[dict[str, Any]]] = [[]]
        self.error: Exception | None = None
        self.refusals: list[str] = []
        """Codes with which the next calls are refused."""

    def client(self, _service: str) -> Clients:
        return self

    def describe_vpn_connections(self, **arguments: Any) -> dict[str, Any]:
        self._called("describe_vpn_connections", arguments)
        telemetry = self.telemetry.pop(0) if len(self.telemetry) > 1 else self.telemetry[0]
        return {
            "VpnConnections": [
                {
                    "CustomerGatewayConfiguration": f"<pre_shared_key>{KEY}</pre_shared_key>",
                    "Options": {"TunnelOptions": self.tunnels},
                    "VgwTelemetry": telemetry,
                }
            ]
        }

    def describe_transit_gateway_attachments(self, **arguments: Any) -> dict[str, Any]:
        self._called("describe_transit_gateway_attachments", arguments)
        states = self.attachments.pop(0) if len(self.attachments) > 1 else self.attachments[0]
        return {
            "TransitGatewayAttachments": [
                {"TransitGatewayAttachmentId": f"tgw-attach-{number}", "State": state}
                for number, state in enumerate(states)
            ]
        }

    def get_parameter(self, **arguments: Any) -> dict[str, Any]:
        self._called("get_parameter", arguments)
        return {"Parameter": {"Value": "ami-0123456789abcdef0"}}

    def _called(self, name: str, arguments: dict[str, Any]) -> None:
        self.calls.append((name, arguments))
        if self.error is not None:
            raise self.error
        if self.refusals:
            raise RefusedError(self.refusals.pop(0))


def load(name: str, clients: Clients, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import a handler that uses ``clients`` and waits for next to nothing."""
    monkeypatch.syspath_prepend(str(asset_path("handlers")))
    monkeypatch.setitem(sys.modules, "boto3", clients)
    monkeypatch.delitem(sys.modules, name, raising=False)
    shared = importlib.import_module("custom_resource")
    monkeypatch.setattr(shared, "PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(shared, "NOT_YET_SECONDS", 0.1)
    return importlib.import_module(name)

"""Who may use the region: nothing but programs that have its keys, and no web page."""

from __future__ import annotations

import json
import os
import socket
from multiprocessing import get_context
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.requests_by_hand import FORM, IDENTITY, ask, client, page, signed
from vpn_lab.region import Region
from vpn_lab.region.guard.hosts import Hosts

NOBODY = 65534


def test_what_a_web_page_sends_is_refused_even_if_it_is_signed(region: Region) -> None:
    token = {"x-region-token": region.environment()["REGION_TOKEN"]}
    for origin in ("http://evil.example", "null", region.endpoint):
        for method, path, headers, body in (
            ("OPTIONS", "/", {}, ""),
            ("POST", "/2015-03-31/functions", {"content-type": "text/plain"}, "{}"),
            ("POST", "/", signed(region), IDENTITY),
            ("GET", "/_region/status", token, ""),
            ("POST", "/_region/reset", token, ""),
            ("POST", "/_ministack/reset", {}, ""),
        ):
            answer = ask(region.port, method, path, {**headers, "origin": origin}, body)
            assert answer.status == 403, (origin, path)
            assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_foreign_host_is_refused_even_if_the_request_is_signed(region: Region) -> None:
    own = f"127.0.0.1:{region.port}"
    for host in ("rebind.evil", f"rebind.evil:{region.port}", "127.0.0.1", "127.0.0.1:1", f"{own}.evil", f"evil@{own}"):
        headers = signed(region, headers={**FORM, "host": host})
        assert ask(region.port, "POST", "/", headers, IDENTITY).status == 403, host
        token = {"x-region-token": region.environment()["REGION_TOKEN"]}
        assert ask(region.port, "GET", "/_region/status", token, host=host).status == 403, host
    for host in (own, f"localhost:{region.port}", f"LOCALHOST:{region.port}"):
        answer = ask(region.port, "POST", "/", signed(region, headers={**FORM, "host": host}), IDENTITY)
        assert (answer.status, "access-control-allow-origin" in answer.headers) == (200, False), answer.text


def test_the_names_of_buckets_are_hosts_and_others_are_not() -> None:
    hosts = Hosts(4000)
    buckets = {
        "a-bucket.localhost:4000": "a-bucket",
        "a-bucket.s3.localhost:4000": "a-bucket",
        "a-bucket.s3.eu-west-1.amazonaws.com": "a-bucket",
        "a-bucket.s3.us-gov-west-1.amazonaws.com:443": "a-bucket",
        "a-bucket.s3.cn-north-1.amazonaws.com.cn": "a-bucket",
        "s3.eu-west-1.amazonaws.com": None,
    }
    assert {host: hosts.bucket(host) for host in buckets if host in hosts} == buckets
    foreign = ("a-bucket.localhost:1", "s3.evil", "s3.eu-west-1.amazonaws.com.evil", "x.s3.amazonaws.evil.com", "")
    assert [host for host in foreign if host in hosts] == []


def test_nobody_else_has_keys(region: Region) -> None:
    secret = region.environment()["AWS_SECRET_ACCESS_KEY"]
    for key in ("test", region.settings.account, "AKIA1234567890123456"):
        for used in ("test", secret):
            with pytest.raises(ClientError, match="InvalidClientTokenId"):
                client(region, "sts", key, used).get_caller_identity()
    assert ask(region.port, "POST", "/", FORM, IDENTITY).status == 403
    for path in ("/health", "/_ministack/health", "/_localstack/health", "/latest/meta-data/", "/_aws/lambda"):
        assert ask(region.port, "GET", path).status == 403
    old = {"authorization": f"AWS {region.environment()['AWS_ACCESS_KEY_ID']}:c2ln", "date": "now"}
    assert ask(region.port, "GET", "/", old).status == 403


def test_the_control_pages_need_the_token(region: Region) -> None:
    for method, name in (("GET", "status"), ("POST", "reset"), ("POST", "changes"), ("GET", "instance-credentials")):
        for token in ("", "wrong", region.environment()["AWS_ACCESS_KEY_ID"]):
            assert page(region, method, name, **{"x-region-token": token}).status == 403
        assert ask(region.port, method, f"/_region/{name}", signed(region)).status == 403
    assert page(region, "GET", "status").status == 200


def test_a_web_socket_is_refused(region: Region) -> None:
    with socket.create_connection(("127.0.0.1", region.port), timeout=10) as link:
        link.sendall(
            f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{region.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert link.recv(100).startswith(b"HTTP/1.1 403")


def _as_nobody(port: int, key: str, state_dir: str, told: Any) -> None:
    """What another user of the machine can find out and do."""
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    found: dict[str, Any] = {"uid": os.getuid()}
    for name in ("keys.json", "settings.json", "running.json", "region.log"):
        try:
            with open(os.path.join(state_dir, name)) as file:  # noqa: PTH118, PTH123 -- in a process without rights
                found[name] = file.read()
        except PermissionError:
            found[name] = None
    function = json.dumps({"FunctionName": "evil", "Runtime": "python3.13", "Role": "r", "Handler": "index.handler"})
    scope = f"{key}/20261129/us-east-1/lambda/aws4_request"
    guess = {"authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature={'0' * 64}"}
    found["answers"] = [
        ask(port, "POST", "/2015-03-31/functions", headers, function).status for headers in ({}, guess)
    ] + [ask(port, "POST", path).status for path in ("/_region/reset", "/_ministack/reset", "/_ministack/config")]
    told.send(found)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_of_the_machine_can_neither_read_the_keys_nor_use_the_region(region: Region) -> None:
    context = get_context("fork")
    mine, theirs = context.Pipe()
    arguments = (region.port, region.environment()["AWS_ACCESS_KEY_ID"], str(region.settings.state_dir), theirs)
    process = context.Process(target=_as_nobody, args=arguments)
    process.start()
    assert mine.poll(30)
    found = mine.recv()
    process.join()
    assert found.pop("uid") == NOBODY
    assert found.pop("answers") == [403] * 5
    assert set(found.values()) == {None}
    names = [one["FunctionName"] for one in region.client("lambda").list_functions()["Functions"]]
    assert "evil" not in names

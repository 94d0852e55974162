"""The device's own client of AWS: signatures, credentials, a wrong clock, and what it never says."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cgw_device.aws_api import LOGS, AwsApi, AwsError
from cgw_device.aws_credentials import Metadata
from cgw_device.aws_signature import Keys, signed, signing_key

from tests.device.aws.fake_aws import REGION, FakeAws, served

# AWS's published examples use these
EXAMPLE = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "")


class Client:
    """A client whose world is on loopback."""

    def __init__(self, fake: FakeAws, port: int) -> None:
        self.fake = fake
        self.port = port
        self.logged: list[str] = []
        self.ahead = 0.0
        metadata = Metadata(f"http://127.0.0.1:{port}")
        self.api = AwsApi(
            REGION, self.logged.append, metadata=metadata, clock=lambda: time.time() + self.ahead, timeout_seconds=1.0
        )

    def replace_route(self) -> str:
        return self.api.ec2("ReplaceRoute", RouteTableId="rtb-1", DestinationCidrBlock="10.50.0.0/16")


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    fake = FakeAws()
    with served(fake) as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        yield Client(fake, port)


@pytest.mark.parametrize(
    ("headers", "body", "signature"),
    [
        ({}, b"", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        (
            {"Content-Type": "application/x-www-form-urlencoded"},
            b"Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
    ],
)
def test_signatures_are_those_of_awss_test_suite(headers: dict[str, str], body: bytes, signature: str) -> None:
    made = signed(
        {**headers, "Host": "example.amazonaws.com"},
        body,
        path="/",
        keys=EXAMPLE,
        region="us-east-1",
        service="service",
        moment="20150830T123600Z",
    )
    assert made["authorization"].endswith(f"Signature={signature}")
    assert "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request," in made["authorization"]


def test_the_signing_key_is_that_of_awss_example() -> None:
    key = signing_key(EXAMPLE.secret_access_key, "20150830", "us-east-1", "iam")
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


def test_a_call_carries_its_parameters_and_a_signature_that_botocore_makes_too(client: Client) -> None:
    assert client.replace_route() == "<ok/>"
    assert client.fake.calls == [
        {
            "Action": "ReplaceRoute",
            "Version": "2016-11-15",
            "RouteTableId": "rtb-1",
            "DestinationCidrBlock": "10.50.0.0/16",
        }
    ]


def test_services_that_speak_json_are_called_too(client: Client) -> None:
    client.fake.answers = [(200, '{"nextSequenceToken": "7"}')]
    answer = client.api.json(LOGS, "Logs_20140328.PutLogEvents", {"logGroupName": "ü"})
    assert answer == {"nextSequenceToken": "7"}
    assert client.fake.calls == [{"target": "Logs_20140328.PutLogEvents", "body": '{"logGroupName": "\\u00fc"}'}]


@pytest.mark.parametrize("minutes", [-10, 10])
def test_a_clock_that_is_wrong_costs_one_more_request_and_only_once(client: Client, minutes: int) -> None:
    client.ahead = 60.0 * minutes
    for _ in range(3):
        client.replace_route()
    assert len(client.fake.calls) == 4


def test_a_clock_that_was_put_right_is_followed(client: Client) -> None:
    client.ahead = 600.0
    client.replace_route()
    client.ahead = 0.0
    client.replace_route()
    assert len(client.fake.calls) == 4


def test_credentials_that_aws_refuses_are_fetched_anew(client: Client) -> None:
    client.replace_route()
    client.fake.number = client.fake.given = 2
    client.replace_route()
    client.replace_route()
    assert len(client.fake.calls) == 4


def test_a_refusal_that_stays_ends_the_call_and_shows_no_credential(client: Client) -> None:
    client.fake.number = 2
    with pytest.raises(AwsError) as refused:
        client.api.json(LOGS, "Logs_20140328.PutLogEvents", {})
    assert refused.value.code == "InvalidSignatureException"
    assert "canary" not in str(refused.value)


def test_an_error_has_awss_code_and_message(client: Client) -> None:
    client.fake.answers = [
        (400, "<Error><Code>InvalidRoute.NotFound</Code><Message>no such route</Message></Error>"),
        (400, '{"__type": "com.amazonaws#ResourceNotFoundException", "message": "no such group"}'),
        (502, "<html>"),
    ]
    with pytest.raises(AwsError, match=r"^InvalidRoute.NotFound: no such route$"):
        client.replace_route()
    with pytest.raises(AwsError, match=r"^ResourceNotFoundException: no such group$"):
        client.api.json(LOGS, "Logs_20140328.PutLogEvents", {})
    with pytest.raises(AwsError, match=r"^Http502$"):
        client.replace_route()


def test_an_api_that_does_not_answer_is_given_up(client: Client) -> None:
    client.fake.hold.clear()
    started = time.monotonic()
    with pytest.raises(AwsError, match="NoAnswer"):
        client.replace_route()
    assert time.monotonic() - started < 3.0


def test_an_api_that_is_away_and_a_metadata_service_that_is_away_are_told_apart(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.fake.metadata_is_away = True
    with pytest.raises(AwsError, match="NoCredentials"):
        client.replace_route()
    client.fake.metadata_is_away = False
    monkeypatch.setenv("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:9")
    with pytest.raises(AwsError, match="NoAnswer"):
        client.replace_route()


def test_a_connection_is_used_again_and_one_that_was_closed_is_replaced(client: Client) -> None:
    client.replace_route()
    before = client.fake.connections
    client.replace_route()
    assert client.fake.connections == before
    client.fake.closes = True
    client.replace_route()
    client.replace_route()
    assert client.fake.connections == before + 1
    assert len(client.fake.calls) == 4


def test_calls_of_many_threads_do_not_wait_for_each_other(client: Client) -> None:
    client.api.credentials.current()
    client.fake.hold.clear()
    threads = [threading.Thread(target=client.replace_route) for _ in range(5)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 0.9
    while len(client.fake.calls) < 5 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(client.fake.calls) == 5
    client.fake.hold.set()
    for thread in threads:
        thread.join()


def test_credentials_are_there_before_they_are_needed_and_trouble_is_said_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cgw_device.aws_credentials.RETRY_SECONDS", 0.02)
    monkeypatch.setattr("cgw_device.aws_credentials.RENEW_SECONDS", 0.02)
    client.fake.metadata_is_away = True
    client.api.credentials.keep_fresh()
    _until(lambda: client.fake.tokens > 3)
    client.fake.metadata_is_away = False
    _until(lambda: len(client.logged) == 2)
    client.fake.number = client.fake.given = 2
    before = client.fake.tokens
    _until(lambda: client.fake.tokens > before + 1)
    client.fake.metadata_is_away = True
    client.replace_route()
    assert len(client.fake.calls) == 1
    assert client.logged[:2] == [
        "credentials: the metadata service answers 503 to /latest/api/token",
        "credentials: renewed",
    ]


def test_credentials_do_not_show_when_they_are_printed(client: Client) -> None:
    assert "canary" not in repr(client.api.credentials.current())


def test_the_endpoint_is_the_regions_unless_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert client.api._endpoint(LOGS) == "https://logs.eu-west-1.amazonaws.com"
    client.api.prepare()
    _until(lambda: client.api._endpoint(LOGS) == "https://logs.eu-west-1.amazonaws.example")
    monkeypatch.setenv("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", "https://there.example/")
    assert client.api._endpoint(LOGS) == "https://there.example"


def test_a_server_that_cannot_prove_who_it_is_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = tmp_path / "server.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "key", "-out", tmp_path / "certificate"),
        ],
        check=True,
        capture_output=True,
    )
    pair.write_text((tmp_path / "key").read_text() + (tmp_path / "certificate").read_text())
    fake, metadata = FakeAws(), FakeAws()
    with served(fake, pair) as port, served(metadata) as other:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://127.0.0.1:{port}")
        with pytest.raises(AwsError, match="CERTIFICATE_VERIFY_FAILED"):
            Client(fake, other).replace_route()
        assert fake.calls == []
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "certificate"))
        assert Client(fake, other).replace_route() == "<ok/>"


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.01)

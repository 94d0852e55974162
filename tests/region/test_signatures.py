"""Signatures: which keys are good, what a signature covers, and how long a signed URL is valid."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.region.requests_by_hand import FORM, IDENTITY, ask, changed, client, credentials, signed, target
from tests.region.templates import device
from vpn_lab.region import Region

DEVICE = Path(__file__).parents[2] / "assets" / "cgw" / "device"
WRONG = {
    "ec2": ("describe_vpcs", "AuthFailure"),
    "iam": ("list_roles", "SignatureDoesNotMatch"),
    "lambda": ("list_functions", "InvalidSignatureException"),
    "s3": ("list_buckets", "SignatureDoesNotMatch"),
    "secretsmanager": ("list_secrets", "InvalidSignatureException"),
    "sts": ("get_caller_identity", "SignatureDoesNotMatch"),
}


@pytest.fixture(scope="module")
def stored(region: Region) -> Iterator[Any]:
    """S3 with one bucket and one object."""
    s3 = region.client("s3")
    s3.create_bucket(Bucket="guarded")
    s3.put_object(Bucket="guarded", Key="a b/ü+c", Body=b"hello")
    s3.put_object(Bucket="guarded", Key="secret", Body=b"secret")
    yield s3
    for key in ("a b/ü+c", "secret"):
        s3.delete_object(Bucket="guarded", Key=key)
    s3.delete_bucket(Bucket="guarded")


@pytest.mark.parametrize("service", WRONG)
def test_the_right_key_id_with_another_secret_is_refused(region: Region, service: str) -> None:
    call, code = WRONG[service]
    other = client(region, service, region.environment()["AWS_ACCESS_KEY_ID"], "not-the-secret")
    with pytest.raises(ClientError) as problem:
        getattr(other, call)()
    assert problem.value.response["Error"]["Code"] == code
    assert problem.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_signature_covers_time_body_path_and_headers(region: Region) -> None:
    def status(body: str = IDENTITY, path: str = "/", extra: dict[str, str] | None = None, **how: Any) -> int:
        return ask(region.port, "POST", path, {**signed(region, **how), **(extra or {})}, body).status

    for minutes in (-14, 0, 14):
        assert status(later=timedelta(minutes=minutes)) == 200
    for minutes in (-16, 16, -24 * 60):
        assert status(later=timedelta(minutes=minutes)) == 403
    assert status(body=IDENTITY.replace("GetCallerIdentity", "GetSessionToken")) == 403
    assert status(path="/?Action=GetSessionToken") == 403
    assert status(extra={"x-amz-target": "secretsmanager.ListSecrets"}) == 403
    assert status(extra={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}) == 403
    assert status(headers={**FORM, "x-amz-content-sha256": "UNSIGNED-PAYLOAD"}) == 403
    assert status(headers={**FORM, "x-amz-content-sha256": "0" * 64}) == 403
    assert status(keys=credentials(region, token="a-token")) == 403  # noqa: S106 -- nobody has it


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_a_presigned_url_is_good_for_what_was_signed_and_for_nothing_else(
    region: Region, stored: Any, version: str
) -> None:
    del stored
    keys = credentials(region)
    s3 = boto3.client(
        "s3",
        endpoint_url=region.endpoint,
        region_name="us-east-1",
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        config=Config(signature_version=version, proxies={}),
    )
    where = {"Bucket": "guarded", "Key": "a b/ü+c"}
    url = s3.generate_presigned_url("get_object", Params=where, ExpiresIn=60)
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310
        assert answer.read() == b"hello"
    expires = "Expires" if version == "s3" else "X-Amz-Expires"
    attacks = {
        "another object": ("GET", target(url).replace("a%20b/%C3%BC%2Bc", "secret"), {}),
        "another method": ("PUT", target(url), {}),
        "a later end": ("GET", changed(url, **{expires: "9999999999"}), {}),
        "one more parameter": ("GET", target(url) + "&prefix=x", {}),
        "a parameter that S3 obeys": ("GET", target(url) + "&acl=", {}),
        "a fragment": ("GET", target(url).replace("?", "#x?"), {}),
        "no signature": ("GET", changed(url, Signature=None, **{"X-Amz-Signature": None}), {}),
        "a header that copies": ("GET", target(url), {"x-amz-copy-source": "/guarded/secret"}),
        "a header that routes": ("GET", target(url), {"x-amz-target": "secretsmanager.ListSecrets"}),
    }
    for attack, (method, where_to, headers) in attacks.items():
        answered = ask(region.port, method, where_to, headers)
        assert answered.status in (400, 403), attack
        assert answered.text not in ("hello", "secret"), attack
    old = s3.generate_presigned_url("get_object", Params=where, ExpiresIn=1)
    deadline = time.monotonic() + 10
    while (answered := ask(region.port, "GET", target(old))).status == 200 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert (answered.status, "expired" in answered.text) == (403, True)


def test_a_bucket_is_reached_by_its_own_host_name(region: Region, stored: Any) -> None:
    del stored
    for host in (
        f"guarded.localhost:{region.port}",
        f"guarded.s3.localhost:{region.port}",
        "guarded.s3.us-east-1.amazonaws.com",
    ):
        unsigned = {"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}
        headers = signed(region, "s3", "", host=host, headers=unsigned, method="GET", path="/secret")
        assert ask(region.port, "GET", "/secret", headers, host=host).text == "secret"
        assert ask(region.port, "GET", "/secret", host=host).status == 403


def test_the_url_of_a_wait_condition_is_signed(region: Region, stack: Any) -> None:
    stack.create({"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}, "Vpc": device()["Vpc"]})
    url = stack.physical_id("Handle")
    signal = json.dumps({"Status": "SUCCESS", "UniqueId": "a", "Data": "", "Reason": ""})
    path = target(url)
    for method, wrong in (
        ("PUT", path.partition("?")[0]),
        ("PUT", path[:-1] + ("0" if path[-1] != "0" else "1")),
        ("PUT", changed(url, **{"X-Amz-Expires": "604800"})),
        ("PUT", path.replace("/_ministack/cfn-signal/", "/_ministack/cfn-response/")),
        ("POST", path),
    ):
        assert ask(region.port, method, wrong, {}, signal).status == 403, wrong
    assert ask(region.port, "PUT", path, {"origin": "http://evil.example"}, signal).status == 403
    assert ask(region.port, "PUT", path, {}, signal).status == 200


@pytest.mark.parametrize("seconds", [3600, -3600])
def test_a_device_whose_clock_is_wrong_learns_the_time_from_the_refusal(
    region: Region, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    monkeypatch.syspath_prepend(DEVICE)
    monkeypatch.setenv("AWS_ENDPOINT_URL", region.endpoint)
    from cgw_device.aws_api import LOGS, AwsApi  # noqa: PLC0415 -- a device's programs are not on the path
    from cgw_device.aws_credentials import Metadata  # noqa: PLC0415
    from cgw_device.aws_signature import Keys  # noqa: PLC0415

    class Service(Metadata):
        def keys(self) -> Keys:
            own = credentials(region)
            return Keys(own.access_key, own.secret_key, "")

    def api() -> AwsApi:
        return AwsApi("us-east-1", print, metadata=Service(), clock=lambda: time.time() + seconds)

    assert "<vpcSet" in api().ec2("DescribeVpcs")
    assert api().json(LOGS, "Logs_20140328.DescribeLogGroups", {"logGroupNamePrefix": "none"}) == {"logGroups": []}

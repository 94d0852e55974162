"""Lambda functions and instances have keys of their own, which nobody else can use."""

from __future__ import annotations

import io
import json
import urllib.request
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.requests_by_hand import ask, client, credentials, target
from tests.region.templates import device
from vpn_lab.region import Region

FUNCTION = """
import boto3, os
def handler(event, context):
    return {"arn": boto3.client("sts").get_caller_identity()["Arn"], "key": os.environ["AWS_ACCESS_KEY_ID"],
            "secret": os.environ["AWS_SECRET_ACCESS_KEY"], "token": os.environ["AWS_SESSION_TOKEN"]}
"""
TRUST = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"Service": "x"}, "Action": "sts:AssumeRole"}]})


@pytest.fixture(scope="module")
def role(region: Region) -> Iterator[str]:
    iam = region.client("iam")
    arn = iam.create_role(RoleName="guarded", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="guarded")
    iam.add_role_to_instance_profile(InstanceProfileName="guarded", RoleName="guarded")
    yield arn
    iam.remove_role_from_instance_profile(InstanceProfileName="guarded", RoleName="guarded")
    iam.delete_instance_profile(InstanceProfileName="guarded")
    iam.delete_role(RoleName="guarded")


def test_each_function_has_keys_of_its_own(region: Region, role: str) -> None:
    functions = region.client("lambda")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", FUNCTION)
    told = []
    for name in ("guarded-1", "guarded-2"):
        functions.create_function(
            FunctionName=name,
            Runtime="python3.13",
            Role=role,
            Handler="index.handler",
            Code={"ZipFile": packed.getvalue()},
            Timeout=30,
        )
        told.append(json.load(functions.invoke(FunctionName=name)["Payload"]))
    assert [one["arn"].rsplit(":", 1)[1] for one in told] == [
        "assumed-role/guarded/guarded-1",
        "assumed-role/guarded/guarded-2",
    ]
    own = credentials(region)
    for name in ("key", "secret", "token"):
        assert len({one[name] for one in told} | {own.access_key, own.secret_key}) == 4
    with pytest.raises(ClientError, match="InvalidToken"):
        client(region, "sts", told[0]["key"], told[0]["secret"], told[1]["token"]).get_caller_identity()
    location = functions.get_function(FunctionName="guarded-1")["Code"]["Location"]
    with urllib.request.urlopen(location, timeout=10) as answer:  # noqa: S310
        assert answer.read() == packed.getvalue()
    assert ask(region.port, "GET", target(location).replace("guarded-1", "guarded-2")).status == 403
    for name in ("guarded-1", "guarded-2"):
        functions.delete_function(FunctionName=name)


def test_each_instance_has_keys_of_its_own(region: Region, role: str, stack: Any) -> None:
    other = {**device()["Device"]["Properties"], "IamInstanceProfile": "guarded"}
    del other["NetworkInterfaces"]
    second = {"Type": "AWS::EC2::Instance", "Properties": {**other, "SubnetId": {"Ref": "Subnet"}}}
    assert stack.create({**device(IamInstanceProfile="guarded"), "Second": second}) == "CREATE_COMPLETE"
    first, second_id = stack.physical_id("Device"), stack.physical_id("Second")
    given = region.instance_credentials()
    assert region.instance_credentials() == given
    assert role.endswith("/guarded")
    assert len({given[one][name] for one in (first, second_id) for name in ("AccessKeyId", "SecretAccessKey")}) == 4
    keys = given[first]
    caller = client(region, "sts", keys["AccessKeyId"], keys["SecretAccessKey"], keys["Token"]).get_caller_identity()
    assert caller["Arn"].endswith(f":assumed-role/guarded/{first}")
    for token in (None, given[second_id]["Token"]):
        with pytest.raises(ClientError, match=r"InvalidToken"):
            client(region, "sts", keys["AccessKeyId"], keys["SecretAccessKey"], token).get_caller_identity()

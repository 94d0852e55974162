"""What CloudFormation and AWS accept in a template: the schemas of its resources, and rules that no schema has."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from cfnlint.jsonschema import StandardValidator  # type: ignore[import-untyped]

from vpn_lab.region.cloudformation.schema import coerce, schema_of

EC2_TEXT = re.compile(r"[A-Za-z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")
LOG_NAME = re.compile(r"[.\-_/#A-Za-z0-9]{1,512}")
ONE_LINE = re.compile(r"[^\x00-\x1f]{1,255}")
RULES = {
    ("AWS::EC2::SecurityGroup", "GroupDescription"): EC2_TEXT,
    ("AWS::EC2::SecurityGroupIngress", "Description"): EC2_TEXT,
    ("AWS::EC2::SecurityGroupEgress", "Description"): EC2_TEXT,
    ("AWS::EC2::NetworkInterface", "Description"): EC2_TEXT,
    ("AWS::EC2::ClientVpnEndpoint", "Description"): ONE_LINE,
    ("AWS::EC2::CustomerGateway", "DeviceName"): ONE_LINE,
    ("AWS::Logs::LogGroup", "LogGroupName"): LOG_NAME,
    ("AWS::Logs::LogStream", "LogStreamName"): LOG_NAME,
    ("AWS::Logs::QueryDefinition", "Name"): ONE_LINE,
    ("AWS::CloudWatch::Alarm", "AlarmName"): ONE_LINE,
    ("AWS::CloudWatch::Dashboard", "DashboardName"): re.compile(r"[A-Za-z0-9_-]{1,255}"),
    ("AWS::IAM::ManagedPolicy", "Description"): re.compile(r"[\t\n\r\x20-\x7e\xa1-\xff]{1,1000}"),
    ("AWS::SecretsManager::Secret", "Description"): re.compile(r".{0,2048}", re.DOTALL),
    ("AWS::Events::Rule", "Description"): re.compile(r".{0,512}", re.DOTALL),
}
NAME_TAG = re.compile(r"[^\x00-\x1f]{1,256}")
LARGEST = 2**63


def illegal_in(template: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a template that the CDK has written."""
    for logical_id, resource in template.get("Resources", {}).items():
        for name, value in resource.get("Properties", {}).items():
            text = json.dumps(value, sort_keys=True)
            for problem in _problems(resource["Type"], name, text):
                yield f"{logical_id} ({resource['Type']}).{name}: {problem}"


@cache
def _problems(resource_type: str, name: str, text: str) -> tuple[str, ...]:
    return tuple(_judged(resource_type, name, json.loads(text)))


def _judged(resource_type: str, name: str, value: Any) -> Iterator[str]:
    if name == "UserData":
        yield from (f"{line!r} runs" for line in _joined(value).splitlines() if line.startswith("touch /marker"))
    for part in _parts(value):
        if isinstance(part, str) and ("{Token[" in part or " object at 0x" in part):
            yield f"{part!r} is not a value"
        if isinstance(part, float) and (not math.isfinite(part) or abs(part) > LARGEST):
            yield f"{part!r} is not a number"
    rule = RULES.get((resource_type, name))
    if rule is not None and isinstance(value, str) and not rule.fullmatch(value):
        yield f"{value!r} does not match {rule.pattern}"
    if name == "Tags" and isinstance(value, list):
        names = [tag["Value"] for tag in value if tag["Key"] == "Name"]
        yield from (f"the tag {each!r}" for each in names if isinstance(each, str) and not NAME_TAG.fullmatch(each))
    if not _has_intrinsic(value):
        yield from _against_schema(resource_type, name, value)


def _against_schema(resource_type: str, name: str, value: Any) -> Iterator[str]:
    validator = _validator(resource_type)
    if validator is not None:
        yield from (str(each.message)[:200] for each in validator.iter_errors(coerce(resource_type, {name: value})))


@cache
def _validator(resource_type: str) -> Any:
    """Checks one property at a time, since the others may be known only at deployment."""
    schema = schema_of(resource_type)
    parts = ("properties", "definitions", "$defs", "type")
    return schema and StandardValidator({key: part for key, part in schema.items() if key in parts})


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _parts(each)
    else:
        yield value


def _has_intrinsic(value: Any) -> bool:
    if isinstance(value, dict):
        return any(key == "Ref" or key.startswith("Fn::") or _has_intrinsic(each) for key, each in value.items())
    return isinstance(value, list) and any(_has_intrinsic(each) for each in value)


def _joined(value: Any) -> str:
    return "".join(str(part) for part in _parts(value))

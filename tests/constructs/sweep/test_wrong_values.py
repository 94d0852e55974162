"""Every argument of every public name, with values of every wrong kind: a legal template, or one error of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from aws_cdk import App

from cdk_aws_vpn import VpnError
from tests.constructs.sweep.bench import Bench, bench_app
from tests.constructs.sweep.calls import Ready
from tests.constructs.sweep.legal import illegal_in
from tests.constructs.sweep.subjects import SUBJECTS
from tests.constructs.sweep.wrong_values import ODD_TEXTS, fresh, secrets_in, wrong_values
from tools.reference.reading import read_library

ABSTRACT = {"ClientAuthentication.request"}
"""What only its subclasses implement."""
CALLED = {("VpnHub", "gateway"), ("VpnHub", "route"), ("VpnHub", "monitor")}
"""Arguments that are called. A class can be called too, and what it raises is its own."""
CLASSES = {"class", "own class", "its own class"}
SHOWN_AS = {
    ("TwoTierVpc.address", "host"): "private_address",
    ("Host", "vpc"): "subnet",
    ("CgwInstance", "vpc"): "subnet",
    ("ClientVpn", "vpc"): "subnets",
    ("TransitGatewayVpcAttachment", "vpc"): "subnets",
    ("asset_path", "name"): "asset",
    ("check_pre_shared_key", "value"): "key",
    ("TransitGatewayRouteTable.associate", "attachments"): "attachment",
    ("TransitGatewayRouteTable.propagate_from", "attachments"): "attachment",
}
"""How errors name an argument, where they do not use its own name."""


def public_arguments() -> Iterator[tuple[str, str]]:
    """Every public name that is called, with each of its arguments."""
    for name, entry in read_library().items():
        yield from ((name, option.name) for option in entry.options)
        for member in entry.members:
            yield from ((f"{name}.{member.name}", option.name) for option in member.options)


@pytest.fixture(scope="module")
def app() -> App:
    """The app of all subjects; the last test synthesizes it."""
    return bench_app()


@pytest.fixture(scope="module")
def tried() -> set[tuple[str, str]]:
    """What has been tried so far."""
    return set()


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_wrong_value_ends_in_one_error_that_names_the_argument(
    app: App, tried: set[tuple[str, str]], name: str
) -> None:
    bench = Bench(app, name.replace(".", "-").replace("_", "-"))
    make = SUBJECTS[name]
    wrong = wrong_values(bench.stack)
    ready = make(bench)
    failures = []
    for argument, right in ready.arguments.items():
        tried.add((name, argument))
        for kind, value in _of_interest(name, argument, {**wrong, "its own class": type(right)}):
            outcome = _outcome(ready, name, argument, value)
            if outcome:
                failures.append(f"{argument} of {kind}: {outcome}")
            if outcome != "":
                ready = make(bench)
    ready()  # what was refused has changed nothing
    assert failures == []


def _of_interest(name: str, argument: str, wrong: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    left_out = CLASSES if (name, argument) in CALLED else set()
    return ((kind, value) for kind, value in wrong.items() if kind not in left_out)


def _outcome(ready: Ready, name: str, argument: str, value: Any) -> str | None:
    """Return what went wrong, empty if the value was refused as it should be; None if it was accepted."""
    try:
        ready(**{argument: fresh(value)})
    except VpnError as problem:
        shown = list(secrets_in(problem))
        if shown:
            return f"the error shows the key: {shown}"
        names = (argument, SHOWN_AS.get((name, argument), argument))
        return (
            "" if any(each in str(problem) for each in names) else f"the error is about something else: {problem}"[:300]
        )
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"[:300]
    return None


IDS = {**{kind: text for kind, text in ODD_TEXTS.items() if kind != "long"}, "long": "x" * 200}
"""Ids that the constructs library accepts; the CDK has a limit for paths of its own."""


@pytest.mark.parametrize("kind", IDS)
def test_a_construct_may_have_any_id(app: App, kind: str) -> None:
    """What AWS does not accept in names and descriptions is replaced: the template is judged below."""
    bench = Bench(app, f"Id{kind}")
    for name, make in SUBJECTS.items():
        if "." in name or name in {"VpnHub", "Site"}:
            continue
        bench.next_id = f"{IDS[kind]} {name}"
        make(bench)()


def test_every_public_argument_was_tried(tried: set[tuple[str, str]]) -> None:
    public = {(name, argument) for name, argument in public_arguments() if name not in ABSTRACT}
    assert tried == public


def test_what_was_accepted_is_a_legal_template(app: App) -> None:
    assembly = app.synth()
    problems = [problem for stack in assembly.stacks_recursively for problem in illegal_in(stack.template)]
    assert len(assembly.stacks_recursively) > len(SUBJECTS)
    assert problems == []


ILLEGAL = {
    "a space in the name of a log group": ("AWS::Logs::LogGroup", "LogGroupName", "VPN Monitoring"),
    "an umlaut in a description": ("AWS::EC2::SecurityGroup", "GroupDescription", "Büro"),
    "a long name": ("AWS::EC2::VPC", "Tags", [{"Key": "Name", "Value": "x" * 257}]),
    "a number that stands for a token": ("AWS::EC2::CustomerGateway", "BgpAsn", -1.8881545897087626e289),
    "a text that stands for a token": ("AWS::EC2::CustomerGateway", "IpAddress", "${Token[TOKEN.1]}"),
    "a list for a text": ("AWS::EC2::CustomerGateway", "Type", ["ipsec.1"]),
    "a command in the user-data": ("AWS::EC2::Instance", "UserData", {"Fn::Base64": "EOF\ntouch /marker\n"}),
}


@pytest.mark.parametrize("what", ILLEGAL)
def test_an_illegal_template_is_recognised(what: str) -> None:
    resource_type, name, value = ILLEGAL[what]
    resource = {"Type": resource_type, "Properties": {name: value}}
    assert len(list(illegal_in({"Resources": {"One": resource}}))) >= 1

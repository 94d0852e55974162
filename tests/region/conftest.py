"""One region for all tests of this folder; each test uses its own stacks and VPCs and leaves nothing behind."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.hub import Hub
from tests.region.small_network import Network
from tests.region.stack import Stack
from tests.region.vpn_site import Site
from vpn_lab.region import Region
from vpn_model.read_api.inventory import read_inventory

SIGNAL_TIMEOUT_SECONDS = 1.0


@pytest.fixture(scope="session")
def region() -> Iterator[Region]:
    """A region whose wait conditions time out after a second, so that a test of a timeout does not take an hour."""
    with Region.start(signal_timeout_limit=SIGNAL_TIMEOUT_SECONDS) as running:
        yield running


@pytest.fixture(scope="session")
def bootstrapped(region: Region) -> Region:
    region.bootstrap()
    return region


@pytest.fixture
def set_quota(region: Region) -> Iterator[Callable[[str, int], None]]:
    """Sets a quota for one test."""
    changed: list[str] = []

    def change(code: str, value: int) -> None:
        changed.append(code)
        region.set_quota(code, value)

    yield change
    for code in changed:
        region.set_quota(code, None)


@pytest.fixture
def new_stack(region: Region) -> Iterator[Callable[[], Stack]]:
    """Creates stacks with unique names, and deletes what the test has left at its end."""
    client = region.client("cloudformation")
    made: list[Stack] = []
    numbers = itertools.count(1)

    def make() -> Stack:
        made.append(Stack(client, f"test-{time.monotonic_ns()}-{next(numbers)}"))
        return made[-1]

    yield make
    for stack in reversed(made):
        try:
            if stack.described()["StackStatus"] != "DELETE_COMPLETE":
                client.update_termination_protection(StackName=stack.name, EnableTerminationProtection=False)
                stack.delete()
        except ClientError:
            continue


@pytest.fixture
def stack(new_stack: Callable[[], Stack]) -> Stack:
    return new_stack()


@pytest.fixture
def ec2(region: Region) -> Any:
    return region.client("ec2")


@pytest.fixture
def nothing_left(region: Region) -> Iterator[None]:
    """Check that the test leaves the account as it was before."""
    before = read_inventory(region.client)
    yield
    assert read_inventory(region.client).new_since(before) == {}


def refused(call: Callable[..., Any], **request: Any) -> str:
    """The error code with which a call is rejected."""
    with pytest.raises(ClientError) as problem:
        call(**request)
    return str(problem.value.response["Error"]["Code"])


@pytest.fixture
def refusal() -> Callable[..., str]:
    return refused


@pytest.fixture
def site(ec2: Any) -> Iterator[Site]:
    made = Site(ec2)
    yield made
    made.remove()


@pytest.fixture
def hub(region: Region) -> Iterator[Hub]:
    made = Hub(region)
    yield made
    made.remove()


@pytest.fixture
def network(ec2: Any) -> Iterator[Network]:
    made = Network(ec2)
    yield made
    made.remove()

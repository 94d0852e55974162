"""One region for all tests of this folder; each test uses its own stacks and VPCs and leaves nothing behind."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.region.hub import Hub
from tests.region.small_network import Network
from tests.region.vpn_site import Site
from vpn_lab.region import Region
from vpn_model.read_api.inventory import read_inventory

SIGNAL_TIMEOUT_SECONDS = 1.0
DEADLINE_SECONDS = 60
FINAL = ("COMPLETE", "FAILED")


@pytest.fixture(scope="session")
def region() -> Iterator[Region]:
    """A region whose wait conditions time out after a second, so that a test of a timeout does not take an hour."""
    with Region.start(signal_timeout_limit=SIGNAL_TIMEOUT_SECONDS) as running:
        yield running


@pytest.fixture(scope="session")
def bootstrapped(region: Region) -> Region:
    region.bootstrap()
    return region


@dataclass
class Stack:
    """One stack, deployed from raw templates, and what CloudFormation says about it."""

    client: Any
    name: str
    template: dict[str, Any] = field(default_factory=dict)

    def create(self, resources: dict[str, Any], **sections: Any) -> str:
        """Create the stack, wait for its end and return its status."""
        self.client.create_stack(StackName=self.name, **self._request(resources, sections))
        return self.settled()

    def update(self, resources: dict[str, Any], **sections: Any) -> str:
        self.client.update_stack(StackName=self.name, **self._request(resources, sections))
        return self.settled()

    def _request(self, resources: dict[str, Any], sections: dict[str, Any]) -> dict[str, Any]:
        options: dict[str, Any] = {
            name: sections.pop(name) for name in ("Tags", "EnableTerminationProtection") if name in sections
        }
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in sections.pop("given", {}).items()]
        self.template = {"Resources": resources, **sections}
        return {
            "TemplateBody": json.dumps(self.template),
            "Parameters": given,
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            **options,
        }

    def delete(self, identifier: str | None = None) -> str:
        stack_id = self.described()["StackId"]
        self.client.delete_stack(StackName=identifier or self.name)
        return self.settled(stack_id)

    def settled(self, identifier: str | None = None) -> str:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            status = str(self.described(identifier)["StackStatus"])
            if status.endswith(FINAL) and "CLEANUP" not in status:
                return status
            time.sleep(0.03)
        raise TimeoutError(f"{self.name} is still {status} after {DEADLINE_SECONDS} s")

    def described(self, identifier: str | None = None) -> dict[str, Any]:
        return dict(self.client.describe_stacks(StackName=identifier or self.name)["Stacks"][0])

    @property
    def outputs(self) -> dict[str, str]:
        return {one["OutputKey"]: one["OutputValue"] for one in self.described().get("Outputs", [])}

    def physical_id(self, logical_id: str) -> str:
        found = self.client.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def events(self) -> list[dict[str, Any]]:
        """Oldest first."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=self.name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def history(self, logical_id: str) -> list[str]:
        return [one["ResourceStatus"] for one in self.events() if one["LogicalResourceId"] == logical_id]

    def reason(self, logical_id: str) -> str:
        """The reason why a resource failed, from its event."""
        failed = [
            one
            for one in self.events()
            if one["LogicalResourceId"] == logical_id and one["ResourceStatus"].endswith("FAILED")
        ]
        assert failed, f"no event says that {logical_id} failed: {self.history(logical_id)}"
        return str(failed[-1]["ResourceStatusReason"])


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

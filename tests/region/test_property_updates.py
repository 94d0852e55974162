"""Every option of every construct, changed on a deployed stack: the table of changes says what happens then."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import Stack

from tests.region.client_vpn_site import ClientSite
from tests.region.stack import SynthesizedStack
from tests.region.updates.effects import Template, replaced
from tests.region.updates.families import Change, Family
from tests.region.updates.trial import Trials
from tests.region.updates.trials import LIKE_ANOTHER, NOT_HERE, TRIALS
from tests.stacks.scenes import new_app
from vpn_lab.region import Region
from vpn_lab.region.quotas import CLIENT_VPN_ENDPOINTS
from vpn_model.changes import Effect, changes

IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.12-x86_64"
SETTINGS = "ScenarioSettings"
STACK = "Updates"
KEPT = (Effect.IN_PLACE, Effect.INTERRUPTS)


@pytest.fixture(scope="module")
def given(region: Region) -> Iterator[dict[str, str]]:
    """What the families need and do not make."""
    acm, ec2 = region.client("acm"), region.client("ec2")
    region.set_quota(CLIENT_VPN_ENDPOINTS, 10)  # a replacement needs another endpoint beside the old one
    one, other = (ClientSite(ec2, acm).certificate for _ in range(2))
    image = region.client("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    yield {"certificate": one, "other certificate": other, "image": image}
    region.set_quota(CLIENT_VPN_ENDPOINTS, None)


class Tried:
    """One family with its templates, unchanged and with each change, and the stack that is deployed."""

    def __init__(self, region: Region, family: type[Family], given: Mapping[str, str], folder: Path) -> None:
        def template(change: Change) -> Template:
            # an app of its own: the library refuses the same customer gateway in two stacks of one app
            app = new_app(outdir=str(folder))
            family(Stack(app, STACK), change, given)
            app.synth()
            found: Template = json.loads((folder / f"{STACK}.template.json").read_text())
            return found

        self.trials: Trials = TRIALS[family]
        self.base = template({})
        self.kept = [template(change) for change in self.trials.in_place]
        self.refused = [template(change) for change in self.trials.refused]
        self.single = [[template(change) for change in group] for group in self.trials.replacing]
        self.joint = [
            template({name: value for change in group for name, value in change.items()})
            if len(group) > 1
            else single[0]
            for group, single in zip(self.trials.replacing, self.single, strict=True)
        ]
        self.stack = SynthesizedStack(region, STACK, folder)

    def failures(self) -> str:
        failed = [one for one in self.stack.events() if one["ResourceStatus"].endswith("FAILED")]
        return "\n".join(f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason')}" for one in failed)


@pytest.fixture(params=TRIALS, ids=lambda family: family.__name__)
def tried(request: pytest.FixtureRequest, region: Region, given: dict[str, str], tmp_path: Path) -> Iterator[Tried]:
    made = Tried(region, request.param, given, tmp_path)
    assert made.stack.deploy(made.base) == "CREATE_COMPLETE", made.failures()
    yield made
    assert made.stack.delete() == "DELETE_COMPLETE", made.failures()


def test_every_row_is_right(tried: Tried) -> None:
    """One test for each family: what happens to a deployed stack depends on what happened to it before."""
    for change, template in zip(tried.trials.in_place, tried.kept, strict=True):
        assert {name: _row(name).effect for name in change if _row(name).effect not in KEPT} == {}
        assert replaced(tried.base, template) == {}, list(change)
        assert tried.stack.deploy(template) == "UPDATE_COMPLETE", (list(change), tried.failures())
    for change, template in zip(tried.trials.refused, tried.refused, strict=True):
        assert tried.stack.deploy(template) == "UPDATE_ROLLBACK_COMPLETE", list(change)
        # an option that must change with another one is listed after it
        row = _row(next(iter(change)))
        assert row.effect is Effect.NO
        assert row.error is not None
        assert row.error in tried.failures()
    for group, templates, joint in zip(tried.trials.replacing, tried.single, tried.joint, strict=True):
        for change, template in zip(group, templates, strict=True):
            assert replaced(tried.base, template), f"{list(change)} replaces nothing"
            assert _row(next(iter(change))).effect is Effect.REPLACES, list(change)
        assert tried.stack.deploy(joint) == "UPDATE_COMPLETE", (group, tried.failures())


def _row(name: str) -> Any:
    construct, option = name.split(".")
    return changes()[construct, option]


def test_every_row_is_tried_or_says_why_not() -> None:
    tried = {
        name
        for trials in TRIALS.values()
        for change in (*trials.in_place, *trials.refused, *itertools.chain(*trials.replacing))
        for name in change
    }
    rows = {f"{construct}.{option}" for construct, option in changes() if construct != SETTINGS}
    assert rows - tried - set(NOT_HERE) - set(LIKE_ANOTHER) == set()
    assert (tried | set(NOT_HERE) | set(LIKE_ANOTHER)) - rows == set()
    for name, other in LIKE_ANOTHER.items():
        assert (_row(name).effect, _row(name).error) == (_row(other).effect, _row(other).error)

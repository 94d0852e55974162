"""The checks for a real account, run against the local region: those that need no device."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tools.acceptance import report
from tools.acceptance.account import AcceptanceError, Account
from tools.acceptance.check import Check, Outcome
from tools.acceptance.checks import CHECKS
from tools.acceptance.report import Result
from tools.acceptance.run import run
from tools.acceptance.stages import Stage, stages_of
from vpn_lab.region import Region


@pytest.fixture
def account(region: Region, tmp_path: Path) -> Account:
    return Account(region.client, region.settings.region, dict(os.environ), tmp_path, is_local=True, note=print)


def stacks(account: Account) -> set[str]:
    return {one["StackName"] for one in account.client("cloudformation").describe_stacks()["Stacks"]}


def checked(account: Account, *numbers: int) -> dict[int, Outcome]:
    results: list[Result] = []
    run(stages_of(CHECKS, lambda check: check.number in numbers), account, results)
    return {one.check.number: one.outcome for one in results}


def test_the_small_stacks_are_deployed_judged_and_removed(account: Account) -> None:
    before = stacks(account)
    found = checked(account, 7, 8, 9)
    assert found[8].verdict == "as assumed"
    assert found[8].facts["state"] == "blackhole"
    assert found[9].verdict in ("as assumed", "not as assumed")
    assert found[7].verdict == "not shown"
    assert "only AWS can show it" in found[7].sentence
    assert stacks(account) == before


@pytest.mark.parametrize("problem", [AcceptanceError("no answer"), KeyboardInterrupt()])
def test_a_stage_is_removed_when_a_check_fails_or_is_interrupted(account: Account, problem: BaseException) -> None:
    def fails(_: Account) -> Outcome:
        raise problem

    before, results = stacks(account), list[Result]()
    stage = Stage("acceptance-route", (Check(8, "fails", "nothing", "acceptance-route", 1, fails),))
    if isinstance(problem, KeyboardInterrupt):
        with pytest.raises(KeyboardInterrupt):
            run([stage], account, results)
    else:
        run([stage], account, results)
        assert (results[0].outcome.verdict, results[0].outcome.facts) == ("not shown", {"reason": "no answer"})
    assert stacks(account) == before


def test_the_report_has_every_check_with_its_facts_and_the_versions(tmp_path: Path) -> None:
    results = [Result(check, Outcome("as assumed", "it | holds", {"seconds": 1}), 2.0) for check in CHECKS]
    machine, human = report.write(tmp_path, "AWS, eu-central-1", datetime.now(UTC), results)
    document: dict[str, Any] = json.loads(machine.read_text())
    assert sorted(one["number"] for one in document["checks"]) == list(range(1, 14))
    assert all(one["facts"] == {"seconds": 1} for one in document["checks"])
    assert {"python", "aws-cdk-lib", "boto3"} <= document["versions"].keys()
    page = human.read_text()
    assert page.count("**as assumed** | it \\| holds |") == len(CHECKS)

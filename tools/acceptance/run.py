"""Runs the checks stage by stage; every stage is removed, whatever happens."""

from __future__ import annotations

import time
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from tools.acceptance.account import AcceptanceError, Account
from tools.acceptance.check import Check, Outcome
from tools.acceptance.report import Result
from tools.acceptance.stages import Stage

FAILURES = (AcceptanceError, ClientError, BotoCoreError, LookupError, ValueError)


def run(stages: Sequence[Stage], account: Account, results: list[Result]) -> None:
    """Run all stages, and add what they find to ``results``, so that it is kept if the run is interrupted.

    Raises:
        AcceptanceError: A stage could not be removed.
    """
    for stage in stages:
        account.note(f"stage {stage.name}: about {stage.minutes} minutes on AWS")
        deployed = False
        try:
            seconds = stage.deploy(account)
            deployed = True
            account.note(f"{stage.name} was deployed in {seconds:.0f} s")
            for check in stage.checks:
                if not check.after_removal:
                    results.append(_run(check, account))  # noqa: PERF401 -- each is kept if the next is interrupted
        except FAILURES as problem:
            outcome = Outcome("not shown", f"{stage.name} was not deployed", {"reason": str(problem)})
            done = {one.check.number for one in results}
            results += [Result(check, outcome, 0.0) for check in stage.checks if check.number not in done]
        finally:
            _remove(stage, account)
        results += [_run(check, account) for check in stage.checks if check.after_removal and deployed]


def _run(check: Check, account: Account) -> Result:
    account.note(f"check {check.number}: {check.title}")
    started = time.monotonic()
    if check.only_on_aws and account.is_local:
        outcome = Outcome("not shown", f"only AWS can show it: {check.only_on_aws}")
    else:
        try:
            outcome = check.run(account)
        except FAILURES as problem:
            outcome = Outcome("not shown", "the check could not be completed", {"reason": str(problem)})
    account.note(f"  {outcome.verdict}: {outcome.sentence}")
    return Result(check, outcome, time.monotonic() - started)


def _remove(stage: Stage, account: Account) -> None:
    try:
        account.note(f"removing {stage.name}")
        stage.remove(account)
    except FAILURES as problem:
        raise AcceptanceError(
            f"{stage.name} could not be removed and still costs money: {problem}. "
            f"Delete the stack in CloudFormation's console in {account.region}."
        ) from problem

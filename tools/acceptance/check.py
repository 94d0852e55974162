"""What a check is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tools.acceptance.account import Account

Verdict: TypeAlias = Literal["as assumed", "not as assumed", "not shown"]


@dataclass
class Outcome:
    """What a check has found.

    Attributes:
        verdict: ``not shown`` if the check could not settle its question, for example because a program is missing.
        sentence: The result in one sentence.
        facts: What was measured and read, by name. Everything is written into the report, so nothing secret is here.
    """

    verdict: Verdict
    sentence: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One question and how it is settled.

    Attributes:
        number: Its number in ``docs/verified-on-aws.md``.
        title: What is looked at.
        assumption: What this project assumes.
        stage: The stage that it needs: a stack of this project, or a small one of its own.
        minutes: How long it takes on AWS, without the stage's deployment.
        run: Settles it.
        only_on_aws: Why the local network cannot show it; empty if it can.
        after_removal: The check looks at how the stage was removed.
    """

    number: int
    title: str
    assumption: str
    stage: str
    minutes: int
    run: Callable[[Account], Outcome]
    only_on_aws: str = ""
    after_removal: bool = False


def judged(holds: bool, sentence: str, **facts: Any) -> Outcome:
    """Return an outcome that is as assumed if a condition holds."""
    return Outcome("as assumed" if holds else "not as assumed", sentence, facts)

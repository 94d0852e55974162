"""The stacks that the checks need: deployed one after the other, and always removed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tools.acceptance.account import Account
from tools.acceptance.check import Check
from tools.acceptance.checks.foundations import HUB

TEMPLATE_PREFIX = "acceptance-"
HUB_APP = f"{sys.executable} -m tools.acceptance.hub"
DEPLOYMENT_MINUTES = 25
"""How long a scenario is there for its deployment and its removal alone."""


@dataclass(frozen=True)
class Stage:
    """One stack, and the checks that need it."""

    name: str
    checks: tuple[Check, ...]

    @property
    def is_template(self) -> bool:
        """It is a small template that the CloudFormation API deploys; otherwise the CDK CLI deploys an app."""
        return self.name.startswith(TEMPLATE_PREFIX)

    @property
    def app(self) -> str | None:
        """The command of its app; None for this project's own."""
        return HUB_APP if self.name == HUB else None

    @property
    def minutes(self) -> int:
        """How long it is there."""
        return sum(check.minutes for check in self.checks) + (2 if self.is_template else DEPLOYMENT_MINUTES)

    def deploy(self, account: Account) -> float:
        """Deploy it; return how many seconds that took."""
        return account.create(self.name) if self.is_template else account.deploy(self.name, app=self.app)

    def remove(self, account: Account) -> None:
        """Remove what there is of it."""
        if account.exists(self.name):
            account.delete(self.name)


def stages_of(checks: Iterable[Check], chosen: Callable[[Check], bool]) -> list[Stage]:
    """Return the stages that the chosen checks need, in the order of the checks."""
    found: dict[str, list[Check]] = {}
    for check in checks:
        if chosen(check):
            found.setdefault(check.stage, []).append(check)
    return [Stage(name, tuple(those)) for name, those in found.items()]

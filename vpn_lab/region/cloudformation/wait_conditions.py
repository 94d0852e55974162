"""Orders wait conditions after the rest of a stack.

ministack creates one resource after the other, while CloudFormation creates them in parallel. A wait condition that
does not depend on its instance could then wait for a device that does not exist yet. Therefore wait conditions, and
what depends on them, are created after everything else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vpn_lab.region import ministack
from vpn_lab.region.ec2.instances import boot_signals
from vpn_lab.region.settings import Settings

STACKS = "services.cloudformation.stacks"
ENGINE = "services.cloudformation.engine"
CONDITIONS = "services.cloudformation.wait_conditions"
WAIT_CONDITION = "AWS::CloudFormation::WaitCondition"


def install(settings: Settings) -> None:
    boot_signals.enabled = settings.signals == "region"
    sort: Callable[..., list[str]] = ministack.module(ENGINE)._topological_sort
    ministack.replace(STACKS, "_topological_sort", lambda *arguments: waiting_last(sort(*arguments), arguments[0]))
    if settings.signal_timeout_limit is not None:
        _limit_timeouts(settings.signal_timeout_limit)


def waiting_last(order: list[str], definitions: dict[str, dict[str, Any]]) -> list[str]:
    """The order with wait conditions, and everything that depends on them, at the end."""
    dependencies: Callable[[dict[str, Any], set[str]], set[str]] = ministack.module(ENGINE)._extract_deps
    names = set(order)
    late: set[str] = set()
    for name in order:
        definition = definitions[name]
        if definition.get("Type") == WAIT_CONDITION or dependencies(definition, names) & late:
            late.add(name)
    return [name for name in order if name not in late] + [name for name in order if name in late]


def _limit_timeouts(limit: float) -> None:
    wait: Callable[..., dict[str, Any]] = ministack.module(CONDITIONS).wait_for

    def wait_shorter(*arguments: Any) -> dict[str, Any]:
        *others, timeout = arguments
        return wait(*others, min(timeout, limit))

    ministack.replace(CONDITIONS, "wait_for", wait_shorter)

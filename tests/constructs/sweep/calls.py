"""Calls of public names: with arguments that are all right, some of which are changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.constructs.sweep.bench import Bench

NETWORK = "10.62.0.0/16"
PROVIDER = "arn:aws:iam::111122223333:saml-provider/x"


@dataclass(frozen=True)
class Ready:
    """Something that can be called, and right values for its arguments.

    ``variadic`` is the argument that is passed as ``*arguments``.
    """

    call: Callable[..., Any]
    arguments: dict[str, Any]
    variadic: str | None = None

    def __call__(self, **changed: Any) -> Any:
        """Call it, with some of its arguments changed."""
        arguments = {**self.arguments, **changed}
        several = (arguments.pop(self.variadic),) if self.variadic else ()
        return self.call(*several, **arguments)


Subject = Callable[[Bench], Ready]
SUBJECTS: dict[str, Subject] = {}


def subject(name: str) -> Callable[[Subject], Subject]:
    """Register the call of a public name."""

    def register(make: Subject) -> Subject:
        assert name not in SUBJECTS, name
        SUBJECTS[name] = make
        return make

    return register


def construct(kind: Callable[..., Any], arguments: Callable[[Bench], dict[str, Any]], name: str = "") -> None:
    """Register a construct that is made in the stack."""
    subject(name or kind.__name__)(
        lambda bench: Ready(lambda **given: kind(bench.stack, bench.new_id(), **given), arguments(bench))
    )


def shown(bench: Bench, metric: Any) -> Any:
    """Put a metric into an alarm."""
    return metric.create_alarm(bench.stack, bench.new_id(), threshold=1, evaluation_periods=1)

"""Every argument of every public name, with values of every wrong kind: a legal template, or one error of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from aws_cdk import App

from cdk_aws_vpn import VpnError
from tests.constructs.sweep.bench import Bench, bench_app
from tests.constructs.sweep.subjects import SUBJECTS, Ready
from tests.constructs.sweep.wrong_values import fresh, secrets_in, wrong_values
from tools.reference.reading import read_library

ABSTRACT = {"ClientAuthentication.request"}
"""What only its subclasses implement."""


def public_arguments() -> Iterator[tuple[str, str]]:
    """Every public name that is called, with each of its arguments."""
    for name, entry in read_library().items():
        yield from ((name, option.name) for option in entry.options)
        for member in entry.members:
            yield from ((f"{name}.{member.name}", option.name) for option in member.options)


def test_every_public_argument_is_tried() -> None:
    app = bench_app()
    public = {(name, argument) for name, argument in public_arguments() if name not in ABSTRACT}
    tried = {
        (name, argument)
        for number, (name, make) in enumerate(SUBJECTS.items())
        for argument in make(Bench(app, f"Arguments{number}")).arguments
    }
    assert tried == public


@pytest.fixture(scope="module")
def app() -> App:
    return bench_app()


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_wrong_value_ends_in_one_error_of_ours(app: App, name: str) -> None:
    bench = Bench(app, name.replace(".", "-").replace("_", "-"))
    make = SUBJECTS[name]
    wrong = wrong_values(bench.stack)
    ready = make(bench)
    failures = []
    for argument, right in ready.arguments.items():
        for kind, value in [*wrong.items(), ("its own class", type(right))]:
            outcome = _outcome(ready, argument, value)
            if outcome is None:
                ready = make(bench)
            elif outcome:
                failures.append(f"{argument} of {kind}: {outcome}")
                ready = make(bench)
    ready()
    assert failures == []


def _outcome(ready: Ready, argument: str, value: Any) -> str | None:
    """Return what went wrong, empty if the value was refused as it should be; None if it was accepted."""
    try:
        ready(**{argument: fresh(value)})
    except VpnError as problem:
        shown = list(secrets_in(problem))
        return f"the error shows the key: {shown}" if shown else ""
    except Exception as problem:
        return f"{type(problem).__name__}: {problem}"[:200]
    return None

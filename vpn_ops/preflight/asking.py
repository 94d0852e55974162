"""Questions to an account: what cannot be read is noted, and the rest is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

T = TypeVar("T")


class Unread:
    """Collects what could not be read."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    @contextmanager
    def noting(self, what: str) -> Iterator[None]:
        """Run a block that asks AWS; note what could not be read if AWS refuses."""
        try:
            yield
        except ClientError as problem:
            error = problem.response.get("Error", {})
            self.notes.append(f"{what}: {problem.operation_name}: {error.get('Code')}: {error.get('Message')}")
        except (BotoCoreError, ResponseParserError) as problem:
            self.notes.append(f"{what}: {problem}")

    def ask(self, what: str, question: Callable[[], T]) -> T | None:
        """Return the answer to a question; ``None`` if AWS refuses, which is noted."""
        with self.noting(what):
            return question()
        return None


def every(client: Any, operation: str, member: str, **request: Any) -> Iterator[dict[str, Any]]:
    """The members of an answer, from all of its pages."""
    if client.can_paginate(operation):
        for page in client.get_paginator(operation).paginate(**request):
            yield from page[member]
    else:
        yield from getattr(client, operation)(**request)[member]


def code_of(problem: ClientError) -> str:
    """The code of an error."""
    return str(problem.response.get("Error", {}).get("Code", ""))

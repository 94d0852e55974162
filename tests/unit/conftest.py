"""These tests are pure Python: none of them may call into the CDK's JavaScript process."""

from __future__ import annotations

from typing import Any

import pytest
from jsii._kernel.providers.process import ProcessProvider


@pytest.fixture(autouse=True)
def no_javascript(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail whatever sends a request to jsii."""

    def refuse(_provider: ProcessProvider, request: object, *_: Any) -> None:
        pytest.fail(f"a unit test called jsii: {type(request).__name__}")

    # Not "delete": an object of another test may be collected at any time.
    for call in ("create", "invoke", "sinvoke", "get", "sget", "set", "sset", "load"):
        monkeypatch.setattr(ProcessProvider, call, refuse)

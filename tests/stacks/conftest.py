"""The scenarios as a fixture: a test that asks for ``scene`` runs on each of them."""

from __future__ import annotations

import pytest

from tests.stacks import scenes
from tests.stacks.scenes import SCENARIOS, Scene


@pytest.fixture(params=SCENARIOS)
def scene(request: pytest.FixtureRequest) -> Scene:
    """Each scenario with its defaults."""
    return scenes.scene(str(request.param))

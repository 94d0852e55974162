"""Runs ``make lint`` and ``make checkov``, which take minutes, in parallel with the other tests."""

from __future__ import annotations

import subprocess

import pytest

from tests.project.conftest import REPOSITORY


# in this order: checkov reads the templates that lint has synthesized
@pytest.mark.parametrize("script", ["lint.sh", "checkov.sh"])
def test_there_is_nothing_to_say_of_the_code_and_of_its_templates(script: str) -> None:
    ended = subprocess.run(
        [REPOSITORY / "scripts" / script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout

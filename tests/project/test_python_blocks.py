"""Every example in the documents runs, and what it builds can be synthesized."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project.blocks.given import Given
from tests.project.blocks.reading import Block, blocks


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.place)
def test_an_example_runs_and_what_it_builds_is_synthesized(block: Block, tmp_path: Path) -> None:
    names = Given(tmp_path / "cdk.out")
    exec(compile(block.text, block.place, "exec"), names)  # noqa: S102
    names.neighbours.app.synth()


@pytest.mark.parametrize("block", blocks("json"), ids=lambda block: block.place)
def test_a_block_of_json_is_json(block: Block) -> None:
    json.loads(block.text)

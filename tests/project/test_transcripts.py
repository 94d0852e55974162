"""The example runs on the scenarios' pages are complete and successful."""

from __future__ import annotations

from tests.project.conftest import REPOSITORY
from tools.pages import PAGES, page_of
from tools.transcripts import RUNS, excerpt
from vpn_model.read_template.template import Template


def test_every_page_shows_a_good_run_of_its_scenario(scenarios: list[Template]) -> None:
    for scenario in scenarios:
        transcript = (REPOSITORY / RUNS / f"{scenario.name}.txt").read_text()
        assert f"cdk deploy {scenario.name}" in transcript
        assert "✗" not in transcript, scenario.name
        assert "✓ nothing is left" in transcript, scenario.name
        assert excerpt(transcript) in (REPOSITORY / page_of(scenario.name)).read_text(), "run make transcripts"


def test_every_page_belongs_to_a_scenario(scenarios: list[Template]) -> None:
    pages = {path.name for path in (REPOSITORY / PAGES).iterdir()}
    assert pages == {page_of(scenario.name).name for scenario in scenarios}

"""The excerpt of a run on the scenarios' pages."""

from __future__ import annotations

import pytest

from tools.transcripts import excerpt

TRANSCRIPT = """1. Start a local AWS region (0 s)
One process.
  http://127.0.0.1:4000 answers

5. Before the first tunnel was up (90 s)
Each host pinged the other.
  ✓ without a tunnel no ping was answered, either way

6. Ping (91 s)
From the data centre's host to AWS's.
  ✓ Idc/Host → Cloud/Host: 1.6 ms

7. cdk destroy ScenarioSingleTunnel (120 s)
Everything goes.
"""


def test_an_excerpt_has_the_steps_that_carry_packets() -> None:
    lines = excerpt(TRANSCRIPT).splitlines()
    assert lines[0].startswith("5. Before the first tunnel")
    assert lines[-1] == "  ✓ Idc/Host → Cloud/Host: 1.6 ms"


def test_a_transcript_without_them_is_refused() -> None:
    with pytest.raises(LookupError, match="cdk destroy"):
        excerpt(TRANSCRIPT.partition("7.")[0])

"""What every layer shares: Hypothesis without time limits, since the machine may be busy with other tests."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("project", deadline=None, print_blob=True)
settings.load_profile("project")

"""The templates of the scenarios, synthesized once, as `make synth` does it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from vpn_model.read_template.assembly import read_assembly
from vpn_model.read_template.template import Template

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> list[Template]:
    folder = tmp_path_factory.mktemp("cdk.out")
    environment = os.environ | {"CDK_OUTDIR": str(folder)}
    subprocess.run([sys.executable, "app.py"], cwd=REPOSITORY, env=environment, check=True, capture_output=True)
    return read_assembly(folder)


@pytest.fixture(scope="session")
def scenario(scenarios: list[Template]) -> dict[str, Template]:
    return {template.name: template for template in scenarios}

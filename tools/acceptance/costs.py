"""What the stages cost, from their templates and the list of prices."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tools.acceptance.account import PROJECT, AcceptanceError, Account
from tools.acceptance.stages import Stage
from vpn_lab.region.environment import node_tools
from vpn_model.costs.bill import bill, total
from vpn_model.costs.prices import read_prices
from vpn_model.read_template.assembly import template_paths
from vpn_model.read_template.template import read_template


def cost_of(stages: Sequence[Stage], account: Account) -> dict[str, float]:
    """Return what each stage costs in USD, for the minutes that it is there.

    Raises:
        AcceptanceError: An app cannot be synthesized.
    """
    prices, found = read_prices(), {}
    for stage in stages:
        if stage.is_template:
            found[stage.name] = 0.0
            continue
        template = read_template(template_paths(_synthesized(stage, account))[stage.name])
        found[stage.name] = total(bill(template, prices)) * stage.minutes / 60
    return found


def _synthesized(stage: Stage, account: Account) -> Path:
    tools = node_tools(PROJECT)
    if tools is None:
        raise AcceptanceError("the CDK CLI is not installed; run make setup")
    folder = account.folder / "costs"
    command = [str(tools / "cdk"), *(["--app", stage.app] if stage.app else []), "synth", stage.name, "--quiet"]
    python = os.pathsep.join([str(PROJECT / "constructs"), str(PROJECT)])
    environment = {**account.environment, "PYTHONPATH": python, "PATH": account.path}
    ended = subprocess.run(
        [*command, "--output", str(folder)], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise AcceptanceError(f"cdk synth {stage.name} failed:\n{ended.stderr[-3000:]}")
    return folder

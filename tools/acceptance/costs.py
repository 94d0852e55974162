"""What the stages cost, from their templates and the list of prices."""

from __future__ import annotations

from collections.abc import Sequence

from tools.acceptance.account import Account
from tools.acceptance.stages import Stage
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
        template = read_template(template_paths(account.synthesize(stage.name, app=stage.app))[stage.name])
        found[stage.name] = total(bill(template, prices)) * stage.minutes / 60
    return found

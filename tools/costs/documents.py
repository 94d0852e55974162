"""Writes the generated parts of the documents: the tables between marker comments."""

from __future__ import annotations

import re
from pathlib import Path

from tools.costs.needs import needs_line, needs_table
from tools.marked import replace_marked
from tools.pages import page_of
from vpn_model.costs.bill import bill, require_known, total, usage
from vpn_model.costs.prices import PriceList
from vpn_model.read_template.template import Template

README = Path("README.md")
CHOOSE_IT = re.compile(r"^\*\*Choose it when\*\* (.*?)\n\n", re.MULTILINE | re.DOTALL)


def generated_documents(templates: list[Template], prices: PriceList, root: Path) -> dict[Path, str]:
    """The documents as they must be: each path with its whole new text.

    Raises:
        UnknownPriceError: A template has something without a price.
        UncountedError: A template has something whose needs are not known.
        LookupError: A document lacks what is to be replaced, or quoted.
    """
    pages = {template.name: root / page_of(template.name) for template in templates}
    readme = replace_part((root / README).read_text(), "scenarios", scenario_table(templates, prices, root))
    documents = {root / README: replace_part(readme, "needs", needs_table(templates))}
    for template in templates:
        page = pages[template.name]
        priced = replace_part(page.read_text(), "costs", cost_table(template, prices))
        documents[page] = replace_part(priced, "needs", needs_line(template))
    return documents


def replace_part(text: str, name: str, content: str) -> str:
    """Return ``text`` with the part ``name`` replaced.

    Raises:
        LookupError: The text has no such part.
    """
    return replace_marked(text, name, content, "docs")


def scenario_table(templates: list[Template], prices: PriceList, root: Path) -> str:
    """The README's table of scenarios: picture, description, when to choose it, price."""
    rows = ["| Scenario | Choose it when | USD per hour |", "|---|---|---:|"]
    for template in templates:
        page = page_of(template.name)
        choice = CHOOSE_IT.search((root / page).read_text())
        if choice is None:
            raise LookupError(f"{page} has no paragraph that begins with **Choose it when**")
        picture = f'<img src="docs/images/{template.name}.svg" width="460" alt="{template.description}">'
        rows.append(
            f"| [**{template.name}**]({page.as_posix()})<br>{template.description}<br>"
            f'<a href="{page.as_posix()}">{picture}</a> '
            f"| {' '.join(choice[1].split())} | {total(require_known(bill(template, prices))):.2f} |"
        )
    note = (
        f"Prices are those of {prices.region} in {prices.date} for the resources of each template; the scenario's\n"
        "page lists them. Traffic and logs cost extra."
    )
    return "\n".join([*rows, "", note])


def cost_table(template: Template, prices: PriceList) -> str:
    """The bill on a scenario's page."""
    lines = require_known(bill(template, prices))
    rows = ["| Item | Count | USD per hour |", "|---|---:|---:|"]
    rows += [
        f"| [{line.item}]({prices.sources[line.item]}) | {line.quantity} | {line.per_hour or 0:.4f} |" for line in lines
    ]
    rows.append(f"| **Total** | | **{total(lines):.4f}** |")
    by_usage = [f"{one.item} (USD {one.price:.2f} per {one.per})" for one in usage(template, prices) if one.price]
    note = f"Prices of {prices.region} in {prices.date}. Charged by usage, in addition: {'; '.join(by_usage)}."
    return "\n".join([*rows, "", note])

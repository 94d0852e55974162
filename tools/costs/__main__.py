"""Writes the tables of README.md and docs/scenarios: ``python -m tools.costs``."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools import scale
from tools.costs.documents import generated_documents
from vpn_model.costs.bill import bill, require_known, total
from vpn_model.costs.prices import read_prices
from vpn_model.read_template.assembly import ASSEMBLY, read_assembly
from vpn_model.read_template.errors import TemplateError


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.costs", description="Price the scenarios; write the tables.")
    parser.add_argument("--assembly", type=Path, default=ASSEMBLY, help="folder with the templates (%(default)s)")
    parser.add_argument("--print", action="store_true", help="only print what each scenario costs per hour")
    arguments = parser.parse_args()
    try:
        write_tables(arguments.assembly, only_print=arguments.print)
    except (LookupError, TemplateError) as problem:
        raise SystemExit(f"costs: {problem.args[0]}") from None


def write_tables(assembly: Path, *, only_print: bool) -> None:
    templates, prices = read_assembly(assembly), read_prices()
    for template in templates:
        print(f"{template.name:24} USD {total(require_known(bill(template, prices))):.4f} per hour")
    if not only_print:
        documents = generated_documents(templates, prices, Path())
        documents[scale.PAGE] = scale.document(scale.PAGE.read_text())
        for path, text in documents.items():
            path.write_text(text)
            print(path)


if __name__ == "__main__":
    main()

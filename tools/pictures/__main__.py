"""Draws every scenario of ``cdk.out`` into ``docs/images``: ``python -m tools.pictures [--output FOLDER]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from vpn_model.picture.drawing import draw
from vpn_model.read_template.assembly import ASSEMBLY, read_assembly
from vpn_model.read_template.devices import read_devices
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.network import read_network
from vpn_model.read_template.template import Template

IMAGES = Path("docs/images")


def picture(template: Template) -> str:
    """The picture of a template's network, as SVG.

    Raises:
        TemplateError: A property is malformed.
    """
    network = read_network(template)
    return draw(network, read_devices(template, network))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.pictures", description="Draw the scenarios' networks.")
    parser.add_argument("--assembly", type=Path, default=ASSEMBLY, help="folder with the templates (%(default)s)")
    parser.add_argument("--output", type=Path, default=IMAGES, help="folder for the pictures (%(default)s)")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    try:
        for template in read_assembly(arguments.assembly):
            path = arguments.output / f"{template.name}.svg"
            path.write_text(picture(template), encoding="utf-8")
            print(path)
    except TemplateError as problem:
        raise SystemExit(f"pictures: {problem}") from None


if __name__ == "__main__":
    main()

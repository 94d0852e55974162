"""Draws every scenario of ``cdk.out`` into ``docs/images``: ``python -m tools.pictures [--output FOLDER]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.pictures.drawing import draw
from tools.pictures.reading import read_network
from tools.pictures.render import render
from tools.template import ASSEMBLY, Template, read_scenarios

IMAGES = Path("docs/images")


def picture(template: Template) -> str:
    """The picture of a template's network, as SVG."""
    return render(draw(read_network(template)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.pictures", description="Draw the scenarios' networks.")
    parser.add_argument("--assembly", type=Path, default=ASSEMBLY, help="folder with the templates (%(default)s)")
    parser.add_argument("--output", type=Path, default=IMAGES, help="folder for the pictures (%(default)s)")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    for template in read_scenarios(arguments.assembly):
        path = arguments.output / f"{template.name}.svg"
        path.write_text(picture(template))
        print(path)


if __name__ == "__main__":
    main()

"""Turns a Graphviz document into SVG, with the Graphviz that package.json pins."""

from __future__ import annotations

import subprocess
from pathlib import Path

FONT_FAMILY = "Arial,Helvetica,Liberation Sans,sans-serif"
"""Arial and the fonts that are as wide as Arial, so that the text fits the boxes everywhere."""


def render(document: str) -> str:
    """Return the document drawn as SVG."""
    script = Path(__file__).with_name("render.mjs")
    result = subprocess.run(["node", str(script)], input=document, capture_output=True, text=True, check=False)
    if result.returncode != 0 or result.stderr:
        raise RuntimeError(f"graphviz could not draw the picture: {result.stderr.strip()}")
    return result.stdout.replace('font-family="Arial"', f'font-family="{FONT_FAMILY}"')

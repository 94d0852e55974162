"""How the pictures look: colours, fonts, lines. Public subnets are green and private ones blue, as AWS draws them."""

from __future__ import annotations

FONT = "Arial"
"""Graphviz knows its metrics; render.py names look-alikes for machines that lack it."""
INK = "#232F3E"
MUTED = "#5B6B7B"
PUBLIC, PUBLIC_LINE = "#E6F4E4", "#7AA116"
PRIVATE, PRIVATE_LINE = "#E4F1F8", "#5A9BC4"
GATEWAY, GATEWAY_LINE = "#F1EAFB", "#7B4FC4"
DEVICE_LINE = "#ED7100"
TUNNEL_LINE = "#1F8A5B"

GRAPH = {
    "rankdir": "LR",
    "bgcolor": "#FFFFFF",
    "pad": "0.2",
    "nodesep": "0.22",
    "ranksep": "0.42",
    "fontname": FONT,
    "fontcolor": INK,
}
NODES = {"shape": "plain", "fontname": FONT, "fontsize": "12", "fontcolor": INK}
EDGES = {"fontname": FONT, "fontsize": "11", "fontcolor": MUTED, "color": MUTED, "arrowsize": "0.7"}

_BOX = {"style": "rounded,filled", "labeljust": "l", "fontname": FONT}
VPC_STYLES = (
    _BOX | {"fillcolor": "#F4F5F7", "color": MUTED, "penwidth": "1.6", "fontsize": "14", "margin": "14"},
    _BOX | {"fillcolor": "#FFF9F0", "color": "#ED7100", "penwidth": "1.6", "fontsize": "14", "margin": "14"},
    _BOX | {"style": "rounded,dashed", "color": "#98A4B3", "penwidth": "1", "fontsize": "11", "margin": "9"},
)
"""The customer's VPC, AWS's VPC, an Availability Zone."""

PATH = {"dir": "none", "color": DEVICE_LINE, "penwidth": "1.6"}
TUNNEL = {"dir": "none", "color": TUNNEL_LINE, "penwidth": "2.4"}
UNUSED_TUNNEL = {"dir": "none", "color": "#9AA5B1", "penwidth": "1.4", "style": "dashed"}
ROUTE = {"color": "#5A9BC4", "penwidth": "1.2"}
PAIR = {"dir": "both", "style": "dashed", "color": DEVICE_LINE, "penwidth": "1.4", "constraint": "false"}


def attributes(style: dict[str, str]) -> str:
    """Graphviz attributes, quoted."""
    return " ".join(f'{name}="{value}"' for name, value in style.items())

"""How a picture looks, in light and in dark surroundings. Shapes and dashes say what colours say, too."""

from __future__ import annotations

from collections.abc import Mapping

FONT = "'Amazon Ember','Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif"
SMALL = 640
"""Pictures of fewer pixels in width show titles only, larger ones."""

LIGHT: Mapping[str, Mapping[str, str]] = {
    "paper": {"fill": "#ffffff"},
    "lane-site": {"fill": "#f4f6f8"},
    "lane-internet": {"fill": "#ffffff"},
    "lane-aws": {"fill": "#fffaf3"},
    "lane-name": {"fill": "#4a5a6a"},
    "title-text": {"fill": "#1b2733"},
    "detail": {"fill": "#4a5a6a"},
    "site-vpc > rect": {"fill": "#ffffff", "stroke": "#5b6b7b"},
    "vpc > rect": {"fill": "#ffffff", "stroke": "#8c4fff"},
    "zone > rect": {"fill": "none", "stroke": "#98a4b3"},
    "public > rect": {"fill": "#eaf5e4", "stroke": "#7aa116"},
    "private > rect": {"fill": "#e6f2f8", "stroke": "#4a92bf"},
    "device > rect": {"fill": "#ffffff", "stroke": "#d86613"},
    "instance > rect": {"fill": "#ffffff", "stroke": "#4a92bf"},
    "address > rect": {"fill": "#fff4ea", "stroke": "#d86613"},
    "clients > rect": {"fill": "#ffffff", "stroke": "#7b4fc4"},
    "connection > rect": {"fill": "#f3eefb", "stroke": "#7b4fc4"},
    "gateway > rect": {"fill": "#f3eefb", "stroke": "#7b4fc4"},
    "tunnel > rect": {"fill": "#ffffff", "stroke": "#c9b8e8"},
    "mark.vpn-hollow": {"fill": "#ffffff"},
    "up": {"color": "#1a7f37"},
    "planned": {"color": "#0e7c86"},
    "down": {"color": "#cf222e"},
    "unused": {"color": "#77838f"},
    "held": {"color": "#d86613"},
    "may-move": {"color": "#d86613"},
    "pair": {"color": "#a3490a"},
    "route": {"color": "#2f7fae"},
    "learned": {"color": "#2f7fae"},
    "attachment": {"color": "#7b4fc4"},
    "clients-line": {"color": "#7b4fc4"},
}
DARK: Mapping[str, Mapping[str, str]] = {
    "paper": {"fill": "#0f161d"},
    "lane-site": {"fill": "#161f29"},
    "lane-internet": {"fill": "#0f161d"},
    "lane-aws": {"fill": "#171a1f"},
    "lane-name": {"fill": "#a9b7c6"},
    "title-text": {"fill": "#eef3f8"},
    "detail": {"fill": "#b3c0cd"},
    "site-vpc > rect": {"fill": "#111922", "stroke": "#8595a6"},
    "vpc > rect": {"fill": "#121118", "stroke": "#a77bff"},
    "zone > rect": {"fill": "none", "stroke": "#5c6b7a"},
    "public > rect": {"fill": "#1a2a17", "stroke": "#8fbb2a"},
    "private > rect": {"fill": "#142836", "stroke": "#58a6d4"},
    "device > rect": {"fill": "#0f161d", "stroke": "#f08a3c"},
    "instance > rect": {"fill": "#0f161d", "stroke": "#58a6d4"},
    "address > rect": {"fill": "#2b1d10", "stroke": "#f08a3c"},
    "clients > rect": {"fill": "#0f161d", "stroke": "#a98be6"},
    "connection > rect": {"fill": "#211a30", "stroke": "#a98be6"},
    "gateway > rect": {"fill": "#211a30", "stroke": "#a98be6"},
    "tunnel > rect": {"fill": "#0f161d", "stroke": "#55447a"},
    "mark.vpn-hollow": {"fill": "#0f161d"},
    "up": {"color": "#3fb950"},
    "planned": {"color": "#39b8c4"},
    "down": {"color": "#ff7b72"},
    "unused": {"color": "#8f9ba8"},
    "held": {"color": "#f08a3c"},
    "may-move": {"color": "#f08a3c"},
    "pair": {"color": "#e0996a"},
    "route": {"color": "#63b3e0"},
    "learned": {"color": "#63b3e0"},
    "attachment": {"color": "#a98be6"},
    "clients-line": {"color": "#a98be6"},
}
SHAPES = """
.vpn-picture text{font-family:%(font)s;text-rendering:geometricPrecision}
.vpn-picture rect{stroke-width:1}
.vpn-picture .vpn-title-text{font-weight:700}
.vpn-picture .vpn-lane-name{font-weight:700}
.vpn-picture .vpn-table{font-weight:400;text-decoration:underline}
.vpn-picture .vpn-site-vpc>rect,.vpn-picture .vpn-vpc>rect{stroke-width:1.6}
.vpn-picture .vpn-zone>rect{stroke-dasharray:4 3}
.vpn-picture .vpn-device>rect,.vpn-picture .vpn-address>rect{stroke-width:1.6}
.vpn-picture .vpn-stopped>rect,.vpn-picture .vpn-free>rect{stroke-dasharray:2 3}
.vpn-picture .vpn-uncertain>rect{stroke-dasharray:8 3 2 3}
.vpn-picture .vpn-border{stroke-dasharray:2 5}
.vpn-picture .vpn-line path,.vpn-picture .vpn-border{fill:none;stroke:currentColor}
.vpn-picture .vpn-line .vpn-arrow{fill:currentColor;stroke:none}
.vpn-picture .vpn-mark{fill:currentColor;stroke:currentColor;stroke-width:1.6}
.vpn-picture .vpn-line.vpn-up>path{stroke-width:3}
.vpn-picture .vpn-line.vpn-planned>path{stroke-width:2.2}
.vpn-picture .vpn-line.vpn-down>path{stroke-width:2.2;stroke-dasharray:7 5}
.vpn-picture .vpn-line.vpn-unused>path{stroke-width:1.6;stroke-dasharray:2 4}
.vpn-picture .vpn-line.vpn-held>path{stroke-width:1.8}
.vpn-picture .vpn-line.vpn-may-move>path{stroke-width:1.5;stroke-dasharray:5 4}
.vpn-picture .vpn-line.vpn-pair>path{stroke-width:1.5;stroke-dasharray:1.5 3.5}
.vpn-picture .vpn-line.vpn-route>path{stroke-width:1.3}
.vpn-picture .vpn-line.vpn-learned>path{stroke-width:1.3;stroke-dasharray:3 3}
.vpn-picture .vpn-line.vpn-attachment>path{stroke-width:1.3}
.vpn-picture .vpn-line.vpn-clients-line>path{stroke-width:2.2;stroke-dasharray:10 3}
"""
THUMBNAIL = """
.vpn-picture .vpn-detail,.vpn-picture .vpn-legend{display:none}
.vpn-picture .vpn-title-text{font-size:var(--small);transform:translateY(7px)}
.vpn-picture .vpn-lane-name{font-size:22px}
.vpn-picture .vpn-line>path:first-of-type{stroke-width:3.5!important}
"""


def stylesheet() -> str:
    """The CSS of a picture. Every selector begins with the picture's class, so that a page around it keeps its own."""
    dark = _rules(DARK)
    shapes = SHAPES % {"font": FONT}
    whole = (
        f"{_rules(LIGHT)}{shapes}@media (prefers-color-scheme:dark){{{dark}}}"
        f"@media (max-width:{SMALL}px){{{THUMBNAIL}}}"
    )
    return whole.replace("\n", "")


def _rules(colours: Mapping[str, Mapping[str, str]]) -> str:
    return "".join(
        f".vpn-picture .vpn-{name.replace(' > ', '>')}{{{';'.join(f'{key}:{value}' for key, value in rules.items())}}}"
        for name, rules in colours.items()
    )

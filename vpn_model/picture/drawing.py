"""Draws a network as SVG."""

from __future__ import annotations

from collections import Counter

from vpn_model.devices import Devices
from vpn_model.network import Network
from vpn_model.picture.blocks import DETAIL
from vpn_model.picture.lanes import SITE, WIDTH, place_all
from vpn_model.picture.legend import HEIGHT as LEGEND_HEIGHT
from vpn_model.picture.legend import legend
from vpn_model.picture.lines import all_lines
from vpn_model.picture.names import known_or
from vpn_model.picture.rendering import background, box, path
from vpn_model.picture.style import stylesheet
from vpn_model.picture.svg import element, number, words
from vpn_model.picture.text import wrap
from vpn_model.picture.view import View

MARGIN, NOTE, NOTE_LINES = 16.0, 16.0, 2
# what no picture of a network would show
LEFT_OUT = {"AWS::EC2::FlowLog", "AWS::EC2::LaunchTemplate", "AWS::EC2::KeyPair", "AWS::EC2::DHCPOptions"}
NETWORKING = ("AWS::EC2::", "AWS::NetworkManager::", "AWS::NetworkFirewall::", "AWS::DirectConnect::", "Transform")


def draw(network: Network, devices: Devices | None = None, *, title: str = "", id_prefix: str = "vpn-") -> str:
    """Return the picture of a network: SVG that needs nothing else, no font and no script.

    Args:
        network: Deployed or planned.
        devices: What the customer gateway devices do: which tunnels they bring up, which addresses and routes they may
            take, who are partners. By default not known; then no tunnel counts as unused.
        title: The name of the picture; by default the name of the stack.
        id_prefix: All ids begin with it. By default an element has the id ``vpn-`` and the id of what it shows. Give
            another prefix to each of several pictures in one page.
    """
    view = View(network, devices, id_prefix)
    lanes = place_all(view)
    notes = [line for note in _notes(network) for line in wrap(note, WIDTH - 2 * SITE, DETAIL, NOTE_LINES)]
    bottom = lanes.bottom + MARGIN
    return _document(
        view,
        title,
        bottom + LEGEND_HEIGHT + NOTE * len(notes),
        *background(bottom, known_or(network.region, "")),
        *(box(one) for one in (*lanes.site, *lanes.internet, *lanes.aws)),
        *(path(one) for one in all_lines(view, lanes)),
        legend(bottom + 18),
        *(_note(note, bottom + LEGEND_HEIGHT + NOTE * position) for position, note in enumerate(notes)),
    )


def _document(view: View, title: str, height: float, *children: str) -> str:
    stack = view.network.stack
    named, described = view.id("", "title"), view.id("", "description")
    document = element(
        "svg",
        # each on a line of its own, so that the difference between two pictures can be read
        *(
            f"\n{part}"
            for part in (
                words("title", title or (stack.name if stack else "") or "VPN network", id=named),
                words("desc", stack.description if stack else "", id=described),
                element("style", stylesheet()),
            )
        ),
        "\n",
        element("rect", x=0, y=0, width=WIDTH, height=height, class_="vpn-paper"),
        *children,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        width=WIDTH,
        height=height,
        class_="vpn-picture",
        role="graphics-document",
        aria_labelledby=named,
        aria_describedby=described,
    )
    return document + "\n"


def _note(text: str, y: float) -> str:
    return words("text", text, x=SITE, y=y, font_size=DETAIL, class_="vpn-detail")


def _notes(network: Network) -> list[str]:
    """What was not read, and what was read and is not drawn."""
    types = Counter(
        one.type.removeprefix("AWS::")
        for one in network.others
        if one.type.startswith(NETWORKING) and one.type not in LEFT_OUT
    )
    others = ", ".join(f"{kind} ({count})" if count > 1 else kind for kind, count in sorted(types.items()))
    refused = ", ".join(f"{one.call} ({one.code})" for one in network.unreadable)
    return [f"{says}: {what}" for says, what in (("Not drawn", others), ("Not read", refused)) if what]

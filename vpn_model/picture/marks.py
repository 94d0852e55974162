"""The marks of a tunnel's state, which do not need colours: a full circle, a hollow one, a cross, a bar."""

from __future__ import annotations

from vpn_model.picture.svg import element, number
from vpn_model.picture.tunnel_state import TunnelState

RADIUS = 4.0


def mark(state: TunnelState, x: float, y: float) -> str:
    """The mark of a state around a point."""
    if state in {"up", "planned"}:
        shape = "vpn-mark" if state == "up" else "vpn-mark vpn-hollow"
        return element("g", element("circle", cx=x, cy=y, r=RADIUS, class_=shape))
    left, right, top, bottom = (number(one) for one in (x - RADIUS, x + RADIUS, y - RADIUS, y + RADIUS))
    cross = f"M{left},{top}L{right},{bottom}M{left},{bottom}L{right},{top}"
    bar = f"M{left},{number(y)}H{right}"
    return element("g", element("path", d=cross if state == "down" else bar, class_="vpn-mark vpn-hollow"))

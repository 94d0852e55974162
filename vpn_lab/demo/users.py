"""Remote users: a real OpenVPN client with the profile that the operator's command writes."""

from __future__ import annotations

import time
from collections.abc import Callable

from vpn_lab.demo.ends import Ends
from vpn_lab.demo.story import Story
from vpn_lab.network.faults import inject
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.users import Users

CONNECTED_SECONDS = 60
RULE_SECONDS = 30
# 20 s until the client notices the silence, up to 60 s of handshakes with the same server, then one with the other
TAKEOVER_SECONDS = 150
USER = "alice"


def show(story: Story, users: Users, joined: Ends) -> None:
    """Connect a user, revoke and restore the authorization rules, cut the server in use, and revoke the user."""
    node = _connect(story, users, joined)
    _close(story, users, joined)
    _cut(story, users, joined)
    _revoke(story, users, joined, node)


def _connect(story: Story, users: Users, joined: Ends) -> str:
    story.step(f"Connect a user, {USER}", f"`vpn-ops client-vpn profile {USER}` writes a profile with a "
               "certificate and key for this user. A computer on the Internet runs OpenVPN with it.")  # fmt: skip
    node = users.connect(USER)
    _within(story, users, lambda: users.connected(USER), CONNECTED_SECONDS, f"{USER} is connected")
    state = users.state(USER)
    story.note(f"{USER} has the address {state.get('address')} from the server {state.get('server')}")
    for host in (joined.aws, joined.idc):
        way = "" if host == joined.aws else ", through the endpoint's VPC and the Site-to-Site tunnel"
        text = f"{USER} → {host.name} {host.address}{way}"
        _within(story, users, lambda one=host: users.reaches(USER, one.address), CONNECTED_SECONDS, text)  # type: ignore[misc]
    listed = _within(story, users, lambda: bool(users.listed()), RULE_SECONDS, "the EC2 API lists the connection")
    if listed:
        story.note(", ".join(f"{name} {address}" for name, address in users.listed()))
    return node


def _close(story: Story, users: Users, joined: Ends) -> None:
    networks = users.authorized()
    story.step("Revoke the authorization rules", f"{USER} stays connected, but an endpoint forwards traffic only to "
               f"networks that a rule authorizes. Rules removed: {', '.join(networks)}.")  # fmt: skip
    addresses = (joined.aws.address, joined.idc.address)
    users.authorize(*networks, allowed=False)

    def closed() -> bool:
        return not any(users.reaches(USER, one) for one in addresses)

    _within(story, users, closed, RULE_SECONDS, f"without a rule {USER} reaches neither host")
    story.checks.that(users.connected(USER), f"{USER} is still connected")
    users.authorize(*networks, allowed=True)
    reached = _reaches_both(users, joined)
    _within(story, users, reached, RULE_SECONDS, f"with the rules again {USER} reaches both")


def _cut(story: Story, users: Users, joined: Ends) -> None:
    first = users.state(USER).get("server", "")
    story.step("Cut the association in use", f"The Internet drops every packet from and to {first}. The OpenVPN "
               "client notices after 20 s without pings from the server, retries the same server for up to a minute, "
               "and then connects to the other association.")  # fmt: skip
    inject(users.network, "blackhole", first)
    reached = _reaches_both(users, joined)

    def moved() -> bool:
        return users.state(USER).get("server") != first and reached()

    _within(story, users, moved, TAKEOVER_SECONDS, f"{USER} reaches both hosts through the other association")
    inject(users.network, "heal", first)


def _revoke(story: Story, users: Users, joined: Ends, node: str) -> None:
    story.step(f"Revoke {USER}", f"`vpn-ops client-vpn revoke {USER}` adds the certificate to the endpoint's "
               "revocation list and ends the connection. The computer tries again and is refused.")  # fmt: skip
    before = users.refusals()
    users.command("revoke", USER)
    refused = "a server has refused the revoked certificate"
    _within(story, users, lambda: users.refusals() > before, TAKEOVER_SECONDS, refused)
    story.checks.that(not users.connected(USER), f"{USER} is not connected")
    story.checks.that(not users.reaches(USER, joined.aws.address), f"{USER} reaches nothing")
    users.disconnect(USER)
    gone = f"{node} is switched off"
    _within(story, users, lambda: node not in users.network.state(), RULE_SECONDS, gone)


def _reaches_both(users: Users, joined: Ends) -> Callable[[], bool]:
    return lambda: users.reaches(USER, joined.aws.address, joined.idc.address)


def _within(story: Story, users: Users, condition: Callable[[], bool], seconds: float, claim: str) -> bool:
    """Check that a condition becomes true in time, and report after how many seconds."""
    began = time.monotonic()
    try:
        users.network.wait(lambda _: condition(), seconds, claim)
    except MachineError:
        story.checks.that(False, f"{claim}: not within {seconds:.0f} s")
        return False
    story.checks.that(True, f"{claim} ({time.monotonic() - began:.1f} s)")
    return True

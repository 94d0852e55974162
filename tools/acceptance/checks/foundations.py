"""What CloudFormation and its resources do: small stacks without a device."""

from __future__ import annotations

from tools.acceptance.account import AcceptanceError, Account
from tools.acceptance.check import Check, Outcome, judged

EVENTS, ROUTE, ADDRESS, HUB = "acceptance-events", "acceptance-route", "acceptance-address", "AcceptanceHub"
EVENT_SECONDS = 180


def events_reach_the_group(account: Account) -> Outcome:
    """A rule fires every minute; its target is a log group with a policy of its own."""
    group, logs = account.output(EVENTS, "Group"), account.client("logs")

    def count() -> int:
        return len(logs.filter_log_events(logGroupName=group)["events"])

    try:
        waited = account.wait(lambda: count() > 0, EVENT_SECONDS, "an event in the log group")
    except AcceptanceError:
        return judged(False, f"EventBridge wrote no event within {EVENT_SECONDS} s", events=0)
    return judged(True, f"the first event came after {waited:.0f} s", events=count(), seconds=round(waited))


def a_route_to_a_free_interface(account: Account) -> Outcome:
    """CloudFormation was asked for a route to an interface that no instance has."""
    table = account.output(ROUTE, "Table")
    shown = account.client("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
    route = next(one for one in shown if one.get("DestinationCidrBlock") == "10.98.0.0/16")
    times = [one["Timestamp"] for one in account.events(ROUTE) if one["LogicalResourceId"] == "Route"]
    seconds = (times[-1] - times[0]).total_seconds()
    state = route["State"]
    sentence = f"CloudFormation made the route in {seconds:.0f} s; its state is {state}"
    return judged(seconds < 60, sentence, state=state, seconds=seconds)


def an_address_moves(account: Account) -> Outcome:
    """An update gives the Elastic IP to the other interface."""
    try:
        seconds = account.update(ADDRESS, Holder="second")
    except AcceptanceError as problem:
        return judged(False, "CloudFormation cannot move the address by an update", reason=str(problem))
    address = account.client("ec2").describe_addresses(PublicIps=[account.output(ADDRESS, "Address")])["Addresses"][0]
    moved = address.get("NetworkInterfaceId") == account.output(ADDRESS, "Second")
    return judged(moved, f"the update took {seconds:.0f} s", moved=moved, seconds=round(seconds))


def ten_connections_at_once(account: Account) -> Outcome:
    """The events say whether CloudFormation had to repeat a creation, and the stack that all succeeded."""
    events = [one for one in account.events(HUB) if one["ResourceType"] == "AWS::EC2::VPNConnection"]
    reasons = sorted({one["ResourceStatusReason"] for one in events if one.get("ResourceStatusReason")})
    made = sum(one["ResourceStatus"] == "CREATE_COMPLETE" for one in events)
    seconds = (events[-1]["Timestamp"] - events[0]["Timestamp"]).total_seconds()
    sentence = f"{made} of 10 connections were created within {seconds:.0f} s"
    return judged(made == 10, sentence, created=made, seconds=round(seconds), reasons=reasons)


CHECKS = (
    Check(
        8,
        "A route to an interface that no instance has",
        "CloudFormation makes it without waiting; EC2 shows it as blackhole",
        ROUTE,
        1,
        a_route_to_a_free_interface,
    ),
    Check(
        9,
        "An Elastic IP that an update moves",
        "CloudFormation moves the association to the other interface, or refuses with a clear reason",
        ADDRESS,
        2,
        an_address_moves,
    ),
    Check(
        7,
        "EventBridge writes to a log group by the group's own policy",
        "an event is in the group after two minutes",
        EVENTS,
        3,
        events_reach_the_group,
        only_on_aws="the local region runs no rules with a schedule",
    ),
    Check(
        13,
        "Ten connections at the same time",
        "CloudFormation repeats what EC2 refuses because of its limit on objects that change",
        HUB,
        1,
        ten_connections_at_once,
    ),
)

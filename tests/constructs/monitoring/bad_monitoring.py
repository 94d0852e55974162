"""What cannot be watched, and how it cannot be watched."""

from __future__ import annotations

from typing import Any

from aws_cdk import Environment, Stack, Token

from cdk_aws_vpn import (
    AlarmTiming,
    Bgp,
    ClientVpn,
    ClientVpnMonitoring,
    CustomerGateway,
    TransitGateway,
    TunnelLogOptions,
    VpnConnection,
    VpnMonitoring,
)
from cdk_aws_vpn.device.boot import publish_metrics
from cdk_aws_vpn.device.configuration import MetricsConfig
from tests.constructs.bad_input import Bad, setting
from tests.constructs.client_vpn.bad_client_vpn import client_vpn
from tests.constructs.site import Site


def timing(behaviour: str, prop: str, value: Any, allowed: str, remedy: str, **more: Any) -> Bad:
    arguments = {prop: value, **more}
    return setting(f"an alarm with {behaviour}", lambda _: AlarmTiming(**arguments), prop, value, allowed, remedy)


def watch(behaviour: str, prop: str, value: Any, allowed: str, remedy: str) -> Bad:
    def write(site: Site) -> Any:
        return site.make(VpnMonitoring, **{"connections": [site.connection()], prop: value})

    return setting(f"monitoring with {behaviour}", write, prop, value, allowed, remedy)


def watch_clients(behaviour: str, prop: str, value: Any, allowed: str, remedy: str) -> Bad:
    def write(site: Site) -> Any:
        return site.make(ClientVpnMonitoring, **{"client_vpn": client_vpn(site), prop: value})

    return setting(f"monitoring of clients with {behaviour}", write, prop, value, allowed, remedy)


def watch_clients_from_two(site: Site) -> None:
    watched = client_vpn(site)
    for name in ("First", "Second"):
        ClientVpnMonitoring(site.stack, name, client_vpn=watched)


def watch_clients_from_elsewhere(site: Site) -> None:
    ClientVpnMonitoring(elsewhere(site), "Monitoring", client_vpn=client_vpn(site))


def watch_unknown_clients(site: Site) -> None:
    endpoint = ClientVpn.from_id(site.stack, "Users", "cvpn-endpoint-0123456789abcdef0")
    site.make(ClientVpnMonitoring, client_vpn=endpoint)


def watch_twice(site: Site) -> None:
    vpn = site.connection()
    site.make(VpnMonitoring, connections=[vpn, vpn])


def watch_from_two(site: Site) -> None:
    vpn = site.connection()
    for name in ("First", "Second"):
        VpnMonitoring(site.stack, name, connections=[vpn])


def watch_device_twice(site: Site) -> None:
    device = site.connected()
    VpnMonitoring(site.stack, "Monitoring", connections=[device.connection], devices=[device])  # type: ignore[list-item]
    publish_metrics(device.boot, MetricsConfig(log_group="g", log_stream="s", device="d"), start_after=device.ready)


def elsewhere(site: Site) -> Stack:
    return Stack(site.app, "Other", env=Environment(account="111122223333", region="eu-west-3"))


def watch_from_elsewhere(site: Site) -> None:
    VpnMonitoring(elsewhere(site), "Monitoring", connections=[site.connection()])


def watch_from_the_stack_of_the_gateway(site: Site) -> None:
    gateway = TransitGateway(site.stack, "Gateway")
    firewall = CustomerGateway.from_id(stack := Stack(site.app, "Other"), "Device", "cgw-0123456789abcdef0")
    vpn = VpnConnection(stack, "Vpn", gateway=gateway, customer_gateway=firewall, routing=Bgp())
    VpnMonitoring(site.stack, "Monitoring", connections=[vpn])


RANGE = "choose a value in this range"

BAD_MONITORING = [
    timing("a period of a second", "period_seconds", 1, "60 to 86400", RANGE),
    timing("a period of two days", "period_seconds", 172800, "60 to 86400", RANGE),
    timing("a period of ninety seconds", "period_seconds", 90, "a multiple of 60", "round it"),
    timing("text for a period", "period_seconds", "300", "a whole number", RANGE),
    timing("no period to evaluate", "evaluation_periods", 0, "1 to 1440", RANGE),
    timing("more bad periods than periods", "datapoints_to_alarm", 4, "1 to 3", RANGE),
    timing("no bad period", "datapoints_to_alarm", 0, "1 to 3", RANGE),
    timing("a look back of two days", "evaluation_periods", 48, "at most 24", "shorten", period_seconds=3600),
    watch("no connection", "connections", [], "a list of VpnConnection", "write it like [vpn]"),
    watch("the id of a connection", "connections", "vpn-0123", "a list of VpnConnection", "write it like [vpn]"),
    setting(
        "monitoring with an id in the list",
        lambda s: s.make(VpnMonitoring, connections=["vpn-0123"]),
        "connections",
        "vpn-0123",
        "VpnConnection",
        "the construct itself",
    ),
    setting(
        "monitoring of one connection twice",
        watch_twice,
        "connections",
        "the same one twice",
        "without duplicates",
        "list each once",
    ),
    setting(
        "monitoring of a device without a connection",
        lambda s: s.make(VpnMonitoring, connections=[s.connection()], devices=[s.device()]),
        "devices",
        "Stack/Cgw",
        "devices that terminate one of the connections",
        "connect(connection) first",
    ),
    setting(
        "monitoring of a device of another connection",
        lambda s: s.make(VpnMonitoring, connections=[s.connection()], devices=[s.connected()]),
        "devices",
        "Stack/Cgw",
        "devices that terminate one of the connections",
        "list that connection too",
    ),
    setting(
        "monitoring of a connection of another region",
        watch_from_elsewhere,
        "connections",
        "Stack/Vpn",
        "in the same account and Region",
        "in a stack of that account and Region",
    ),
    setting(
        "monitoring in the stack of the gateway of a connection of another stack",
        watch_from_the_stack_of_the_gateway,
        "connections",
        "Other/Vpn",
        "would depend on each other",
        "in a stack of its own",
    ),
    setting(
        "an alarm with a number that is known only at deployment",
        lambda _: AlarmTiming(evaluation_periods=Token.as_number({"Ref": "Periods"})),  # type: ignore[arg-type]
        "evaluation_periods",
        "(a token)",
        "a literal number",
        "write the number",
    ),
    setting(
        "a connection in two monitorings",
        watch_from_two,
        "connections",
        "Stack/Vpn",
        "a construct that nothing else monitors",
        "list it in only one",
    ),
    setting(
        "a device that publishes twice",
        watch_device_twice,
        "devices",
        "Stack/Cgw",
        "each in one VpnMonitoring",
        "list the device once",
    ),
    watch("the arn of a topic", "topic", "arn:aws:sns:eu-west-1:111122223333:x", "an sns.ITopic", "from_topic_arn"),
    watch("a number of minutes", "timing", 5, "AlarmTiming", "wrap the values"),
    watch("a number of days", "log_retention", 30, "RetentionDays", "RetentionDays.ONE_MONTH"),
    watch("the alias of a key", "log_encryption_key", "alias/logs", "a kms.IKey", "Key.from_key_arn(…)"),
    watch("a dashboard of two words", "dashboard_name", "my vpn", "letters, digits, hyphens", "leave it out"),
    watch("an empty dashboard name", "dashboard_name", "", "letters, digits, hyphens", "leave it out"),
    watch_clients("an id", "client_vpn", "cvpn-endpoint-0123", "ClientVpn", "the construct itself"),
    watch_clients(
        "the arn of a topic", "topic", "arn:aws:sns:eu-west-1:111122223333:x", "sns.ITopic", "from_topic_arn"
    ),
    watch_clients("no failure", "authentication_failures", 0, "1 to 10000", RANGE),
    watch_clients("more clients than AWS serves", "most_connections", 126001, "1 to 126000", RANGE),
    watch_clients("a year and a day", "revocation_list_days", 366, "1 to 365", RANGE),
    watch_clients("a word for a flag", "revocation_list_required", "yes", "True or False", "quotation marks"),
    watch_clients("a dashboard of two words", "dashboard_name", "my vpn", "letters, digits, hyphens", "leave it out"),
    setting(
        "an endpoint in two monitorings",
        watch_clients_from_two,
        "client_vpn",
        "Stack/X",
        "a construct that nothing else monitors",
        "list it in only one",
    ),
    setting(
        "monitoring of an endpoint of another region",
        watch_clients_from_elsewhere,
        "client_vpn",
        "Stack/X",
        "in the same account and Region",
        "in a stack of that account and Region",
    ),
    setting(
        "monitoring of an endpoint with an unknown number of clients",
        watch_unknown_clients,
        "most_connections",
        None,
        "a number from 1 to 126000",
        "give the number",
    ),
    setting(
        "logs to the name of a group",
        lambda s: s.connection().log_to("/aws/vendedlogs/vpn"),  # type: ignore[arg-type]
        "log_options",
        "/aws/vendedlogs/vpn",
        TunnelLogOptions.__name__,
        "wrap the values",
    ),
]

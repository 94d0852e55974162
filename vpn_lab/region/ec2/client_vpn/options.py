"""EC2's checks of the options of a Client VPN endpoint."""

from __future__ import annotations

from ipaddress import AddressValueError, IPv4Network, NetmaskValueError
from typing import Any

from botocore.exceptions import ClientError

from vpn_lab.region.clients import own_client
from vpn_lab.region.ec2.errors import invalid_value, refusal

LARGEST, SMALLEST = 12, 22
SESSION_HOURS = (8, 10, 12, 24)
PORTS = (443, 1194)
PROTOCOLS = ("udp", "tcp")
BANNER_CHARACTERS = 1400
DNS_SERVERS = 2
HANDLER_PREFIX = "AWSClientVPN-"
MUTUAL, DIRECTORY, FEDERATED = (
    "certificate-authentication",
    "directory-service-authentication",
    "federated-authentication",
)
USER_BASED = (DIRECTORY, FEDERATED)


def network(parameter: str, value: str) -> IPv4Network:
    """Read a network without host bits."""
    try:
        return IPv4Network(value)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise invalid_value(parameter, value, "This is not a valid CIDR block.") from None


def check_client_cidr(value: str) -> None:
    if not LARGEST <= network("clientCidrBlock", value).prefixlen <= SMALLEST:
        raise invalid_value("clientCidrBlock", value, f"The size must be from /{SMALLEST} to /{LARGEST}.")


def check_authentication(options: list[dict[str, Any]]) -> None:
    kinds = [one["Type"] for one in options]
    if not kinds or not set(kinds) <= {MUTUAL, *USER_BASED}:
        raise invalid_value("authentication", kinds, "It must name one or two types of authentication.")
    if len(set(kinds)) != len(kinds) or len(set(kinds) & set(USER_BASED)) > 1:
        raise invalid_value("authentication", kinds, "A user-based type combines with certificate-authentication only.")
    members = {MUTUAL: "MutualAuthentication", DIRECTORY: "ActiveDirectory", FEDERATED: "FederatedAuthentication"}
    for one in options:
        if not one.get(members[one["Type"]]):
            raise refusal("MissingParameter", f"{members[one['Type']]} is required for {one['Type']}.")


def check(settings: dict[str, Any], authentication: list[dict[str, Any]]) -> None:
    """Check the options that can also be changed later."""
    _one_of("sessionTimeoutHours", settings.get("SessionTimeoutHours"), SESSION_HOURS)
    _one_of("vpnPort", settings.get("VpnPort"), PORTS)
    _one_of("transportProtocol", settings.get("TransportProtocol"), PROTOCOLS)
    _one_of("selfServicePortal", settings.get("SelfServicePortal"), ("enabled", "disabled"))
    if settings.get("SelfServicePortal") == "enabled":
        _check_portal(authentication)
    if len(settings.get("DnsServers") or ()) > DNS_SERVERS:
        raise invalid_value("dnsServers", settings["DnsServers"], f"At most {DNS_SERVERS} are allowed.")
    banner = settings.get("ClientLoginBannerOptions") or {}
    if banner.get("Enabled") and not 0 < len(banner.get("BannerText", "")) <= BANNER_CHARACTERS:
        raise invalid_value("bannerText", "…", f"It must have 1 to {BANNER_CHARACTERS} characters.")
    handler = settings.get("ClientConnectOptions") or {}
    if handler.get("Enabled"):
        name = str(handler.get("LambdaFunctionArn", "")).split(":")[-1]
        if not name.startswith(HANDLER_PREFIX):
            raise invalid_value("lambdaFunctionArn", name, f"The function's name must begin with {HANDLER_PREFIX}.")
    check_log(settings.get("ConnectionLogOptions") or {})


def _one_of(parameter: str, value: Any, allowed: tuple[Any, ...]) -> None:
    if value is not None and value not in allowed:
        raise invalid_value(parameter, value, f"It must be one of {', '.join(map(str, allowed))}.")


def _check_portal(authentication: list[dict[str, Any]]) -> None:
    if not {one["Type"] for one in authentication} & set(USER_BASED):
        raise invalid_value("selfServicePortal", "enabled", "It requires user-based authentication.")
    for one in authentication:
        if one["Type"] == FEDERATED and not one["FederatedAuthentication"].get("SelfServiceSAMLProviderArn"):
            raise invalid_value("selfServicePortal", "enabled", "It requires SelfServiceSAMLProviderArn.")


def check_log(options: dict[str, Any]) -> None:
    """An enabled log needs an existing log group, and an existing stream if one is given."""
    if not options.get("Enabled"):
        return
    group, stream = options.get("CloudwatchLogGroup"), options.get("CloudwatchLogStream")
    if not group:
        raise refusal("MissingParameter", "CloudwatchLogGroup is required for connection logs.")
    try:
        streams = own_client("logs").describe_log_streams(logGroupName=group)["logStreams"]
    except ClientError:
        raise invalid_value("cloudwatchLogGroup", group, "The log group does not exist.") from None
    if stream and stream not in {one["logStreamName"] for one in streams}:
        raise invalid_value("cloudwatchLogStream", stream, "The log stream does not exist.")

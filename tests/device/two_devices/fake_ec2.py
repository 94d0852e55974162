"""The part of EC2 that a takeover needs, without a network."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

from cgw_device.aws_api import AwsError

_SNAKE = re.compile(r"(?<=[a-z])(?=[A-Z])")
NAMESPACE = 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"'


class Api:
    """EC2 with route tables and one Elastic IP. Takes down the calls, holds them up, and refuses them for a while."""

    def __init__(self) -> None:
        self.routes: dict[str, dict[str, str]] = {}
        """By table: the interface of each destination."""
        self.place: dict[str, str] = {}
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.commands: list[list[str]] = []
        self.logged: list[str] = []
        self.refuse: Callable[[str, dict[str, str]], bool] = lambda *_: False
        self.hold = threading.Event()
        self.hold.set()

    def ec2(self, action: str, **parameters: str) -> str:
        self.calls.append((action, parameters))
        self.hold.wait(5)
        if self.refuse(action, parameters):
            raise AwsError("RequestLimitExceeded", "")
        answer: str = getattr(self, _SNAKE.sub("_", action).lower())(**parameters)
        return answer

    def replace_route(self, **parameters: str) -> str:
        table = self.routes.setdefault(parameters["RouteTableId"], {})
        table[parameters["DestinationCidrBlock"]] = parameters["NetworkInterfaceId"]
        return ""

    def describe_route_tables(self, **parameters: str) -> str:
        items = "".join(
            f"<item><destinationCidrBlock>{prefix}</destinationCidrBlock>"
            f"<networkInterfaceId>{interface}</networkInterfaceId><state>active</state></item>"
            for prefix, interface in self.routes.get(parameters["RouteTableId.1"], {}).items()
        )
        local = "<item><destinationCidrBlock>10.60.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId></item>"
        return (
            f"<DescribeRouteTablesResponse {NAMESPACE}><routeTableSet><item><routeSet>{local}{items}</routeSet>"
            "</item></routeTableSet></DescribeRouteTablesResponse>"
        )

    def associate_address(self, **parameters: str) -> str:
        self.place = parameters
        return ""

    def describe_addresses(self, **_: str) -> str:
        where = "".join(
            f"<{name[0].lower()}{name[1:]}>{self.place[name]}</{name[0].lower()}{name[1:]}>"
            for name in ("NetworkInterfaceId", "PrivateIpAddress")
            if name in self.place
        )
        return (
            f"<DescribeAddressesResponse {NAMESPACE}><addressesSet><item><domain>vpc</domain>{where}</item>"
            "</addressesSet></DescribeAddressesResponse>"
        )

    def run(self, command: list[str]) -> bool:
        self.commands.append(command)
        return True

    def made(self, action: str) -> list[dict[str, str]]:
        return [parameters for name, parameters in self.calls if name == action]

    def logged_with(self, *words: str) -> int:
        return sum(all(word in line for word in words) for line in list(self.logged))

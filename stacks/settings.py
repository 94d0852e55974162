"""The settings of the scenarios, from the context on the command line or from a constructor argument."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from ipaddress import IPv4Network
from typing import Any

from constructs import Construct

from cdk_aws_vpn import VpnConfigurationError

_LIBRARY_KEYS = ("cdk-aws-vpn:quotas", "cdk-aws-vpn:policy")
_ALMOST = 0.8
"""From 0 to 1: how similar a key of the context must be to a setting's name to be a mistyped one."""
_ZONE = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d[a-z0-9-]*[a-z]")
_LARGEST_NETWORK, _SMALLEST_NETWORK = 16, 23


@dataclass(frozen=True, kw_only=True)
class ScenarioSettings:
    """Settings that all scenarios share. Each has a default.

    Attributes:
        idc_cidr: Network of the data centre.
        cloud_cidr: Network of the AWS side.
        second_cloud_cidr: Network of the AWS side's second VPC, where a scenario has one.
        client_cidr: Network from which the clients of a Client VPN get their addresses.
        device_asn: ASN of the customer gateway devices.
        amazon_side_asn: ASN of the virtual private gateway, or of the transit gateway.
        architecture: Architecture of every instance, ``x86_64`` or ``arm64``.
        instance_type: Instance type of the devices. Default: t3.micro or t4g.micro, depending on the architecture.
        image_release: Any text. It counts at the first deployment only: a device keeps its image until you renew it in
            place (see docs/device.md).
        security_profile: ``recommended``, ``cnsa`` or ``compatibility``.
        availability_zones: The two zones of every VPC, such as ``us-east-1b,us-east-1c``. Default: the first two that
            AWS names, one of which may be a zone without the instance type.
        hosts: Whether the networks have hosts that can ping each other, with their EC2 Instance Connect Endpoints. ``-c
            hosts=false`` leaves them out: the devices alone need fewer vCPUs.
    """

    idc_cidr: str = "10.60.0.0/16"
    cloud_cidr: str = "10.50.0.0/16"
    second_cloud_cidr: str = "10.51.0.0/16"
    client_cidr: str = "10.70.0.0/22"
    device_asn: int = 65000
    amazon_side_asn: int = 64512
    architecture: str = "x86_64"
    instance_type: str | None = None
    image_release: str = "1"
    security_profile: str = "recommended"
    availability_zones: str | None = None
    hosts: bool = True

    def __post_init__(self) -> None:
        idc, cloud, _ = (
            _network(name, getattr(self, name)) for name in ("idc_cidr", "cloud_cidr", "second_cloud_cidr")
        )
        if cloud.overlaps(idc):
            raise VpnConfigurationError(
                "cloud_cidr", self.cloud_cidr, f"a network that shares no address with {idc}", "choose another network"
            )

        if not isinstance(self.hosts, bool):
            raise _not_a_flag("hosts", self.hosts)
        if self.availability_zones is not None:
            _check_zones(self.availability_zones)

    @property
    def device(self) -> dict[str, Any]:
        """The arguments of every ``CgwInstance``."""
        return {
            "bgp_asn": self.device_asn,
            "architecture": self.architecture,
            "instance_type": self.instance_type,
            "image_release": self.image_release,
        }

    @classmethod
    def from_context(cls, scope: Construct) -> ScenarioSettings:
        """Read the settings from the context: ``cdk deploy -c idc_cidr=10.61.0.0/16 ScenarioDualTunnel``.

        Raises:
            VpnConfigurationError: A key is almost the name of a setting, so the setting would keep its default; or a
                value is not a text.
        """
        values: dict[str, Any] = {}
        context = scope.node.get_all_context()
        names = [field.name for field in fields(cls)]
        for key in context:
            _check_key(key, names)
        for name in names:
            given = context.get(name)
            if given is not None:
                values[name] = _setting(name, given)
        return cls(**values)


def _setting(name: str, given: object) -> object:
    if name == "hosts":
        return _flag(name, given)
    text = _text(name, given)
    return _whole_number(name, text) if name.endswith("asn") else text


def _check_key(key: str, names: Sequence[str]) -> None:
    """Refuse a key that is almost the name of a setting: a mistyped setting would be ignored."""
    known = {_plain(name): name for name in (*names, *_LIBRARY_KEYS)}
    near = get_close_matches(_plain(key), known, n=1, cutoff=_ALMOST)
    if near and key != known[near[0]] and key not in known.values():
        raise VpnConfigurationError(
            "context",
            key,
            f"{', '.join(names)}, or a key that is not almost one of these",
            f"write {known[near[0]]!r}",
        )


def _plain(key: str) -> str:
    return key.lower().replace("-", "_")


def _text(name: str, value: object) -> str:
    """Return a value of the context as text; what is known only at deployment cannot be a setting."""
    plain = isinstance(value, str | int) and not isinstance(value, bool)
    if not plain or "${" in str(value) or "{{" in str(value):
        raise VpnConfigurationError(name, value, "a text that is known at synthesis", f"write it like -c {name}=…")
    return str(value)


def _network(name: str, cidr: str) -> IPv4Network:
    network: IPv4Network | None
    try:
        network = IPv4Network(cidr)
    except ValueError:
        network = None
    if network is None or str(network) != cidr or not _LARGEST_NETWORK <= network.prefixlen <= _SMALLEST_NETWORK:
        raise VpnConfigurationError(
            name,
            cidr,
            f"an IPv4 network from /{_LARGEST_NETWORK} to /{_SMALLEST_NETWORK} with no host bit set: each subnet "
            "needs an address number 110",
            f"write it like -c {name}=10.61.0.0/16",
        )
    return network


def _check_zones(value: str) -> None:
    first, *others = str(value).split(",")
    if len(others) != 1 or first == others[0] or not all(map(_ZONE.fullmatch, (first, others[0]))):
        raise VpnConfigurationError(
            "availability_zones",
            value,
            "the names of two zones of the Region, joined by a comma",
            "write it like -c availability_zones=us-east-1b,us-east-1c",
        )


def _flag(name: str, value: object) -> bool:
    """A switch of the context: a text on the command line, or a boolean in cdk.json."""
    text = str(value).lower()
    if text not in ("true", "false"):
        raise _not_a_flag(name, value)
    return text == "true"


def _not_a_flag(name: str, value: object) -> VpnConfigurationError:
    return VpnConfigurationError(name, value, "true or false", f"write it like -c {name}=false")


def _whole_number(name: str, value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise VpnConfigurationError(name, value, "a whole number", f"write it like -c {name}=65000") from None

"""What is deployed in a region: the model of the network, and what else the local network needs.

The model holds neither keys nor user data. The network needs both: it runs the user data of the devices, and AWS's ends
of the tunnels and of Client VPN have the keys.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from vpn_lab.network.client_vpn_servers import ServerIdentity, served
from vpn_lab.network.planning import keys
from vpn_lab.region import Region
from vpn_model.hosts import Instance
from vpn_model.network import Network
from vpn_model.read_api.network import read_moved, read_network


@dataclass(frozen=True)
class Deployed:
    """Everything at one moment."""

    model: Network
    boots: Mapping[str, int] = field(default_factory=dict)
    """How often each instance has started, by its id. EC2 does not report it."""
    user_data: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By instance id, of the instances that have some."""
    pre_shared_keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By the outside address of the tunnel."""
    server_identities: Mapping[str, ServerIdentity] = field(default_factory=dict, repr=False)
    """By the id of the Client VPN endpoint."""
    role_credentials: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """What the metadata service answers about an instance's role, by instance id."""

    @property
    def devices(self) -> list[Instance]:
        """The instances with user data, such as customer gateway devices, by name."""
        return [one for one in self._by_name() if one.id in self.user_data]

    @property
    def hosts(self) -> list[Instance]:
        """The instances without user data, by name."""
        return [one for one in self._by_name() if one.id not in self.user_data]

    def _by_name(self) -> list[Instance]:
        return sorted(self.model.instances.values(), key=lambda one: one.name)


def read_deployed(region: Region) -> Deployed:
    """Read everything from a region."""
    model = read_network(region.client, region.settings.region)
    return Deployed(
        model,
        region.boots(),
        {identifier: text for identifier in model.instances if (text := _user_data(region, identifier)) is not None},
        keys.of_tunnels(region.client),
        {one.id: ServerIdentity.of(region.client_vpn(one.id)) for one in served(model)},
        region.instance_credentials(),
    )


def read_again(region: Region, before: Deployed) -> Deployed:
    """Read again only what a device moves when it takes over: routes, and addresses of interfaces."""
    return replace(before, model=read_moved(region.client, before.model))


def _user_data(region: Region, instance: str) -> str | None:
    answer = region.client("ec2").describe_instance_attribute(InstanceId=instance, Attribute="userData")
    encoded = answer.get("UserData", {}).get("Value")
    return base64.b64decode(encoded).decode() if encoded else None

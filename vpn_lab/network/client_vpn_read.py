"""Reads the Client VPN endpoints of a region, and the clients that somebody attached to the network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from vpn_lab.network.client_vpn_model import Association, Client, ClientVpn
from vpn_lab.network.model import Deployed
from vpn_lab.region import Region

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
MUTUAL = "certificate-authentication"


def with_client_vpns(region: Region, deployed: Deployed) -> Deployed:
    """Return what was deployed with its Client VPN endpoints.

    The EC2 API tells all but what AWS's servers prove themselves with; for that there is a page of the region.
    """
    ec2 = region.client("ec2")
    found = [
        _endpoint(ec2, one, region.client_vpn(one["ClientVpnEndpointId"]), deployed)
        for one in ec2.describe_client_vpn_endpoints()["ClientVpnEndpoints"]
        if MUTUAL in {way["Type"] for way in one["AuthenticationOptions"]}
    ]
    return replace(deployed, client_vpns={one.id: one for one in found})


def _endpoint(ec2: Any, entry: Mapping[str, Any], far_end: Mapping[str, Any], deployed: Deployed) -> ClientVpn:
    identifier = {"ClientVpnEndpointId": entry["ClientVpnEndpointId"]}
    networks = ec2.describe_client_vpn_target_networks(**identifier)["ClientVpnTargetNetworks"]
    rules = ec2.describe_client_vpn_authorization_rules(**identifier)["AuthorizationRules"]
    interfaces = {
        one.subnet_id: one.id for one in deployed.interfaces.values() if entry["ClientVpnEndpointId"] in one.description
    }
    return ClientVpn(
        id=entry["ClientVpnEndpointId"],
        host_name=entry["DnsName"].removeprefix("*."),
        client_cidr=entry["ClientCidrBlock"],
        protocol=entry["TransportProtocol"],
        port=int(entry["VpnPort"]),
        split_tunnel=bool(entry["SplitTunnel"]),
        dns_servers=tuple(entry.get("DnsServers") or ()),
        associations=tuple(
            Association(one["AssociationId"], one["TargetNetworkId"], interfaces[one["TargetNetworkId"]])
            for one in sorted(networks, key=lambda one: str(one["AssociationId"]))
        ),
        routes=tuple(
            (one["DestinationCidr"], one["TargetSubnet"])
            for one in ec2.describe_client_vpn_routes(**identifier)["Routes"]
        ),
        authorized=tuple(one["DestinationCidr"] for one in rules if one["AccessAll"]),
        certificate=far_end["certificate"],
        key=far_end["key"],
        chain=far_end["chain"],
        client_authority=far_end["client_authority"],
        revocation_list=far_end["revocation_list"],
    )


def attach(folder: Path, name: str, profile: str) -> Client:
    """Note a client; the next look at the folder finds it.

    Raises:
        ValueError: The name cannot be a node's, or the profile is not an OpenVPN profile.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"client {name!r} is not allowed; use up to 31 of a-z, 0-9 and '-'")
    if not re.search(r"^remote ", profile, re.MULTILINE):
        raise ValueError(
            "the profile has no line that begins with 'remote'; write one with: vpn-ops client-vpn profile"
        )
    path = _folder(folder) / f"{name}.ovpn"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(profile)
    return Client(name, profile)


def detach(folder: Path, name: str) -> None:
    """Take a client away.

    Raises:
        ValueError: There is none of this name.
    """
    path = _folder(folder) / f"{name}.ovpn"
    if not NAME.fullmatch(name) or not path.exists():
        attached = ", ".join(one.name for one in clients(folder)) or "none"
        raise ValueError(f"there is no client {name!r}; attached: {attached}")
    path.unlink()


def clients(folder: Path) -> list[Client]:
    """Return the clients that are attached to the network with its files in a folder."""
    return [Client(path.stem, path.read_text()) for path in sorted(_folder(folder).glob("*.ovpn"))]


def _folder(folder: Path) -> Path:
    return folder / "clients"

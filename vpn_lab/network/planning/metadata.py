"""The answers of the metadata service to each instance."""

from __future__ import annotations

import json
from collections.abc import Iterable

from vpn_lab.network.deployed import Deployed
from vpn_model.hosts import Instance, Interface
from vpn_model.unknown import known


def pages(deployed: Deployed, interfaces: Iterable[Interface]) -> dict[str, dict[str, str]]:
    """Return the pages of each running instance by its source address."""
    found: dict[str, dict[str, str]] = {}
    for interface in interfaces:
        if interface.instance_id is not None:
            instance = deployed.model.instances[interface.instance_id]
            for address in interface.addresses:
                found[known(address.private)] = _pages(deployed, instance, interface)
    return found


def _pages(deployed: Deployed, instance: Instance, interface: Interface) -> dict[str, str]:
    facts = {
        "ami-id": known(instance.image_id),
        "instance-id": instance.id,
        "instance-type": known(instance.instance_type),
        "local-ipv4": known(interface.primary_address),
        "placement/availability-zone": known(instance.zone),
        "placement/region": known(deployed.model.region),
    }
    if interface.addresses[0].public:
        facts["public-ipv4"] = known(interface.addresses[0].public)
    credentials = deployed.role_credentials.get(instance.id)
    if instance.instance_profile and credentials:
        facts["iam/security-credentials"] = instance.instance_profile
        facts[f"iam/security-credentials/{instance.instance_profile}"] = json.dumps(dict(credentials))
    found = {f"/latest/meta-data/{path}": value for path, value in facts.items()}
    if instance.id in deployed.user_data:
        found["/latest/user-data"] = deployed.user_data[instance.id]
    return found

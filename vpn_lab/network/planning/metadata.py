"""The answers of the metadata service to each instance."""

from __future__ import annotations

import json
from collections.abc import Iterable

from vpn_lab.network.model import Deployed, Instance, Interface

# The region accepts any credentials; what matters is that the device fetches them as on EC2.
CREDENTIALS = {
    "Code": "Success",
    "Type": "AWS-HMAC",
    "AccessKeyId": "test",
    "SecretAccessKey": "test",
    "Token": "test",
    "LastUpdated": "2020-01-01T00:00:00Z",
    "Expiration": "2099-01-01T00:00:00Z",
}


def pages(deployed: Deployed, interfaces: Iterable[Interface]) -> dict[str, dict[str, str]]:
    """Return the pages of each running instance by its source address."""
    found: dict[str, dict[str, str]] = {}
    for interface in interfaces:
        if interface.instance_id is not None:
            instance = deployed.instances[interface.instance_id]
            for address in interface.addresses:
                found[address.private] = _pages(deployed, instance, interface)
    return found


def _pages(deployed: Deployed, instance: Instance, interface: Interface) -> dict[str, str]:
    facts = {
        "ami-id": instance.image_id,
        "instance-id": instance.id,
        "instance-type": instance.instance_type,
        "local-ipv4": interface.primary_address,
        "placement/availability-zone": instance.zone,
        "placement/region": deployed.region,
    }
    if interface.addresses[0].public:
        facts["public-ipv4"] = interface.addresses[0].public
    if instance.role:
        facts["iam/security-credentials"] = instance.role
        facts[f"iam/security-credentials/{instance.role}"] = json.dumps(CREDENTIALS)
    found = {f"/latest/meta-data/{path}": value for path, value in facts.items()}
    if instance.user_data is not None:
        found["/latest/user-data"] = instance.user_data
    return found

"""The items that a resource of a template consists of, by the names that the list of prices has for them."""

from __future__ import annotations

import json
from collections import Counter

from vpn_model.read_template.fields import Fields
from vpn_model.read_template.hosts import instance_fields
from vpn_model.read_template.template import Resource, Template
from vpn_model.unknown import Unknown

TUNNELS = 2
ITEM_OF_TYPE = {
    "AWS::EC2::ClientVpnTargetNetworkAssociation": "Client VPN association",
    "AWS::EC2::EIP": "public IPv4 address",
    "AWS::EC2::TransitGatewayAttachment": "transit gateway attachment",
    "AWS::EC2::TransitGatewayVpcAttachment": "transit gateway attachment",
    "AWS::SecretsManager::Secret": "secret",
    "AWS::CloudWatch::Alarm": "CloudWatch alarm",
}


def items_of(template: Template, resource: Resource) -> Counter[str]:
    """The items of a resource and how many there are of each; empty for a type that has none here.

    An item that the template leaves unknown has a name that no list has, such as ``instance type ${Type}``.

    Raises:
        TemplateError: A property is malformed.
    """
    if resource.type == "AWS::EC2::Instance":
        return _instance(instance_fields(template, resource))
    if resource.type == "AWS::EC2::VPNConnection":
        return _connection(template.fields(resource))
    if resource.type == "AWS::CloudWatch::Dashboard":
        return _dashboard(template.fields(resource))
    return Counter([ITEM_OF_TYPE[resource.type]] if resource.type in ITEM_OF_TYPE else [])


def _instance(fields: Fields) -> Counter[str]:
    # without one, a launch template that is not in this template may have it
    kind = fields.text("InstanceType", Unknown("of a launch template") if "LaunchTemplate" in fields else "m1.small")
    items = Counter({f"instance type {kind}" if isinstance(kind, Unknown) else kind: 1})
    disks = [one.inner("Ebs") for one in fields.items("BlockDeviceMappings") if "Ebs" in one]
    for disk in disks:
        size, volume = disk.optional_number("VolumeSize"), disk.text("VolumeType", "gp2")
        if isinstance(size, int):
            items[f"EBS {volume}, GB"] += size
        else:
            items[f"EBS {volume} of unknown size"] += 1
    if not disks:
        items["the disk of the image"] = 1
    monitoring = fields.raw("Monitoring")
    # a launch template writes it as a mapping
    inner = fields.inner("Monitoring") if isinstance(monitoring, dict) else fields
    if inner.flag("Enabled" if isinstance(monitoring, dict) else "Monitoring", False) is not False:
        items["EC2 detailed monitoring, instance"] = 1
    return items


def _connection(fields: Fields) -> Counter[str]:
    """A connection has one public address per tunnel, and one secret if AWS keeps its keys in Secrets Manager."""
    large = fields.text("TunnelBandwidth", "standard") == "large"
    items = Counter({"Site-to-Site VPN connection" + (", large tunnels" if large else ""): 1})
    if fields.text("OutsideIpAddressType", "PublicIpv4") == "PublicIpv4":
        items["public IPv4 address"] = TUNNELS
    if fields.text("PreSharedKeyStorage", "Standard") == "SecretsManager":
        items["secret"] = 1
    if fields.optional_id("TransitGatewayId"):
        items["transit gateway attachment"] = 1
    if fields.flag("EnableAcceleration", False) is not False:
        items["acceleration of a VPN connection"] = 1
    return items


def _dashboard(fields: Fields) -> Counter[str]:
    items = Counter({"CloudWatch dashboard": 1})
    try:
        items["CloudWatch custom metric"] = len(custom_metrics(str(fields.text("DashboardBody"))))
    except (ValueError, KeyError, TypeError, AttributeError):
        items["the metrics of a dashboard"] = 1
    return +items


def custom_metrics(body: str) -> set[str]:
    """The metrics on a dashboard that are not AWS's own. Each of them costs as much as the next one.

    A device's metrics are in no resource: it publishes them. All of them are on the dashboard.
    """
    metrics = [metric for widget in json.loads(body)["widgets"] for metric in widget["properties"].get("metrics", ())]
    names = [[word for word in metric if isinstance(word, str)] for metric in metrics]
    return {"/".join(name) for name in names if name and not name[0].startswith("AWS/")}

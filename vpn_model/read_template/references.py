"""References to resources, and what a template itself contains about a resource's attributes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from vpn_model.unknown import Unknown

# what a Ref or one of these attributes gives is the id of the resource itself
ID_ATTRIBUTES = frozenset(
    {
        *("Id", "VpcId", "SubnetId", "GroupId", "InstanceId", "AllocationId", "InternetGatewayId", "NatGatewayId"),
        *("RouteTableId", "NetworkAclId", "VPNGatewayId", "CustomerGatewayId", "VpnConnectionId", "EndpointId"),
        *("TransitGatewayRouteTableId", "TransitGatewayAttachmentId"),
    }
)
# resources of their own that come with a resource
COMPANION_ATTRIBUTES = frozenset({"DefaultSecurityGroup", "DefaultNetworkAcl"})
# attributes of another name than the property that they repeat
PROPERTY_OF_ATTRIBUTE = {
    ("AWS::EC2::Instance", "PrivateIp"): "PrivateIpAddress",
    ("AWS::EC2::NetworkInterface", "PrimaryPrivateIpAddress"): "PrivateIpAddress",
}
EIP = "AWS::EC2::EIP"
WHOLE = re.compile(r"\$\{([^{}]*)\}")


@dataclass(frozen=True)
class Reference:
    """A ``Ref`` to a resource of the template, or an attribute of one."""

    logical_id: str
    attribute: str | None = None
    type: str = ""
    """The resource's type."""

    @property
    def unknown(self) -> Unknown:
        """The value that the reference has only after the deployment."""
        # both forms of an Elastic IP's address are one value
        attribute = "PublicIp" if self.type == EIP and self.attribute is None else self.attribute
        name = self.logical_id if attribute is None else f"{self.logical_id}.{attribute}"
        return Unknown(f"${{{name}}}", f"known after the deployment of {self.logical_id}")

    @property
    def identifier(self) -> str:
        """The id that the reference stands for: a logical id, that of a companion, or else the unknown value's text."""
        if not self.type.startswith("AWS::"):
            return self.unknown.text
        if self.attribute is None or self.attribute in ID_ATTRIBUTES:
            return self.logical_id
        if self.attribute in COMPANION_ATTRIBUTES:
            return f"{self.logical_id}.{self.attribute}"
        return self.unknown.text


def repeated_property(resource_type: str, attribute: str) -> str | None:
    """The property whose value an attribute gives back, such as a VPC's ``CidrBlock``; None for a custom resource."""
    if not resource_type.startswith("AWS::"):
        return None
    return PROPERTY_OF_ATTRIBUTE.get((resource_type, attribute), attribute)


def text_of(value: Any) -> str:
    """What stands in a text for a value: itself, or ``${...}`` for what is not known."""
    if isinstance(value, Reference):
        return value.unknown.text
    return str(value).lower() if isinstance(value, bool) else str(value)


def name_within(value: Unknown) -> str:
    """The text of an unknown value without the braces, if they enclose all of it."""
    whole = WHOLE.fullmatch(value.text)
    return whole[1] if whole else value.text

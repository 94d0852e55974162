"""Virtual private gateways and customer gateways, as the EC2 API describes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from vpn_model.gateways import CustomerGateway, VpnGateway
from vpn_model.read_api.calls import Calls, Entry, name_of, optional
from vpn_model.read_api.scope import Question, Scope, described, in_vpcs

VPN_GATEWAY = Question("describe_vpn_gateways", "VpnGateways", "VPNGateway", "VpnGatewayId", "vpn-gateway-id")
CUSTOMER_GATEWAY = Question(
    "describe_customer_gateways", "CustomerGateways", "CustomerGateway", "CustomerGatewayId", "customer-gateway-id"
)
ENDED = frozenset({"deleted", "deleting"})


def vpn_gateways(calls: Calls, scope: Scope, inside: Collection[str] | None) -> dict[str, VpnGateway]:
    """The gateways that are attached to VPCs, and those that a stack made; ``inside`` is None for all."""
    entries = in_vpcs(calls, VPN_GATEWAY, scope, inside, "attachment.vpc-id")
    return {one["VpnGatewayId"]: _vpn_gateway(one) for one in entries if one["State"] not in ENDED}


def _vpn_gateway(entry: Entry) -> VpnGateway:
    attached = (one["VpcId"] for one in entry.get("VpcAttachments") or () if one["State"] == "attached")
    return VpnGateway(
        entry["VpnGatewayId"], name_of(entry), next(attached, None), int(entry["AmazonSideAsn"]), entry["State"]
    )


def customer_gateways(calls: Calls, scope: Scope, used: Iterable[str]) -> dict[str, CustomerGateway]:
    """The customer gateways that connections use, and those that a stack made."""
    made = scope.of_type("CustomerGateway")
    entries = described(calls, CUSTOMER_GATEWAY, None if made is None else (*made, *used))
    return {one["CustomerGatewayId"]: _customer_gateway(one) for one in entries if one["State"] not in ENDED}


def _customer_gateway(entry: Entry) -> CustomerGateway:
    return CustomerGateway(
        id=entry["CustomerGatewayId"],
        name=name_of(entry),
        address=optional(entry, "IpAddress"),
        asn=int(entry.get("BgpAsnExtended") or entry["BgpAsn"]),
        certificate_arn=optional(entry, "CertificateArn"),
        device_name=optional(entry, "DeviceName"),
        state=entry["State"],
    )

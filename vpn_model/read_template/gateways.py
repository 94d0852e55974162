"""Virtual private gateways and customer gateways of a template."""

from __future__ import annotations

from vpn_model.gateways import DEFAULT_AMAZON_SIDE_ASN, DEFAULT_CUSTOMER_ASN, CustomerGateway, VpnGateway
from vpn_model.read_template.template import Template
from vpn_model.read_template.vpcs import attached_vpcs, chosen


def vpn_gateways(template: Template) -> dict[str, VpnGateway]:
    attached = attached_vpcs(template, "VpnGatewayId")
    found = {
        one.logical_id: VpnGateway(
            id=one.logical_id,
            name=template.tag_name(one),
            vpc_id=attached.get(one.logical_id),
            asn=template.fields(one).number("AmazonSideAsn", DEFAULT_AMAZON_SIDE_ASN),
        )
        for one in template.of_type("AWS::EC2::VPNGateway")
    }
    # a gateway of another stack that this one attaches
    outside = {name: VpnGateway(name, "", vpc, chosen(name, "AmazonSideAsn")) for name, vpc in attached.items()}
    return outside | found


def customer_gateways(template: Template) -> dict[str, CustomerGateway]:
    found = {}
    for resource in template.of_type("AWS::EC2::CustomerGateway"):
        fields = template.fields(resource)
        asn = "BgpAsnExtended" if "BgpAsnExtended" in fields else "BgpAsn"
        found[resource.logical_id] = CustomerGateway(
            id=resource.logical_id,
            name=template.tag_name(resource),
            address=fields.optional_text("IpAddress"),
            asn=fields.number(asn, DEFAULT_CUSTOMER_ASN),
            certificate_arn=fields.optional_text("CertificateArn"),
            device_name=fields.optional_text("DeviceName"),
        )
    return found

"""Customer gateways: one per type, address, ASN and device name; in use while a connection refers to them."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.customer_gateways import CustomerGateway
from moto.ec2.utils import random_customer_gateway_id

from vpn_lab.region import quotas
from vpn_lab.region.ec2.errors import invalid_value, refusal

RESERVED_ASNS = {
    "us-east-1": frozenset({7224}),
    "eu-west-1": frozenset({7224, 9059}),
    "ap-northeast-1": frozenset({7224, 10124}),
    "ap-southeast-1": frozenset({7224, 17943}),
}


class RegionCustomerGateway(CustomerGateway):
    device_name: str | None = None
    certificate_arn: str | None = None
    bgp_asn_extended: str | None = None


def checked_asn(region: str, bgp_asn: int | None, bgp_asn_extended: int | None) -> tuple[str, str | None]:
    """The ASN as the API shows it, in the extended form if that was requested."""
    if bgp_asn is not None and bgp_asn_extended is not None:
        raise refusal("InvalidParameterCombination", "BgpAsn and BgpAsnExtended cannot both be specified.")
    if bgp_asn_extended is not None and not 2147483648 <= bgp_asn_extended <= 4294967295:
        raise invalid_value("bgpAsnExtended", bgp_asn_extended, "The value must be 2147483648 to 4294967295.")
    if bgp_asn is not None and not 1 <= bgp_asn <= 2147483647:
        raise invalid_value("bgpAsn", bgp_asn, "The value must be 1 to 2147483647.")
    asn = bgp_asn_extended or bgp_asn or 65000
    if asn in RESERVED_ASNS.get(region, frozenset({7224})):
        raise invalid_value("bgpAsn", asn, f"The ASN is reserved in {region}.")
    return str(asn), str(bgp_asn_extended) if bgp_asn_extended else None


class CustomerGateways(EC2Backend):
    """EC2's checks of customer gateways, on top of moto's store."""

    def open_customer_gateway(self, request: dict[str, Any], tags: dict[str, str]) -> CustomerGateway:
        """CreateCustomerGateway: answer an identical request with the existing gateway."""
        if request.get("Type") != "ipsec.1":
            raise invalid_value("type", request.get("Type"), "Valid values: ipsec.1.")
        address = request.get("IpAddress") or request.get("PublicIp")
        if not address and not request.get("CertificateArn"):
            raise refusal("MissingParameter", "The request must contain the parameter IpAddress or CertificateArn")
        asn, extended = checked_asn(self.region_name, request.get("BgpAsn"), request.get("BgpAsnExtended"))
        existing = [gateway for gateway in self.customer_gateways.values() if gateway.state == "available"]
        name = request.get("DeviceName")
        for gateway in existing:
            assert isinstance(gateway, RegionCustomerGateway)
            if address and (gateway.ip_address, gateway.bgp_asn, gateway.device_name) == (address, asn, name):
                return gateway
        if len(existing) >= quotas.applied(self.region_name, quotas.CUSTOMER_GATEWAYS):
            raise refusal("CustomerGatewayLimitExceeded", "The maximum number of customer gateways has been reached.")
        created = RegionCustomerGateway(self, random_customer_gateway_id(), "ipsec.1", address or "", asn, tags=tags)
        self.customer_gateways[created.id] = created
        created.device_name = name
        created.certificate_arn = request.get("CertificateArn")
        created.bgp_asn_extended = extended
        return created

    def delete_customer_gateway(self, customer_gateway_id: str) -> None:
        for connection in self.vpn_connections.values():
            if connection.customer_gateway_id == customer_gateway_id and connection.state != "deleted":
                raise refusal("IncorrectState", f"The customer gateway '{customer_gateway_id}' is in use.")
        super().delete_customer_gateway(customer_gateway_id)

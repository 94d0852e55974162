"""The customer gateway: what AWS knows of the device at the other end."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from cdk_aws_vpn.checks.arguments import check_certificate_arn, check_choice, check_flag, check_resource_id
from cdk_aws_vpn.checks.asns import check_bgp_asn
from cdk_aws_vpn.checks.outside_addresses import check_private_address, check_public_address
from cdk_aws_vpn.checks.texts import check_name, check_text
from cdk_aws_vpn.checks.tokens import is_number_token, stand_in
from cdk_aws_vpn.errors import AddressingError
from cdk_aws_vpn.foundation.names import name_tag
from cdk_aws_vpn.foundation.quotas import CUSTOMER_GATEWAYS_PER_REGION
from cdk_aws_vpn.foundation.stack_census import claim, count_in_stack

_MAX_PLAIN_ASN = 2**31 - 1
_DEFAULT_ASN = 65000


class _BaseCustomerGateway(Construct):
    customer_gateway_id: str
    """Id of the customer gateway, ``cgw-…``."""

    bgp_asn: int | None
    """The device's ASN; None when it is not known."""

    outside_ip_address_type: str | None = None
    """``PublicIpv4`` or ``PrivateIpv4``; None when it is not known."""

    uses_certificate: bool
    """True when the device proves itself with a certificate, so that its tunnels have no pre-shared key."""


class CustomerGateway(_BaseCustomerGateway):
    """The device at the other end, a real one or a :class:`~cdk_aws_vpn.CgwInstance`, by its address and ASN.

    AWS rejects a second customer gateway with the same address and ASN in a Region. A customer gateway cannot be
    changed: a new value creates a new one, and the connection then moves to it.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        address: Static public IPv4 address of the device; behind NAT, that of the NAT device. For a private-IP VPN,
            the device's private address.
        bgp_asn: ASN of the device, 1 to 4294967294 except those that AWS reserves. With static routing it is required
            but not used. One that is known only at deployment, such as a parameter, must not be above 2147483647:
            CloudFormation takes larger ones by another property. Default: 65000.
        certificate_arn: ARN of the private certificate in ACM, issued by a subordinate CA of AWS Private CA, with
            which the device authenticates. Default: a pre-shared key per tunnel.
        outside_ip_address_type: ``PublicIpv4``, or ``PrivateIpv4`` for a connection over AWS Direct Connect.
            Default: PublicIpv4.
        device_name: Name of the device, 1 to 255 characters, shown in the console. Default: none.
        name: Name tag, 1 to 256 characters. Default: the stack's name and the path below it.

    Raises:
        AddressingError: The address is not of its type, or already has a customer gateway with the same ASN in
            the account and Region; or the ASN is out of range or reserved by AWS.
        VpnConfigurationError: The ARN is not that of an ACM certificate, the type of address is unknown, or a name is
            too long.
        QuotaError: The stack has more customer gateways than AWS grants in a Region.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        address: str,
        bgp_asn: int = _DEFAULT_ASN,
        certificate_arn: str | None = None,
        outside_ip_address_type: str = "PublicIpv4",
        device_name: str | None = None,
        name: str | None = None,
    ) -> None:
        _check_outside_address(address, outside_ip_address_type)
        check_bgp_asn("bgp_asn", bgp_asn)
        if certificate_arn is not None:
            check_certificate_arn("certificate_arn", certificate_arn)
        if device_name is not None:
            check_text("device_name", device_name)
        check_name("name", name)
        super().__init__(scope, construct_id)
        count_in_stack(self, CUSTOMER_GATEWAYS_PER_REGION, "CustomerGateway")
        _check_unlike_others(self, address, bgp_asn, device_name)
        extended = not is_number_token(bgp_asn) and bgp_asn > _MAX_PLAIN_ASN
        resource = ec2.CfnCustomerGateway(
            self,
            "Resource",
            type="ipsec.1",
            ip_address=address,
            bgp_asn=None if extended else bgp_asn,
            bgp_asn_extended=bgp_asn if extended else None,
            certificate_arn=certificate_arn,
            device_name=device_name,
            tags=[name_tag(self, name)],
        )
        self.customer_gateway_id = resource.ref
        self.address: str = address
        self.bgp_asn = bgp_asn
        self.outside_ip_address_type = outside_ip_address_type
        self.uses_certificate = certificate_arn is not None

    @staticmethod
    def from_id(
        scope: Construct,
        construct_id: str,
        customer_gateway_id: str,
        *,
        bgp_asn: int | None = None,
        uses_certificate: bool = False,
    ) -> ExistingCustomerGateway:
        """Use an existing customer gateway.

        Args:
            scope: The construct to put the reference in.
            construct_id: Its id there.
            customer_gateway_id: ``cgw-…``.
            bgp_asn: Its ASN. Default: unknown, so only AWS can detect equal ASNs.
            uses_certificate: Whether the device authenticates with a private certificate, so that the connections to
                it have no pre-shared keys. Default: False.

        Raises:
            VpnConfigurationError: The id is not that of a customer gateway.
            AddressingError: The ASN is out of range or reserved by AWS.
        """
        return ExistingCustomerGateway(
            scope, construct_id, customer_gateway_id, bgp_asn=bgp_asn, uses_certificate=uses_certificate
        )


class ExistingCustomerGateway(_BaseCustomerGateway):
    """A customer gateway that was created elsewhere; see :meth:`CustomerGateway.from_id`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        customer_gateway_id: str,
        *,
        bgp_asn: int | None = None,
        uses_certificate: bool = False,
    ) -> None:
        check_flag("uses_certificate", uses_certificate)
        super().__init__(scope, construct_id)
        self.customer_gateway_id = check_resource_id("customer_gateway_id", customer_gateway_id, "cgw-")
        self.bgp_asn = None if bgp_asn is None else check_bgp_asn("bgp_asn", bgp_asn)
        self.uses_certificate = uses_certificate


def _check_unlike_others(construct: Construct, address: str, bgp_asn: int, device_name: str | None) -> None:
    earlier = claim(construct, "customer gateway", address, bgp_asn, device_name)
    if earlier is not None:
        raise AddressingError(
            "address",
            address,
            f"one customer gateway per address, ASN and device name; {earlier} already has these",
            "use that one for both connections",
        )


def _check_outside_address(address: str, outside_ip_address_type: str) -> None:
    checks = {"PublicIpv4": check_public_address, "PrivateIpv4": check_private_address}
    check_choice("outside_ip_address_type", outside_ip_address_type, checks)
    checks[stand_in(outside_ip_address_type, "PublicIpv4")]("address", address)

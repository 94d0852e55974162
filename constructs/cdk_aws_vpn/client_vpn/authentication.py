"""How the users of a Client VPN endpoint prove who they are: by certificate, by directory, by identity provider.

Source: "Client authentication in AWS Client VPN" in the AWS documentation. A certificate may be combined with
one of the other two; then a client needs both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from aws_cdk import aws_ec2 as ec2

from cdk_aws_vpn.checks.arguments import check_certificate_arn
from cdk_aws_vpn.checks.tokens import is_text_token
from cdk_aws_vpn.errors import VpnConfigurationError

_Request = ec2.CfnClientVpnEndpoint.ClientAuthenticationRequestProperty
_SAML_PROVIDER = re.compile(r"arn:[a-z-]+:iam::\d{12}:saml-provider/[\w._-]{1,128}")
_DIRECTORY = re.compile(r"d-[0-9a-f]{10}")


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


@dataclass(frozen=True, kw_only=True)
class ClientAuthentication:
    """Base of the ways to authenticate."""

    knows_groups: ClassVar[bool] = False
    """Whether AWS learns the groups of a user, which authorization rules can name."""

    def request(self, server_certificate_arn: str) -> _Request:
        """The element of ``AuthenticationOptions``. :class:`~cdk_aws_vpn.ClientVpn` calls it.

        Args:
            server_certificate_arn: The endpoint's own certificate.

        Raises:
            VpnConfigurationError: It is not the ARN of a certificate in ACM.
        """
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class MutualTls(ClientAuthentication):
    """Each client has a certificate of its own.

    Attributes:
        client_ca_arn: ARN of a certificate in ACM whose chain ends at the authority that signs the clients'
            certificates. Default: the server's certificate, whose authority then also signs those of the clients.
    """

    client_ca_arn: str | None = None

    def __post_init__(self) -> None:
        if self.client_ca_arn is not None:
            check_certificate_arn("client_ca_arn", self.client_ca_arn)

    def request(self, server_certificate_arn: str) -> _Request:
        """The element of ``AuthenticationOptions``."""
        check_certificate_arn("server_certificate_arn", server_certificate_arn)
        return _Request(
            type="certificate-authentication",
            mutual_authentication=ec2.CfnClientVpnEndpoint.CertificateAuthenticationRequestProperty(
                client_root_certificate_chain_arn=self.client_ca_arn or server_certificate_arn
            ),
        )


@dataclass(frozen=True, kw_only=True)
class ActiveDirectory(ClientAuthentication):
    """Users have a name and a password in AWS Directory Service.

    Attributes:
        directory_id: Id of the directory, ``d-…``: a Managed Microsoft AD or an AD Connector of the same account.
    """

    directory_id: str
    knows_groups: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not is_text_token(self.directory_id) and not _matches(_DIRECTORY, self.directory_id):
            raise VpnConfigurationError(
                "directory_id",
                self.directory_id,
                "d- and 10 hexadecimal digits",
                "copy the id from the Directory Service console",
            )

    def request(self, server_certificate_arn: str) -> _Request:
        """The element of ``AuthenticationOptions``."""
        check_certificate_arn("server_certificate_arn", server_certificate_arn)
        return _Request(
            type="directory-service-authentication",
            active_directory=ec2.CfnClientVpnEndpoint.DirectoryServiceAuthenticationRequestProperty(
                directory_id=self.directory_id
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Saml(ClientAuthentication):
    """Users sign in at an identity provider in their browser.

    Attributes:
        provider_arn: ARN of the SAML provider in IAM, in the same account.
        self_service_provider_arn: ARN of a second SAML provider, for the self-service portal, which has its own URL
            for the identity provider's answers. Default: none, so there is no portal.
    """

    provider_arn: str
    self_service_provider_arn: str | None = None
    knows_groups: ClassVar[bool] = True

    def __post_init__(self) -> None:
        for prop in ("provider_arn", "self_service_provider_arn"):
            value = getattr(self, prop)
            required = prop == "provider_arn"
            if (required or value is not None) and not is_text_token(value) and not _matches(_SAML_PROVIDER, value):
                raise VpnConfigurationError(
                    prop,
                    value,
                    "the ARN of a SAML provider in IAM",
                    "write it like 'arn:aws:iam::111122223333:saml-provider/…'",
                )

    def request(self, server_certificate_arn: str) -> _Request:
        """The element of ``AuthenticationOptions``."""
        check_certificate_arn("server_certificate_arn", server_certificate_arn)
        return _Request(
            type="federated-authentication",
            federated_authentication=ec2.CfnClientVpnEndpoint.FederatedAuthenticationRequestProperty(
                saml_provider_arn=self.provider_arn, self_service_saml_provider_arn=self.self_service_provider_arn
            ),
        )


def check_authentication(value: Sequence[ClientAuthentication]) -> tuple[ClientAuthentication, ...]:
    """Return the ways to authenticate, mutual TLS first: in another order, CloudFormation would replace the endpoint.

    Raises:
        VpnConfigurationError: The list is empty, contains something else, or is a combination that AWS does not offer.
    """
    allowed = "MutualTls, ActiveDirectory or Saml, or MutualTls and one of the other two"
    ways = () if isinstance(value, str) or not isinstance(value, Sequence) else tuple(value)
    if not ways or not all(isinstance(way, ClientAuthentication) for way in ways):
        raise VpnConfigurationError("authentication", value, allowed, "write it like [MutualTls()]")
    kinds = [type(way).__name__ for way in ways]
    if len(set(kinds)) != len(kinds) or sum(way.knows_groups for way in ways) > 1:
        raise VpnConfigurationError("authentication", kinds, allowed, "create an endpoint for each kind of user")
    return tuple(sorted(ways, key=lambda way: way.knows_groups))

"""ARNs of certificates in AWS Certificate Manager."""

from __future__ import annotations

from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import VpnConfigurationError

__all__ = ["check_certificate_arn"]

_ARN_PARTS = 6


def check_certificate_arn(prop: str, value: object) -> str:
    """Check that ``value`` is a token or the ARN of a certificate in AWS Certificate Manager.

    A certificate of AWS Private CA has such an ARN too, once ACM has issued it.

    Raises:
        VpnConfigurationError: It is something else, or missing.
    """
    if is_token(value):
        return str(value)
    parts = value.split(":") if isinstance(value, str) else []
    arn = len(parts) == _ARN_PARTS and parts[0] == "arn" and parts[2] == "acm"
    if not (arn and parts[5].startswith("certificate/")):
        raise VpnConfigurationError(
            prop,
            value,
            "the ARN of a certificate in AWS Certificate Manager",
            "write it like 'arn:aws:acm:eu-west-1:111122223333:certificate/…'",
        )
    return str(value)

"""The pre-shared key of a tunnel: AWS's rule for it, and a secret that holds a generated one."""

from __future__ import annotations

import re

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_aws_vpn.checks.arguments import has_attribute
from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import TunnelOptionsError, VpnConfigurationError, type_of
from cdk_aws_vpn.foundation.acknowledgements import acknowledge
from cdk_aws_vpn.foundation.names import name_in_region, shortened

_RULE = re.compile(r"[A-Za-z1-9._][A-Za-z0-9._]{7,63}")
_LENGTH = 64
_DESCRIPTION_LENGTH = 2048
_FIELD = re.compile(r"[A-Za-z0-9_./-]{1,128}")
_ROTATION = (
    "A pre-shared key can only change at both ends at once, and the tunnel drops while it does: it is rotated as a "
    "planned change, one tunnel at a time, not on a timer."
)
_KEY = (
    "Encrypted with the account's aws/secretsmanager key, which no other account can use; pass encryption_key to the "
    "connection for a key of your own."
)


def check_pre_shared_key(prop: str, value: str) -> str:
    """Check a pre-shared key against AWS's rules, before it is stored as a secret.

    Args:
        prop: The name of the key in the error.
        value: The key: 8 to 64 letters, digits, periods and underscores, not starting with 0.

    Raises:
        TunnelOptionsError: The key breaks a rule. The message gives the key's length and never the key.
        VpnConfigurationError: ``prop`` is not a text.
    """
    if not isinstance(prop, str):
        raise VpnConfigurationError("prop", type_of(prop), "the name of the key, a text", "write it like 'tunnel 1'")
    text = isinstance(value, str)
    if not text or not (is_token(value) or _RULE.fullmatch(value)):
        raise TunnelOptionsError(
            prop,
            f"of {len(value)} characters" if text else type_of(value),
            "8 to 64 letters, digits, periods and underscores, the first one not 0",
            "let the connection generate the key, or store one that follows the rule in Secrets Manager",
        )
    return value


def check_secret(prop: str, value: object) -> None:
    """Check that ``value`` is a secret and not a literal key; the message never shows the key.

    Raises:
        TunnelOptionsError: It is something else.
    """
    if not has_attribute(value, "secret_value_from_json"):
        raise TunnelOptionsError(
            prop,
            f"of {len(value)} characters" if isinstance(value, str) else type_of(value),
            "a Secrets Manager secret (aws_secretsmanager.ISecret); a literal key would be readable in the template",
            "store the key in Secrets Manager and pass Secret.from_secret_complete_arn(…)",
        )


def check_encryption_key(prop: str, value: object) -> None:
    """Check that ``value`` is a KMS key; a text is not shown, because it may be a pre-shared key.

    Raises:
        VpnConfigurationError: It is something else.
    """
    if not has_attribute(value, "grant_encrypt_decrypt"):
        raise VpnConfigurationError(prop, type_of(value), "a kms.IKey", "use Key.from_key_arn(…)")


def check_secret_field(prop: str, value: object) -> None:
    """Check that ``value`` can name a field of a secret in a dynamic reference; the message never shows it.

    Raises:
        TunnelOptionsError: It is something else, perhaps a key.
    """
    if not isinstance(value, str) or not _FIELD.fullmatch(value):
        raise TunnelOptionsError(
            prop,
            f"of {len(value)} characters" if isinstance(value, str) else type_of(value),
            "1 to 128 letters, digits and _ - . /",
            "write the name of the field, such as 'tunnel1'",
        )


class PreSharedKey(secretsmanager.Secret):
    """A secret whose whole value is a key of 64 letters and digits, without 0, which a key may not start with.

    Args:
        scope: The construct to put it in.
        construct_id: Its id there.
        description: Shown in the console.
        encryption_key: KMS key. Default: the account's ``aws/secretsmanager`` key.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, description: str, encryption_key: kms.IKey | None = None
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            description=description,
            encryption_key=encryption_key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=_LENGTH, exclude_punctuation=True, include_space=False, exclude_characters="0"
            ),
        )
        reasons = {"AwsSolutions-SMG4": _ROTATION, "NIST.800.53.R5-SecretsManagerRotationEnabled": _ROTATION}
        if encryption_key is None:
            reasons["NIST.800.53.R5-SecretsManagerUsingKMSKey"] = _KEY
        acknowledge(self, reasons)


def tunnel_key(
    connection: Construct, number: int, given: secretsmanager.ISecret | None, encryption_key: kms.IKey | None
) -> secretsmanager.ISecret:
    """Return the key that the caller gave to tunnel ``number``, or create one."""
    return given or PreSharedKey(
        connection,
        f"Tunnel{number}PreSharedKey",
        description=shortened(
            f"Pre-shared key of tunnel {number} of {name_in_region(connection)}", _DESCRIPTION_LENGTH
        ),
        encryption_key=encryption_key,
    )

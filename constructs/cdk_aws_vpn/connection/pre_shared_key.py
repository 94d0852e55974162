"""The pre-shared key of a tunnel, generated and kept in Secrets Manager."""

from __future__ import annotations

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cdk_aws_vpn.foundation.acknowledgements import acknowledge

__all__ = ["PreSharedKey"]

_LENGTH = 64
_ROTATION = (
    "A pre-shared key can only change at both ends at once, and the tunnel drops while it does: it is rotated as a "
    "planned change, one tunnel at a time, not on a timer."
)
_KEY = (
    "Encrypted with the account's aws/secretsmanager key, which no other account can use; pass encryption_key to the "
    "connection for a key of your own."
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
        acknowledge(
            self,
            {"AwsSolutions-SMG4": _ROTATION, "NIST.800.53.R5-SecretsManagerRotationEnabled": _ROTATION},
        )
        if encryption_key is None:
            acknowledge(self, {"NIST.800.53.R5-SecretsManagerUsingKMSKey": _KEY})

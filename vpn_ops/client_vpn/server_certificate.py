"""The endpoint's certificate in ACM."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from vpn_ops.account import Account
from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.keystore import Keystore
from vpn_ops.errors import OperatorError

TAGS = [{"Key": "Name", "Value": "client-vpn server"}]


def import_server_certificate(account: Account, keystore: Keystore) -> str:
    """Import the server's certificate with its chain and return its ARN.

    Another import replaces the certificate and keeps the ARN. The caller holds the lock of the keystore.

    Raises:
        OperatorError: The certificate is imported, and its ARN could not be stored in the folder.
    """
    acm = account.client("acm")
    server, ca = keystore.server(), keystore.authority()
    known = keystore.server_arn()
    target = {"CertificateArn": known} if known and _exists(acm, known) else {"Tags": TAGS}
    arn = str(
        acm.import_certificate(
            Certificate=authority.certificate_pem(server.certificate),
            PrivateKey=authority.key_pem(server.key),
            CertificateChain=authority.certificate_pem(ca.certificate),
            **target,
        )["CertificateArn"]
    )
    if arn != known:
        try:
            keystore.keep_server_arn(arn)
        except OSError as problem:
            raise OperatorError(
                f"the server's certificate is {arn}, but {keystore.folder / 'server.arn'} could not be written "
                f"({problem.strerror}): write the ARN into it, or the next run imports the certificate a second time"
            ) from problem
    return arn


def _exists(acm: Any, arn: str) -> bool:
    try:
        acm.describe_certificate(CertificateArn=arn)
    except ClientError as problem:
        if problem.response["Error"]["Code"] == "ResourceNotFoundException":
            return False
        raise
    return True

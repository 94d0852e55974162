"""Presigned S3 URLs of Signature Version 2, which boto3 and the AWS CLI still make in old Regions such as us-east-1.

https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import parse_qsl, urlsplit

from botocore.auth import HmacV1QueryAuth
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from vpn_lab.region.guard.refusal import RefusedError
from vpn_lab.region.guard.request import Request

_SIGNED_HEADERS = ("content-md5", "content-type")
_OWN = {"AWSAccessKeyId", "Signature", "Expires", *_SIGNED_HEADERS}


class _Signer(HmacV1QueryAuth):
    """Calculates with the end of validity that the URL names."""

    def __init__(self, credentials: Credentials, expires: str) -> None:
        super().__init__(credentials)
        self._named = expires

    def _get_date(self) -> str:
        return self._named


@dataclass(frozen=True)
class LegacySignature:
    """What such a URL says about its signature."""

    access_key_id: str
    signature: str
    expires: str
    """The end of its validity, in seconds since 1970."""
    token: str | None
    service: str = "s3"

    @classmethod
    def of(cls, request: Request) -> Self | None:
        """Read the signature of a request; None if it has none."""
        given = request.parameters
        if not {"AWSAccessKeyId", "Signature", "Expires"} <= set(given):
            return None
        token = given.get("x-amz-security-token")
        return cls(given["AWSAccessKeyId"], given["Signature"], given["Expires"], token)

    def check(self, request: Request, credentials: Credentials, bucket: str | None, now: datetime) -> None:
        """Check that it is valid, and that it covers every parameter. ``bucket`` is that of a virtual host.

        Raises:
            RefusedError: It is not.
        """
        pairs = parse_qsl(request.query, keep_blank_values=True)
        covered = {*_OWN, *HmacV1QueryAuth.QSAOfInterest}
        foreign = sorted({name for name, _ in pairs if name not in covered and not name.lower().startswith("x-amz-")})
        if foreign or len({name for name, _ in pairs}) < len(pairs):
            raise RefusedError("AccessDenied", f"the signature does not cover the parameters {', '.join(foreign)}")
        if not self.expires.isascii() or not self.expires.isdigit() or int(self.expires) < now.timestamp():
            raise RefusedError("RequestExpired", "Request has expired")
        headers = HTTPHeaders()
        for name, value in (*request.headers, *((name.lower(), value) for name, value in pairs)):
            if name in _SIGNED_HEADERS or name.startswith("x-amz-"):
                headers.add_header(name, value)
        path = request.path if bucket is None else f"/{bucket}{request.path}"
        signer = _Signer(credentials, self.expires)
        split = urlsplit(f"http://region{request.path}?{request.query}")
        expected = signer.get_signature(request.method, split, headers, auth_path=path)  # type: ignore[arg-type]
        if not hmac.compare_digest(expected.encode(), self.signature.encode()):
            raise RefusedError("SignatureDoesNotMatch", "The signature of the URL is not that of this request.")

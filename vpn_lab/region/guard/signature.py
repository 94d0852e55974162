"""Signature Version 4: whether a request was signed with the secret that belongs to its access key id.

botocore's signers calculate what the signature should be. A signature is in the header ``Authorization``, or in the
query of a presigned URL. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from vpn_lab.region.guard.refusal import RefusedError
from vpn_lab.region.guard.request import Request

ALGORITHM = "AWS4-HMAC-SHA256"
TOLERATED_SKEW = timedelta(minutes=15)
LONGEST_PRESIGNED_SECONDS = 7 * 24 * 3600
UNSIGNED_PAYLOADS = ("UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = "%Y%m%dT%H%M%SZ"
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    'and signing method. The local region\'s keys are those of: eval "$(python -m vpn_lab.region env)"'
)


class _Signer(SigV4Auth):
    """Signs exactly the headers that the client says it has signed."""

    def headers_to_sign(self, request: AWSRequest) -> Any:
        return request.headers


class _S3Signer(_Signer, S3SigV4Auth):
    """Does not normalize the path, which may be any name of an object."""


class _S3QuerySigner(_S3Signer):
    """Signs no body: who gets a presigned URL of S3 sends what they like."""

    def payload(self, request: AWSRequest) -> str:
        del request
        return UNSIGNED_PAYLOADS[0]


@dataclass(frozen=True)
class Signature:
    """What a request says about its signature."""

    access_key_id: str
    day: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    moment: str
    """When it was signed, as ``YYYYMMDDTHHMMSSZ``."""
    token: str | None
    """The session token of temporary keys."""
    expires: str | None = None
    """How many seconds after that it is valid, if it is that of a presigned URL."""

    @classmethod
    def of(cls, request: Request) -> Self | None:
        """Read the signature of a request; None if it has none.

        Raises:
            RefusedError: It is incomplete, or not of Signature Version 4.
        """
        authorization = request.one("authorization")
        if authorization is not None:
            return cls._of_header(request, authorization)
        given = request.parameters
        return cls._of_query(given) if "X-Amz-Signature" in given else None

    @classmethod
    def _of_header(cls, request: Request, authorization: str) -> Self:
        algorithm, _, rest = authorization.partition(" ")
        fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        moment = request.one("x-amz-date")
        if algorithm != ALGORITHM or not {"Credential", "SignedHeaders", "Signature"} <= set(fields) or not moment:
            raise RefusedError("IncompleteSignature", f"use {ALGORITHM} with a Credential and the header x-amz-date")
        return cls._made(
            fields["Credential"],
            signed_headers=tuple(fields["SignedHeaders"].lower().split(";")),
            signature=fields["Signature"],
            moment=moment,
            token=request.one("x-amz-security-token"),
        )

    @classmethod
    def _of_query(cls, given: dict[str, str]) -> Self:
        if given.get("X-Amz-Algorithm") != ALGORITHM:
            raise RefusedError("IncompleteSignature", f"X-Amz-Algorithm must be {ALGORITHM}")
        return cls._made(
            given.get("X-Amz-Credential", ""),
            signed_headers=tuple(given.get("X-Amz-SignedHeaders", "").lower().split(";")),
            signature=given["X-Amz-Signature"],
            moment=given.get("X-Amz-Date", ""),
            token=given.get("X-Amz-Security-Token"),
            expires=given.get("X-Amz-Expires", ""),
        )

    @classmethod
    def _made(cls, credential: str, **fields: Any) -> Self:
        match credential.split("/"):
            case [access_key_id, day, region, service, "aws4_request"]:
                return cls(access_key_id, day, region, service, **fields)
        raise RefusedError("IncompleteSignature", "Credential must be keyid/date/region/service/aws4_request")

    def check(self, request: Request, credentials: Credentials, body: bytes, now: datetime) -> None:
        """Check time, headers and signature. ``body`` counts only if the request does not name its digest.

        Raises:
            RefusedError: It is not valid, or not now.
        """
        self._check_time(now)
        unsigned = [
            name
            for name, _ in request.headers
            if (name == "host" or name.startswith("x-amz-")) and name not in self.signed_headers
        ]
        if unsigned or "host" not in self.signed_headers:
            names = ", ".join(sorted({*unsigned})) or "host"
            raise RefusedError(
                "AccessDenied", f"There were headers present in the request which were not signed: {names}"
            )
        if not hmac.compare_digest(self._expected(request, credentials, body).encode(), self.signature.encode()):
            raise RefusedError("SignatureDoesNotMatch", _MISMATCH)

    def check_payload(self, digest: str, body: bytes) -> None:
        """Check the body against the digest in the header ``x-amz-content-sha256``.

        Raises:
            RefusedError: It is another body, or a kind of digest that the region cannot check.
        """
        if digest in UNSIGNED_PAYLOADS and self.service == "s3":
            return
        if not _DIGEST.fullmatch(digest):
            raise RefusedError("NotImplemented", f"the local region does not know x-amz-content-sha256: {digest}")
        if not hmac.compare_digest(hashlib.sha256(body).hexdigest(), digest):
            raise RefusedError("XAmzContentSHA256Mismatch", "The body is not the one that was signed.")

    def _check_time(self, now: datetime) -> None:
        try:
            signed_at = datetime.strptime(self.moment, _MOMENT).replace(tzinfo=UTC)
            seconds = None if self.expires is None else int(self.expires)
        except ValueError:
            raise RefusedError("IncompleteSignature", "the date of the signature cannot be read") from None
        if self.day != self.moment[:8]:
            raise RefusedError("SignatureDoesNotMatch", "the date in Credential is not that of the request")
        clock = f"now is {now:{_MOMENT}}"
        if signed_at > now + TOLERATED_SKEW:
            raise RefusedError("RequestTimeTooSkewed", f"Signature not yet current: {self.moment}, and {clock}")
        if seconds is None:
            if signed_at < now - TOLERATED_SKEW:
                raise RefusedError("RequestTimeTooSkewed", f"Signature expired: {self.moment}, and {clock}")
        elif not 0 < seconds <= LONGEST_PRESIGNED_SECONDS:
            raise RefusedError("IncompleteSignature", f"X-Amz-Expires must be 1 to {LONGEST_PRESIGNED_SECONDS} seconds")
        elif now > signed_at + timedelta(seconds=seconds):
            raise RefusedError("RequestExpired", f"Request has expired: {self.moment} and {seconds} s, and {clock}")

    def _expected(self, request: Request, credentials: Credentials, body: bytes) -> str:
        parameters = [one for one in request.query.split("&") if one.partition("=")[0] != "X-Amz-Signature"]
        # the host is among the headers; this one only completes the URL
        url = f"http://region{request.path}?{'&'.join(parameters)}"
        built = AWSRequest(request.method, url, data=body)
        for name, value in request.headers:
            if name in self.signed_headers:
                built.headers.add_header(name, value)
        built.context["timestamp"] = self.moment
        signer = self._signer()(credentials, self.service, self.region)
        canonical = signer.canonical_request(built)
        return str(signer.signature(signer.string_to_sign(built, canonical), built))

    def _signer(self) -> type[_Signer]:
        if self.service != "s3":
            return _Signer
        return _S3Signer if self.expires is None else _S3QuerySigner

"""Signature Version 4: how a request proves to AWS who sends it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True)
class Keys:
    """The credentials that a role gives to the device for a few hours. Only the id may ever be shown."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)


def signed(
    headers: Mapping[str, str], body: bytes, *, path: str, keys: Keys, region: str, service: str, moment: str
) -> dict[str, str]:
    """Return the headers of a POST request with those that sign it; ``host`` must be among the given ones.

    ``moment`` is the time of the signature in UTC, such as ``20150830T123600Z``.
    """
    complete = {**headers, "x-amz-date": moment}
    if keys.session_token:
        complete["x-amz-security-token"] = keys.session_token
    canonical = {name.lower(): " ".join(value.split()) for name, value in complete.items()}
    names = sorted(canonical)
    request = "\n".join(
        [
            "POST",
            path,
            "",
            *(f"{name}:{canonical[name]}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    to_sign = "\n".join([ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()])
    signature = _hmac(signing_key(keys.secret_access_key, moment[:8], region, service), to_sign).hex()
    complete["authorization"] = (
        f"{ALGORITHM} Credential={keys.access_key_id}/{scope}, SignedHeaders={';'.join(names)}, Signature={signature}"
    )
    return complete


def signing_key(secret_access_key: str, day: str, region: str, service: str) -> bytes:
    """Return the key that is good for one day, Region and service."""
    key = f"AWS4{secret_access_key}".encode()
    for part in (day, region, service, "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()

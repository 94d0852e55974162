"""URLs that may be used without keys, because they are signed: wait conditions, custom resources, Lambda's code.

On AWS, these are presigned URLs of S3. ministack's have no signature, or an invented one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from vpn_lab.region import ministack, regions
from vpn_lab.region.guard.keys import Keys
from vpn_lab.region.settings import HOST

CUSTOM_RESOURCES = "services.cloudformation.custom_resource"
WAIT_CONDITIONS = "services.cloudformation.wait_conditions"
LAMBDA = "services.lambda_svc"

SIGNALS = ("/_ministack/cfn-signal/", "/_ministack/cfn-response/")
DOWNLOADS = ("/_ministack/lambda-code/", "/_ministack/lambda-layers/")
SIGNAL_SECONDS = 24 * 3600
DOWNLOAD_SECONDS = 600


class SignedUrls:
    """Signs the URLs of one region."""

    def __init__(self, keys: Keys, port: int) -> None:
        self._credentials = Credentials(keys.access_key_id, keys.secret_access_key)
        self._endpoint = f"http://{HOST}:{port}"

    def install(self) -> None:
        """Make ministack hand out signed URLs only."""
        for module, name, method, seconds in (
            (WAIT_CONDITIONS, "handle_url", "PUT", SIGNAL_SECONDS),
            (CUSTOM_RESOURCES, "_response_url", "PUT", SIGNAL_SECONDS),
            (LAMBDA, "_presigned_code_url", "GET", DOWNLOAD_SECONDS),
            (LAMBDA, "_layer_content_url", "GET", DOWNLOAD_SECONDS),
        ):
            theirs = getattr(ministack.module(module), name)
            ministack.replace(module, name, self._signing(theirs, method, seconds))

    def _signing(self, theirs: Callable[..., str], method: str, seconds: int) -> Callable[..., str]:
        def signed(*arguments: Any) -> str:
            return self.sign(method, urlsplit(theirs(*arguments)).path, seconds)

        return signed

    def sign(self, method: str, path: str, seconds: int) -> str:
        """Return the signed URL of a path, which is valid for so long."""
        request = AWSRequest(method, self._endpoint + path)
        S3SigV4QueryAuth(self._credentials, "s3", regions.current(), expires=seconds).add_auth(request)
        return str(request.url)


def is_for(method: str, path: str) -> bool:
    """Tell whether a request of ministack's own pages is one for which such URLs are made."""
    return (method == "PUT" and path.startswith(SIGNALS)) or (method == "GET" and path.startswith(DOWNLOADS))

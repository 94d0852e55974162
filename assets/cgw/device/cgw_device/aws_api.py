"""A small client of AWS's APIs: the EC2 Query API, and services that speak JSON.

The AWS CLI is not used because starting it takes seconds on a small machine. Several threads may share a client.
"""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import json
import os
import re
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Callable, NamedTuple
from urllib.parse import urlencode, urlsplit

from cgw_device.aws_credentials import Credentials, Metadata, MetadataError
from cgw_device.aws_signature import Keys, signed

TIMEOUT_SECONDS = 5.0
# AWS accepts signatures that are up to five minutes off. EC2 answers others with AuthFailure or RequestExpired, and
# expired credentials with RequestExpired too.
TOLERATED_SKEW_SECONDS = 60.0
# A connection that was idle for longer may have been dropped by something on the way; a new one costs almost nothing.
KEPT_SECONDS = 10.0
_REFUSED = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "RequestExpired",
        "RequestInTheFuture",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_CODE = re.compile(r"<Code>([^<]*)</Code>")
_MESSAGE = re.compile(r"<Message>([^<]*)</Message>")


class AwsError(Exception):
    """AWS refused a request or did not answer it. ``code`` is AWS's code, ``NoAnswer`` or ``NoCredentials``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code


@dataclass(frozen=True)
class Service:
    """An AWS service: its name in host names and signatures, and its name in ``AWS_ENDPOINT_URL_…``."""

    name: str
    variable: str


EC2 = Service("ec2", "EC2")
EC2_VERSION = "2016-11-15"
LOGS = Service("logs", "CLOUDWATCH_LOGS")


class _Answer(NamedTuple):
    status: int
    text: str
    date: str


class AwsApi:
    """Signed calls with the device's own role.

    The endpoint is ``AWS_ENDPOINT_URL_<SERVICE>`` or ``AWS_ENDPOINT_URL`` if set, as for AWS's own tools, and otherwise
    the Region's. Server certificates are always verified, against ``AWS_CA_BUNDLE`` if that is set.
    """

    def __init__(
        self,
        region: str,
        log: Callable[[str], None],
        *,
        metadata: Metadata | None = None,
        clock: Callable[[], float] = time.time,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._region = region
        self._metadata = metadata or Metadata()
        self._clock = clock
        self._timeout = timeout_seconds
        self._tls = ssl.create_default_context(cafile=os.environ.get("AWS_CA_BUNDLE") or None)
        self._lock = threading.Lock()
        self._idle: dict[str, list[tuple[float, http.client.HTTPConnection]]] = {}
        self._domain: str | None = None
        # how far AWS's clock is ahead of this machine's
        self._skew_seconds = 0.0
        self.credentials = Credentials(self._metadata, log)

    def prepare(self) -> None:
        """Start to fetch in the background what a call needs, so that no call has to wait for it."""
        self.credentials.keep_fresh()
        threading.Thread(target=self._learn_domain, name="domain", daemon=True).start()

    def ec2(self, action: str, **parameters: str) -> str:
        """Make one call to the EC2 Query API and return the answer, which is XML.

        Raises:
            AwsError: AWS refused, or did not answer in time.
        """
        body = urlencode({"Action": action, "Version": EC2_VERSION, **parameters}).encode()
        return self.call(EC2, {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}, body)

    def json(self, service: Service, target: str, parameters: Mapping[str, Any]) -> Any:
        """Make one call to a service that speaks JSON 1.1, such as ``Logs_20140328.PutLogEvents``; return the answer.

        Raises:
            AwsError: AWS refused, or did not answer in time.
        """
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}
        return json.loads(self.call(service, headers, json.dumps(parameters).encode()) or "{}")

    def call(self, service: Service, headers: Mapping[str, str], body: bytes) -> str:
        """Send a request; send it a second time if it was refused because of the clock or the credentials."""
        endpoint = self._endpoint(service)
        try:
            keys = self.credentials.current()
            for attempt in (1, 2):
                answer = self._send(service, endpoint, keys, headers, body)
                if answer.status < http.client.MULTIPLE_CHOICES:
                    return answer.text
                error = _error(answer)
                if error.code not in _REFUSED or attempt == 2:
                    raise error
                if not self._learn_time(answer.date):
                    keys = self.credentials.renew(keys)
        except MetadataError as error:
            raise AwsError("NoCredentials", str(error)) from None
        raise AssertionError("not reached")

    def _send(self, service: Service, endpoint: str, keys: Keys, headers: Mapping[str, str], body: bytes) -> _Answer:
        url = urlsplit(endpoint)
        path = url.path or "/"
        complete = signed(
            {**headers, "host": url.netloc},
            body,
            path=path,
            keys=keys,
            region=self._region,
            service=service.name,
            moment=time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self._clock() + self._skew_seconds)),
        )
        kept = self._take(endpoint)
        try:
            if kept is not None:
                with contextlib.suppress(ConnectionError):
                    # the server may have closed it in the meantime; in that case it has done nothing
                    return self._exchange(endpoint, kept, path, complete, body)
            return self._exchange(endpoint, self._connection(url.scheme, url.netloc), path, complete, body)
        except (OSError, http.client.HTTPException) as error:
            raise AwsError("NoAnswer", f"{url.netloc}: {str(error) or type(error).__name__}") from None

    def _exchange(
        self, endpoint: str, link: http.client.HTTPConnection, path: str, headers: dict[str, str], body: bytes
    ) -> _Answer:
        try:
            link.request("POST", path, body, headers)
            answer = link.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            link.close()
            raise
        if link.sock is not None:
            with self._lock:
                self._idle.setdefault(endpoint, []).append((time.monotonic(), link))
        return _Answer(answer.status, text, answer.headers.get("Date", ""))

    def _take(self, endpoint: str) -> http.client.HTTPConnection | None:
        with self._lock:
            idle = self._idle.get(endpoint, [])
            while idle:
                since, link = idle.pop()
                if time.monotonic() - since < KEPT_SECONDS:
                    return link
                link.close()
        return None

    def _connection(self, scheme: str, host: str) -> http.client.HTTPConnection:
        if scheme == "https":
            return http.client.HTTPSConnection(host, timeout=self._timeout, context=self._tls)
        return http.client.HTTPConnection(host, timeout=self._timeout)

    def _endpoint(self, service: Service) -> str:
        set_here = os.environ.get(f"AWS_ENDPOINT_URL_{service.variable}") or os.environ.get("AWS_ENDPOINT_URL")
        if set_here:
            return set_here.rstrip("/")
        china = self._region.startswith("cn-")
        domain = self._domain or ("amazonaws.com.cn" if china else "amazonaws.com")
        return f"https://{service.name}.{self._region}.{domain}"

    def _learn_domain(self) -> None:
        self._domain = self._metadata.domain()

    def _learn_time(self, date: str) -> bool:
        """Use AWS's time from an answer if this machine's clock is wrong; return whether it was."""
        try:
            theirs = email.utils.parsedate_to_datetime(date).timestamp()
        except (TypeError, ValueError):
            return False
        skew = theirs - self._clock()
        if abs(skew - self._skew_seconds) < TOLERATED_SKEW_SECONDS:
            return False
        self._skew_seconds = skew
        return True


def _error(answer: _Answer) -> AwsError:
    """Find AWS's error code and message in XML or in JSON."""
    in_xml, message = _CODE.search(answer.text), _MESSAGE.search(answer.text)
    if in_xml:
        code, text = in_xml[1], message[1] if message else ""
    else:
        try:
            found = json.loads(answer.text)
            code = str(found["__type"]).rpartition("#")[2]
            text = str(found.get("message") or found.get("Message") or "")
        except (ValueError, KeyError, TypeError, AttributeError):
            code, text = f"Http{answer.status}", ""
    # AWS's message about a wrong signature can repeat the request with its session token
    return AwsError(code, "" if code in _REFUSED else text)

"""The credentials of the device's role, fetched from the instance metadata service (IMDSv2) before they are needed."""

from __future__ import annotations

import http.client
import json
import os
import threading
from typing import Callable
from urllib.parse import urlsplit

from cgw_device.aws_signature import Keys

METADATA = "http://169.254.169.254"
TIMEOUT_SECONDS = 2.0
# New credentials are available five minutes before the old ones expire. Asked more often than that, the service always
# gives valid ones, even if the device's own clock is wrong.
RENEW_SECONDS = 240.0
RETRY_SECONDS = 5.0


class MetadataError(Exception):
    """The metadata service did not return what it was asked for."""


class Metadata:
    """The metadata service."""

    def __init__(self, endpoint: str | None = None) -> None:
        self._endpoint = endpoint or os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or METADATA

    def keys(self) -> Keys:
        """Return the credentials of the instance's role."""
        token = self._token()
        folder = "/latest/meta-data/iam/security-credentials"
        role = self._get(f"{folder}/", token).split("\n")[0].strip()
        try:
            found = json.loads(self._get(f"{folder}/{role}", token))
            return Keys(found["AccessKeyId"], found["SecretAccessKey"], found["Token"])
        except (ValueError, KeyError, TypeError):
            # from None: the text that could not be read may be a secret
            raise MetadataError(f"no credentials for the role '{role}' yet") from None

    def domain(self) -> str | None:
        """Return the domain of AWS's services in this partition; None if the metadata service does not know it."""
        try:
            return self._get("/latest/meta-data/services/domain", self._token()).strip() or None
        except MetadataError:
            return None

    def _token(self) -> str:
        return self._ask("PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"})

    def _get(self, path: str, token: str) -> str:
        return self._ask("GET", path, {"X-aws-ec2-metadata-token": token})

    def _ask(self, method: str, path: str, headers: dict[str, str]) -> str:
        link = http.client.HTTPConnection(urlsplit(self._endpoint).netloc, timeout=TIMEOUT_SECONDS)
        try:
            link.request(method, path, headers=headers)
            answer = link.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise MetadataError(f"the metadata service does not answer: {type(error).__name__}") from None
        finally:
            link.close()
        if answer.status != http.client.OK:
            raise MetadataError(f"the metadata service answers {answer.status} to {path}")
        return text


class Credentials:
    """The role's credentials, fetched in advance and renewed in the background."""

    def __init__(self, metadata: Metadata, log: Callable[[str], None]) -> None:
        self._metadata = metadata
        self._log = log
        self._lock = threading.Lock()
        self._keys: Keys | None = None
        self._trouble = ""

    def keep_fresh(self) -> None:
        """Start to renew them, in a thread that ends with the process."""
        threading.Thread(target=self._keep_fresh, name="credentials", daemon=True).start()

    def current(self) -> Keys:
        """Return credentials; fetch them only if there are none yet.

        Raises:
            MetadataError: There are none, and the metadata service returns none.
        """
        return self._keys or self.renew(None)

    def renew(self, refused: Keys | None) -> Keys:
        """Return credentials other than those that AWS refused; another thread may have fetched them already."""
        with self._lock:
            if self._keys is None or self._keys == refused:
                self._keys = self._metadata.keys()
            return self._keys

    def _keep_fresh(self) -> None:
        pause = threading.Event()
        while True:
            try:
                # no lock while waiting: a call that needs credentials uses the present ones
                self._keys = self._metadata.keys()
                trouble = ""
            except MetadataError as error:
                trouble = str(error)
            if trouble != self._trouble:
                self._log(f"credentials: {trouble or 'renewed'}")
            self._trouble = trouble
            pause.wait(RETRY_SECONDS if trouble else RENEW_SECONDS)

"""A handle on a running region: start, use, stop."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config

from vpn_lab.region import process, state_dir
from vpn_lab.region.environment import isolated, node_tools, region_variables
from vpn_lab.region.errors import CommandFailedError, RegionError
from vpn_lab.region.guard.keys import TOKEN_HEADER, Keys
from vpn_lab.region.network_pages import NetworkPages
from vpn_lab.region.process import PROJECT, Process
from vpn_lab.region.settings import HOST, Settings


class Region(NetworkPages):
    """A region that runs in its own process. Use ``start`` or ``find``, not the constructor."""

    def __init__(self, settings: Settings, running: Process, keys: Keys, temporary: bool = False) -> None:
        self.settings = settings
        self.port = running.port
        self.pid = running.pid
        self._process = running
        self._keys = keys
        self._temporary = temporary
        self._clients: dict[tuple[str, str], Any] = {}

    @classmethod
    def start(cls, settings: Settings | None = None, **choices: Any) -> Self:
        """Start a region and wait until it answers.

        Without a ``state_dir``, its files go to a temporary folder that ``stop`` removes. ``choices`` are fields of
        ``Settings``.
        """
        temporary = settings is None and "state_dir" not in choices
        if temporary:
            choices["state_dir"] = Path(tempfile.mkdtemp(prefix="vpn-lab-region-"))
        try:
            chosen = settings or Settings(**choices)
            with state_dir.usable(chosen.state_dir):
                state_dir.prepare(chosen.state_dir)
                running = process.launch(chosen)
                return cls(chosen, running, Keys.load(chosen.state_dir), temporary)
        except BaseException:
            if temporary:
                shutil.rmtree(choices["state_dir"], ignore_errors=True)
            raise

    @classmethod
    def find(cls, directory: Path) -> Self:
        """The region that runs in a state directory."""
        nothing = f"no region runs in {directory}; start one with --state-dir {shlex.quote(str(directory))}"
        with state_dir.usable(directory):
            try:
                settings = Settings.load(directory)
                state_dir.check(directory)
                running = process.running(settings)
                if running is None:
                    raise RegionError(nothing)
                return cls(settings, running, Keys.load(directory))
            except FileNotFoundError:
                raise RegionError(nothing) from None

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The environment variables that make a tool use only this region."""
        return region_variables(self.settings, self._keys, self.port)

    def client(self, service: str, region: str | None = None) -> Any:
        """A boto3 client of this account, regardless of the environment; by default for the region's own Region."""
        place = region or self.settings.region
        if (service, place) not in self._clients:
            self._clients[service, place] = self._new_client(service, place)
        return self._clients[service, place]

    def _new_client(self, service: str, region: str) -> Any:
        session = boto3.session.Session(
            aws_access_key_id=self._keys.access_key_id,
            aws_secret_access_key=self._keys.secret_access_key,
            region_name=region,
        )
        options = Config(retries={"total_max_attempts": 1}, proxies={})
        return session.client(service, endpoint_url=self.endpoint, config=options)  # type: ignore[call-overload]

    @property
    def assembly(self) -> Path:
        """The folder that apps are synthesized into."""
        return self.settings.state_dir / "cdk.out"

    def cdk(
        self, *arguments: str, app: str | None = None, directory: Path = PROJECT, check: bool = True, **extra: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the CDK CLI against this region; ``extra`` are further environment variables.

        The app is synthesized into the region's own folder, so that it does not collide with another ``cdk.out``.
        """
        tools = node_tools(directory) or node_tools(PROJECT)
        if tools is None:
            raise RegionError("the CDK CLI is not installed; run `npm ci` in the project folder")
        command = [str(tools / "cdk"), *(["--app", app] if app else []), *arguments]
        if app is None or not Path(app).is_dir():
            command += ["--output", str(self.assembly)]
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        result = subprocess.run(
            command,
            cwd=directory,
            env={**isolated(self.environment()), "PATH": path, **extra},
            capture_output=True,
            text=True,
            check=False,
        )
        if check and result.returncode != 0:
            raise CommandFailedError(["cdk", *arguments], result)
        return result

    def bootstrap(self) -> None:
        """Bootstrap the account for the CDK: the stack CDKToolkit with its bucket and roles. Needed once."""
        environment = f"aws://{self.settings.account}/{self.settings.region}"
        self.cdk("bootstrap", environment, directory=self.settings.state_dir)

    def status(self) -> dict[str, Any]:
        return dict(self._page("GET", "status"))

    def reset(self) -> None:
        """Empty the account; the process keeps running."""
        self._page("POST", "reset")

    def boots(self) -> dict[str, int]:
        """How often each instance has booted, by instance id."""
        return dict(self._page("GET", "instances"))

    def instance_credentials(self) -> dict[str, dict[str, str]]:
        """What the metadata service answers about the role of each instance that has one, by instance id."""
        return dict(self._page("GET", "instance-credentials"))

    def changes(self, after: int) -> int:
        """The number of changes in the account; waits a few seconds for it to exceed ``after``."""
        return int(self._page("GET", f"changes/{after}"))

    def outage(self, service: str, *, down: bool) -> None:
        """Make a service (``ec2``, ``secretsmanager`` …) answer every request with an error, or bring it back up."""
        self._page("PUT" if down else "DELETE", f"outages/{service}")

    def set_quota(self, code: str, value: int | None, *, region: str | None = None) -> None:
        """Set a quota of the account in a Region, by its code in Service Quotas; None restores AWS's default.

        The region then also refuses what exceeds it. Quotas that nobody has set do not limit VPCs, internet gateways,
        Elastic IP addresses, vCPUs and EC2 Instance Connect Endpoints.
        """
        page = f"quotas/{region or self.settings.region}/{code}"
        self._page("DELETE" if value is None else "PUT", page, None if value is None else {"value": value})

    def report_tunnel(
        self,
        connection: str,
        outside_address: str,
        status: str,
        *,
        message: str = "",
        learned_prefixes: list[str] | None = None,
        negotiated: dict[str, Any] | None = None,
        bytes_in: int | None = None,
        bytes_out: int | None = None,
    ) -> None:
        """Report the state of one tunnel to the region: telemetry, and the prefixes learned by BGP."""
        report = {
            "status": status,
            "message": message,
            "learned_prefixes": learned_prefixes or [],
            "negotiated": negotiated or {},
            "bytes_in": bytes_in,
            "bytes_out": bytes_out,
        }
        self._page("PUT", f"vpn-connections/{connection}/tunnels/{outside_address}", report)

    def announce(self, service: str, code: str, category: str, resources: list[str]) -> None:
        """Publish an AWS Health event about resources, such as pending maintenance."""
        content = {"service": service, "code": code, "category": category, "resources": resources}
        self._page("POST", "health-events", content)

    def _page(self, method: str, page: str, body: object = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        url, headers = f"{self.endpoint}/_region/{page}", {TOKEN_HEADER: self._keys.token}
        request = urllib.request.Request(url, content, headers, method=method)  # noqa: S310
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as problem:
            raise RegionError(f"{method} {page}: {problem.read().decode()}") from problem

    def stop(self) -> None:
        """Stop the process and wait for its end; remove its files if ``start`` chose the folder."""
        self._process.stop(self.settings.state_dir)
        if Process.load(self.settings) == self._process:
            # it was killed, and could not tidy up
            self.settings.running_file.unlink(missing_ok=True)
            state_dir.remove_leftovers(self.settings.state_dir)
        if self._temporary:
            shutil.rmtree(self.settings.state_dir, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

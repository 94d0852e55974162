"""The settings of a region, chosen when it starts."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Self, get_args

import botocore.session

from vpn_lab.region.errors import RegionError

Signals = Literal["region", "device"]

HOST = "127.0.0.1"
DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True)
class Settings:
    """The settings of one region, written to its state directory for the server process to read."""

    state_dir: Path
    port: int = 0
    """The loopback port; 0 lets the kernel choose a free one."""

    account: str = DEFAULT_ACCOUNT
    region: str = DEFAULT_REGION
    signals: Signals = "region"
    """Who signals a wait condition: the region, for the instance whose user-data contains the handle, or the device."""

    signal_timeout_limit: float | None = None
    """Upper limit of the timeout of wait conditions, in seconds, so that a test of a timeout need not wait long."""

    metric_period_limit: float | None = None
    """Upper limit in seconds of the interval at which AWS publishes metrics and of the periods of alarms on them. It
    saves the test of an alarm from waiting for minutes."""

    custom_metric_period_limit: float | None = None
    """The same for the periods of alarms on custom metrics, whose interval the region does not know."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{12}", self.account):
            raise ValueError(f"account {self.account!r} is not an AWS account id; use 12 digits")
        if self.region not in known_regions():
            raise ValueError(f"region {self.region!r} is not a Region of AWS; use a name such as {DEFAULT_REGION}")
        if self.signals not in get_args(Signals):
            raise ValueError(f"signals {self.signals!r} is unknown; use one of {', '.join(get_args(Signals))}")
        for name in ("metric_period_limit", "custom_metric_period_limit"):
            limit = getattr(self, name)
            if limit is not None and limit <= 0:
                raise ValueError(f"{name} {limit!r} is out of range; use seconds above 0")
        if not 0 <= self.port <= 65535:
            raise ValueError(f"port {self.port} is out of range; use 1-65535, or 0 for a free one")

    @property
    def settings_file(self) -> Path:
        return self.state_dir / "settings.json"

    @property
    def running_file(self) -> Path:
        """Written by the server once it answers: its process id and its port."""
        return self.state_dir / "running.json"

    @property
    def lock_file(self) -> Path:
        """Locked by the server for as long as it runs."""
        return self.state_dir / "lock"

    @property
    def log_file(self) -> Path:
        return self.state_dir / "region.log"

    def save(self) -> None:
        self.settings_file.write_text(json.dumps({**asdict(self), "state_dir": str(self.state_dir)}, indent=2))

    @classmethod
    def load(cls, state_dir: Path) -> Self:
        """Read the settings of a state directory.

        Raises:
            FileNotFoundError: It has none.
            RegionError: The file contains something else.
        """
        file = state_dir / "settings.json"
        try:
            return cls(**{**json.loads(file.read_text()), "state_dir": state_dir})
        except (ValueError, TypeError):
            raise RegionError(f"{file} contains no settings of a region; start one in {state_dir}") from None


@cache
def known_regions() -> frozenset[str]:
    """The Regions that the emulators know: those of botocore's partitions for everybody."""
    session = botocore.session.Session()
    partitions = ("aws", "aws-cn", "aws-us-gov")
    return frozenset(name for one in partitions for name in session.get_available_regions("ec2", one))

"""The settings of a region, chosen when it starts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self, get_args

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
        if not (len(self.account) == 12 and self.account.isdigit()):
            raise ValueError(f"account {self.account!r} is not an AWS account id; use 12 digits")
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
    def log_file(self) -> Path:
        return self.state_dir / "region.log"

    def save(self) -> None:
        self.state_dir.mkdir(parents=True, exist_ok=True)
        self.settings_file.write_text(json.dumps({**asdict(self), "state_dir": str(self.state_dir)}, indent=2))

    @classmethod
    def load(cls, state_dir: Path) -> Self:
        values = json.loads((state_dir / "settings.json").read_text())
        return cls(**{**values, "state_dir": state_dir})

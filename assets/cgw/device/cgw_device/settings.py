"""The settings from the deployment, in ``/etc/cgw/device.json``, and the folder of the device's state."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETTINGS_FILE = Path("/etc/cgw/device.json")
STATE_FOLDER = Path("/run/cgw")


@dataclass(frozen=True)
class Tunnel:
    """One tunnel: the device's and AWS's address inside it."""

    number: int
    device_address: str
    aws_address: str

    @property
    def interface(self) -> str:
        """The tunnel's network interface."""
        return f"ipsec{self.number}"


@dataclass(frozen=True)
class Probe:
    """How often to ping, how long a silence makes a tunnel dead, and how many answers make it alive again."""

    interval_milliseconds: int
    silence_milliseconds: int
    recoveries: int


@dataclass(frozen=True)
class Pair:
    """This device's part of a pair; with a shared address the pair is a cluster."""

    network_interface_id: str
    route_table_ids: list[str]
    shared_address_allocation_id: str | None
    ike_private_address: str | None
    partner_address: str | None = None
    """Private address of the partner; only with BGP."""
    active_active: bool = False
    """Whether both devices announce equal paths. Otherwise the backup announces longer ones."""


@dataclass(frozen=True)
class Metrics:
    """The device's own log stream, and the namespace and dimension of its metrics."""

    log_group: str
    log_stream: str
    device: str
    namespace: str


@dataclass(frozen=True)
class Settings:
    """Everything the programs need to know."""

    name: str
    region: str
    private_address: str
    remote_prefixes: list[str]
    tunnels: list[Tunnel]
    routing: str
    probe: Probe | None
    pair: Pair | None
    metrics: Metrics | None = None
    state_folder: Path = STATE_FOLDER

    @property
    def is_cluster(self) -> bool:
        """Whether one Elastic IP moves between two devices, so that only one of them runs IPsec."""
        return self.pair is not None and self.pair.shared_address_allocation_id is not None

    @classmethod
    def load(cls, path: Path = SETTINGS_FILE) -> Settings:
        """Read the settings that the boot script has written."""
        return cls.of(json.loads(path.read_text()))

    @classmethod
    def of(cls, values: dict[str, Any]) -> Settings:
        """Make settings from the parsed file."""
        return cls(
            **{
                **values,
                "tunnels": [Tunnel(**tunnel) for tunnel in values["tunnels"]],
                "probe": Probe(**values["probe"]) if values["probe"] else None,
                "pair": Pair(**values["pair"]) if values["pair"] else None,
                "metrics": Metrics(**values["metrics"]) if values.get("metrics") else None,
            }
        )

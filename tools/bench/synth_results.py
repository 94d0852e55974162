"""What one run of tools.bench.synth measured."""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Sample:
    """The times of one app, in seconds."""

    name: str
    connections: int | None
    seconds: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


@dataclass(frozen=True)
class Results:
    """One run of the benchmark."""

    machine: dict[str, str]
    load: list[float]
    templates: list[str]
    resources: int
    empty: Sample
    included: Sample
    scenarios: Sample
    growth: list[Sample]

    @property
    def ratio(self) -> float:
        """How many times as long as an empty app the scenarios take."""
        return self.scenarios.median / self.empty.median

    @property
    def floor(self) -> float:
        """How many times as long as an empty app their finished templates take, without any construct."""
        return self.included.median / self.empty.median

    @property
    def fit(self) -> tuple[float, float, float]:
        """Least squares over the medians: milliseconds per connection, seconds at none, r squared."""
        connections = [float(sample.connections or 0) for sample in self.growth]
        seconds = [sample.median for sample in self.growth]
        slope, intercept = statistics.linear_regression(connections, seconds)
        return slope * 1000, intercept, statistics.correlation(connections, seconds) ** 2

    def as_json(self) -> str:
        slope, intercept, r_squared = self.fit
        fit = {"milliseconds_per_connection": slope, "seconds_at_none": intercept, "r_squared": r_squared}
        return json.dumps(asdict(self) | {"ratio": self.ratio, "floor": self.floor, "fit": fit}, indent=2) + "\n"

"""What the network benchmarks share: samples that survive an interrupted run, and a description of the machine."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console

from tools.marked import replace_marked
from vpn_lab.network.machine.image import Image
from vpn_lab.network.machine.machine import accelerator

Sample = dict[str, Any]

DATA = Path("docs/bench")
PAGE = Path("docs/benchmarks.md")
UNFINISHED = Path(".cache/bench")
NAMED_PACKAGES = {
    "qemu-system-x86": "QEMU",
    "linux-image": "guest kernel",
    "libreswan": "libreswan",
    "frr": "FRR",
    "keepalived": "keepalived",
    "strongswan-libcharon": "strongSwan",
}


class Record:
    """The samples of one run of a benchmark, written to a file as they are taken.

    Args:
        name: Name of the benchmark and of its files.
        keys: The fields that identify a sample.
        resume: Start with the samples of an interrupted run; otherwise these are deleted.
    """

    def __init__(self, name: str, keys: tuple[str, ...], *, resume: bool, folder: Path = UNFINISHED) -> None:
        self._path = folder / f"{name}.json"
        self._keys = keys
        self.samples: list[Sample] = json.loads(self._path.read_text()) if resume and self._path.exists() else []

    def has(self, **key: Any) -> bool:
        """Tell whether there is a sample with this key."""
        return any(all(one[name] == key[name] for name in self._keys) for one in self.samples)

    def add(self, sample: Sample) -> None:
        """Save a sample, also to disk; it replaces an earlier one with the same key."""
        key = {name: sample[name] for name in self._keys}
        self.samples = [one for one in self.samples if any(one[name] != value for name, value in key.items())]
        self.samples.append(sample)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self.samples, indent=2) + "\n")

    def finish(self, path: Path, machine: dict[str, str], **facts: Any) -> dict[str, Any]:
        """Write the finished run with its machine, and delete the unfinished one."""
        results = {"machine": machine, **facts, "samples": self.samples}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=2) + "\n")
        self._path.unlink(missing_ok=True)
        return results


def wide_console() -> Console:
    """Return a console that does not wrap tables when the output is not a terminal."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 150)


def worst_and_median(values: Iterable[float]) -> tuple[float, float]:
    """Return the maximum and the median.

    Raises:
        ValueError: There are no values.
    """
    chosen = sorted(values)
    if not chosen:
        raise ValueError("there is no sample")
    return chosen[-1], statistics.median(chosen)


def number_of_runs(samples: Iterable[Sample]) -> str:
    """Return the number of runs, in words."""
    number = max(one["run"] for one in samples)
    return f"{number} run{'s' if number > 1 else ''}"


def describe_machine(image: Image | None = None) -> dict[str, str]:
    """Return what the times depend on: the processor, the load before the run and, for an image, its versions."""
    found = {
        "processor": processor(),
        "cores": str(os.cpu_count()),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "load before the run": f"{os.getloadavg()[0]:.1f}",
    }
    if image is not None:
        found["acceleration"] = "hardware" if "kvm" in accelerator(image) else "none (emulation)"
        found |= versions((image.folder / "complete").read_text())
    return found


def versions(packages: str) -> dict[str, str]:
    """Return the interesting versions of ``name=version`` lines, without epoch and packaging revision."""
    found = {}
    for line in packages.splitlines():
        name, _, version = line.partition("=")
        for wanted, title in NAMED_PACKAGES.items():
            if name == wanted or (wanted.startswith("linux") and name.startswith(wanted)):
                found[title] = version.rpartition(":")[2].partition("-")[0].partition("+")[0]
    return found


def processor() -> str:
    """Return the processor's name."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def sentence(machine: dict[str, str]) -> str:
    """Return a description of the machine as one line."""
    return ", ".join(f"{name} {value}" for name, value in machine.items())


def replace_section(text: str, name: str, content: str) -> str:
    """Replace the content of a generated section.

    Raises:
        LookupError: The page has no such markers.
    """
    return replace_marked(text, name, content.strip(), name)

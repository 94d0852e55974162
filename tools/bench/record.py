"""What the benchmarks on the network have in common: samples that outlive an interrupted run, the machine's name."""

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
        name: Of the benchmark, and of its files.
        keys: The fields that tell one sample from another.
        resume: Begin with the samples of a run that was interrupted; otherwise they are forgotten.
    """

    def __init__(self, name: str, keys: tuple[str, ...], *, resume: bool, folder: Path = UNFINISHED) -> None:
        self._path = folder / f"{name}.json"
        self._keys = keys
        self.samples: list[Sample] = json.loads(self._path.read_text()) if resume and self._path.exists() else []

    def has(self, **key: Any) -> bool:
        """Tell whether there is a sample with exactly this key."""
        return any(all(one[name] == key[name] for name in self._keys) for one in self.samples)

    def add(self, sample: Sample) -> None:
        """Save a sample, also to disk; it replaces an earlier one with the same key."""
        key = {name: sample[name] for name in self._keys}
        self.samples = [one for one in self.samples if any(one[name] != value for name, value in key.items())]
        self.samples.append(sample)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self.samples, indent=2) + "\n")

    def finish(self, path: Path, machine: dict[str, str], **facts: Any) -> dict[str, Any]:
        """Write the finished run with its machine, and forget the unfinished one."""
        results = {"machine": machine, **facts, "samples": self.samples}
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(results, indent=2) + "\n")
        self._path.unlink(missing_ok=True)
        return results


def wide_console() -> Console:
    """Return a console that does not fold tables when nobody's terminal limits them."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else 150)


def worst_and_median(values: Iterable[float]) -> tuple[float, float]:
    """Return the greatest and the middle one.

    Raises:
        ValueError: There is none.
    """
    chosen = sorted(values)
    if not chosen:
        raise ValueError("there is no sample")
    return chosen[-1], statistics.median(chosen)


def number_of_runs(samples: Iterable[Sample]) -> str:
    """Return how many runs there were, in words."""
    number = max(one["run"] for one in samples)
    return f"{number} run{'s' if number > 1 else ''}"


def describe_machine(image: Image | None = None) -> dict[str, str]:
    """Return what the times depend on: processor, load before the run, and with an image what it runs on and has."""
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
    """Return the versions that a reader wants to know, of ``name=version`` lines, without epoch and packaging."""
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
    """Return the machine as one line of a page."""
    return ", ".join(f"{name} {value}" for name, value in machine.items())


def replace_section(text: str, name: str, content: str) -> str:
    """Put content between the markers of a generated section.

    Raises:
        LookupError: The page has no such markers.
    """
    return replace_marked(text, name, content.strip(), name)

"""The pure parts of the benchmarks: what is measured, in which order, and how the numbers are reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.bench import cpu, failover_report, network, network_report
from tools.bench.failover import plan
from tools.bench.failover_variants import VARIANTS, device_address, is_calm
from tools.bench.record import PAGE, Record, replace_section, versions, worst_and_median
from tools.soak import report as soak_report
from vpn_lab.network.measuring.outage import outage

ROOT = Path(__file__).parents[3]
CALM: dict[str, Any] = {
    "healthy": True,
    "tunnels": [{"probe": "alive"}, {"probe": "alive"}],
    "steering": {"tunnels": {"1": {"left": False, "in": "FROM-AWS", "out": "TO-AWS"}}},
}


def test_an_interrupted_run_goes_on_with_its_samples(tmp_path: Path) -> None:
    first = Record("bench", ("fault", "run"), resume=False, folder=tmp_path)
    first.add({"fault": "blackhole", "run": 1, "seconds": 1.0})
    first.add({"fault": "blackhole", "run": 1, "seconds": 2.0})
    again = Record("bench", ("fault", "run"), resume=True, folder=tmp_path)
    assert again.samples == [{"fault": "blackhole", "run": 1, "seconds": 2.0}]
    assert again.has(fault="blackhole", run=1)
    assert not again.has(fault="blackhole", run=2)
    assert Record("bench", ("fault", "run"), resume=False, folder=tmp_path).samples == []


def test_a_finished_run_leaves_its_numbers_and_nothing_unfinished(tmp_path: Path) -> None:
    record = Record("bench", ("run",), resume=False, folder=tmp_path)
    record.add({"run": 1})
    record.finish(tmp_path / "docs" / "bench.json", {"cores": "2"}, failed={})
    assert json.loads((tmp_path / "docs" / "bench.json").read_text()) == {
        "machine": {"cores": "2"},
        "failed": {},
        "samples": [{"run": 1}],
    }
    assert Record("bench", ("run",), resume=True, folder=tmp_path).samples == []


def test_worst_and_median() -> None:
    assert worst_and_median([3.0, 1.0, 2.0, 9.0]) == (9.0, 2.5)
    with pytest.raises(ValueError, match="no sample"):
        worst_and_median([])


def test_versions_come_without_epoch_and_packaging() -> None:
    text = "keepalived=1:2.2.7-1+b2\nlinux-image-6.1.0-56-cloud-amd64=6.1.192-2\nfrr=8.4.4-1.1~deb12u2\nbash=5.2-1\n"
    assert versions(text) == {"keepalived": "2.2.7", "guest kernel": "6.1.192", "FRR": "8.4.4"}


def test_a_section_is_replaced_between_its_markers_only() -> None:
    text = "a\n<!-- x: begin, written by make x -->\nold\n<!-- x: end -->\nb\n"
    assert replace_section(text, "x", "\nnew\n") == text.replace("old", "new")
    with pytest.raises(LookupError, match="markers"):
        replace_section(text, "y", "new")


def test_an_outage_is_the_longest_gap_between_arrivals() -> None:
    arrivals = {number: number * 0.05 for number in range(1, 101) if not 40 < number < 61}
    found = outage(100, arrivals, 5)
    assert found.longest_gap_seconds == pytest.approx(1.05)
    assert (found.lost, found.restored) == (20, True)


def test_an_outage_that_has_not_ended_counts_to_the_last_packet_sent() -> None:
    found = outage(100, {number: number * 0.05 for number in range(1, 41)}, 5)
    assert found.longest_gap_seconds == pytest.approx(3.0)
    assert not found.restored
    assert outage(100, {}, 5).longest_gap_seconds == 5


def test_every_fault_is_measured_with_every_variant_that_can_have_it() -> None:
    wanted = [(variant.key, fault, run) for variant, fault, run in plan(VARIANTS, ["blackhole", "power-off"], 2)]
    assert len(wanted) == len(set(wanted)) == 2 * (len(VARIANTS) + 1)
    assert {key for key, fault, _ in wanted if fault == "power-off"} == {"ours"}, "no other moves the VPC's routes"
    assert ("single", "blackhole", 2) in wanted
    assert ("single", "blackhole", 3) not in [
        (one.key, fault, run) for one, fault, run in plan(VARIANTS, ["blackhole"], 5)
    ]


def test_the_device_s_inside_address_is_in_the_name_of_a_tunnel() -> None:
    assert device_address("tun11-4") == "169.254.11.6"


@pytest.mark.parametrize(
    ("old", "new"),
    [('"healthy": true', '"healthy": false'), ("alive", "unknown"), ('"TO-AWS"', '"TO-AWS-PREFERRED"')],
)
def test_a_device_is_calm_only_when_nothing_is_steered(old: str, new: str) -> None:
    assert is_calm(CALM)
    assert not is_calm(json.loads(json.dumps(CALM).replace(old, new)))
    assert not is_calm({})


def test_a_lower_bound_is_shown_as_one() -> None:
    row = {"variant": "usual", "fault": "blackhole", "run": 1, "to_aws": 2.0, "to_idc": 40.0, "mended_after": None}
    text = failover_report.section({"machine": {}, "samples": [{**row, "restored": False}]})
    assert "| 1 | over 40.00 | 40.00 | over 2.00 | 2.00 |" in text


def test_the_parts_of_the_way_add_up_to_the_whole() -> None:
    moments: dict[str, Any] = {"machine": 3.0, "built": 8.0, "ike": 20.0, "first ping": 30.0, "both ways": 31.0}
    moments["devices"] = {"Cgw": {"files": 12.0, "services": 21.0}}
    parts = network_report.parts({"moments": moments})
    assert parts == {"machine": 3, "built": 5, "services": 13, "ike": 0, "bgp": 0, "both ways": 10}
    assert sum(parts.values()) == moments["both ways"]


def test_the_moments_are_read_from_the_journal_and_from_the_follower() -> None:
    journal = "1795561633.62 i-1 cgw[99]: boot: network ok\n1795561640.10 i-1 cgw[99]: boot: keys kept the keys\n"
    assert network.noted(journal) == {"network": 1795561633.62}
    log = "2026-11-24 23:05:52,931 the network follows the region: new vpc-1, i-1 (3.1 s)\n"
    later = log.replace("52,931", "53,431")
    assert network.followed_at(later) - network.followed_at(log) == pytest.approx(0.5)
    with pytest.raises(LookupError, match="built nothing"):
        network.followed_at("")


def test_openssl_is_asked_in_bytes_per_second() -> None:
    assert cpu.rate("+H:1400\n+F:9:hmac(sha1):1541886956.52\n") == 1541886956.52
    with pytest.raises(ValueError, match="no speed"):
        cpu.rate("unknown cipher")


def test_algorithms_in_series_take_the_sum_of_their_times() -> None:
    assert cpu.nanoseconds([2e9, 1e9]) == pytest.approx(1.5)


def test_the_page_is_what_the_numbers_say() -> None:
    page = (ROOT / PAGE).read_text()
    for module in (failover_report, network_report, cpu, soak_report):
        data = ROOT / "docs" / "bench" / f"{module.SECTION}.json"
        if data.exists():
            section = module.section(json.loads(data.read_text()))
            assert replace_section(page, module.SECTION, section) == page, f"run: make {module.SECTION}"

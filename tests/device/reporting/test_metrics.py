"""What a device publishes of itself, and how: signed, to its own log stream, in CloudWatch's embedded metric format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cgw_device import metrics
from cgw_device.aws_api import AwsApi, AwsError
from cgw_device.metrics import Publisher, dropped, sender
from cgw_device.settings import Settings

from cdk_aws_vpn.device.configuration import render_files
from tests.device.aws.fake_aws import REGION, FakeAws, served
from tests.device.reporting.test_status import PEERS, TRAFFIC
from tests.device.shapes import METRICS, SHAPES

FIREWALL = """\
		oifname != @private ip daddr @aws counter packets {0} bytes 84 drop
		iifname != @private ip saddr @aws counter packets 1 bytes 60 drop
"""
IPSEC = "XfrmInError             \t0\nXfrmInNoStates          \t2\n"


class Device:
    """A device whose programs say what the test wants, and what it has published."""

    def __init__(self, folder: Path, shape: str = "dual-bgp-monitored") -> None:
        values = json.loads(render_files(SHAPES[shape]())["/etc/cgw/device.json"])
        self.settings = replace(Settings.of(values), state_folder=folder)
        self.folder = folder
        (folder / "boot").write_text("2026-11-23T18:00:09Z boot ok\n")
        if self.settings.pair:
            (folder / "vrrp").write_text("MASTER\n")
        self.probes("alive", "alive")
        self.answers = {
            "ipsec trafficstatus": TRAFFIC,
            "vtysh": json.dumps({"peers": PEERS}),
            "systemctl is-active": "active\n",
            "nft list": FIREWALL.format(4),
            "cat /proc/net/xfrm_stat": IPSEC,
        }
        self.published: list[dict[str, Any]] = []
        self.logged: list[str] = []
        self.refuses = ""

    def probes(self, *states: str) -> None:
        numbered = dict(zip(("1", "2"), states, strict=False))
        (self.folder / "tunnels.json").write_text(json.dumps({"states": numbered, "egress": 1}))

    def capture(self, command: list[str]) -> str:
        if command[:2] == ["systemctl", "is-active"]:
            return self.answers.get("systemctl is-active", "") * len(command[2:])
        return next((text for start, text in self.answers.items() if " ".join(command).startswith(start)), "")

    def send(self, documents: list[str]) -> None:
        if self.refuses:
            raise AwsError(self.refuses, "")
        self.published = [json.loads(document) for document in documents]

    def publisher(self) -> Publisher:
        return Publisher(self.settings, self.capture, self.send, self.logged.append)

    def values(self, tunnel: str | None = None) -> dict[str, Any]:
        """The metrics of the last round, of the device or of one tunnel."""
        (document,) = (one for one in self.published if one.get("Tunnel") == tunnel)
        return {
            metric["Name"]: document[metric["Name"]] for metric in document["_aws"]["CloudWatchMetrics"][0]["Metrics"]
        }


@pytest.fixture
def device(tmp_path: Path) -> Device:
    return Device(tmp_path)


def test_a_healthy_device_says_so_and_what_it_does(device: Device) -> None:
    device.publisher().round()
    assert device.values() == {"Healthy": 1, "PacketsDropped": 0, "Master": 1, "BgpSessions": 2, "TunnelsLeft": 0}
    assert [device.values(number) for number in ("1", "2")] == [{"ProbeAlive": 1, "BgpRoutes": 1}] * 2
    assert device.logged == ["metrics: published"]


def test_every_document_says_what_it_holds_as_cloudwatch_wants_it(device: Device) -> None:
    device.publisher().round()
    for document in device.published:
        (directive,) = document["_aws"]["CloudWatchMetrics"]
        assert document["_aws"]["Timestamp"] > 1_700_000_000_000
        assert directive["Namespace"] == METRICS.namespace == "CustomerGateway"
        assert all(isinstance(document[name], str) for names in directive["Dimensions"] for name in names)
        assert document["Device"] == METRICS.device


def test_a_dead_tunnel_shows(device: Device) -> None:
    publisher = device.publisher()
    device.probes("dead", "alive")
    device.answers["vtysh"] = json.dumps({"peers": {**PEERS, "169.254.11.1": {"state": "Active", "pfxRcd": 0}}})
    publisher.round()
    assert device.values("1") == {"ProbeAlive": 0, "BgpRoutes": 0}
    assert device.values("2") == {"ProbeAlive": 1, "BgpRoutes": 1}
    assert (device.values()["Healthy"], device.values()["BgpSessions"]) == (0, 1)


def test_a_probe_that_never_had_an_answer_says_nothing(device: Device) -> None:
    device.probes("unknown", "alive")
    device.publisher().round()
    assert "ProbeAlive" not in device.values("1")


def test_packets_are_counted_from_one_round_to_the_next(device: Device) -> None:
    publisher = device.publisher()
    assert dropped(device.capture) == 7
    device.answers["nft list"] = FIREWALL.format(10)
    publisher.round()
    assert device.values()["PacketsDropped"] == 6
    publisher.round()
    assert device.values()["PacketsDropped"] == 0
    device.answers["nft list"] = FIREWALL.format(1)  # the firewall was reloaded
    publisher.round()
    assert device.values()["PacketsDropped"] == 4


def test_the_other_device_of_a_pair_is_no_master(device: Device) -> None:
    (device.folder / "vrrp").write_text("BACKUP\n")
    device.publisher().round()
    assert device.values()["Master"] == 0


def test_a_device_alone_with_one_static_tunnel_publishes_its_health(tmp_path: Path) -> None:
    device = Device(tmp_path, "single-tunnel-monitored")
    device.probes()
    device.publisher().round()
    assert device.values() == {"Healthy": 1, "PacketsDropped": 0}
    assert len(device.published) == 1


def test_an_api_that_is_away_is_said_once_and_so_is_its_return(device: Device) -> None:
    publisher = device.publisher()
    device.refuses = "NoAnswer"
    publisher.round()
    publisher.round()
    device.refuses = ""
    publisher.round()
    assert device.logged == ["metrics: NoAnswer", "metrics: published"]


def test_a_device_that_was_told_no_stream_publishes_nothing(tmp_path: Path) -> None:
    device = Device(tmp_path, "dual-tunnel")
    with pytest.raises(SystemExit, match="names no log stream"):
        device.publisher()
    with pytest.raises(SystemExit, match="names no log stream"):
        metrics.run(device.settings)


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAws]:
    fake = FakeAws()
    with served(fake) as port:
        for name in ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_ENDPOINT_URL"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        yield fake


def test_it_is_written_to_the_one_stream_that_the_role_may_write_to(aws: FakeAws, device: Device) -> None:
    assert device.settings.metrics is not None
    send = sender(AwsApi(REGION, print), device.settings.metrics)
    send(['{"a": 1}', '{"b": 2}'])
    (call,) = aws.calls
    request = json.loads(call["body"])
    assert call["target"] == "Logs_20140328.PutLogEvents"
    assert (request["logGroupName"], request["logStreamName"]) == (METRICS.log_group, METRICS.log_stream)
    assert [event["message"] for event in request["logEvents"]] == ['{"a": 1}', '{"b": 2}']

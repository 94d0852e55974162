"""Every scenario is monitored: its connections, its tunnels in use, its devices."""

from __future__ import annotations

import json

import pytest

from tests.stacks.scenes import SCENARIOS, TWO_DEVICES, Scene
from tests.stacks.scenes import scene as scene_of

ALARMS = {
    "ScenarioSingleTunnel": 1 + 3,
    "ScenarioDualTunnel": 4 + 3,
    "ScenarioCgwCluster": 4 + 2 * 3,
    "ScenarioDualCgwStatic": 2 * (4 + 3),
    "ScenarioDualCgwBgp": 2 * (4 + 3),
    "ScenarioTransitGatewayEcmp": 2 * (4 + 3),
    "ScenarioClientVpn": 4 + 3 + 3,
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_there_is_an_alarm_for_everything_and_none_twice(name: str) -> None:
    alarms = [alarm["AlarmName"] for alarm in scene_of(name).all("AWS::CloudWatch::Alarm")]
    assert len(set(alarms)) == len(alarms) == ALARMS[name]
    assert all(alarm.startswith(f"{name}: ") for alarm in alarms)
    assert sum(alarm.endswith(" outage") for alarm in alarms) == len(scene_of(name).all("AWS::EC2::VPNConnection"))
    assert sum(alarm.endswith(" unhealthy") for alarm in alarms) == len(scene_of(name).devices)


def test_every_tunnel_writes_its_logs(scene: Scene) -> None:
    for connection in scene.all("AWS::EC2::VPNConnection"):
        for tunnel in connection["VpnTunnelOptionsSpecifications"]:
            options = tunnel["LogOptions"]["CloudwatchLogOptions"]
            assert options["LogEnabled"] is True
            assert options["BgpLogEnabled"] is not connection["StaticRoutesOnly"]


def test_every_device_publishes_to_a_stream_of_its_own(scene: Scene) -> None:
    # a stream without a name does not belong to a device: Client VPN logs its connections to it
    streams = {stream.get("LogStreamName") for stream in scene.all("AWS::Logs::LogStream")} - {None}
    assert streams == set(scene.devices)
    for device in scene.devices:
        assert f":log-stream:{device}" in scene.permissions(device)["logs:PutLogEvents"]
        assert "unit cgw-metrics" in scene.user_data(device)


def dashboards(scene: Scene) -> dict[str, str]:
    """Return what each dashboard shows, by the last word of its name."""
    found = {one["DashboardName"]["Fn::Join"][1][0][:-1]: one for one in scene.all("AWS::CloudWatch::Dashboard")}
    stack = scene.all("AWS::CloudWatch::Alarm")[0]["AlarmName"].split(":")[0]
    assert all(name.startswith(f"{stack}-") for name in found)
    return {name.removeprefix(f"{stack}-"): json.dumps(one["DashboardBody"]) for name, one in found.items()}


def test_there_is_one_dashboard_of_tunnels_and_one_of_clients_if_there_are_any(scene: Scene) -> None:
    clients = ["ClientMonitoring"] * len(scene.all("AWS::EC2::ClientVpnEndpoint"))
    assert sorted(dashboards(scene)) == [*clients, "Monitoring"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_two_devices_show_which_of_them_works(name: str) -> None:
    body = dashboards(scene_of(name))["Monitoring"]
    assert ("Device that carries the traffic" in body) is (name in TWO_DEVICES)

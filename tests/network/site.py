"""One deployed scenario on the network, found by its stack's name and its connections."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from vpn_lab.network.measuring.tunnel_in_use import gateway_of, tunnel_in_use
from vpn_lab.network.network import Network
from vpn_model.connection import VpnConnection
from vpn_model.hosts import Instance, Interface
from vpn_model.network import Network as Model
from vpn_model.unknown import known

IDC_HOST = "10.60.1.100"
CLOUD_HOST = "10.50.1.100"
UP_SECONDS = 150
QUIET_SECONDS = 150
# a device's report about its last boot, and about its tunnels if it monitors them
SAYS = "tail -n 1 /run/cgw/boot; [ ! -e /etc/systemd/system/cgw-monitor.service ] || cat /run/cgw/tunnels.json"
# what a shell answers: a device with one static tunnel has no programs of its own
NO_PROGRAM = 127


@dataclass(frozen=True)
class Site:
    """A data centre with its devices, a cloud VPC with its gateway, and a host in each."""

    network: Network
    stack: str

    @property
    def idc(self) -> str:
        return f"{self.stack}/Idc/Host"

    @property
    def cloud(self) -> str:
        return f"{self.stack}/Cloud/Host"

    # cached: the instances do not change during a test, and the region takes a while to answer
    @cached_property
    def devices(self) -> list[Instance]:
        """The customer gateway devices, by name: the active one first."""
        return [one for one in self.network.deployed().devices if one.name.startswith(f"{self.stack}/")]

    @cached_property
    def gateway(self) -> str:
        """The virtual private gateway of the cloud host's VPC, or the transit gateway that it is attached to."""
        model = self.network.deployed().model
        found = gateway_of(model, self._cloud_interface(model).vpc_id)
        assert found is not None
        return found

    def _cloud_interface(self, model: Model) -> Interface:
        return model.interfaces_of(self.network.node(self.cloud))[0]

    @property
    def connections(self) -> list[VpnConnection]:
        gateway = self.gateway
        return [one for one in self.network.deployed().model.vpn_connections.values() if one.gateway_id == gateway]

    def outside_addresses(self, device: Instance) -> list[str]:
        """The outside addresses of the tunnels that a device terminates."""
        model, gateway = self.network.deployed().model, self.gateway
        own = {address.public for port in model.interfaces_of(device.id) for address in port.addresses}
        return [
            known(tunnel.outside_address)
            for connection in model.vpn_connections.values()
            if connection.gateway_id == gateway
            and model.customer_gateways[connection.customer_gateway_id].address in own
            for tunnel in connection.tunnels
        ]

    @property
    def tunnels(self) -> dict[str, dict[str, Any]]:
        """The gateway's view of its tunnels, by outside address."""
        gateway = self.gateway
        return {outside: one for outside, one in self.network.tunnels().items() if one["gateway"] == gateway}

    def pings(self, *, reverse: bool = False) -> bool:
        """Tell whether one ping is answered within a second: from the IDC's host, or from the cloud's."""
        if reverse:
            return self.network.pings(self.cloud, IDC_HOST)
        return self.network.pings(self.idc, CLOUD_HOST)

    def carries(self) -> bool:
        """Tell whether both hosts reach each other."""
        return self.pings() and self.pings(reverse=True)

    def state_file(self, device: Instance, name: str) -> str:
        """Return the state that a device's programs share in ``/run/cgw``: faster than ``cgw-status``."""
        return str(self.network.call(device.id, "cat", f"/run/cgw/{name}")["output"]).strip()

    def monitored(self) -> list[dict[str, Any]]:
        """Return the tunnels' state of each device's monitor; nothing for a device that is off."""
        return [json.loads(self.state_file(device, "tunnels.json") or "{}") for device in self.devices]

    def answered(self) -> bool:
        """Tell whether all sessions are up, and all probes are answered, regardless of steering."""
        if not all(one["bgp"] == "Established" for one in self.tunnels.values()):
            return False
        return all(state == "alive" for device in self.monitored() for state in device["states"].values())

    def steering(self) -> list[dict[str, Any]]:
        """Return each device's memory of its tunnels: whether they were left, and how often."""
        found = [one.get("steering") or {} for one in self.monitored()]
        return [record for one in found for record in one.get("tunnels", {}).values()]

    def forget_faults(self) -> None:
        """Clear the devices' memory of faults, so that one test's faults do not make the next one wait."""
        for device in self.devices:
            command = "systemctl stop cgw-monitor && rm -f /run/cgw/tunnels.json && systemctl start cgw-monitor"
            self.network.run(device.id, "sh", "-c", command)

    def healthy(self) -> bool:
        """Tell whether every device reports that it is healthy, and every tunnel that should be up is."""
        return all(answer["code"] in (0, NO_PROGRAM) for answer in self._ask("cgw-status"))

    def undisturbed(self) -> bool:
        """Tell whether every device has booted, and none has a dead or left tunnel; this is faster than ``healthy``."""
        return all(answer["code"] == 0 and _is_undisturbed(answer["output"]) for answer in self._ask("sh", "-c", SAYS))

    def _ask(self, *command: str) -> list[dict[str, Any]]:
        """Run a program on all devices at once."""
        with ThreadPoolExecutor() as pool:
            return list(pool.map(lambda one: self.network.call(one.id, *command), self.devices))

    def master(self) -> Instance:
        """Return the device that is the master."""
        return next(one for one in self.devices if self.state_file(one, "vrrp") == "MASTER")

    def aws_uses(self) -> str | None:
        """Return the outside address of the tunnel through which AWS sends to the data centre."""
        model = self.network.deployed().model
        return tunnel_in_use(self.network, model, self._cloud_interface(model), IDC_HOST)

    def telemetry(self) -> dict[str, str]:
        """Return the state of each tunnel according to the EC2 API, by outside address."""
        kind = "vpn" if self.gateway.startswith("vgw-") else "transit"
        own = [{"Name": f"{kind}-gateway-id", "Values": [self.gateway]}]
        answer = self.network.region.client("ec2").describe_vpn_connections(Filters=own)
        tunnels = [tunnel for one in answer["VpnConnections"] for tunnel in one["VgwTelemetry"]]
        return {tunnel["OutsideIpAddress"]: tunnel["Status"] for tunnel in tunnels}

    def target_of_idc(self) -> str | None:
        """Return the instance to which the IDC host's subnet sends traffic for the cloud."""
        model = self.network.deployed().model
        table = model.route_table_of(model.interfaces_of(self.network.node(self.idc))[0].subnet_id)
        routes = table.routes if table else ()
        target = next((route.target_id for route in routes if route.destination == "10.50.0.0/16"), "")
        return model.interfaces[target].instance_id if target in model.interfaces else None


def _is_undisturbed(said: str) -> bool:
    boot, _, tunnels = said.partition("\n")
    found = json.loads(tunnels or "{}")
    left = any(record["left"] for record in found.get("steering", {}).get("tunnels", {}).values())
    return " boot ok" in boot and not left and "dead" not in found.get("states", {}).values()

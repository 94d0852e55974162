"""What the scenarios have in common: their settings and outputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aws_cdk import Aws, CfnOutput, Stack, Tags
from constructs import Construct

from cdk_aws_vpn import (
    COMPATIBILITY,
    CgwCluster,
    CgwInstance,
    ClientVpn,
    ClientVpnMonitoring,
    CloudVpc,
    IdcVpc,
    VpnConnection,
    VpnMonitoring,
    acknowledge,
)
from stacks.settings import ScenarioSettings

_REGION = Aws.REGION
_COMPATIBILITY = (
    "The profile 'compatibility' was asked for, which is for devices without IKEv2. The devices of the scenario use "
    "IKEv2, so IKEv1 is allowed and not used."
)


class Scenario(Stack):
    """Base class of the scenarios. The stack is named after the class, so ``cdk deploy`` takes the class name.

    Args:
        scope: The app.
        settings: Networks, ASNs, architecture. Default: read from the context; what the context does not set has the
            defaults of :class:`ScenarioSettings`.
        **stack_arguments: Arguments of any stack, such as ``env``.
    """

    def __init__(self, scope: Construct, *, settings: ScenarioSettings | None = None, **stack_arguments: Any) -> None:
        name = type(self).__name__
        self.settings = settings or ScenarioSettings.from_context(scope)
        summary = " ".join((type(self).__doc__ or "").split("\n\n")[0].split())
        super().__init__(scope, name, description=summary, **stack_arguments)
        Tags.of(self).add("Scenario", name)
        if self.settings.security_profile == COMPATIBILITY.name:
            acknowledge(self, {"cdk-aws-vpn::VPN_IKE_VERSION_2_ONLY": _COMPATIBILITY})

    @property
    def availability_zones(self) -> list[str]:
        """The zones of the VPCs: those of the settings, or those that AWS names first."""
        chosen = self.settings.availability_zones
        return chosen.split(",") if chosen else list(super().availability_zones)

    def output_connection(self, name: str, connection: VpnConnection) -> None:
        """Output a connection's id and the outside addresses of its tunnels."""
        self._output(f"{name}Id", connection.vpn_connection_id, f"VPN connection {name}")
        for tunnel in connection.tunnels:
            self._output(
                f"{name}Tunnel{tunnel.number}",
                tunnel.outside_address,
                f"Outside address of tunnel {tunnel.number}; inside CIDR {tunnel.inside_cidr}",
            )

    def output_device(self, name: str, device: CgwInstance) -> None:
        """Output a device's address and the command that opens a shell on it."""
        self._output(f"{name}Address", device.address, f"Elastic IP of {name}")
        self._output(
            f"{name}Session",
            f"aws ssm start-session --region {_REGION} --target {device.instance_id}",
            f"Command that opens a shell on {name}",
        )

    def output_cluster(self, name: str, cluster: CgwCluster) -> None:
        """Output the address that moves between two devices."""
        self._output(f"{name}Address", cluster.address, f"Elastic IP of {name}, held by the master")

    def output_client_vpn(self, name: str, client_vpn: ClientVpn) -> None:
        """Output an endpoint's id and the command that writes a user's profile."""
        self._output(f"{name}Id", client_vpn.endpoint_id, f"Client VPN endpoint {name}")
        self._output(
            f"{name}Profile",
            f"vpn-ops client-vpn profile USER --endpoint {client_vpn.endpoint_id}",
            f"Command that writes the OpenVPN profile with which USER connects to {name}",
        )

    def add_host(self, name: str, site: IdcVpc | CloudVpc, *, reachable_from: Sequence[str]) -> None:
        """Add a host that can be pinged, unless the settings leave hosts out; output its address and a shell command.

        Its EC2 Instance Connect Endpoint exists only for the hosts of its VPC, so it is left out with them.
        """
        if not self.settings.hosts:
            return
        host = site.add_host("Host", reachable_from=reachable_from, architecture=self.settings.architecture)
        self._output(f"{name}Address", host.private_address, f"Private address of {name}")
        self._output(
            f"{name}Session",
            f"aws ec2-instance-connect ssh --region {_REGION} --connection-type eice --instance-id {host.instance_id}",
            f"Command that opens a shell on {name}",
        )

    def output_monitoring(self, name: str, monitoring: VpnMonitoring | ClientVpnMonitoring) -> None:
        """Output the URL of the dashboard."""
        shown = "tunnels, traffic and devices" if isinstance(monitoring, VpnMonitoring) else "clients and their traffic"
        self._output(f"{name}Dashboard", monitoring.dashboard_url, f"Dashboard: alarms, {shown}")

    def _output(self, name: str, value: str, description: str) -> None:
        CfnOutput(self, name, value=value, description=description)

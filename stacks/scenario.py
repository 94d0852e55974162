"""What the scenarios have in common: their settings, and the outputs that a person looks for next."""

from __future__ import annotations

from typing import Any

from aws_cdk import Aws, CfnOutput, Stack, Tags
from constructs import Construct

from cdk_aws_vpn import CgwCluster, CgwInstance, ClientVpn, ClientVpnMonitoring, Host, VpnConnection, VpnMonitoring
from stacks.settings import ScenarioSettings

__all__ = ["Scenario"]

_REGION = Aws.REGION


class Scenario(Stack):
    """Base of the scenarios. Its name is the class's name, so that it is also what one types after ``cdk deploy``.

    Args:
        scope: The app.
        settings: Networks, ASNs, architecture. Default: those of the context, or the classic lab's.
        **stack_arguments: As for any stack, such as ``env``.
    """

    def __init__(self, scope: Construct, *, settings: ScenarioSettings | None = None, **stack_arguments: Any) -> None:
        name = type(self).__name__
        self.settings = settings or ScenarioSettings.from_context(scope)
        summary = " ".join((type(self).__doc__ or "").split("\n\n")[0].split())
        super().__init__(scope, name, description=summary, **stack_arguments)
        Tags.of(self).add("Scenario", name)

    def output_connection(self, name: str, connection: VpnConnection) -> None:
        """Show a connection's id and the addresses of its tunnels."""
        self._output(f"{name}Id", connection.vpn_connection_id, f"VPN connection {name}")
        for tunnel in connection.tunnels:
            self._output(
                f"{name}Tunnel{tunnel.number}",
                tunnel.outside_address,
                f"Outside address of tunnel {tunnel.number}; inside {tunnel.inside_cidr}",
            )

    def output_device(self, name: str, device: CgwInstance) -> None:
        """Show a device's address and how to log in to it."""
        self._output(f"{name}Address", device.address, f"Elastic IP of {name}")
        self._output(
            f"{name}Session",
            f"aws ssm start-session --region {_REGION} --target {device.instance_id}",
            f"Opens a shell on {name}",
        )

    def output_cluster(self, name: str, cluster: CgwCluster) -> None:
        """Show the address that moves between two devices."""
        self._output(f"{name}Address", cluster.address, f"Elastic IP that the living device of {name} holds")

    def output_client_vpn(self, name: str, client_vpn: ClientVpn) -> None:
        """Show an endpoint's id and how a user gets a profile for it."""
        self._output(f"{name}Id", client_vpn.endpoint_id, f"Client VPN endpoint {name}")
        self._output(
            f"{name}Profile",
            f"python -m vpn_ops client-vpn profile USER --endpoint {client_vpn.endpoint_id}",
            f"Writes a profile with which USER connects to {name}",
        )

    def output_host(self, name: str, host: Host) -> None:
        """Show a host's address and how to log in to it."""
        self._output(f"{name}Address", host.private_address, f"Private address of {name}")
        self._output(
            f"{name}Session",
            f"aws ec2-instance-connect ssh --region {_REGION} --connection-type eice --instance-id {host.instance_id}",
            f"Opens a shell on {name}",
        )

    def output_monitoring(self, name: str, monitoring: VpnMonitoring | ClientVpnMonitoring) -> None:
        """Show where one sees how it all is."""
        shown = "tunnels, traffic and devices" if isinstance(monitoring, VpnMonitoring) else "clients and their traffic"
        self._output(f"{name}Dashboard", monitoring.dashboard_url, f"Alarms, {shown} on one page")

    def _output(self, name: str, value: str, description: str) -> None:
        CfnOutput(self, name, value=value, description=description)

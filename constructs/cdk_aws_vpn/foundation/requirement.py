"""Stops the synthesis of a device that was given no VPN connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsii
from aws_cdk import Annotations, Aspects, IAspect
from constructs import IConstruct

if TYPE_CHECKING:
    from cdk_aws_vpn.device.cgw_instance import CgwInstance

__all__ = ["require_connection"]


def require_connection(device: CgwInstance) -> None:
    """Report an error at synth when :meth:`CgwInstance.terminate` was never called on ``device``."""
    Aspects.of(device).add(_RequireConnection(device))


@jsii.implements(IAspect)
class _RequireConnection:
    def __init__(self, device: CgwInstance) -> None:
        self._device = device

    def visit(self, node: IConstruct) -> None:
        """Look at the device itself; what is below it is of no interest."""
        if node is self._device and not self._device.is_terminated:
            Annotations.of(self._device).add_error(
                "the device has no VPN connection; allowed: one connection a device; "
                "call terminate(VpnConnection(…, customer_gateway=device.customer_gateway, …))"
            )

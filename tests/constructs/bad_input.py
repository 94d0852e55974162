"""The form of a bad input: what somebody writes, and the four parts of the message that must answer it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from cdk_aws_vpn import AddressingError, QuotaError, TunnelOptionsError, VpnConfigurationError
from tests.constructs.site import Site


@dataclass(frozen=True)
class Bad:
    """One bad input.

    ``allowed`` and ``remedy`` are parts of what the message says about them.
    """

    behaviour: str
    write: Callable[[Site], Any]
    prop: str
    value: Any
    allowed: str
    remedy: str
    error: type[VpnConfigurationError]


class Whatever:
    """Equal to anything: a value that depends on tokens or on the length of a template."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


address = partial(Bad, error=AddressingError)
option = partial(Bad, error=TunnelOptionsError)
quota = partial(Bad, error=QuotaError)
setting = partial(Bad, error=VpnConfigurationError)

"""Every public name that can be called, and how."""

from __future__ import annotations

from tests.constructs.sweep import (
    calls,
    calls_of_clients,
    calls_of_connections,
    calls_of_devices,
    calls_of_networks,
)

MODULES = (calls_of_connections, calls_of_networks, calls_of_devices, calls_of_clients)
"""Each registers its names when it is imported."""
SUBJECTS = dict(calls.SUBJECTS)
"""The call of each name."""

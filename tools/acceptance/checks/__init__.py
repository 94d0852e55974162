"""The checks, in the order in which they run."""

from tools.acceptance.check import Check
from tools.acceptance.checks import boot, cluster, foundations, routing, tunnels

CHECKS: tuple[Check, ...] = (
    *foundations.CHECKS,
    *boot.CHECKS,
    *tunnels.CHECKS,
    *routing.CHECKS,
    *cluster.CHECKS,
)
"""Every check; those of one stage stand together, so that each stage is deployed once."""

__all__ = ["CHECKS"]

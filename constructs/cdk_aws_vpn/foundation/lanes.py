"""An order for resources of which AWS changes only a few at once."""

from __future__ import annotations

from aws_cdk import CfnResource


class Lanes:
    """Lets CloudFormation create, change and delete at most ``width`` of the resources at once.

    Each resource waits for the one that was added to the same lane before it. The order is no part of a logical id, so
    another order replaces nothing.

    Args:
        width: How many resources CloudFormation may work on at once; 1 or more.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._count = 0
        self._last: dict[int, CfnResource] = {}

    def add(self, resource: CfnResource, *, number: int | None = None) -> None:
        """Add a resource behind the others of its lane.

        Args:
            resource: The resource.
            number: What determines its lane, if its place among the others may change. Default: its place.
        """
        lane = (self._count if number is None else number) % self._width
        self._count += 1
        before = self._last.get(lane)
        if before is not None:
            resource.add_resource_dependency(before)
        self._last[lane] = resource

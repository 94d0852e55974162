"""An order for resources of which AWS changes only a few at once."""

from __future__ import annotations

import bisect
import zlib

from aws_cdk import CfnResource


class Lanes:
    """Lets CloudFormation create, change and delete at most ``width`` of the resources at once.

    The resources stand in as many lanes, and each waits for the one before it in its lane. Lane and place follow from
    what a resource is called, so the order in which the resources are added does not matter, and another one changes
    two dependencies and no more.

    Args:
        width: How many resources CloudFormation may work on at once; 1 or more.
    """

    def __init__(self, width: int) -> None:
        self._lanes: list[list[tuple[str, CfnResource]]] = [[] for _ in range(width)]

    def add(self, resource: CfnResource, *, number: int | None = None) -> None:
        """Add a resource.

        Args:
            resource: The resource. It must depend on no other resource of these lanes.
            number: Determines its lane and its place. Default: they follow from its id.
        """
        key = resource.node.path if number is None else f"{number:09}"
        lane = self._lanes[(zlib.crc32(resource.node.id.encode()) if number is None else number) % len(self._lanes)]
        place = bisect.bisect([name for name, _ in lane], key)
        before = lane[place - 1][1] if place else None
        after = lane[place][1] if place < len(lane) else None
        if before is not None:
            resource.add_resource_dependency(before)
        if after is not None:
            after.add_resource_dependency(resource)
        if before is not None and after is not None:
            after.remove_resource_dependency(before)
        lane.insert(place, (key, resource))

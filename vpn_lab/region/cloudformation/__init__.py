"""CloudFormation of the region: ministack's engine, with our EC2 resource types and validation by AWS's schemas.

``schema``      what the registry knows about a type: validation, create-only properties, attributes
``resource``    how a resource type is written: create, update, delete, attributes
``resources/``  the EC2 resource types, one module per family
``type_registry``  which types a Region has
``engine``      what replaces parts of the engine: types, validation, replacement, order
"""

from __future__ import annotations

from vpn_lab.region.cloudformation import engine
from vpn_lab.region.settings import Settings

__all__ = ["install"]


def install(settings: Settings) -> None:
    engine.install(settings)

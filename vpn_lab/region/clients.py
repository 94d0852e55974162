"""boto3 clients with which the region's process calls itself.

The environment (``server.prepare_environment``) names the endpoint and the region's own keys. Never call these on the
event loop: the answer comes from that same loop.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from vpn_lab.region import regions


def own_client(service: str) -> Any:
    """Return a client for the Region of the request that is being answered."""
    return _client(service, regions.current())


@cache
def _client(service: str, region: str) -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]
        region_name=region,
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=20, parameter_validation=False),
    )

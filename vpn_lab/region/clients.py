"""boto3 clients with which the region's process calls itself.

The environment (``server.prepare_environment``) names the endpoint and the region's own keys. Never call these on the
event loop: the answer comes from that same loop.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import boto3
from botocore.config import Config


@cache
def own_client(service: str) -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]
        config=Config(retries={"total_max_attempts": 1}, max_pool_connections=20, parameter_validation=False),
    )

"""What each test of a Lambda handler needs: CloudFormation, which waits for its answer, and clients of AWS."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.unit.foundation.stand_ins import Clients, CloudFormation


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    service = CloudFormation()
    thread = threading.Thread(target=service.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield service
    service.server.shutdown()
    service.server.server_close()
    thread.join()


@pytest.fixture
def clients() -> Clients:
    return Clients()

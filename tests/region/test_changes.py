"""Followers of the region learn of a change immediately, and a service can be down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from botocore.exceptions import ClientError

from vpn_lab.region import Region


def test_a_question_is_no_change(region: Region) -> None:
    ec2 = region.client("ec2")
    before = region.changes(-1)
    ec2.describe_vpcs()
    ec2.get_paginator("describe_subnets").paginate().build_full_result()
    assert region.changes(before - 1) == before


def test_a_change_wakes_whoever_waits_for_one(region: Region) -> None:
    before = region.changes(-1)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(partial(region.changes, before))
        vpc = region.client("ec2").create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
        assert waiting.result(timeout=9) > before
    region.client("ec2").delete_vpc(VpcId=vpc)


def test_a_service_that_is_away_refuses_and_the_others_answer(region: Region) -> None:
    region.outage("secretsmanager", down=True)
    try:
        with pytest.raises(ClientError, match="503"):
            region.client("secretsmanager").list_secrets()
        assert "Vpcs" in region.client("ec2").describe_vpcs()
    finally:
        region.outage("secretsmanager", down=False)
    assert "SecretList" in region.client("secretsmanager").list_secrets()

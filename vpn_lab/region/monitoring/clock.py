"""Publishes metrics and evaluates alarms periodically, as AWS does once a minute."""

from __future__ import annotations

import asyncio
import logging

from vpn_lab.region import ec2, ministack, regions
from vpn_lab.region.monitoring import published
from vpn_lab.region.settings import Settings

MINUTE = 60.0
log = logging.getLogger(__name__)


async def run(settings: Settings) -> None:
    """Run until cancelled."""
    limit = settings.metric_period_limit
    # twice per period, so that every complete period has a value
    interval = MINUTE if limit is None else min(MINUTE, limit / 2)
    while True:
        tick(settings)
        await asyncio.sleep(interval)


def tick(settings: Settings) -> None:
    """Publish once and evaluate once, in every Region that was used."""
    try:
        for region in regions.used(settings):
            with regions.scope(settings, region):
                published.publish(ec2.region_backend(settings.account, region))
                ministack.module("services.cloudwatch")._evaluate_all_alarms()
    except Exception:  # an error here must not stop the clock silently
        log.exception("metrics could not be published")

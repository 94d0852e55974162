"""The statistic and the period of a metric, as a caller writes them.

Source: "Statistics definitions" in the CloudWatch user guide; "MetricStat" in the API reference.
"""

from __future__ import annotations

import re
from functools import cache

from aws_cdk import Duration

from cdk_aws_vpn.errors import VpnConfigurationError

_SHORT_PERIODS = (1, 5, 10, 20, 30)
_MINUTE = 60
_LONGEST = 86400
_RANGE = r"\d*(\.\d+)?%?:\d*(\.\d+)?%?"
_STATISTIC = re.compile(
    rf"Average|Minimum|Maximum|Sum|SampleCount|IQM|(p|tm|wm|tc|ts)\d{{1,2}}(\.\d{{1,10}})?|(PR|TM|WM|TC|TS)\({_RANGE}\)"
)


def check_statistic(value: object) -> None:
    """Check that ``value`` is a statistic of CloudWatch, such as ``Maximum`` or ``p99``.

    Raises:
        VpnConfigurationError: It is something else.
    """
    if not isinstance(value, str) or not _STATISTIC.fullmatch(value):
        raise VpnConfigurationError(
            "statistic",
            value,
            "Average, Minimum, Maximum, Sum, SampleCount, IQM, a percentile such as p99, or a trimmed one such as tm90",
            "choose one of these",
        )


def check_period(value: object) -> None:
    """Check that ``value`` is a period of CloudWatch; None is the default.

    Raises:
        VpnConfigurationError: It is no ``Duration``, or none that CloudWatch has.
    """
    if value is None:
        return
    allowed = "a Duration of 1, 5, 10, 20 or 30 seconds, or of whole minutes up to a day"
    remedy = "write it like Duration.minutes(5)"
    seconds = _seconds(value) if isinstance(value, Duration) else None
    if seconds is None:
        raise VpnConfigurationError("period", value, allowed, remedy)
    if seconds not in _SHORT_PERIODS and (seconds % _MINUTE or not _MINUTE <= seconds <= _LONGEST):
        raise VpnConfigurationError("period", f"{seconds:g} seconds", allowed, remedy)


@cache
def _seconds(period: Duration) -> float | None:
    """Ask the CDK once per period; None for one that is known only at deployment."""
    return None if period.is_unresolved() else period.to_milliseconds() / 1000

"""How long a condition must last before it raises an alarm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from aws_cdk import Duration

from cdk_aws_vpn.checks.arguments import check_whole_number
from cdk_aws_vpn.checks.tokens import is_token
from cdk_aws_vpn.errors import VpnConfigurationError

_SHORTEST_SECONDS = 60
_LONGEST_SECONDS = 86400


@dataclass(frozen=True, kw_only=True)
class AlarmTiming:
    """An alarm is raised when M of the last N periods are bad.

    M is ``datapoints_to_alarm``, N is ``evaluation_periods``. The ranges come from the API reference of
    ``PutMetricAlarm``. An alarm can look back over at most one day.

    Attributes:
        period_seconds: Length of a period, a multiple of 60. Default: 300, because AWS promises no more than one value
            of a tunnel's state per five minutes, and a period without a value counts as bad.
        datapoints_to_alarm: M, 1 to N. Default: 2.
        evaluation_periods: N. Default: 3.

    Raises:
        VpnConfigurationError: A number is out of range.
    """

    period_seconds: int = 300
    datapoints_to_alarm: int = 2
    evaluation_periods: int = 3

    @property
    def period(self) -> Duration:
        """The length of a period."""
        return _seconds(self.period_seconds)

    def __post_init__(self) -> None:
        for name, value in (
            ("period_seconds", self.period_seconds),
            ("evaluation_periods", self.evaluation_periods),
            ("datapoints_to_alarm", self.datapoints_to_alarm),
        ):
            if is_token(value):
                raise VpnConfigurationError(
                    name,
                    "(a token)",
                    "a literal number",
                    "write the number: the three values are checked against each other",
                )
        check_whole_number("period_seconds", self.period_seconds, _SHORTEST_SECONDS, _LONGEST_SECONDS)
        check_whole_number("evaluation_periods", self.evaluation_periods, 1, 1440)
        check_whole_number("datapoints_to_alarm", self.datapoints_to_alarm, 1, self.evaluation_periods)
        if self.period_seconds % _SHORTEST_SECONDS:
            raise VpnConfigurationError(
                "period_seconds", self.period_seconds, "a multiple of 60", "round it to whole minutes"
            )
        if self.period_seconds * self.evaluation_periods > _LONGEST_SECONDS:
            raise VpnConfigurationError(
                "evaluation_periods",
                self.evaluation_periods,
                f"at most {_LONGEST_SECONDS // self.period_seconds}: an alarm can look back over at most one day",
                "shorten the period or evaluate fewer periods",
            )


@cache
def _seconds(number: int) -> Duration:
    return Duration.seconds(number)

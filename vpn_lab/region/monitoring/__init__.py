"""What the region adds to ministack's CloudWatch: more metrics, alarms that are evaluated as on AWS, and logs.

``alarms``             evaluation: dimensions, periods, M of N, missing data
``published``          the metrics that AWS publishes: AWS/VPN, AWS/ClientVPN and AWS/EC2
``tunnel_logs``        what AWS writes about tunnels when their log options are on
``connection_logs``    what it writes about the clients of a Client VPN endpoint
``vended_logs``        how both are written
``embedded_metrics``   log events in CloudWatch's embedded metric format become metrics
``query_definitions``  saved Logs Insights queries
``insights``           runs a Logs Insights query
``logs_api``           puts the last three into ministack's API
``health_events``      AWS Health events, and log groups as targets of rules
``clock``              publishes and evaluates periodically
"""

from __future__ import annotations

from vpn_lab.region.monitoring import alarms, health_events, logs_api, query_definitions
from vpn_lab.region.settings import Settings

__all__ = ["install", "reset"]


def install(settings: Settings) -> None:
    """Replace ministack's parts with ours."""
    alarms.install(settings)
    logs_api.install()
    health_events.install()


def reset() -> None:
    """Forget the state that ministack does not know."""
    query_definitions.reset()

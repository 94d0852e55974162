"""Records on a construct why a finding of a rule pack does not apply there."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge findings on ``construct`` and on what is below it, and nowhere else.

    Args:
        construct: The narrowest construct that the reason is true for.
        reasons: From rule id (``AwsSolutions-IAM5[Resource::*]``) to the reason, written for a security reviewer.
    """
    Validations.of(construct).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()))

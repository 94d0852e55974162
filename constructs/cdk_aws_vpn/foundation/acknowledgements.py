"""Records on a construct why a finding of a rule pack does not apply there."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge findings on ``construct`` and on what is below it, and nowhere else.

    Args:
        construct: The narrowest construct that the reason is true for: a resource, or a construct whose resources all
            have the finding. Name all its findings in one call: each call is two messages to another process.
        reasons: From rule id (``AwsSolutions-IAM5[Resource::*]``) to the reason, written for a security reviewer.
            Nothing happens when it is empty.
    """
    if not reasons:
        return
    Validations.of(construct).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()))

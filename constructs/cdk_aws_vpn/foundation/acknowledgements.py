"""Records on a construct why a finding of a rule pack does not apply there."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct

from cdk_aws_vpn.checks.arguments import check_placed
from cdk_aws_vpn.errors import VpnConfigurationError


def acknowledge(construct: IConstruct, reasons: Mapping[str, str]) -> None:
    """Acknowledge findings on ``construct`` and on what is below it, and nowhere else.

    Args:
        construct: The narrowest construct that the reason is true for: a resource, or a construct whose resources all
            have the finding. Name all its findings in one call: each call is two messages to another process.
        reasons: From rule id (``AwsSolutions-IAM5[Resource::*]``) to the reason, written for a security reviewer.
            Nothing happens when it is empty.

    Raises:
        VpnConfigurationError: ``construct`` is not a construct, or a rule or its reason is not a text.
    """
    check_placed("construct", construct)
    texts = isinstance(reasons, Mapping) and all(isinstance(each, str) and each for each in chain(*reasons.items()))
    if not texts:
        raise VpnConfigurationError(
            "reasons", reasons, "a map from the id of a rule to a reason", "write it like {'AwsSolutions-SNS3': 'why'}"
        )
    if not reasons:
        return
    Validations.of(construct).acknowledge(*(Acknowledgment(id=rule, reason=reason) for rule, reason in reasons.items()))

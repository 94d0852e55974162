"""Our rules as a plugin of the CDK's validation: they check the templates that the synthesis has written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import jsii
from aws_cdk import (
    IPolicyValidationContext,
    IPolicyValidationPlugin,
    PolicyValidationPluginReport,
    PolicyViolatingResource,
    PolicyViolation,
)

from vpn_model.read_template.environment import Environment
from vpn_model.rules.findings import OURS, Finding
from vpn_model.rules.review import RULES, review_file


@jsii.implements(IPolicyValidationPlugin)
class VpnRules:
    """Reports errors, which stop the synthesis, and warnings. Notes are for a review: the command shows them."""

    @property
    def name(self) -> str:
        """The name in the report. A finding is acknowledged as ``cdk-aws-vpn::VPN_NO_SHA1``."""
        return OURS

    @property
    def version(self) -> str | None:
        """Not reported: the rules have the version of the library."""
        return None

    @property
    def rule_ids(self) -> list[str]:
        """The ids of all rules."""
        return [rule.id for rule in RULES]

    def validate(self, context: IPolicyValidationContext) -> PolicyValidationPluginReport:
        """Review all templates of the app."""
        findings: dict[tuple[object, ...], Finding] = {}
        for stack in context.stack_templates:
            where = Environment(account=stack.account_id, region=stack.region)
            for one in review_file(Path(stack.template_path), where).findings:
                # a nested template that two stacks share is reported once
                findings.setdefault((one.rule, one.template, one.resource, one.path), one)
        shown = [one for one in findings.values() if one.severity != "note"]
        return PolicyValidationPluginReport(
            success=not any(one.fails() for one in shown), violations=list(_violations(shown))
        )


def _violations(findings: Sequence[Finding]) -> Iterator[PolicyViolation]:
    for one in findings:
        tunnel = f"tunnel {one.tunnel}: " if one.tunnel else ""
        when = f" (when {one.when})" if one.when else ""
        resource = PolicyViolatingResource(
            resource_logical_id=one.resource, template_path=str(one.template), locations=[one.path]
        )
        yield PolicyViolation(
            rule_name=one.rule,
            description=f"{one.path.removeprefix('Properties.')}: {tunnel}{one.message}{when}",
            severity=one.severity,
            fix=one.definition.remedy,
            violating_resources=[resource],
        )

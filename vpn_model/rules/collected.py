"""Gathers what the rules find: each finding once, with the conditions under which it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from vpn_model.rules.findings import SEVERITIES, Finding, NotReviewed, Review, Violation

Truths = Mapping[str, bool]


class Collected:
    """The findings of a template and of those that are nested in it."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], Finding] = {}
        self._branches: dict[tuple[object, ...], tuple[list[Truths], Sequence[Truths]]] = {}
        self.missed: dict[NotReviewed, None] = {}
        self.templates = 1

    def add(
        self,
        template: Path,
        resource: str,
        resource_type: str,
        violation: Violation,
        *,
        truths: Truths | None = None,
        possible: Sequence[Truths] = (),
    ) -> None:
        """Record what a rule found in a resource, in the branch in which these conditions hold."""
        place = (violation.rule.id, template, resource, violation.path, violation.tunnel)
        self._branches.setdefault(place, ([], possible))[0].append(truths or {})
        self._found.setdefault(
            place,
            Finding(
                rule=violation.rule.id,
                definition=violation.rule,
                severity=violation.rule.severity,
                template=template,
                resource=resource,
                resource_type=resource_type,
                path=violation.path,
                message=violation.message,
                tunnel=violation.tunnel,
            ),
        )

    def review(self, template: Path) -> Review:
        """The result: the worst findings first, otherwise in the order of the template."""
        findings = [
            Finding(**{**vars(one), "when": _conditions(*self._branches[place])}) for place, one in self._found.items()
        ]
        findings.sort(key=lambda one: SEVERITIES.index(one.severity))
        return Review(template=template, findings=tuple(findings), not_reviewed=tuple(sorted(self.missed)))


def _conditions(found: Sequence[Truths], possible: Sequence[Truths]) -> str:
    """The conditions that all branches with a finding share, and not all possible branches do."""
    shared = {
        name: value
        for name, value in found[0].items()
        if all(one.get(name) is value for one in found) and not all(one.get(name) is value for one in possible)
    }
    return " and ".join(f"{name} is {str(value).lower()}" for name, value in sorted(shared.items()))

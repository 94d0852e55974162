"""Writes reviews as text for people, and as JSON and SARIF 2.1.0 for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vpn_model.rules.findings import OURS, Finding, NotReviewed, Review, Rule, Severity
from vpn_model.rules.printable import printable

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LARGEST_SHOWN = 1_000_000
KEY = re.compile(r"""\b(\w+)["']?[ \t]*:""")


def as_text(reviews: Iterable[Review], *, notes: bool = False) -> str:
    """Write findings for people: one line for what was found and where, and one each for the reason and the remedy.

    Args:
        reviews: The results.
        notes: Whether to write notes, too. They are counted otherwise.
    """
    return "".join(
        _paragraph(finding) for review in reviews for finding in review.findings if notes or finding.severity != "note"
    )


def _paragraph(finding: Finding) -> str:
    tunnel = f" (tunnel {finding.tunnel})" if finding.tunnel else ""
    source = "" if finding.source == OURS else f" [{finding.source}]"
    when = f", when {finding.when}" if finding.when else ""
    where = f"{finding.template}: {finding.resource}: {finding.path}" if finding.path else ""
    where = where or f"{finding.template}: {finding.resource}"
    lines = [f"{where}{tunnel}: {finding.severity} {finding.rule}{source}: {finding.message}{when}"]
    lines += [f"  why: {finding.definition.why}"] if finding.definition.why else []
    lines += [f"  remedy: {finding.definition.remedy}"] if finding.definition.remedy else []
    return "".join(f"{printable(line)}\n" for line in lines)


def missed_text(reviews: Iterable[Review]) -> str:
    """Write what could not be reviewed: one line for each place."""
    return "".join(f"{printable(_missed_line(one))}\n" for review in reviews for one in review.not_reviewed)


def _missed_line(one: NotReviewed) -> str:
    where = f"{one.resource}: {one.path}" if one.path else one.resource
    return f"{one.template}: {where}: not reviewed: {one.reason}"


def count(reviews: Sequence[Review], severity: Severity) -> int:
    """The number of findings of a severity."""
    return sum(one.severity == severity for review in reviews for one in review.findings)


def as_json(reviews: Sequence[Review], *, errors: Sequence[str] = ()) -> str:
    """Write everything as one JSON object: findings, what was not reviewed, and templates that could not be read."""
    return json.dumps(
        {
            "findings": [_plain(one) for review in reviews for one in review.findings],
            "not_reviewed": [
                {**asdict(one), "template": str(one.template)} for review in reviews for one in review.not_reviewed
            ],
            "errors": list(errors),
            "templates": [str(review.template) for review in reviews],
        },
        indent=2,
    )


def _plain(finding: Finding) -> dict[str, Any]:
    rule = finding.definition
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "source": finding.source,
        "template": str(finding.template),
        "resource": finding.resource,
        "type": finding.resource_type,
        "path": finding.path,
        "tunnel": finding.tunnel,
        "when": finding.when,
        "message": finding.message,
        "why": rule.why,
        "remedy": rule.remedy,
    }


def as_sarif(reviews: Sequence[Review], *, errors: Sequence[str] = ()) -> str:
    """Write everything as SARIF 2.1.0: one run for each source of rules."""
    findings = [one for review in reviews for one in review.findings]
    sources = dict.fromkeys([OURS, *(one.source for one in findings)])
    missed = [one for review in reviews for one in review.not_reviewed]
    runs = [
        _run(source, [one for one in findings if one.source == source], missed if source == OURS else [], errors)
        for source in sources
    ]
    return json.dumps({"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": runs}, indent=2)


def _run(
    source: str, findings: Sequence[Finding], missed: Sequence[NotReviewed], errors: Sequence[str]
) -> dict[str, Any]:
    rules = list(dict.fromkeys(one.definition for one in findings))
    lines = _Lines()
    notifications = [{"level": "note", "message": {"text": _missed_line(one)}} for one in missed]
    notifications += [{"level": "error", "message": {"text": one}} for one in errors]
    return {
        "tool": {"driver": {"name": source, "rules": [_sarif_rule(one) for one in rules]}},
        "invocations": [{"executionSuccessful": not errors, "toolExecutionNotifications": notifications}],
        "results": [_result(one, rules.index(one.definition), lines) for one in findings],
    }


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why or rule.title},
        "help": {"text": rule.remedy or rule.title},
        "defaultConfiguration": {"level": rule.severity},
    }


def _result(finding: Finding, index: int, lines: _Lines) -> dict[str, Any]:
    where = f"Resources.{finding.resource}" + (f".{finding.path}" if finding.path else "")
    tunnel = f"tunnel {finding.tunnel}: " if finding.tunnel else ""
    when = f" (when {finding.when})" if finding.when else ""
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": f"{finding.resource}: {tunnel}{finding.message}{when}; {finding.definition.remedy}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(finding.template.as_posix())},
                    "region": {"startLine": lines.of(finding.template, finding.resource)},
                },
                "logicalLocations": [{"fullyQualifiedName": where, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"place/v1": f"{finding.rule}/{where}"},
    }


class _Lines:
    """Finds the lines of resources in their templates."""

    def __init__(self) -> None:
        self._found: dict[Path, dict[str, int]] = {}

    def of(self, template: Path, resource: str) -> int:
        """The line of the resource, counted from 1; 1 if nobody knows it, as in a loop."""
        if template not in self._found:
            # of several places, the first one
            self._found[template] = dict(reversed(list(self._keys(template))))
        return self._found[template].get(resource, 1)

    @staticmethod
    def _keys(path: Path) -> Iterable[tuple[str, int]]:
        if not path.is_file() or path.stat().st_size > LARGEST_SHOWN:
            return
        text = path.read_text(encoding="utf-8", errors="replace")
        line, position = 1, 0
        for match in KEY.finditer(text, max(0, text.find("Resources"))):
            line += text.count("\n", position, match.start())
            position = match.start()
            yield match[1], line

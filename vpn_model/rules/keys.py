"""Rules for pre-shared keys: none is in a template, nor where everybody who can read a stack can read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from vpn_model.rules.findings import Rule, Violation
from vpn_model.rules.key_trace import Scope, problems, text_problems
from vpn_model.rules.subject import SPECIFICATIONS

LITERAL_KEY = Rule(
    id="VPN_NO_LITERAL_PRE_SHARED_KEY",
    severity="error",
    title="No pre-shared key can be read in a template, or in the parameters of a stack",
    why="A template has many copies: in Git, in buckets, in the history of the stack. Anyone who reads the key can "
    "pretend to be either end (AWS CloudFormation User Guide, dynamic references; NoEcho does not hide a default).",
    remedy="replace the key with a dynamic reference to Secrets Manager that is the whole value, and rotate the key",
)
LITERAL_SECRET = Rule(
    id="VPN_NO_LITERAL_SECRET",
    severity="error",
    title="No secret has its value in the template",
    why=LITERAL_KEY.why,
    remedy="let GenerateSecretString make the value, or write it after the deployment; and rotate what was readable",
)
RULES = (LITERAL_KEY, LITERAL_SECRET)


def pre_shared_keys(properties: Mapping[str, Any], scope: Scope) -> Iterator[Violation]:
    """Find readable keys of a connection as it is written, in every branch, whatever the conditions are."""
    reasons: dict[int, list[str]] = {}
    for number, expression in _keys(properties.get(SPECIFICATIONS), None):
        reasons.setdefault(number, []).extend(problems(expression, scope))
    for number, found in reasons.items():
        if found:
            path = f"Properties.{SPECIFICATIONS}.{number - 1}.PreSharedKey"
            message = f"the key can be read: {'; '.join(dict.fromkeys(found))}"
            yield Violation(rule=LITERAL_KEY, path=path, message=message, tunnel=number)


def _keys(value: Any, number: int | None) -> Iterator[tuple[int, Any]]:
    """The keys inside the options of tunnels, with the number of the tunnel."""
    if isinstance(value, list):
        for position, member in enumerate(value, start=1):
            yield from _keys(member, position if number is None else number)
        return
    if not isinstance(value, dict):
        return
    if "PreSharedKey" in value:
        yield 1 if number is None else number, value["PreSharedKey"]
    match value:
        case {"Fn::If": [_, first, second]}:
            yield from _keys(first, number)
            yield from _keys(second, number)
        case {"Fn::Select": [_, members]}:
            yield from _keys(members, number)


def secret(properties: Mapping[str, Any], scope: Scope) -> Iterator[Violation]:
    """Find a secret of Secrets Manager whose value is readable."""
    if "SecretString" in properties:
        reasons = text_problems(properties["SecretString"], scope)
        if reasons:
            message = f"the secret can be read: {'; '.join(reasons)}"
            yield Violation(rule=LITERAL_SECRET, path="Properties.SecretString", message=message)

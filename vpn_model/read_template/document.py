"""Parses the text of a template, and refuses what CloudFormation refuses, too."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.yaml_loader import CloudFormationLoader

LARGEST_TEMPLATE = 1_000_000
"""The most bytes that CloudFormation takes, from a bucket."""
DEEPEST = 100
TOO_DEEP = f"the template is nested more than {DEEPEST} levels deep; CloudFormation refuses that, too"


def read_document(path: Path) -> dict[str, Any]:
    """Read a template file.

    Raises:
        TemplateError: It is larger than CloudFormation takes, not UTF-8, or malformed; ``parse_document`` says what is.
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(LARGEST_TEMPLATE + 1)  # no more, whatever the file is
    if len(content) > LARGEST_TEMPLATE:
        raise TemplateError(
            f"{path.name}: a template may have at most {LARGEST_TEMPLATE} bytes; split it into several stacks"
        )
    try:
        return parse_document(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise TemplateError(f"{path.name}: a template must be UTF-8 text; convert the file") from None
    except TemplateError as problem:
        raise TemplateError(f"{path.name}: {problem}") from None


def parse_document(text: str) -> dict[str, Any]:
    """Parse a template: JSON if it begins with a brace, otherwise YAML with CloudFormation's short tags.

    A short tag becomes its long form: ``!GetAtt A.B`` becomes ``{"Fn::GetAtt": ["A", "B"]}``.

    Raises:
        TemplateError: It is malformed, not a mapping, or nested too deeply; or it has a duplicate key, an alias or an
            unknown tag.
    """
    if not text.strip("\ufeff \t\r\n"):
        raise TemplateError("the template is empty; it must be a mapping with a mapping 'Resources' in it")
    try:
        body = _json(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else _yaml(text)
    except RecursionError:
        raise TemplateError(TOO_DEEP) from None
    if not isinstance(body, dict) or not isinstance(body.get("Resources"), dict):
        raise TemplateError("a template must be a mapping with a mapping 'Resources' in it")
    _check_depth(body)
    return body


def _check_depth(body: Any) -> None:
    level = [body]
    for _ in range(DEEPEST):
        level = [inner for value in level for inner in _members(value)]
    if level:
        raise TemplateError(TOO_DEEP)


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _json(text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"), object_pairs_hook=_without_duplicates)
    except json.JSONDecodeError as problem:
        # not from the problem itself, which holds the whole text
        raise TemplateError(f"line {problem.lineno}, column {problem.colno}: no JSON: {problem.msg.lower()}") from None


def _without_duplicates(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise TemplateError(f"the key {key!r} appears twice in one object; remove one")
        found[key] = value
    return found


def _yaml(text: str) -> Any:
    try:
        return yaml.load(text, Loader=CloudFormationLoader)  # noqa: S506 -- the loader is a safe one
    except yaml.MarkedYAMLError as problem:
        # not the problem's own text, which shows lines of the template
        line = problem.problem_mark.line + 1 if problem.problem_mark else "?"
        raise TemplateError(f"line {line}: no YAML: {problem.problem}") from None
    except yaml.YAMLError:
        raise TemplateError("no YAML: a character that YAML does not allow") from None

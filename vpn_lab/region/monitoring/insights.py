"""Runs a Logs Insights query: ``fields``, ``filter``, ``sort`` and ``limit``.

ministack ignores the parts of a query that it does not know, and then returns too much. Here they are rejected.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable
from typing import Any

Record = dict[str, Any]
Predicate = Callable[[Record], bool]

LONGEST = 10000
TOKEN = re.compile(
    r"""\s*(?:(?P<regex>/(?:\\.|[^/\\])+/)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
    r"""|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))|(?P<operator>!=|>=|<=|=|>|<|\(|\)|\[|\]|,)|(?P<word>[@\w.]+|`[^`]+`))"""
)
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


class MalformedQueryError(ValueError):
    """The query cannot run here. The message says which part is the reason."""


def run(query: str, records: list[Record]) -> list[list[dict[str, str]]]:
    """Return the rows of a query over records with ``@timestamp``, ``@message``, ``@logStream``, ``@log``, ``@ptr``."""
    fields, limit = ["@timestamp", "@message"], LONGEST
    found = [{**_discovered(record), **record} for record in records]
    for stage in stages(query):
        command, _, rest = stage.partition(" ")
        if command == "fields":
            fields = [_name(name) for name in rest.split(",")]
        elif command == "filter":
            keep = Filter(rest).predicate
            found = [record for record in found if keep(record)]
        elif command == "sort":
            name, _, direction = rest.strip().partition(" ")
            found = _sorted(found, _name(name), reverse=direction.strip() == "desc")
        elif command == "limit" and rest.strip().isdigit():
            limit = int(rest)
        else:
            raise MalformedQueryError(f"the region does not run '{stage}' of a query")
    return [
        [{"field": name, "value": _text(row[name])} for name in (*fields, "@ptr") if name in row]
        for row in found[:limit]
    ]


def stages(query: str) -> list[str]:
    """Split a query at each ``|`` that is outside texts and regular expressions."""
    parts = re.findall(r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|/(?:\\.|[^/\\])+/|[^|"'/])+""", query)
    return [part.strip() for part in parts if part.strip()]


def _discovered(record: Record) -> Record:
    """The fields that CloudWatch discovers in a JSON message; nested names are joined with a dot."""
    try:
        message = json.loads(record["@message"])
    except ValueError:
        return {}
    return _flat(message) if isinstance(message, dict) else {}


def _flat(values: Record, prefix: str = "") -> Record:
    found: Record = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found.update(_flat(value, f"{prefix}{name}."))
        else:
            found[prefix + name] = value
    return found


def _sorted(records: list[Record], field: str, *, reverse: bool) -> list[Record]:
    return sorted(records, key=lambda record: str(record.get(field, "")), reverse=reverse)


def _name(word: str) -> str:
    """The name of a field; names with a hyphen are in backticks."""
    return word.strip().strip("`")


def _text(value: Any) -> str:
    # booleans are 1 and 0 in Logs Insights
    return str(int(value)) if isinstance(value, bool) else str(value)


class Filter:
    """The condition of a ``filter``: comparisons, ``like``, ``in``, ``and``, ``or``, ``not``, parentheses."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._text = text
        self.predicate = self._either()
        if self._tokens:
            raise self._problem()

    def _problem(self) -> MalformedQueryError:
        at = self._tokens[0][1] if self._tokens else "its end"
        return MalformedQueryError(f"the condition '{self._text}' cannot be read at {at}")

    def _next(self, *wanted: str) -> str | None:
        if self._tokens and self._tokens[0][1].lower() in wanted:
            return self._tokens.pop(0)[1].lower()
        return None

    def _either(self) -> Predicate:
        options = [self._both()]
        while self._next("or"):
            options.append(self._both())
        return lambda record: any(option(record) for option in options)

    def _both(self) -> Predicate:
        conditions = [self._one()]
        while self._next("and"):
            conditions.append(self._one())
        return lambda record: all(condition(record) for condition in conditions)

    def _one(self) -> Predicate:
        if self._next("not"):
            negated = self._one()
            return lambda record: not negated(record)
        if self._next("("):
            inner = self._either()
            if not self._next(")"):
                raise self._problem()
            return inner
        if not self._tokens or self._tokens[0][0] != "word":
            raise self._problem()
        return self._comparison(_name(self._tokens.pop(0)[1]))

    def _comparison(self, field: str) -> Predicate:
        if self._next("like"):
            pattern = self._value("regex", "text")
            return lambda record: re.search(pattern, _text(record.get(field, ""))) is not None
        if self._next("in") and self._next("["):
            allowed = [self._value("text", "number")]
            while self._next(","):
                allowed.append(self._value("text", "number"))
            if not self._next("]"):
                raise self._problem()
            return lambda record: field in record and _text(record[field]) in allowed
        symbol = self._next(*COMPARISONS)
        if symbol is None:
            raise self._problem()
        compare = COMPARISONS[symbol]
        if self._tokens and self._tokens[0][0] == "number":
            number = float(self._value("number"))
            return lambda record: isinstance(record.get(field), (int, float)) and compare(record[field], number)
        text = self._value("text")
        return lambda record: field in record and compare(_text(record[field]), text)

    def _value(self, *kinds: str) -> str:
        if not self._tokens or self._tokens[0][0] not in kinds:
            raise self._problem()
        kind, text = self._tokens.pop(0)
        if kind == "number":
            return text
        inner = text[1:-1]
        return inner if kind == "regex" else re.sub(r"\\(.)", r"\1", inner)


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, text = [], 0, text.rstrip()
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            raise MalformedQueryError(f"the condition '{text}' cannot be read at '{text[at:]}'")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found

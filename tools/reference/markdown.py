"""Writes an entry as Markdown: what the docstring says, a table of options, the errors, a table of members."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tools.reference.mistakes import Errors
from tools.reference.model import Entry, Member, Option
from vpn_model.changes import changes

ROLE = re.compile(r":(?:class|meth|func|mod|attr):`~?\.?([\w.]+)`")
LITERAL = re.compile(r"``(.+?)``", re.DOTALL)
REQUIRED = "*required*"
LONGEST_NAME = 24
"""Characters that fit beside two other columns."""


def write_entry(entry: Entry, errors: Errors, pages: Mapping[str, str]) -> str:
    """Return the generated part for a public name; ``pages`` tells where each public name has its heading."""

    def prose(text: str) -> str:
        return to_markdown(text, pages)

    # several values share a heading, so each says its name
    parts = [f"`{entry.name}`: {prose(entry.text)}" if entry.is_value else prose(entry.text)]
    if entry.fields:
        parts.append(
            "\n".join(
                ["| Field | Value |", "|---|---|", *(f"| `{name}` | `{value}` |" for name, value in entry.fields)]
            )
        )
    if entry.bases:
        parts.append("It has everything that " + " and ".join(_link(base, pages) for base in entry.bases) + " has.")
    if entry.options:
        parts.append(_option_table(entry, errors, prose))
    if entry.raises:
        parts.append(
            "\n".join(["Errors:", "", *(f"- {_link(kind, pages)}: {prose(text)}" for kind, text in entry.raises)])
        )
    if entry.members:
        rows = ["| Property or method | What it is or does |", "|---|---|"]
        parts.append("\n".join([*rows, *(_member_row(member, pages, prose) for member in entry.members)]))
    return "\n\n".join(parts)


def to_markdown(text: str, pages: Mapping[str, str]) -> str:
    """Return a docstring's text as Markdown: literals, and references to public names as links."""

    def reference(match: re.Match[str]) -> str:
        parts = match[1].split(".")
        public = next((part for part in parts if part in pages), None)
        shown = ".".join(parts[parts.index(public) :]) if public else parts[-1]
        return f"[`{shown}`]({pages[public]})" if public else f"`{shown}`"

    return LITERAL.sub(r"`\1`", ROLE.sub(reference, text))


def _option_table(entry: Entry, errors: Errors, prose: Callable[[str], str]) -> str:
    table = changes()
    may_change = any((entry.name, option.name) in table for option in entry.options)
    rows = [_row(["Option", "Default", "What it is, and what is allowed", *(["May change later"] * may_change)])]
    rows.append(f"|{'---|' * (3 + may_change)}")
    for option in entry.options:
        default = REQUIRED if option.default is None else prose(option.default)
        lines = [prose(option.text)]
        raised = errors.get((entry.name, option.name), ())
        if raised:
            lines.append(f"Error: {', '.join(f'`{name}`' for name in raised)}")
        cells = [_named(option), default, "<br>".join(lines)]
        if may_change:
            cells.append(table[entry.name, option.name].sentence)
        rows.append(_row(cells))
    return "\n".join(rows)


def _named(option: Option) -> str:
    """The name and the type; a long name may be broken after an underscore, so that the column stays narrow."""
    name = f"`{option.name}`"
    if len(option.name) > LONGEST_NAME:
        name = f"<code>{option.name.replace('_', '_<wbr>')}</code>"
    return f"{name}<br>{option.type}"


def _member_row(member: Member, pages: Mapping[str, str], prose: Callable[[str], str]) -> str:
    lines = [prose(member.text)]
    for option in member.options:
        default = "" if option.default is None else f" Default: {prose(option.default)}."
        lines.append(f"`{option.name}`: {prose(option.text)}{default}")
    lines += [f"{_link(kind, pages)}: {prose(text)}" for kind, text in member.raises]
    return _row([f"`{member.call}`", "<br>".join(lines)])


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _link(name: str, pages: Mapping[str, str]) -> str:
    return f"[`{name}`]({pages[name]})" if name in pages else f"`{name}`"

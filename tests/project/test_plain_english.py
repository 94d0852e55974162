"""Prose is plain English: phrases that read like a translation do not come back.

Checked are the Markdown documents, the docstrings, comments and texts of Python, and the comments and texts of shell
scripts, of the Makefile and of the device's templates. What a command printed and what a benchmark wrote is left as it
was recorded.
"""

from __future__ import annotations

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.project.conftest import REPOSITORY

THINGS = (
    "account|address|app|association|byte|client|command|connection|core|day|device|endpoint|file|folder|gateway|"
    "GB|host|hour|instance|key|line|machine|minute|month|network|node|packet|process|Region|route|run|scenario|second|"
    "service|site|stack|start|subnet|table|test|tunnel|user|VPC|week|year|zone"
)
NUMBERS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|\d+(?:[.,]\d+)*|[GM]bit/s|alarms|bytes|connections|"
    "lines|packets|peers|probes|requests|seconds|sites|tunnels"
)

KINDS = "(?:address|file|image|key|list|literal|network|number|route|site|subnet|template|text|token|topic|tunnel|VPC)"
NOUN = r"(?!as|in|of|on|that|time|to|with)\w+"


class Pattern(NamedTuple):
    """A phrase to avoid, what to write instead, and a sentence that has it."""

    phrase: str
    instead: str
    example: str


PATTERNS = (
    Pattern(r"\banew\b", "again", "the tunnel is negotiated anew"),
    Pattern(r"\bwhoever\b", "anyone who, or the person", "watches them, whoever ends them"),
    Pattern(r"\bliving\b", "healthy, active or running", "the route follows the living device"),
    Pattern(r"\b(?:is|are|was|were|be|been) away\b", "unavailable, unreachable or down", "an API that is away"),
    Pattern(rf"\b(?:{NUMBERS}|one {NOUN}) (?-i:an?) (?:{THINGS})\b(?! of)", "per", "one connection a device"),
    Pattern(r"\b(?:is|are|was) meant\b(?! (?:to|for|as|by)\b)", "this is intentional", "it fails, and that is meant"),
    Pattern(r"\bmend(?:s|ed|ing)?\b", "repair or fix", "the tunnel is mended"),
    Pattern(r"\bin clear\b", "unencrypted, or in plain text", "what would leave in clear"),
    Pattern(r"\bfrom the world\b", "from the Internet", "no SSH from the world"),
    Pattern(r"\bby the hour\b", "per hour", "what it costs by the hour"),
    Pattern(
        r"\b(?:where|what|as|that|if|when|which) one (?:sees|types|looks|says|asks)\b", "you", "where one sees alarms"
    ),
    Pattern(r"\bsays? (?:of|about) (?:it|them)sel(?:f|ves)\b", "reports", "what a device says of itself"),
    Pattern(r"\bcalls? (?:it|them)sel(?:f|ves) healthy\b", "reports that it is healthy", "it calls itself healthy"),
    Pattern(r"\bfor want of\b", "because there is no", "refused for want of a route"),
    Pattern(r"\bat hand\b", "available", "the packages are at hand"),
    Pattern(r"\b(?:give|gives|given|gave) (?:\w+ ){0,3}away\b", "hands over", "it gives its work away"),
    Pattern(r"\bhow (?:[\w']+ ){1,4}(?:is|are) called\b", "what … is called, or the name", "how its table is called"),
    Pattern(r"\bin the midst of\b", "during", "in the midst of a call"),
    Pattern(r"\bbeside (?:those of )?others'?\b", "compared with", "ours beside others'"),
    Pattern(r"\b(?<!there )(?:is|are|was|were) none of\b", "is not one of", "a name that is none of ours"),
    Pattern(r"\b(?:what|that|which) (?:is|are) no (?!longer|more|less)\b", "is not a", "refuse what is no topic"),
    Pattern(r"\bso many (?:\w+ )+(?:are|is) an?\b", "the number that …", "so many clients are an alarm"),
    Pattern(r"\band their like\b", "and similar", "policies and their like"),
    Pattern(r"\bin the place of\b", "instead of", "a policy in the place of a gateway"),
    Pattern(r"\bof which one\b", "one of which", "two devices of which one takes over"),
    Pattern(
        r"\bjudg(?:es?|ing)\b|\bjudged (?:by|as|in|what)\b", "evaluate or check", "an alarm is judged by its periods"
    ),
    Pattern(
        r"\b(?:stands?|lies?) in (?:the|a|an|its|their) (?:list|context|template|file|folder|README|log|table)\b",
        "is in",
        "what was granted stands in the context",
    ),
    Pattern(
        r"\bsome (?:(?:milli)?seconds|minutes|hours|days|weeks|\d+|ten|twenty|thirty|forty|fifty)\b",
        "a few, several or about",
        "an interruption of some seconds",
    ),
    Pattern(
        rf"(?<!there )\b(?:is|are) no (?::class:|`*{KINDS}\b)", "is not a", "it is no network, or was routed before"
    ),
    Pattern(r"\bkeeps? account of\b", "keeps track of", "it keeps account of the connections"),
    Pattern(r"\b(?:is|are) called after (?:it|what|the)\b", "is named after", "the stacks are called after it"),
    Pattern(r"\bif need be\b", "if necessary", "make one if need be"),
    Pattern(r"\bwithout those AWS\b", "except those that AWS", "1 to 65534 without those AWS uses"),
    Pattern(r"\btake-overs?\b", "takeover", "after the take-over"),
    Pattern(r"\btak(?:e|es|en|ing) (?:\w+ ){0,3}for dead\b", "considers dead", "AWS takes the device for dead"),
    Pattern(r"\bwhat is meant for\b", "traffic for", "drop what is meant for a network"),
    Pattern(r"\bthat exists? already\b", "existing, or that already exists", "a gateway that exists already"),
)
RECORDED = re.compile(r"<!-- (?:run|bench-\w+|soak): begin.*?<!-- (?:run|bench-\w+|soak): end", re.DOTALL)
LINES = ("Makefile", ".sh", ".j2", ".yml", ".yaml", ".toml", ".conf", ".nft", ".guard")


class Line(NamedTuple):
    """A piece of prose: where it begins, and its text."""

    number: int
    text: str


def prose_of_python(source: str) -> Iterator[Line]:
    """Give the comments and the texts of a Python file; code itself is left out."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield Line(token.start[0], token.string)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield Line(node.lineno, " ".join(node.value.split()))


def prose_of_markdown(source: str) -> Iterator[Line]:
    """Give the paragraphs of a document, each as one line, so that a phrase may span two lines of the file."""
    kept = RECORDED.sub(lambda part: "\n" * part[0].count("\n"), source)
    number = 1
    for paragraph in re.split(r"(\n\s*\n)", kept):
        yield Line(number, " ".join(paragraph.split()))
        number += paragraph.count("\n")


def prose_of_lines(source: str) -> Iterator[Line]:
    """Give every line: in shell scripts and templates, comments and texts stand among the code."""
    for number, line in enumerate(source.splitlines(), 1):
        yield Line(number, line)


def has_prose(path: str) -> bool:
    """Tell whether a file is of a kind that is checked."""
    return path.endswith((".md", ".py", *LINES)) or path == ".ci/run"


def prose(path: str, source: str) -> Iterator[Line]:
    """Give the prose of a file, by its kind."""
    if path.endswith(".md"):
        return prose_of_markdown(source)
    return prose_of_python(source) if path.endswith(".py") else prose_of_lines(source)


def findings(path: str, source: str) -> list[str]:
    """Return the phrases to avoid in a file, each with its place and what to write instead."""
    return [
        f"{path}:{line.number}: {found[0]!r}: write {pattern.instead}"
        for line in prose(path, source)
        for pattern in PATTERNS
        if (found := re.search(pattern.phrase, line.text, re.IGNORECASE))
    ]


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """The findings in each tracked file that has any, except in this one, which lists the phrases."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    here = Path(__file__).relative_to(REPOSITORY).as_posix()
    paths = [path for path in listed.stdout.split("\0") if path and path != here and (REPOSITORY / path).is_file()]
    everything = {path: findings(path, (REPOSITORY / path).read_text()) for path in paths if has_prose(path)}
    return {path: those for path, those in everything.items() if those}


def test_no_document_comment_or_text_reads_like_a_translation(found: dict[str, list[str]]) -> None:
    everything = [one for those in found.values() for one in those]
    assert not everything, "\n".join(everything)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.example)
def test_every_phrase_is_found_in_every_kind_of_file(pattern: Pattern) -> None:
    sources = {
        "page.md": pattern.example.replace(" ", "\n", 1),
        "module.py": f"# {pattern.example}",
        "text.py": f'"""{pattern.example}"""',
        "script.sh": f"# {pattern.example}",
        "Makefile": f"help: ## {pattern.example}",
    }
    for path, source in sources.items():
        assert any(repr(pattern.instead)[1:-1] in one for one in findings(path, source)), path


@pytest.mark.parametrize(
    "text",
    [
        "metrics are published once a minute, and hosts ping each other twenty times a second",
        "the default is 14. A device may set its own",
        "a packet from one of a device's tunnels",
        "the routes go away, right away, and stay away",
        "`make soak` is meant for releases",
        "there is no route, and a tunnel is no longer up",
        "use the one that says UP",
        "there is no route, and where there are no tunnels there is no network",
        "for some time; it is no longer a site; a function called after every round",
    ],
)
def test_good_english_is_left_alone(text: str) -> None:
    assert findings("page.md", text) == []


def test_code_is_not_prose() -> None:
    assert findings("module.py", "living = whoever\nmend(living)") == []


def test_what_was_recorded_is_left_as_it_was() -> None:
    assert findings("page.md", "<!-- run: begin, written by make -->\nanew\n<!-- run: end -->") == []

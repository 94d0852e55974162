"""Compares the facts of two networks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from vpn_model.compare.facts import Facts, facts
from vpn_model.network import Network
from vpn_model.unknown import Unknown, is_unknown_id


def differences(expected: Network, found: Network) -> list[str]:
    """Return what differs, one line for each difference; nothing if the networks are the same.

    A value that is unknown in one of them stands for any one value of the other: what cannot be told before a
    deployment cannot be compared. ``facts`` says what else is left out.
    """
    return list(_differences(facts(expected), facts(found)))


def _differences(expected: Facts, found: Facts) -> Iterable[str]:
    for subject in expected.keys() - found.keys():
        yield f"{subject}: expected, and not found"
    for subject in found.keys() - expected.keys():
        yield f"{subject}: found, and not expected"
    for subject in expected:
        for name in expected[subject] if subject in found else ():
            yield from _difference(f"{subject}: {name}", expected[subject][name], found[subject][name])


def _difference(where: str, expected: Any, found: Any) -> Iterable[str]:
    if isinstance(expected, frozenset) and isinstance(found, frozenset):
        missing, surplus = _unmatched(expected, found)
        if missing or surplus:
            parts = ((word, members) for word, members in (("missing", missing), ("surplus", surplus)) if members)
            yield f"{where}: " + "; ".join(f"{word} {', '.join(map(_shown, members))}" for word, members in parts)
    elif not _same(expected, found):
        yield f"{where}: expected {_shown(expected)}, found {_shown(found)}"


def _unmatched(expected: frozenset[Any], found: frozenset[Any]) -> tuple[list[Any], list[Any]]:
    """The members without a match in the other set. Equal members first, so that an unknown one takes what is left."""
    missing, surplus = sorted(expected - found, key=_unknowns), sorted(found - expected, key=_shown)
    for one in list(missing):
        partner = next((other for other in surplus if _same(one, other)), None)
        if partner is not None:
            missing.remove(one)
            surplus.remove(partner)
    return missing, surplus


def _same(expected: Any, found: Any) -> bool:
    if _is_unknown(expected) or _is_unknown(found):
        return True
    if isinstance(expected, tuple) and isinstance(found, tuple):
        return len(expected) == len(found) and all(map(_same, expected, found))
    if isinstance(expected, frozenset) and isinstance(found, frozenset):
        return _unmatched(expected, found) == ([], [])
    return bool(expected == found)


def _is_unknown(value: Any) -> bool:
    return isinstance(value, Unknown) or (isinstance(value, str) and is_unknown_id(value))


def _unknowns(value: Any) -> tuple[int, str]:
    members = value if isinstance(value, tuple) else (value,)
    return sum(map(_is_unknown, members)), _shown(value)


def _shown(value: Any) -> str:
    if isinstance(value, tuple | frozenset):
        members = value if isinstance(value, tuple) else sorted(value, key=_shown)
        return f"({', '.join(map(_shown, members))})"
    return str(value)

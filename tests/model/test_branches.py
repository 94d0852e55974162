"""The branches that a template can take: which truths its conditions can have together."""

from __future__ import annotations

import pytest

from vpn_model.read_template.branches import MOST_BRANCHES, Branches, condition_names
from vpn_model.read_template.document import parse_document
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError

TEMPLATE = """
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, test, prod]}
  Free: {Type: String}
  Key: {Type: String, NoEcho: true}
Mappings:
  Sizes: {us-east-1: {Big: "yes"}}
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  IsProd: !Equals [!Ref Stage, prod]
  NotDev: !Not [!Condition IsDev]
  Always: !Or [!Condition IsDev, !Condition NotDev]
  HasFree: !Not [!Equals [!Ref Free, ""]]
  HasKey: !Not [!Equals [!Ref Key, ""]]
  HasNoKey: !Not [!Condition HasKey]
  Home: !Equals [!Ref AWS::Region, us-east-1]
  Big: !Equals [!FindInMap [Sizes, !Ref AWS::Region, Big], "yes"]
  Imported: !Equals [!ImportValue x, y]
  Named: !Equals [!Sub "${Stage}-vpn", prod-vpn]
  Circle: !Condition Circle
Resources: {}
"""
T, F = True, False
POSSIBLE: dict[tuple[str, ...], set[tuple[bool, ...]]] = {
    ("IsDev",): {(T,), (F,)},
    ("IsDev", "IsProd"): {(T, F), (F, T), (F, F)},
    ("IsDev", "NotDev"): {(T, F), (F, T)},
    ("Always",): {(T,)},
    ("HasFree",): {(T,), (F,)},
    ("HasKey", "HasNoKey"): {(T, F), (F, T)},
    ("Home",): {(T,), (F,)},
    ("Big",): {(T,), (F,)},
    ("Imported",): {(T,), (F,)},
    ("IsDev", "Named"): {(T, F), (F, T), (F, F)},
    (): {()},
}


def branches(**known: object) -> Branches:
    return Branches(parse_document(TEMPLATE), Environment(**known))  # type: ignore[arg-type]


@pytest.mark.parametrize("names", POSSIBLE)
def test_what_is_not_set_can_be_anything_that_is_allowed(names: tuple[str, ...]) -> None:
    found = branches().truths(frozenset(names))
    assert {tuple(one[name] for name in names) for one in found} == POSSIBLE[names]
    assert len(found) == len(POSSIBLE[names])


def test_what_is_set_decides() -> None:
    known = branches(parameters={"Stage": "prod"}, region="us-east-1")
    names = frozenset({"IsDev", "IsProd", "Named", "Home", "Big"})
    assert known.truths(names) == [{"Big": T, "Home": T, "IsDev": F, "IsProd": T, "Named": T}]


@pytest.mark.parametrize(("name", "message"), [("Circle", "depends on itself"), ("Nobody", "no condition 'Nobody'")])
def test_a_malformed_condition_is_an_error(name: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        branches().truths(frozenset({name}))


def test_many_conditions_are_tried_one_by_one() -> None:
    names = [f"C{number}" for number in range(60)]
    parameters = "".join(f"  {name}: {{Type: String}}\n" for name in names)
    conditions = "".join(f"  {name}: !Equals [!Ref {name}, x]\n" for name in names)
    body = parse_document(f"Parameters:\n{parameters}Conditions:\n{conditions}Resources: {{}}")
    found = Branches(body, Environment()).truths(frozenset(names))
    assert len(found) <= 60 * MOST_BRANCHES
    assert all({one[name] for one in found} == {T, F} for name in names)


def test_the_conditions_of_a_value_are_found_wherever_they_are() -> None:
    value = {"A": [{"Fn::If": ["One", {"Fn::If": ["Two", 1, 2]}, 3]}], "B": {"Fn::If": ["One", 1, 2]}}
    assert set(condition_names(value)) == {"One", "Two"}

"""Every rule, on templates that follow it and that break it: ours, and the Guard rules on the same templates."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsii
import pytest
from aws_cdk import CloudFormationValidatePlugin, IPolicyValidationContext, PolicyValidationStack, ValidationRuleSource

from cdk_aws_vpn import vpn_guard_rules
from tests.constructs.policy.cases import LITERALS
from tests.constructs.policy.function_cases import CASES, FUNCTIONS
from vpn_model.rules.overall import RULES as ABOUT_SEVERAL
from vpn_model.rules.review import RULES, review_body

SECRETS = ("A.Literal", "hunter2")
SEVERAL = {rule.id for rule in ABOUT_SEVERAL}


@pytest.mark.parametrize("name", CASES)
def test_our_rules_find_exactly_this(name: str) -> None:
    findings = [one for one in review_body(CASES[name].body, name).findings if one.rule not in SEVERAL]
    assert {one.rule for one in findings} == set(CASES[name].ours)
    assert {one.resource for one in findings} <= {"Judged"}
    places = [(one.rule, one.path, one.tunnel) for one in findings]
    assert len(places) == len(set(places))
    assert not any(secret in repr(one) for one in findings for secret in SECRETS)


def test_every_rule_has_a_template_that_breaks_it_and_one_that_does_not() -> None:
    broken = {rule for case in CASES.values() for rule in case.ours}
    assert broken == {rule.id for rule in RULES} - SEVERAL
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert all(rule.why and rule.remedy and rule.title for rule in RULES)


@jsii.implements(IPolicyValidationContext)
class _Templates:
    """What the plugin of the CDK is told: the templates."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = [str(path) for path in paths]

    @property
    def app_construct(self) -> Any:
        return None

    @property
    def stack_templates(self) -> list[PolicyValidationStack]:
        return [PolicyValidationStack(stack_construct_path="x", template_path=path) for path in self._paths]

    @property
    def template_paths(self) -> list[str]:
        return self._paths

    @property
    def account_id(self) -> str | None:
        return None

    @property
    def region(self) -> str | None:
        return None


@pytest.fixture(scope="module")
def of_guard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What the Guard rules find in all templates, by the name of the case, in one run."""
    folder = tmp_path_factory.mktemp("guard")
    names = {folder / f"{number}.json": name for number, name in enumerate(CASES)}
    for path, name in names.items():
        path.write_text(json.dumps(CASES[name].body), encoding="utf-8")
    rules = ValidationRuleSource(name="vpn", content=vpn_guard_rules().read_text(encoding="utf-8"))
    plugin = CloudFormationValidatePlugin(guard_rules=[rules], include_default_rules=False)
    found: dict[str, set[str]] = {name: set() for name in CASES}
    for violation in plugin.validate(_Templates(list(names))).violations:
        for resource in violation.violating_resources:
            if violation.rule_name.startswith("VPN_"):
                found[names[Path(str(resource.template_path))]].add(violation.rule_name)
    return found


@pytest.mark.parametrize("name", CASES)
def test_the_guard_rules_agree_on_literals_and_leave_functions_alone(name: str, of_guard: dict[str, set[str]]) -> None:
    assert of_guard[name] == set(CASES[name].of_guard)
    assert of_guard[name] <= set(CASES[name].ours)
    if name in FUNCTIONS:
        assert of_guard[name] == set()


def test_every_guard_rule_is_one_of_ours_and_has_a_template_that_breaks_it() -> None:
    in_file = set(re.findall(r"^rule (\w+)", vpn_guard_rules().read_text(encoding="utf-8"), re.MULTILINE))
    assert in_file == {rule for case in LITERALS.values() for rule in case.of_guard}
    assert in_file <= {rule.id for rule in RULES}


def test_the_documents_list_every_rule_with_its_severity() -> None:
    page = (Path(__file__).parents[3] / "docs" / "policy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(VPN_\w+)` \| (\w+) \| (.+) \|$", page, re.MULTILINE)
    assert sorted(rows) == sorted((rule.id, rule.severity, rule.title) for rule in RULES)

"""The policy: public rule packs of cdk-nag and rules of our own for VPN, on an app or on any template.

In an app::

    app = App()
    apply_vpn_policy(app)      # before the first stack

On any other template::

    python -m cdk_aws_vpn.policy template.yaml
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import (
    App,
    CfnResource,
    CloudFormationValidatePlugin,
    DefaultStackSynthesizer,
    Stack,
    ValidationRuleSource,
    Validations,
)
from aws_cdk.cloudformation_include import CfnInclude
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks

from cdk_aws_vpn.checks.arguments import check_choice, check_instance
from cdk_aws_vpn.checks.texts import check_list
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.asset_files import asset_path

RULE_PACKS = {"AwsSolutions": AwsSolutionsChecks, "NIST.800.53.R5": NIST80053R5Checks}
_APPLIED = "cdk-aws-vpn:policy"
_FINDINGS_ARE_ERRORS = "@aws-cdk/core:validateAgainstDefaultRules"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule that a resource violates: the template, the rule's id, the resource's logical id, and what to do."""

    template: Path | None
    rule: str
    resource: str
    message: str


def vpn_guard_rules() -> Path:
    """Return the file with our CloudFormation Guard rules, for ``cfn-guard`` or any other tool that reads them."""
    return asset_path("policy/vpn.guard")


def apply_vpn_policy(app: App, *, rule_packs: Sequence[str] = tuple(RULE_PACKS)) -> None:
    """Fail the synthesis of ``app`` on any finding that is not acknowledged.

    Args:
        app: The app; call this before its first stack.
        rule_packs: Packs of cdk-nag: ``AwsSolutions``, ``NIST.800.53.R5``. Default: both. Our own rules, and those
            that the CDK brings, always apply.

    Raises:
        VpnConfigurationError: There is no such pack, or the app has a stack already.
    """
    packs = ", ".join(RULE_PACKS)
    for pack in check_list("rule_packs", rule_packs, f"a list of {packs}", "write it like ['AwsSolutions']"):
        check_choice("rule_packs", pack, tuple(RULE_PACKS))
    check_instance("app", app, App, "call it with the cdk.App itself")
    if app.node.try_get_context(_APPLIED):
        raise VpnConfigurationError("app", "with the policy", "one call per app", "remove the second call")
    if len(app.node.children) > 0:
        raise VpnConfigurationError(
            "app", "with stacks", "an app without stacks", "call apply_vpn_policy(app) before the first stack"
        )
    app.node.set_context(_APPLIED, True)
    app.node.set_context(_FINDINGS_ARE_ERRORS, True)
    Validations.of(app).add_plugins(_guard_plugin(), *(RULE_PACKS[pack](app) for pack in rule_packs))


@cache
def _guard_plugin() -> CloudFormationValidatePlugin:
    """Return the plugin with our rules: one per process, because each takes two seconds and much memory."""
    rules = vpn_guard_rules().read_text(encoding="utf-8")
    return CloudFormationValidatePlugin(guard_rules=[ValidationRuleSource(name="vpn", content=rules)])


def check_template(template: Path, *, rule_packs: Sequence[str] = ()) -> list[Finding]:
    """Return what is wrong with one template; see :func:`check_templates`."""
    return check_templates([template], rule_packs=rule_packs)


def check_templates(templates: Sequence[Path], *, rule_packs: Sequence[str] = ()) -> list[Finding]:
    """Return what is wrong with CloudFormation templates, JSON or YAML. All are checked in one run, which is fast.

    Args:
        templates: The files.
        rule_packs: As for :func:`apply_vpn_policy`. Default: our own rules and those of the CDK.

    Raises:
        VpnConfigurationError: There is no such pack, or a file is not a template.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = App(outdir=folder)
        apply_vpn_policy(app, rule_packs=rule_packs)
        stacks = {f"Template{number}": template for number, template in enumerate(templates, start=1)}
        for name, template in stacks.items():
            _include(app, name, template)
        with suppress(RuntimeError):  # findings make the synthesis fail; they are in the report
            app.synth()
        report = Path(folder, "validation-report.json")
        if not report.exists():
            raise VpnConfigurationError(
                "templates",
                [str(template) for template in templates],
                "templates that the CDK can synthesize",
                "check them one by one to find the one that fails",
            )
        return list(_findings(json.loads(report.read_text(encoding="utf-8")), stacks))


def _include(app: App, name: str, template: Path) -> None:
    allowed = "a CloudFormation template with resources, in JSON or YAML"
    # a template that the CDK wrote has the bootstrap rule already, and may not get it twice
    synthesizer = DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    try:
        included = CfnInclude(Stack(app, name, synthesizer=synthesizer), "Include", template_file=str(template))
    except RuntimeError as error:  # the CDK's way to say that it cannot read it
        raise VpnConfigurationError("template", str(template), allowed, f"correct the file: {error}") from None
    if not any(CfnResource.is_cfn_resource(child) for child in included.node.children):
        raise VpnConfigurationError("template", str(template), allowed, "name the file that has the resources")


def _findings(report: dict[str, Any], stacks: Mapping[str, Path]) -> Iterator[Finding]:
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"]:
            for construct in violation["violatingConstructs"]:
                stack, _, path = str(construct.get("constructPath", "")).partition("/")
                yield Finding(
                    template=stacks.get(stack),
                    rule=str(violation["ruleName"]),
                    resource=path.removeprefix("Include/"),
                    message=str(violation["description"]),
                )

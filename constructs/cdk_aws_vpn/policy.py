"""The policy: public rule packs of cdk-nag and rules of our own for VPN, on an app or on any template.

In an app::

    app = App()
    apply_vpn_policy(app)      # before the first stack

On a template that somebody else wrote::

    python -m cdk_aws_vpn.policy template.yaml
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import App, CloudFormationValidatePlugin, Stack, ValidationRuleSource, Validations
from aws_cdk.cloudformation_include import CfnInclude
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks

from cdk_aws_vpn.asset_files import asset_path
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.value_types import check_instance

__all__ = ["Finding", "apply_vpn_policy", "check_template", "vpn_guard_rules"]

RULE_PACKS = {"AwsSolutions": AwsSolutionsChecks, "NIST.800.53.R5": NIST80053R5Checks}
_APPLIED = "cdk-aws-vpn:policy"
_FINDINGS_ARE_ERRORS = "@aws-cdk/core:validateAgainstDefaultRules"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule that a resource breaks: the rule's id, the resource's logical id or path, and what to do."""

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
    for pack in rule_packs:
        if pack not in RULE_PACKS:
            raise VpnConfigurationError("rule_packs", pack, ", ".join(RULE_PACKS), "choose from these")
    check_instance("app", app, App, "call it with the cdk.App itself")
    if app.node.try_get_context(_APPLIED):
        raise VpnConfigurationError("app", "with the policy", "one call an app", "remove the second call")
    if len(app.node.children) > 0:
        raise VpnConfigurationError(
            "app", "with stacks", "an app without stacks", "call apply_vpn_policy(app) before the first stack"
        )
    app.node.set_context(_APPLIED, True)
    app.node.set_context(_FINDINGS_ARE_ERRORS, True)
    Validations.of(app).add_plugins(
        CloudFormationValidatePlugin(
            guard_rules=[ValidationRuleSource(name="vpn", content=vpn_guard_rules().read_text(encoding="utf-8"))]
        ),
        *(RULE_PACKS[pack](app) for pack in rule_packs),
    )


def check_template(template: Path, *, rule_packs: Sequence[str] = ()) -> list[Finding]:
    """Return what is wrong with a CloudFormation template, JSON or YAML.

    Args:
        template: The file.
        rule_packs: As for :func:`apply_vpn_policy`. Default: our own rules and those of the CDK.

    Raises:
        VpnConfigurationError: There is no such pack, or the file is no template.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = App(outdir=folder)
        apply_vpn_policy(app, rule_packs=rule_packs)
        _include(app, template)
        with suppress(RuntimeError):  # findings make the synthesis fail; they are in the report
            app.synth()
        report = Path(folder, "validation-report.json")
        if not report.exists():
            return []
        return _findings(json.loads(report.read_text(encoding="utf-8")))


def _include(app: App, template: Path) -> None:
    try:
        CfnInclude(Stack(app, "Template"), "Include", template_file=str(template))
    except RuntimeError as error:  # the CDK's way to say that it cannot read it
        raise VpnConfigurationError(
            "template", str(template), "a CloudFormation template in JSON or YAML", f"correct the file: {error}"
        ) from None


def _findings(report: dict[str, list[dict[str, list[dict[str, object]]]]]) -> list[Finding]:
    return [
        Finding(
            rule=str(violation["ruleName"]),
            resource=str(construct.get("constructPath", "")).removeprefix("Template/Include/"),
            message=str(violation["description"]),
        )
        for plugin in report["pluginReports"]
        for violation in plugin["violations"]
        for construct in violation["violatingConstructs"]  # type: ignore[attr-defined]
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check templates from the command line; exit code 1 when there is a finding, 2 when one cannot be read."""
    parser = argparse.ArgumentParser(
        prog="python -m cdk_aws_vpn.policy",
        description="Checks CloudFormation templates against the VPN rules.",
        epilog="example: python -m cdk_aws_vpn.policy --pack AwsSolutions vpn.yaml",
    )
    parser.add_argument("templates", nargs="+", type=Path, metavar="TEMPLATE", help="a JSON or YAML template")
    parser.add_argument("--pack", action="append", default=[], choices=sorted(RULE_PACKS), help="a cdk-nag rule pack")
    options = parser.parse_args(arguments)
    findings = 0
    for template in options.templates:
        try:
            found = check_template(template, rule_packs=options.pack)
        except VpnConfigurationError as error:
            parser.error(str(error))
        for finding in found:
            print(f"{template}: {finding.resource}: {finding.rule}: {finding.message}")
        findings += len(found)
    print(f"{findings} findings in {len(options.templates)} templates", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

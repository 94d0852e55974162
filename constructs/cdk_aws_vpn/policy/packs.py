"""Rules of others, run on templates: the packs of cdk-nag, and the CDK's own validation."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from aws_cdk import App, CfnResource, DefaultStackSynthesizer, IPolicyValidationPlugin, Stack, Validations
from aws_cdk.cloudformation_include import CfnInclude
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks

from cdk_aws_vpn.errors import VpnConfigurationError
from vpn_model.read_template.document import read_document
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.loops import expand_loops
from vpn_model.rules.findings import SEVERITIES, Finding, Rule, Severity

RULE_PACKS: Mapping[str, Callable[..., IPolicyValidationPlugin]] = {
    "AwsSolutions": AwsSolutionsChecks,
    "NIST.800.53.R5": NIST80053R5Checks,
}
CDK = "CDK"
"""The name of the CDK's own validation on the command line."""
FINDINGS_ARE_ERRORS = "@aws-cdk/core:validateAgainstDefaultRules"
ALLOWED = "a template that the CDK can include"


def check_with_packs(templates: Sequence[Path], packs: Sequence[str]) -> list[Finding]:
    """Return what the rules of others find. All templates are checked in one run.

    Args:
        templates: The files.
        packs: ``AwsSolutions``, ``NIST.800.53.R5``, ``CDK``.

    Raises:
        VpnConfigurationError: The CDK cannot include a template: the message names it, with the CDK's reason.
        TemplateError: A file is not a template.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = App(outdir=folder)
        app.node.set_context(FINDINGS_ARE_ERRORS, True)
        Validations.of(app).add_plugins(*(RULE_PACKS[pack](app) for pack in packs if pack in RULE_PACKS))
        stacks = {f"Template{number}": template for number, template in enumerate(templates, start=1)}
        types = {name: _include(app, name, template, Path(folder)) for name, template in stacks.items()}
        report = Path(folder, "validation-report.json")
        try:
            app.synth()
        except RuntimeError as error:  # findings make the synthesis fail; they are in the report
            if not report.exists():
                names = ", ".join(map(str, templates))
                raise VpnConfigurationError("template", names, ALLOWED, f"correct it: {_reason(error)}") from None
        found = json.loads(report.read_text(encoding="utf-8")) if report.exists() else {"pluginReports": []}
        wanted = set(packs) | ({"CloudFormation Validate"} if CDK in packs else set())
        return list(_findings(found, stacks, types, wanted))


def _include(app: App, name: str, template: Path, folder: Path) -> dict[str, str]:
    """Include a template with its loops written out, which the CDK does not know; return the resources' types."""
    body = dict(expand_loops(read_document(template), Environment()))
    plain = folder / f"{name}.source.json"
    plain.write_text(json.dumps(body), encoding="utf-8")
    # a template that the CDK wrote has the bootstrap rule already, and may not get it twice
    synthesizer = DefaultStackSynthesizer(generate_bootstrap_version_rule=False)
    try:
        included = CfnInclude(Stack(app, name, synthesizer=synthesizer), "Include", template_file=str(plain))
    except RuntimeError as error:  # the CDK's way to say that it cannot read it
        raise VpnConfigurationError("template", str(template), ALLOWED, f"correct it: {_reason(error)}") from None
    resources = [child for child in included.node.children if CfnResource.is_cfn_resource(child)]
    if not resources:
        raise VpnConfigurationError("template", str(template), ALLOWED, "name the file that has the resources")
    return {logical_id: str(entry.get("Type", "")) for logical_id, entry in body["Resources"].items()}


def _reason(error: RuntimeError) -> str:
    return str(error).splitlines()[0]


def _findings(
    report: dict[str, Any], stacks: Mapping[str, Path], types: Mapping[str, Mapping[str, str]], wanted: set[str]
) -> Iterator[Finding]:
    for plugin in report["pluginReports"]:
        pack = next((one for one in wanted if one in plugin["pluginName"]), None)
        if pack is None:
            continue
        source = f"cdk-nag {pack}" if pack in RULE_PACKS else "AWS CDK"
        for violation in plugin["violations"]:
            given = violation.get("severity")
            severity: Severity = given if given in SEVERITIES else "error"
            rule = Rule(
                id=str(violation["ruleName"]),
                severity=severity,
                title=str(violation["ruleName"]),
                why=f"a rule of {source}",
                remedy=str(violation.get("fix") or "see the documents of the rule"),
            )
            for construct in violation["violatingConstructs"]:
                stack, _, path = str(construct.get("constructPath", "")).partition("/")
                resource = path.removeprefix("Include/")
                yield Finding(
                    rule=rule.id,
                    definition=rule,
                    severity=severity,
                    template=stacks.get(stack, Path()),
                    resource=resource,
                    resource_type=types.get(stack, {}).get(resource, ""),
                    path="",
                    message=str(violation["description"]),
                    source=source,
                )

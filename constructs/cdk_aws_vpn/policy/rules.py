"""The policy: public rule packs of cdk-nag and rules of our own for VPN, on an app or on any template.

In an app::

    app = App()
    apply_vpn_policy(app)      # before the first stack

On any other template::

    python -m cdk_aws_vpn.policy template.yaml
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import App, Validations

from cdk_aws_vpn.checks.arguments import check_choice, check_instance
from cdk_aws_vpn.checks.texts import check_list
from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.foundation.asset_files import asset_path
from cdk_aws_vpn.policy.packs import CDK, FINDINGS_ARE_ERRORS, RULE_PACKS, check_with_packs
from cdk_aws_vpn.policy.plugin import VpnRules
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.rules.findings import Finding
from vpn_model.rules.review import review_file

_APPLIED = "cdk-aws-vpn:policy"
_TEMPLATE = "a CloudFormation template with resources, in JSON or YAML"


def vpn_guard_rules() -> Path:
    """Return the file with our CloudFormation Guard rules, for ``cfn-guard`` or any other tool that reads them.

    Guard sees no value behind a function. ``python -m cdk_aws_vpn.policy`` resolves functions and has more rules.
    """
    return asset_path("policy/vpn.guard")


def apply_vpn_policy(app: App, *, rule_packs: Sequence[str] = tuple(RULE_PACKS)) -> None:
    """Fail the synthesis of ``app`` on any finding that is not acknowledged.

    Our rules check the finished templates, so a value that only the deployment tells is not a finding. Their warnings
    are reported and do not fail the synthesis. Acknowledge one of our findings as ``cdk-aws-vpn::VPN_NO_SHA1``.

    Args:
        app: The app; call this before its first stack.
        rule_packs: Packs of cdk-nag: ``AwsSolutions``, ``NIST.800.53.R5``. Default: both. Our own rules, and those
            that the CDK brings, always apply.

    Raises:
        VpnConfigurationError: There is no such pack, or the app has a stack already.
    """
    _check_packs(rule_packs, tuple(RULE_PACKS))
    check_instance("app", app, App, "call it with the cdk.App itself")
    if app.node.try_get_context(_APPLIED):
        raise VpnConfigurationError("app", "with the policy", "one call per app", "remove the second call")
    if len(app.node.children) > 0:
        raise VpnConfigurationError(
            "app", "with stacks", "an app without stacks", "call apply_vpn_policy(app) before the first stack"
        )
    app.node.set_context(_APPLIED, True)
    app.node.set_context(FINDINGS_ARE_ERRORS, True)
    Validations.of(app).add_plugins(VpnRules(), *(RULE_PACKS[pack](app) for pack in rule_packs))


def check_template(template: Path, *, rule_packs: Sequence[str] = ()) -> list[Finding]:
    """Return what is wrong with one template; see :func:`check_templates`."""
    return check_templates([template], rule_packs=rule_packs)


def check_templates(
    templates: Sequence[Path], *, rule_packs: Sequence[str] = (), parameters: Mapping[str, str] | None = None
) -> list[Finding]:
    """Return what is wrong with CloudFormation templates, JSON or YAML: errors and warnings, without notes.

    Args:
        templates: The files.
        rule_packs: Rules of others: ``AwsSolutions``, ``NIST.800.53.R5``, ``CDK``. Default: none.
        parameters: Values of the templates' parameters. Default: the defaults in the template.

    Raises:
        VpnConfigurationError: There is no such pack, or a file is not a template.
    """
    _check_packs(rule_packs, (*RULE_PACKS, CDK))
    known = Environment(parameters=parameters or {})
    found: list[Finding] = []
    for template in templates:
        try:
            found += review_file(template, known).findings
        except (TemplateError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise VpnConfigurationError("template", str(template), _TEMPLATE, f"correct the file: {reason}") from None
    if rule_packs:
        found += check_with_packs(templates, rule_packs)
    return [one for one in found if one.severity != "note"]


def _check_packs(given: Sequence[str], allowed: Sequence[str]) -> None:
    remedy = f"write it like [{allowed[0]!r}]"
    for pack in check_list("rule_packs", given, f"a list of {', '.join(allowed)}", remedy):
        check_choice("rule_packs", pack, allowed)

"""``vpn-ops preflight``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from vpn_model.read_template.assembly import ASSEMBLY
from vpn_ops.account import Account
from vpn_ops.errors import COULD_NOT_RUN, WRONG, UsageError
from vpn_ops.output import show_json, show_lines
from vpn_ops.preflight.checking import Checked, Verdict, check
from vpn_ops.preflight.source import find


def preflight(  # noqa: PLR0917 -- typer's options
    given: Annotated[
        str,
        typer.Argument(
            metavar="STACK|TEMPLATE|FOLDER",
            help="A stack's name in cdk.out, a template's file, or a folder that cdk synth has written.",
        ),
    ],
    assembly: Annotated[Path, typer.Option(help="Folder in which a stack's name is looked up.")] = ASSEMBLY,
    parameter: Annotated[
        list[str] | None, typer.Option(help="Value of a parameter of the template, NAME=VALUE; may be repeated.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="Region. Default: the one of the AWS environment.")] = None,
    profile: Annotated[str | None, typer.Option(help="Profile of the AWS configuration. Default: AWS_PROFILE.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say before a deployment what would not fit into the account and Region.

    Compares what a template needs with the quotas and what is used: vCPUs, Elastic IP addresses, VPCs, gateways, VPN
    connections and more. For a deployed stack, only what is new counts. Checks the bootstrap stack, the Region, and
    whether it has the types of resources and instances. Changes nothing.
    """
    answer = check(Account(region, profile), find(given, assembly), _parameters(parameter or []))
    if as_json:
        show_json(_for_programs(answer))
    else:
        show_lines(*_for_people(answer))
    if not answer.fits:
        raise typer.Exit(WRONG)
    if answer.unread:
        raise typer.Exit(COULD_NOT_RUN)


def _parameters(given: list[str]) -> dict[str, str]:
    for one in given:
        if not one.partition("=")[0] or "=" not in one:
            raise UsageError(f"--parameter {one} is not allowed; write NAME=VALUE")
    return {name: value for name, _, value in (one.partition("=") for one in given)}


def _for_people(answer: Checked) -> list[str]:
    lines = [f"{one.problem}; {one.remedy}" for one in answer.misfits]
    lines += [_line(one) for one in answer.verdicts if not one.fits]
    lines += [f"not checked: {one}" for one in answer.unread]
    names = ", ".join(answer.stacks) or "nothing"
    if answer.fits:
        rest = ", apart from what could not be checked" if answer.unread else ""
        lines.append(f"{names}: fits{rest}; quotas compared: {len(answer.verdicts)}")
    else:
        number = len(answer.misfits) + sum(not one.fits for one in answer.verdicts)
        lines.append(f"{names}: would not fit; problems: {number}")
    return lines


def _line(verdict: Verdict) -> str:
    quota = verdict.quota
    whose = f" ({verdict.parent})" if verdict.parent else ""
    code = f" ({quota.code})" if quota.code else ""
    numbers = f"needed {verdict.needed}, used {verdict.used}, quota {verdict.value}{code}"
    return f"{quota.title}{whose}: {numbers}; raise it: {verdict.remedy}"


def _for_programs(answer: Checked) -> dict[str, Any]:
    return {
        "stacks": answer.stacks,
        "fits": answer.fits,
        "quotas": [
            {
                "name": one.quota.title,
                "service": one.quota.service,
                "code": one.quota.code,
                "of": one.parent,
                "needed": one.needed,
                "used": one.used,
                "quota": one.value,
                "fits": one.fits,
                "remedy": one.remedy,
            }
            for one in answer.verdicts
        ],
        "problems": [vars(one) for one in answer.misfits],
        "not_checked": answer.unread,
    }

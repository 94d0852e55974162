"""What the test of the documents does with each command: one table, so that none escapes silently.

A command that no row knows fails the test: add a row here, and say why the command is not simply typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Treatment(Enum):
    """How a command is checked."""

    TYPED = "typed as it is printed"
    HELP = "typed with --help instead, which must name every option that is printed"
    DRY_RUN = "`make -n`: the target exists"
    AWS_CLI = "the operation and its options exist in AWS's own description of its APIs"
    ELSEWHERE = "not typed here"


@dataclass(frozen=True)
class Rule:
    """A kind of command. ``within`` restricts it to blocks in which that expression is found."""

    command: str
    treatment: Treatment
    reason: str
    within: str = ""


DEPLOYED = r"make deploy-local "
LOCAL_REGION = rf"{DEPLOYED}|vpn_lab\.region start --detach"
OWN_APP = r"cp -r examples/platform_app "
MACHINE = r"vpn_lab\.network up"

RULES = (
    # the first row that fits decides
    Rule("", Treatment.ELSEWHERE, "tests/project/test_wheel.py does it in a clean environment", within=OWN_APP),
    Rule(r"\. \.venv/bin/activate", Treatment.TYPED, "it prepares the shell"),
    Rule(r"cd examples/", Treatment.TYPED, "it prepares the shell"),
    Rule(r"npx cdk |python -m vpn_lab\.", Treatment.HELP, "the block boots a virtual machine", within=MACHINE),
    Rule(r"eval ", Treatment.ELSEWHERE, "the block boots a virtual machine", within=MACHINE),
    Rule(r"make deploy-local |python -m vpn_lab\.region |eval ", Treatment.TYPED, "", within=LOCAL_REGION),
    Rule(r"npx cdk ", Treatment.TYPED, "", within=DEPLOYED),
    Rule(r"npx cdk ", Treatment.HELP, "the README's block does the same, more quickly", within=LOCAL_REGION),
    Rule(r"npx cdk (ls|synth)\b", Treatment.TYPED, ""),
    Rule(r"npx cdk ", Treatment.HELP, "it needs an AWS account"),
    Rule(r"vpn-ops ", Treatment.HELP, "it needs an AWS account"),
    Rule(r"python -m cdk_aws_vpn\.policy ", Treatment.HELP, "it needs a template of the reader's"),
    Rule(r"make ", Treatment.DRY_RUN, "it takes minutes, or is a test of its own"),
    Rule(r"aws ", Treatment.AWS_CLI, "it needs an AWS account, and the AWS CLI"),
    Rule(r"export AWS_", Treatment.ELSEWHERE, "it names an account of the reader's"),
    Rule(r"sudo (cgw-status|cgw|vtysh|ipsec) ?", Treatment.ELSEWHERE, "it is typed on a device: tests/network does it"),
    Rule(r"cat /run/cgw/|ip (route|-s link) show", Treatment.ELSEWHERE, "it is typed on a device"),
    Rule(r"ping |sudo openvpn ", Treatment.ELSEWHERE, "it is typed on a host or a client: tests/network does it"),
    Rule(r"python3 -c |for flow in ", Treatment.ELSEWHERE, "it is typed on a host: test_host_commands.py does it"),
    Rule(r"pip install '?dist/", Treatment.ELSEWHERE, "tests/project/test_wheel.py does it in a clean environment"),
)


def rule_for(command: str, block: str) -> Rule | None:
    """Return the row of the table for a command of a block; None if no row knows it."""
    fitting = (rule for rule in RULES if re.match(rule.command, command) and re.search(rule.within, block))
    return next(fitting, None)


def parts(line: str) -> list[str]:
    """Return the commands of a line, which ``&&`` joins; without the comment after them."""
    return [part.strip() for part in re.sub(r"\s+# .*", "", line).split(" && ")]

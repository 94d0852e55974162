"""Synthesizes the scenarios in four variants, in one process: ``python assemblies.py FOLDER``.

base      unchanged
changed   another security profile: other tunnel options, and therefore another configuration of the devices
broken    base, plus one resource that EC2 rejects, after everything else
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2

PROJECT = Path(__file__).parents[2]
sys.path[:0] = [str(PROJECT / "constructs"), str(PROJECT)]

from stacks import SCENARIOS  # noqa: E402

VARIANTS: dict[str, dict[str, Any]] = {
    "base": {},
    "changed": {"security_profile": "cnsa"},
    "broken": {"broken": True},
}
NO_SUCH_ADDRESS = "eipalloc-00000000000000000"


def add_what_fails_last(stack: cdk.Stack) -> None:
    others = [node for node in stack.node.find_all() if isinstance(node, cdk.CfnResource)]
    failing = ec2.CfnEIPAssociation(
        stack, "Broken", allocation_id=NO_SUCH_ADDRESS, network_interface_id="eni-00000000000000000"
    )
    for other in others:
        failing.add_resource_dependency(other)


def synthesize(folder: Path) -> None:
    for name, context in VARIANTS.items():
        app = cdk.App(outdir=str(folder / name), context=context, analytics_reporting=False)
        for scenario in SCENARIOS:
            stack = scenario(app)
            if context.get("broken"):
                add_what_fails_last(stack)
        app.synth()


if __name__ == "__main__":
    synthesize(Path(sys.argv[1]))

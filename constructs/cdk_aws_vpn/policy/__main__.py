"""Checks templates from the command line: ``python -m cdk_aws_vpn.policy TEMPLATE``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.policy.rules import RULE_PACKS, check_templates


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
    try:
        findings = check_templates(options.templates, rule_packs=options.pack)
    except VpnConfigurationError as error:
        parser.error(str(error))
    for finding in findings:
        print(f"{finding.template}: {finding.resource}: {finding.rule}: {finding.message}")
    print(f"{len(findings)} findings in {len(options.templates)} templates", file=sys.stderr)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

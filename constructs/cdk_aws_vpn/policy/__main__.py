"""Reviews templates from the command line: ``python -m cdk_aws_vpn.policy TEMPLATE``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from cdk_aws_vpn.errors import VpnConfigurationError
from cdk_aws_vpn.policy.packs import CDK, RULE_PACKS, check_with_packs
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.rules.findings import SEVERITIES, Review
from vpn_model.rules.printable import printable
from vpn_model.rules.report import as_json, as_sarif, as_text, count, missed_text
from vpn_model.rules.review import review_file

EXIT_CODES = """\
exit codes:
  0  no finding at the level of --fail-on
  1  at least one finding at that level
  2  something could not be reviewed: a file that is not a template, a wrong option
A finding of --pack counts only on a resource of a VPN. What only the deployment tells is listed as not reviewed, and
does not change the exit code: give the values with --parameter.

example: python -m cdk_aws_vpn.policy --parameter Stage=prod vpn.yaml"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"error: {printable(message)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m cdk_aws_vpn.policy",
        description="Reviews CloudFormation templates against the VPN rules, in every branch of their conditions.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("templates", nargs="+", type=Path, metavar="TEMPLATE", help="a JSON or YAML template")
    parser.add_argument(
        "--parameter", action="append", default=[], metavar="KEY=VALUE", help="the value of a template's parameter"
    )
    parser.add_argument(
        "--pack", action="append", default=[], choices=sorted([*RULE_PACKS, CDK]), help="add the rules of others"
    )
    parser.add_argument(
        "--fail-on", default="error", choices=SEVERITIES, help="the least severity for exit code 1 (default: error)"
    )
    parser.add_argument("--notes", action="store_true", help="print notes, too")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print JSON")
    form.add_argument("--sarif", action="store_true", help="print SARIF 2.1.0")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Review templates; return the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    parameters = {}
    for given in options.parameter:
        name, separator, value = given.partition("=")
        if not name or not separator:
            parser.error("--parameter: write KEY=VALUE, for example --parameter Stage=prod")
        parameters[name] = value
    reviews, errors = _review(options.templates, parameters)
    readable = [review.template for review in reviews]
    if options.pack and readable:
        try:
            reviews.append(Review(template=readable[0], findings=tuple(check_with_packs(readable, options.pack))))
        except (VpnConfigurationError, TemplateError) as error:
            errors.append(f"--pack: {error}")
    if options.json or options.sarif:
        print((as_json if options.json else as_sarif)(reviews, errors=errors))
    else:
        print(as_text(reviews, notes=options.notes or options.fail_on == "note"), end="")
        print(missed_text(reviews), end="", file=sys.stderr)
    for problem in errors:
        print(f"error: {printable(problem)}", file=sys.stderr)
    numbers = ", ".join(f"{count(reviews, severity)} {severity}s" for severity in SEVERITIES)
    print(f"{numbers} in {len(readable)} templates", file=sys.stderr)
    if errors:
        return 2
    return 1 if any(one.fails(options.fail_on) for review in reviews for one in review.findings) else 0


def _review(templates: Sequence[Path], parameters: dict[str, str]) -> tuple[list[Review], list[str]]:
    """The reviews of the templates that can be read, and one line for each other one."""
    reviews: list[Review] = []
    errors: list[str] = []
    unused = set(parameters)
    for template in dict.fromkeys(templates):
        try:
            reviews.append(review_file(template, Environment(parameters=parameters)))
            unused -= reviews[-1].parameters
        except TemplateError as error:
            errors.append(f"{template}: {str(error).removeprefix(f'{template.name}: ')}")
        except OSError as error:
            errors.append(f"{template}: {error.strerror}")
    if unused and not errors:
        errors.append(f"--parameter: no template has a parameter {', '.join(sorted(unused))}")
    return reviews, errors


if __name__ == "__main__":
    sys.exit(main())

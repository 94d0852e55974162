"""The command line, with one group of commands per service."""

from __future__ import annotations

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from botocore.parsers import ResponseParserError
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from vpn_ops.client_vpn import commands as client_vpn
from vpn_ops.errors import COULD_NOT_RUN, OperatorError
from vpn_ops.output import show_error

EXIT_CODES = """\
Exit codes: 0 success; 1 something is wrong, and the message says what; 2 the command could not do its work: wrong
usage, missing packages, no credentials or permission, no answer from AWS, a file that cannot be read or written.

Example: vpn-ops client-vpn connections
"""

PROBLEMS = (ClientError, BotoCoreError, ResponseParserError, ValueError, InvalidSignature, UnsupportedAlgorithm)

app = typer.Typer(
    help="Operate VPNs in the account and Region of the AWS environment (AWS_PROFILE, AWS_REGION).",
    epilog=EXIT_CODES,
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.add_typer(
    client_vpn.app, name="client-vpn", short_help="Certificates, profiles, revocation and connections of Client VPN."
)


@app.callback()
def group() -> None:
    """Keep the group visible while it is the only one."""


def main() -> None:
    """Run a command; print an error that the operator can fix as one line on stderr."""
    try:
        app(prog_name="vpn-ops")
    except OperatorError as problem:
        fail(str(problem), problem.exit_code)
    except NoCredentialsError:
        fail("no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
    except (
        ClientError,
        BotoCoreError,
        ResponseParserError,
        ValueError,
        InvalidSignature,
        UnsupportedAlgorithm,
    ) as problem:
        fail(str(problem) or type(problem).__name__)
    except OSError as problem:
        fail(f"{problem.filename}: {problem.strerror}" if problem.filename else str(problem))


def fail(problem: str, exit_code: int = COULD_NOT_RUN) -> None:
    """Print an error and end the program."""
    show_error(problem)
    sys.exit(exit_code)

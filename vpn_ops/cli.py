"""The command line, with one group of commands per service."""

from __future__ import annotations

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from vpn_ops.client_vpn import commands as client_vpn
from vpn_ops.errors import OperatorError

__all__ = ["app", "main"]

app = typer.Typer(
    help="Operate VPNs in the account and Region of the AWS environment (AWS_PROFILE, AWS_REGION).",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.add_typer(client_vpn.app, name="client-vpn")


@app.callback()
def group() -> None:
    """Keep the group visible while it is the only one."""


def main() -> None:
    """Run a command; print an error that the operator can fix as one line on stderr."""
    try:
        app(prog_name="vpn-ops")
    except (OperatorError, ClientError, BotoCoreError) as problem:
        Console(stderr=True, highlight=False).print(f"[red]error:[/red] {problem}", soft_wrap=True)
        sys.exit(1)

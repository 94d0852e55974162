"""The commands, a group for each service."""

from __future__ import annotations

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from vpn_ops.client_vpn import commands as client_vpn
from vpn_ops.errors import OperatorError

app = typer.Typer(
    help="Operates VPNs in the account and Region that the AWS environment names (AWS_PROFILE, AWS_REGION).",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.add_typer(client_vpn.app, name="client-vpn")


@app.callback()
def group() -> None:
    """Keep the groups visible, also while there is one only."""


def main() -> None:
    """Run a command; what an operator can mend is one line on stderr."""
    try:
        app(prog_name="python -m vpn_ops")
    except (OperatorError, ClientError, BotoCoreError) as problem:
        Console(stderr=True, highlight=False).print(f"[red]error:[/red] {problem}", soft_wrap=True)
        sys.exit(1)

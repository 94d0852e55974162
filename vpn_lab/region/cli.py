# ruff: noqa: PLR0917 -- an option of the command each
"""``python -m vpn_lab.region``: the region from a shell."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from vpn_lab.console import PlainConsole
from vpn_lab.hints import region_shell
from vpn_lab.refused import Refused
from vpn_lab.region.environment import export_lines
from vpn_lab.region.errors import RegionError
from vpn_lab.region.handle import Region
from vpn_lab.region.settings import DEFAULT_ACCOUNT, DEFAULT_REGION, Settings

DEFAULT_STATE_DIR = Path(".cache") / "region"

app = typer.Typer(
    help="A local AWS region: one process on a loopback port that the CDK CLI can deploy to.",
    add_completion=False,
    rich_markup_mode=None,
)
console = PlainConsole()

StateDir = Annotated[Path, typer.Option(help="Directory for the region's files; one region per directory.")]


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """A local AWS region: one process on a loopback port that the CDK CLI can deploy to.

    Without a command, the region starts and runs until you press Ctrl+C.
    """
    if context.invoked_subcommand is None:
        context.invoke(start)


@app.command(epilog='Example: python -m vpn_lab.region start --detach && eval "$(python -m vpn_lab.region env)"')
def start(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    port: Annotated[int, typer.Option(help="Loopback port; 0 chooses a free one.")] = 0,
    account: Annotated[str, typer.Option(help="Account id of the region.")] = DEFAULT_ACCOUNT,
    region: Annotated[str, typer.Option(help="Name of the region.")] = DEFAULT_REGION,
    signals: Annotated[
        str,
        typer.Option(help="Who signals wait conditions: the 'region' when an instance runs, or the 'device' itself."),
    ] = "region",
    detach: Annotated[bool, typer.Option("--detach", help="Return when the region answers; leave it running.")] = False,
) -> None:
    """Start a region."""
    try:
        settings = Settings(state_dir.resolve(), port, account, region, signals)  # type: ignore[arg-type]
        started = Region.start(settings)
    except (RegionError, ValueError) as problem:
        raise Refused(problem) from None
    address = Text(started.endpoint, "bold")
    console.print(Text.assemble("The region answers at ", address, f" as account {account} in {region}."))
    if detach:
        console.print("To use it in a shell:")
        for command in region_shell(state_dir, DEFAULT_STATE_DIR):
            console.print(f"  {command}", highlight=False, soft_wrap=True, markup=False)
        return
    console.print("Press Ctrl+C to stop it.")
    _wait_for_interruption(started)


def _wait_for_interruption(started: Region) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print()
    finally:
        started.stop()


def _found(state_dir: Path) -> Region:
    try:
        return Region.find(state_dir.resolve())
    except RegionError as problem:
        raise Refused(problem) from None


@app.command(epilog="Example: python -m vpn_lab.region stop")
def stop(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    """Stop the region and discard everything that was deployed to it."""
    _found(state_dir).stop()
    console.print("The region has stopped.")


@app.command(epilog="Example: python -m vpn_lab.region status --json")
def status(
    state_dir: StateDir = DEFAULT_STATE_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show the region and the stacks in it."""
    region = _found(state_dir)
    report: dict[str, Any] = {"endpoint": region.endpoint, **region.status()}
    if as_json:
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
        return
    stacks = report.pop("stacks")
    for name, value in report.items():
        console.print(f"{name:16} {value}", highlight=False, markup=False)
    for name, state in sorted(stacks.items()):
        console.print(f"stack            {name}: {state}", highlight=False, markup=False)


@app.command(epilog='Example: eval "$(python -m vpn_lab.region env)" && npx cdk bootstrap')
def env(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    """Print environment variables that make the CDK CLI, the AWS CLI and boto3 use only this region."""
    sys.stdout.write(export_lines(_found(state_dir).environment()) + "\n")


@app.command(epilog="Example: python -m vpn_lab.region reset")
def reset(state_dir: StateDir = DEFAULT_STATE_DIR) -> None:
    """Empty the account without restarting the region."""
    _found(state_dir).reset()
    console.print("The account is empty.")

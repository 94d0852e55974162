"""``python -m vpn_lab.network``: the network from a shell."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from vpn_lab.network import report
from vpn_lab.network.faults import FAULTS
from vpn_lab.network.image import ImageError
from vpn_lab.network.machine import MachineError
from vpn_lab.network.network import Network, NetworkError
from vpn_lab.network.packages import PackageError
from vpn_lab.region import Region, RegionError

DEFAULT_FOLDER = Path(".cache") / "network" / "machine"
DEFAULT_REGION_STATE_DIR = Path(".cache") / "region"
PROBLEMS = (ImageError, MachineError, NetworkError, PackageError, RegionError, ValueError)

app = typer.Typer(
    help="Real packets: what was deployed to the local region, built in one small virtual machine.",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Folder = Annotated[Path, typer.Option(help="Where the machine keeps its files; one network per folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]
Node = Annotated[str, typer.Argument(help="An id, a Name tag or its last part, or a private address.")]


class Refused(typer.Exit):
    """Ends a command with a message on stderr and exit code 1."""

    def __init__(self, problem: Exception) -> None:
        errors.print(f"[red]error:[/red] {problem}", soft_wrap=True)
        super().__init__(1)


def _found(folder: Path) -> Network:
    try:
        return Network.find(folder.resolve())
    except PROBLEMS as problem:
        raise Refused(problem) from None


@app.command(epilog="Example: python -m vpn_lab.network up")
def up(
    folder: Folder = DEFAULT_FOLDER,
    region_state_dir: Annotated[Path, typer.Option(help="The region to show.")] = DEFAULT_REGION_STATE_DIR,
) -> None:
    """Boot the machine; from now on it shows what the region has, also what is deployed later."""
    try:
        Network.start(
            Region.find(region_state_dir.resolve()), folder.resolve(), lambda text: console.print(f"{text} …")
        )
    except PROBLEMS as problem:
        raise Refused(problem) from None
    console.print("The network follows the region. See it:  python -m vpn_lab.network status")


@app.command(epilog="Example: python -m vpn_lab.network down")
def down(folder: Folder = DEFAULT_FOLDER) -> None:
    """Stop the machine; the region stays."""
    _found(folder).stop()
    console.print("The machine has stopped.")


@app.command(epilog="Example: python -m vpn_lab.network status --json")
def status(folder: Folder = DEFAULT_FOLDER, as_json: AsJson = False) -> None:
    """Show nodes, tunnels and BGP sessions."""
    network = _found(folder)
    found = report.status(network)
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    _show(("node", "name", "address", "state"), found["nodes"])
    _show(("tunnel", "connection", "IKE and ESP", "BGP", "learned"), found["tunnels"])


@app.command(epilog="Example: python -m vpn_lab.network ping")
def ping(folder: Folder = DEFAULT_FOLDER, as_json: AsJson = False) -> None:
    """Ping from each host to each host of another VPC; fail if one does not answer."""
    network = _found(folder)
    rows = report.pings(network)
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        _show(("from", "to", "answer"), rows)
    if not rows or any(row["answer"] == "none" for row in rows):
        raise typer.Exit(1)


@app.command(
    epilog="Example: python -m vpn_lab.network run Cgw cgw-status",
    context_settings={"ignore_unknown_options": True},
)
def run(
    node: Node,
    command: Annotated[list[str], typer.Argument(help="The program and its arguments.")],
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Run a program on a node."""
    try:
        answer = _found(folder).call(node, *command)
    except PROBLEMS as problem:
        raise Refused(problem) from None
    sys.stdout.write(answer["output"])
    sys.stderr.write(answer["errors"])
    raise typer.Exit(answer["code"])


@app.command(epilog="Example: python -m vpn_lab.network capture internet 'udp port 4500' --seconds 5")
def capture(
    node: Node,
    expression: Annotated[str, typer.Argument(help="What to capture, in tcpdump's words.")] = "",
    seconds: Annotated[int, typer.Option(help="For how long.")] = 5,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Show the packets that pass a node."""
    try:
        sys.stdout.write(_found(folder).capture(node, expression, seconds))
    except PROBLEMS as problem:
        raise Refused(problem) from None


@app.command(epilog="Example: python -m vpn_lab.network client alice ~/alice.ovpn")
def client(
    name: Annotated[str, typer.Argument(help="Its node is then client-NAME.")],
    profile: Annotated[Path | None, typer.Argument(help="A profile of OpenVPN; without one the client goes.")] = None,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Put a user's computer on the Internet; it connects with a profile at once."""
    try:
        network = _found(folder)
        if profile is None:
            network.detach_client(name)
        else:
            network.attach_client(name, profile.expanduser().read_text())
    except (*PROBLEMS, OSError) as problem:
        raise Refused(problem) from None


@app.command(epilog="Example: python -m vpn_lab.network fault blackhole 198.51.100.1")
def fault(
    kind: Annotated[str, typer.Argument(help=f"One of {', '.join(FAULTS)}.")],
    target: Annotated[str, typer.Argument(help="An outside address, an instance, a service: what the kind needs.")],
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Break something, or mend it."""
    try:
        _found(folder).fault(kind, target)
    except PROBLEMS as problem:
        raise Refused(problem) from None


def _show(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*(str(row[column]) for column in columns))
    console.print(table)

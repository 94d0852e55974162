"""``python -m vpn_lab.network``: the network from a shell."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from vpn_lab.console import PlainConsole
from vpn_lab.network import report, shell
from vpn_lab.network.faults import FAULTS, inject
from vpn_lab.network.machine import host_requirements
from vpn_lab.network.machine.image import ImageError
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.machine.packages import PackageError
from vpn_lab.network.network import Network, NetworkError
from vpn_lab.refused import Refused, errors
from vpn_lab.region import Region, RegionError
from vpn_model.printable import printable

DEFAULT_FOLDER = Path(".cache") / "network" / "machine"
DEFAULT_REGION_STATE_DIR = Path(".cache") / "region"
PROBLEMS = (OSError, ImageError, MachineError, NetworkError, PackageError, RegionError, ValueError)

app = typer.Typer(
    help="A network with real packets: what was deployed to the local region, built in one small virtual machine.",
    add_completion=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)
console = PlainConsole(highlight=False)

Folder = Annotated[
    Path, typer.Option(envvar="VPN_LAB_NETWORK", help="Folder for the machine's files; one network per folder.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Node = Annotated[str, typer.Argument(help="An id, a Name tag or its last part, or a private address.")]


@contextmanager
def _network(folder: Path, doing: str) -> Iterator[Network]:
    """Yield the network, show progress while the block runs, and turn known errors into a message and exit code 1."""
    try:
        network = Network.find(folder.resolve())
        with errors.status(Text(printable(f"{doing} …"))):
            yield network
    except PROBLEMS as problem:
        raise Refused(problem) from None


def _write(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=2) + "\n")


@app.command(epilog="Example: python -m vpn_lab.network up")
def up(
    folder: Folder = DEFAULT_FOLDER,
    region_state_dir: Annotated[Path, typer.Option(help="State directory of the region.")] = DEFAULT_REGION_STATE_DIR,
    as_json: AsJson = False,
) -> None:
    """Boot the machine. It then follows the region: what is deployed later is built as well."""
    obstacle = host_requirements.obstacle()
    if obstacle:
        raise Refused(NetworkError(obstacle))
    output = errors if as_json else console
    try:
        region = Region.find(region_state_dir.resolve())
        network = Network.start(region, folder.resolve(), lambda step: output.print(f"{step} …"))
    except PROBLEMS as problem:
        raise Refused(problem) from None
    if as_json:
        _write({"pid": network.machine.pid, "folder": str(folder), "region": region.endpoint})
        return
    console.print("The network follows the region. Show it with:  python -m vpn_lab.network status")


@app.command(epilog="Example: python -m vpn_lab.network down")
def down(folder: Folder = DEFAULT_FOLDER, as_json: AsJson = False) -> None:
    """Stop the machine; the region keeps running."""
    with _network(folder, "stopping the machine") as network:
        network.stop()
    if as_json:
        _write({"stopped": network.machine.pid})
        return
    console.print("The machine has stopped.")


@app.command(epilog="Example: python -m vpn_lab.network status --json")
def status(folder: Folder = DEFAULT_FOLDER, as_json: AsJson = False) -> None:
    """Show nodes, tunnels and BGP sessions."""
    with _network(folder, "asking the machine") as network:
        found = report.status(network)
    if as_json:
        _write(found)
        return
    _show(("node", "name", "address", "state"), found["nodes"])
    _show(("tunnel", "connection", "IKE and ESP", "BGP", "learned"), found["tunnels"])


@app.command(epilog="Example: python -m vpn_lab.network routes")
def routes(folder: Folder = DEFAULT_FOLDER, as_json: AsJson = False) -> None:
    """Show the route tables of the EC2 API, including propagated routes."""
    with _network(folder, "reading the route tables") as network:
        rows = report.routes(network)
    if as_json:
        _write(rows)
        return
    _show(("route table", "VPC", "destination", "target"), rows)


@app.command(epilog="Example: python -m vpn_lab.network ping")
def ping(folder: Folder = DEFAULT_FOLDER, as_json: AsJson = False) -> None:
    """Ping from each host to each host of another VPC; the command fails if one does not answer."""
    with _network(folder, "pinging") as network:
        rows = report.pings(network)
    if as_json:
        _write(rows)
    else:
        _show(("from", "to", "answer"), rows)
    if not rows or any(row["answer"] == "none" for row in rows):
        raise typer.Exit(1)


@app.command("shell", epilog="Example: python -m vpn_lab.network shell CgwActive")
def open_shell(node: Node, folder: Folder = DEFAULT_FOLDER) -> None:
    """Open an interactive shell on a node; leave it with exit or Ctrl-D."""
    try:
        shell.interact(Network.find(folder.resolve()), node)
    except PROBLEMS as problem:
        raise Refused(problem) from None


@app.command(
    epilog="Example: python -m vpn_lab.network run Cgw cgw-status",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
def run(
    node: Node,
    command: Annotated[list[str], typer.Argument(help="The program and its arguments.")],
    folder: Folder = DEFAULT_FOLDER,
    as_json: AsJson = False,
) -> None:
    """Run a program on a node. Everything after NODE belongs to the program, including options."""
    with _network(folder, " ".join(command)) as network:
        answer = network.call(node, *command)
    if as_json:
        _write(answer)
    else:
        sys.stdout.write(answer["output"])
        sys.stderr.write(answer["errors"])
    raise typer.Exit(answer["code"])


@app.command(epilog="Example: python -m vpn_lab.network capture internet 'udp port 4500' --seconds 5")
def capture(
    node: Node,
    expression: Annotated[str, typer.Argument(help="What to capture: a tcpdump filter expression.")] = "",
    seconds: Annotated[int, typer.Option(min=1, help="Duration of the capture.")] = 5,
    folder: Folder = DEFAULT_FOLDER,
    as_json: AsJson = False,
) -> None:
    """Show the packets that pass a node."""
    with _network(folder, f"capturing for {seconds} s") as network:
        packets = network.capture(node, expression, seconds)
    if as_json:
        _write(packets.splitlines())
        return
    sys.stdout.write(packets)


@app.command(epilog="Example: python -m vpn_lab.network client alice ~/alice.ovpn")
def client(
    name: Annotated[str, typer.Argument(help="Name of the user; the node is called client-NAME.")],
    profile: Annotated[Path | None, typer.Argument(help="OpenVPN profile; without one, the client is removed.")] = None,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Add a user's computer to the Internet; it connects with its profile immediately."""
    with _network(folder, name) as network:
        if profile is None:
            network.detach_client(name)
        else:
            network.attach_client(name, profile.expanduser().read_text())


@app.command(epilog="Example: python -m vpn_lab.network fault blackhole 198.51.100.1")
def fault(
    kind: Annotated[str, typer.Argument(help="Kind of fault; `fault` without arguments lists them.")] = "",
    target: Annotated[str, typer.Argument(help="What to break, such as an outside address or an instance.")] = "",
    folder: Folder = DEFAULT_FOLDER,
    as_json: AsJson = False,
) -> None:
    """Break something, or repair it."""
    if not kind:
        kinds = [{"kind": name, "does": " ".join((one.__doc__ or "").split())} for name, one in FAULTS.items()]
        _write(kinds) if as_json else _show(("kind", "does"), kinds)
        return
    if not target:
        raise Refused(ValueError(f"{kind} needs a target, such as an outside address; `fault` alone lists the kinds"))
    with _network(folder, f"{kind} {target}") as network:
        inject(network, kind, target)
    if as_json:
        _write({"kind": kind, "target": target})
        return
    console.print(f"{kind} {target}: done.")


def _show(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
    table = Table(*columns, box=None)
    for row in rows:
        table.add_row(*(str(row[column]) for column in columns))
    console.print(table)

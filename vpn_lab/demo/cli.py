"""The command, and the order of its steps."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.text import Text

from vpn_lab.console import PlainConsole
from vpn_lab.demo import deployment, ends, failover, spread, traffic, users
from vpn_lab.demo.story import Story
from vpn_lab.demo.watch import Watch
from vpn_lab.hints import region_shell
from vpn_lab.network.machine import host_requirements
from vpn_lab.network.machine.image import ImageError
from vpn_lab.network.machine.machine import MachineError
from vpn_lab.network.machine.packages import PackageError
from vpn_lab.network.network import Network, NetworkError
from vpn_lab.network.users import Users, any_endpoint
from vpn_lab.region import Region, RegionError
from vpn_lab.region.cli import DEFAULT_STATE_DIR
from vpn_model.printable import printable

DEFAULT_SCENARIO = "ScenarioDualCgwBgp"
STATE_DIR = Path(".cache") / "demo-region"
FOLDER = Path(".cache") / "demo-network"
LOOK_SECONDS = 1.0
PROBLEMS = (ImageError, MachineError, NetworkError, PackageError, RegionError)
REGION_ONLY = "Tunnels are DOWN and no routes are propagated, because no device runs here."

app = typer.Typer(add_completion=False, rich_markup_mode=None)
console = PlainConsole()


@app.command(epilog=f"Example: python -m vpn_lab.demo {DEFAULT_SCENARIO} --keep")
def demo(
    scenario: Annotated[str, typer.Argument(help="A stack of the application; `npx cdk ls` lists them.")] = "",
    named: Annotated[str, typer.Option("--scenario", help="Same as the argument.")] = "",
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running, so that you can look at it.")] = False,
    with_network: Annotated[
        bool, typer.Option("--network/--no-network", help="With real packets, or with the APIs only.")
    ] = True,
) -> None:
    """Deploy a scenario to a local AWS region, build its network in a virtual machine, break it, and remove it.

    No AWS account is needed, and none can be reached: the region is one process on a loopback port.
    """
    stack = scenario or named or DEFAULT_SCENARIO
    obstacle = host_requirements.obstacle() if with_network else None
    if obstacle:
        _error(f"{obstacle}. To run without packets: make demo ARGS=--no-network")
        raise typer.Exit(1)
    story = Story(console)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _region(story, keep, "device" if with_network else "region") as region, _keys(keep) as keys:
            if with_network:
                _with_packets(story, region, stack, keys, keep)
            else:
                _without_packets(story, region, stack, keys, keep)
    except PROBLEMS as problem:
        console.print()
        _error(str(problem))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        console.print("\nInterrupted. Everything has been stopped.")
        raise typer.Exit(130) from None
    _conclude(story, region, stack, keep, with_network)


def _error(problem: str) -> None:
    console.print(Text.assemble(("error:", "red"), " ", printable(problem, "\n")), soft_wrap=True)


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _region(story: Story, keep: bool, signals: str) -> Iterator[Region]:
    story.step("Start a local AWS region", "One process that answers the AWS APIs on a loopback port: CloudFormation, "
               "EC2 with Site-to-Site VPN, Lambda, Secrets Manager, IAM and more.")  # fmt: skip
    region = Region.start(state_dir=STATE_DIR.resolve(), signals=signals)
    story.note(f"{region.endpoint} answers")
    finished = False
    try:
        yield region
        finished = True
    finally:
        if not (keep and finished):
            region.stop()


@contextmanager
def _network(story: Story, region: Region, keep: bool) -> Iterator[Network]:
    story.step("Start the local network", "One small virtual machine, built from this distribution's packages. It "
               "follows the region: everything that is deployed there becomes real hosts here.")  # fmt: skip
    network = Network.start(region, FOLDER.resolve(), lambda text: story.note(f"{text} …"))
    story.note("the machine is up and follows the region")
    finished = False
    try:
        yield network
        finished = True
    finally:
        if not (keep and finished):
            network.stop()


@contextmanager
def _keys(keep: bool) -> Iterator[Path]:
    """A private folder for keys, outside the project; it is kept if everything else is."""
    folder = Path(tempfile.mkdtemp(prefix="vpn-lab-keys-"))
    finished = False
    try:
        yield folder
        finished = True
    finally:
        if not (keep and finished and any(folder.iterdir())):
            shutil.rmtree(folder)


def _without_packets(story: Story, region: Region, stack: str, keys: Path, keep: bool) -> None:
    prepared = deployment.prepare(story, region, stack, keys)
    deployment.deploy(story, region, prepared)
    deployment.read_back(story, region, stack, REGION_ONLY)
    if not keep:
        deployment.destroy(story, region, prepared)


def _with_packets(story: Story, region: Region, stack: str, keys: Path, keep: bool) -> None:
    with _network(story, region, keep) as network:
        prepared = deployment.prepare(story, region, stack, keys)
        story.step(f"cdk deploy {stack}", "The unmodified CDK CLI deploys the stack with CloudFormation. Instances "
                   "boot and run their user-data as soon as they exist. The deployment ends when the devices signal "
                   "that they are up.")  # fmt: skip
        watch = Watch(console, network, stack)
        with watch.shown():
            deployment.following(lambda: deployment.deploy_quietly(region, prepared), watch.look, LOOK_SECONDS)
        joined = ends.find(network.deployed())
        if joined is None:
            story.checks.that(False, "there is a host in the data centre, and one in a VPC with a gateway")
        else:
            traffic.wait_until_up(story, network, watch, joined)
        deployment.read_back(story, region, stack, "The tunnel status comes from the network's own gateways.")
        if joined is not None:
            traffic.show_before(story, watch)
            traffic.show_pings(story, network, joined)
            traffic.show_transfer(story, network, joined)
            traffic.show_capture(story, network, joined)
            if spread.is_asked_for(network, joined):
                spread.show(story, network, joined)
            else:
                failover.show(story, network, joined)
            if any_endpoint(network):
                users.show(story, Users(network, keys), joined)
        if keep and any(keys.iterdir()):
            story.note(f"the keys of the Client VPN are in {keys}; delete them when you are done")
        if not keep:
            deployment.destroy(story, region, prepared)


def _conclude(story: Story, region: Region, stack: str, keep: bool, with_network: bool) -> None:
    console.print()
    if keep:
        console.print(
            f"The stack {stack} is still deployed. Commands to look at it, and to stop everything when you are done:"
        )
        for command in (*_region_commands(), *(_network_commands() if with_network else ()), *_stop(with_network)):
            console.print(f"  {command}", highlight=False, soft_wrap=True)
    if story.checks.failures:
        console.print(f"Failed checks ({len(story.checks.failures)}):", style="red")
        for failure in story.checks.failures:
            console.print(f"  {failure}", highlight=False)
        raise typer.Exit(1)
    ending = f"with {stack} on {region.endpoint} in {story.seconds:.0f} s."
    console.print(Text.assemble(("All checks passed", "green"), f" {ending}"), highlight=False)


def _region_commands() -> tuple[str, ...]:
    return (
        *region_shell(STATE_DIR, DEFAULT_STATE_DIR),
        "aws ec2 describe-vpn-connections   # or boto3, or npx cdk diff",
    )


def _network_commands() -> tuple[str, ...]:
    return (
        f"export VPN_LAB_NETWORK={FOLDER}",
        "python -m vpn_lab.network status   # nodes, tunnels, BGP",
        "python -m vpn_lab.network routes",
        "python -m vpn_lab.network ping",
        "python -m vpn_lab.network shell NODE   # NODE: a name shown by `status`, or its last part",
        "python -m vpn_lab.network fault blackhole OUTSIDE_ADDRESS   # and heal",
    )


def _stop(with_network: bool) -> tuple[str, ...]:
    network = ("python -m vpn_lab.network down",) if with_network else ()
    return (*network, f"python -m vpn_lab.region stop --state-dir {STATE_DIR}")

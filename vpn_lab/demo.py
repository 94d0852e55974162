"""``python -m vpn_lab.demo``: a scenario deployed by the real CDK CLI to the local region, looked at, and removed."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from subprocess import CompletedProcess
from typing import Annotated, Any

import typer
from botocore.exceptions import ClientError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from vpn_lab import demo_report, inventory
from vpn_lab.demo_report import Checks
from vpn_lab.readback import read_stack
from vpn_lab.region import CommandFailedError, Region, RegionError

DEFAULT_SCENARIO = "ScenarioDualCgwBgp"
STATE_DIR = Path(".cache") / "demo-region"

app = typer.Typer(add_completion=False, rich_markup_mode=None)
console = Console()


@app.command(epilog=f"Example: python -m vpn_lab.demo {DEFAULT_SCENARIO} --keep")
def demo(
    scenario: Annotated[str, typer.Argument(help="A stack of the application; `npx cdk ls` lists them.")] = "",
    named: Annotated[str, typer.Option("--scenario", help="The same, as an option.")] = "",
    keep: Annotated[bool, typer.Option("--keep", help="Leave the region and the stack for you to look at.")] = False,
) -> None:
    """Deploy a scenario to a local AWS region, show what the EC2 API says was built, and remove it.

    No AWS account is needed, and none can be reached: the region is one process on one loopback port.
    """
    stack = scenario or named or DEFAULT_SCENARIO
    checks = Checks(console)
    try:
        region = _started()
        try:
            _lifecycle(region, stack, checks, keep)
        finally:
            if not keep:
                region.stop()
    except CommandFailedError as problem:
        console.print(f"\n[red]{problem}[/red]", highlight=False)
        raise typer.Exit(1) from None
    except RegionError as problem:
        console.print(f"\n[red]error:[/red] {problem}", highlight=False)
        raise typer.Exit(1) from None
    _conclude(checks, region, stack, keep)


def _step(number: int, title: str, why: str) -> None:
    console.print(f"\n[bold]{number}. {title}[/bold]\n[dim]{why}[/dim]", highlight=False)


def _started() -> Region:
    _step(1, "Start a local AWS region", "One process that answers the AWS APIs on a loopback port: CloudFormation, "
          "EC2 with Site-to-Site VPN, Lambda, Secrets Manager, IAM and more.")  # fmt: skip
    began = time.monotonic()
    region = Region.start(state_dir=STATE_DIR.resolve())
    console.print(f"  {region.endpoint} answers after {time.monotonic() - began:.1f} s", highlight=False)
    return region


def _lifecycle(region: Region, stack: str, checks: Checks, keep: bool) -> None:
    _step(2, "cdk bootstrap", "Prepares the account once: a bucket for assets, and the roles the CDK deploys with.")
    _with_progress(region, "CDKToolkit", region.bootstrap)
    before = inventory.take(region.client)
    _step(3, f"cdk deploy {stack}", "The unmodified CDK CLI synthesizes the application and has CloudFormation build "
          "the stack. Its custom resources and their functions really run.")  # fmt: skip
    _with_progress(region, stack, lambda: region.cdk("deploy", stack, "--require-approval", "never"))
    _read_back(region, stack, checks)
    if keep:
        return
    during = inventory.take(region.client)
    _step(6, f"cdk destroy {stack}", "Everything the stack made goes again, in the order its dependencies allow.")
    _with_progress(region, stack, lambda: region.cdk("destroy", stack, "--force"))
    left = inventory.difference(before, inventory.take(region.client))
    demo_report.show_leftovers(console, checks, left, before, during)


def _read_back(region: Region, stack: str, checks: Checks) -> None:
    _step(4, "Read it back", "With boto3 alone: what the services say exists, not what the template asked for. "
          "Tunnels are DOWN and no route is propagated until devices speak IPsec.")  # fmt: skip
    view = read_stack(region.client, stack)
    demo_report.show_resources(console, view)
    demo_report.show_gateways(console, view.connections)
    demo_report.show_tunnels(console, view.connections)
    demo_report.show_routes(console, view.route_tables)
    for name, value in sorted(view.outputs.items()):
        console.print(f"  {name} = {value}", highlight=False, soft_wrap=True)
    _step(5, "Check it", "Each line is read from the API; any that fails makes this command exit with 1.")
    demo_report.check_stack(checks, view)


def _with_progress(region: Region, stack: str, work: Any) -> None:
    """Run one CDK command and follow the stack's resources meanwhile."""
    text, counts = TextColumn("{task.description}"), MofNCompleteColumn()
    columns = (SpinnerColumn(), text, BarColumn(), counts, TimeElapsedColumn())
    with ThreadPoolExecutor(1) as pool, Progress(*columns, console=console) as progress:
        running: Future[CompletedProcess[str]] = pool.submit(work)
        task = progress.add_task("  synthesizing", total=None)
        finished = threading.Event()
        running.add_done_callback(lambda _: finished.set())
        while not finished.wait(0.3):
            status, done, total = _resources(region, stack)
            progress.update(task, description=f"  {status or 'synthesizing'}", completed=done, total=total or None)
        status, done, total = _resources(region, stack)
        progress.update(task, description=f"  {status or 'gone'}", completed=max(done, 1), total=max(total, 1))
    running.result()


def _resources(region: Region, stack: str) -> tuple[str, int, int]:
    """The stack's status, how many of its resources are complete, and how many it has so far."""
    client = region.client("cloudformation")
    try:
        status = client.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]
        pages = client.get_paginator("describe_stack_events").paginate(StackName=stack)
        events = [event for page in pages for event in page["StackEvents"]]
    except ClientError:
        return "", 0, 0
    names = {one["LogicalResourceId"] for one in events}
    complete = {one["LogicalResourceId"] for one in events if one["ResourceStatus"].endswith("_COMPLETE")}
    return status, len(complete), len(names)


def _conclude(checks: Checks, region: Region, stack: str, keep: bool) -> None:
    console.print()
    if keep:
        console.print(f"The stack {stack} is still there. Look at it, and stop the region when you are done:")
        for command in (
            f'eval "$(python -m vpn_lab.region env --state-dir {STATE_DIR})"',
            "aws ec2 describe-vpn-connections   # or boto3, or npx cdk diff",
            f"python -m vpn_lab.region stop --state-dir {STATE_DIR}",
        ):
            console.print(f"  {command}", highlight=False)
    if checks.failures:
        console.print(f"[red]{len(checks.failures)} of the checks failed:[/red]")
        for failure in checks.failures:
            console.print(f"  {failure}", highlight=False)
        raise typer.Exit(1)
    console.print(f"[green]Everything is as it should be[/green] with {stack} on {region.endpoint}.", highlight=False)


if __name__ == "__main__":
    app(prog_name="python -m vpn_lab.demo")

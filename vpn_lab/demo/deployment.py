"""The CDK's part of the demonstration: synthesize, bootstrap, deploy, read back, destroy."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from vpn_lab.demo import report
from vpn_lab.demo.story import Story
from vpn_lab.preparation import deploy_options, synthesize
from vpn_lab.region import Region
from vpn_model.network import Network
from vpn_model.read_api.inventory import Inventory, read_inventory
from vpn_model.read_api.network import read_network


@dataclass(frozen=True)
class Prepared:
    """What a deployment needs, and what existed before it."""

    stack: str
    assembly: Path
    options: list[str]
    before: Inventory


def prepare(story: Story, region: Region, stack: str, keys: Path) -> Prepared:
    """Synthesize a stack and prepare the account for it; ``keys`` is the folder for the keys of the stack's users."""
    story.step("cdk synth", "The unmodified CDK CLI runs the application, which checks the stack against its policies "
               "and writes the template. This needs no account.")  # fmt: skip
    assembly = synthesize(region, [stack])
    story.step(
        "cdk bootstrap", "Prepares the account, once: a bucket for assets, and the roles that the CDK deploys with."
    )
    _with_progress(story, region, "CDKToolkit", region.bootstrap)
    options = deploy_options(region, assembly, [stack], keys)
    if options:
        story.note("created a certificate with `vpn-ops client-vpn certificates`, which the template requires")
    return Prepared(stack, assembly, options, read_inventory(region.client))


def deploy_quietly(region: Region, prepared: Prepared) -> Any:
    """Deploy with the CDK CLI, without output."""
    options = ["--require-approval", "never", *prepared.options]
    return region.cdk("deploy", prepared.stack, *options, app=str(prepared.assembly))


def deploy(story: Story, region: Region, prepared: Prepared) -> None:
    """Deploy, following the stack's resources."""
    story.step(f"cdk deploy {prepared.stack}", "CloudFormation builds the stack. Custom resources and their Lambda "
               "functions really run.")  # fmt: skip
    _with_progress(story, region, prepared.stack, lambda: deploy_quietly(region, prepared))


def read_back(story: Story, region: Region, stack: str, why: str) -> Network:
    """Show and check what the EC2 API says was built."""
    story.step(
        "Read it back", f"With boto3 only: what exists according to the APIs, not what the template asked for. {why}"
    )
    network = read_network(region.client, region.settings.region, stack=stack)
    if network.stack:
        report.show_resources(story.console, network.stack.resources)
    report.show_gateways(story.console, network)
    report.show_tunnels(story.console, network)
    report.show_routes(story.console, network.route_tables.values())
    for name, value in sorted(network.stack.outputs.items() if network.stack else ()):
        story.note(f"{name} = {value}")
    story.step("Check it", "Each check is made with the APIs. If one fails, this command ends with exit code 1.")
    report.check_stack(story.checks, network)
    return network


def destroy(story: Story, region: Region, prepared: Prepared) -> None:
    """Destroy the stack, and check that it left nothing behind."""
    during, stack = read_inventory(region.client), prepared.stack
    story.step(f"cdk destroy {stack}", "Everything in the stack is deleted, in the order of its dependencies.")
    destroying = partial(region.cdk, "destroy", stack, "--force", app=str(prepared.assembly))
    _with_progress(story, region, stack, destroying)
    report.show_leftovers(story.console, story.checks, prepared.before, during, read_inventory(region.client))


def following(work: Callable[[], Any], look: Callable[[], None], period_seconds: float) -> None:
    """Run a CDK command in the background and call ``look`` periodically until it ends.

    Raises:
        CommandFailedError: The command failed.
    """
    finished = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        running: Future[Any] = pool.submit(work)
        running.add_done_callback(lambda _: finished.set())
        try:
            while not finished.wait(period_seconds):
                look()
        except BaseException:
            _end_children()
            raise
        look()
    running.result()


def _end_children() -> None:
    """End the CDK CLI that we started, so that an interruption does not have to wait for a deployment."""
    for listing in Path("/proc/self/task").glob("*/children"):
        for pid in listing.read_text().split():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                if any(Path(word).name == "cdk" for word in Path(f"/proc/{pid}/cmdline").read_text().split("\0")):
                    os.kill(int(pid), signal.SIGTERM)


def _with_progress(story: Story, region: Region, stack: str, work: Callable[[], Any]) -> None:
    """Run a CDK command and show the progress of the stack's resources."""
    text, counts = TextColumn("{task.description}", markup=False), MofNCompleteColumn()
    columns = (SpinnerColumn(), text, BarColumn(), counts, TimeElapsedColumn())
    with Progress(*columns, console=story.console) as progress:
        task = progress.add_task("  beginning", total=None)

        def look() -> None:
            status, done, total = resources(region, stack)
            if status:
                progress.update(task, description=f"  {status}", completed=done, total=total)

        following(work, look, 0.3)
        status, done, total = resources(region, stack)
        progress.update(task, description=f"  {status or 'gone'}", completed=max(done, 1), total=max(total, 1))


def resources(region: Region, stack: str) -> tuple[str, int, int]:
    """Return the stack's status, how many of its resources are complete, and how many it has so far."""
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

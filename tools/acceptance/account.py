"""One account and Region, on AWS or local: deploy, remove, look, and ask a device."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from vpn_lab.region.environment import node_tools
from vpn_model.network import Network
from vpn_model.read_api.network import read_network

PROJECT = Path(__file__).resolve().parents[2]
TEMPLATES = Path(__file__).with_name("templates")
POLL_SECONDS = 1.0
SESSION = "Session"
IN_DEVICE = "ssm start-session"


class AcceptanceError(Exception):
    """A step that every check needs has failed."""


@dataclass(frozen=True)
class Answer:
    """What a program on a device has printed, and its exit code."""

    code: int
    output: str
    errors: str


@dataclass
class Account:
    """Where the checks run.

    Attributes:
        client: Gives the boto3 client of a service.
        region: Name of the Region.
        environment: Environment of the CDK CLI.
        folder: Where apps are synthesized to.
        is_local: It is the local region, with the local network.
        note: Is called with a line for the reader.
    """

    client: Callable[[str], Any]
    region: str
    environment: Mapping[str, str]
    folder: Path
    is_local: bool
    note: Callable[[str], None]
    _ids: dict[str, str] = field(default_factory=dict)

    # -- stacks ------------------------------------------------------------------------------------------------------

    def deploy(self, stack: str, *, app: str | None = None, **context: str) -> float:
        """Deploy a stack of this project, or of another app, by the CDK CLI; return how many seconds that took."""
        words = [word for key, value in context.items() for word in ("--context", f"{key}={value}")]
        self.note(f"cdk deploy {stack}")
        seconds = self._cdk("deploy", stack, "--require-approval", "never", *words, app=app)
        self._ids[stack] = self._stack(stack)["StackId"]
        return seconds

    def synthesize(self, stack: str, *, app: str | None = None) -> Path:
        """Synthesize a stack of this project, or of another app; return the folder with its template."""
        folder = self.folder / "costs"
        self._cdk("synth", stack, "--quiet", app=app, folder=folder)
        return folder

    def create(self, template: str) -> float:
        """Create the stack of a template of ours; return how many seconds that took.

        Raises:
            AcceptanceError: It was not created; the message has the first reason.
        """
        started = time.monotonic()
        self.client("cloudformation").create_stack(StackName=template, TemplateBody=self.template(template))
        self._settle(template, "CREATE")
        return time.monotonic() - started

    def update(self, template: str, **parameters: str) -> float:
        """Update such a stack with other parameters; return how many seconds that took.

        Raises:
            AcceptanceError: It was not updated; the message has the first reason.
        """
        started = time.monotonic()
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        arguments = {"StackName": template, "UsePreviousTemplate": True, "Parameters": given}
        self.client("cloudformation").update_stack(**arguments)
        self._settle(template, "UPDATE")
        return time.monotonic() - started

    def delete(self, stack: str) -> None:
        """Delete a stack, whatever its state, and however it was deployed.

        Raises:
            AcceptanceError: It was not deleted.
        """
        identifier = self._ids.get(stack) or self._stack(stack)["StackId"]
        self.client("cloudformation").delete_stack(StackName=identifier)
        self._settle(identifier, "DELETE")

    @staticmethod
    def template(name: str) -> str:
        """Return the text of a template of ours."""
        return (TEMPLATES / f"{name}.yaml").read_text()

    def exists(self, stack: str) -> bool:
        """Tell whether a stack exists."""
        try:
            return bool(self._stack(stack))
        except ClientError:
            return False

    def events(self, stack: str) -> list[dict[str, Any]]:
        """Return the events of a stack, also of a removed one, the oldest first."""
        name = self._ids.get(stack, stack)
        pages = self.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def output(self, stack: str, name: str) -> str:
        """Return an output of a stack."""
        outputs = self._stack(stack).get("Outputs", [])
        return str(next(one["OutputValue"] for one in outputs if one["OutputKey"] == name))

    def network(self, stack: str) -> Network:
        """Return what a stack has built, as the APIs show it."""
        return read_network(self.client, self.region, stack=stack)

    # -- devices -----------------------------------------------------------------------------------------------------

    def devices(self, stack: str) -> dict[str, str]:
        """Return the instance id of each device of a stack by its name in the outputs."""
        outputs = self._stack(stack).get("Outputs", [])
        return {
            one["OutputKey"].removesuffix(SESSION): one["OutputValue"].rsplit(" ", 1)[-1]
            for one in outputs
            if one["OutputKey"].endswith(SESSION) and IN_DEVICE in one["OutputValue"]
        }

    def on_device(self, instance: str, script: str, seconds: float = 120) -> Answer:
        """Run a shell script on a device by SSM's Run Command, and return what it printed.

        Raises:
            AcceptanceError: There is no answer in time.
        """
        ssm = self.client("ssm")
        sent = self._until_managed(instance, script)
        names = {"CommandId": sent, "InstanceId": instance}
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
            try:
                shown = ssm.get_command_invocation(**names)
            except ssm.exceptions.InvocationDoesNotExist:
                continue
            if shown["Status"] not in ("Pending", "InProgress", "Delayed"):
                return Answer(shown["ResponseCode"], shown["StandardOutputContent"], shown["StandardErrorContent"])
        raise AcceptanceError(f"{instance} has not answered a command within {seconds:.0f} s")

    def _until_managed(self, instance: str, script: str) -> str:
        """Send a command; an agent that has just started needs a while to register."""
        ssm, deadline = self.client("ssm"), time.monotonic() + 180
        parameters = {"commands": [script]}
        while True:
            try:
                sent = ssm.send_command(
                    InstanceIds=[instance], DocumentName="AWS-RunShellScript", Parameters=parameters
                )
                return str(sent["Command"]["CommandId"])
            except ssm.exceptions.InvalidInstanceId:
                if time.monotonic() > deadline:
                    raise AcceptanceError(f"the SSM agent of {instance} has not registered") from None
                time.sleep(POLL_SECONDS)

    def telemetry(self, connection: str) -> dict[str, str]:
        """Return the status of each tunnel of a connection by its outside address."""
        found = self.client("ec2").describe_vpn_connections(VpnConnectionIds=[connection])["VpnConnections"][0]
        return {one["OutsideIpAddress"]: one["Status"] for one in found.get("VgwTelemetry", [])}

    def wait(self, condition: Callable[[], bool], seconds: float, what: str) -> float:
        """Wait for a condition; return how many seconds that took.

        Raises:
            AcceptanceError: It does not hold in time.
        """
        started = time.monotonic()
        while not condition():
            if time.monotonic() - started > seconds:
                raise AcceptanceError(f"not within {seconds:.0f} s: {what}")
            time.sleep(POLL_SECONDS)
        return time.monotonic() - started

    # -- inside ------------------------------------------------------------------------------------------------------

    def _stack(self, name: str) -> dict[str, Any]:
        return dict(self.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0])

    def _settle(self, stack: str, what: str) -> None:
        client = self.client("cloudformation")
        while True:
            found = client.describe_stacks(StackName=stack)["Stacks"][0]
            self._ids[found["StackName"]] = found["StackId"]
            if not found["StackStatus"].endswith("_IN_PROGRESS"):
                break
            time.sleep(POLL_SECONDS)
        if found["StackStatus"] != f"{what}_COMPLETE":
            failed = (one for one in self.events(stack) if one["ResourceStatus"].endswith("_FAILED"))
            reason = next((one.get("ResourceStatusReason", "") for one in failed), "no reason is given")
            raise AcceptanceError(f"{stack}: {found['StackStatus']}: {reason}")

    def _cdk(self, *words: str, app: str | None, folder: Path | None = None) -> float:
        tools = node_tools(PROJECT)
        if tools is None:
            raise AcceptanceError("the CDK CLI is not installed; run make setup")
        output = str(folder or self.folder)
        command = [str(tools / "cdk"), *(["--app", app] if app else []), *words, "--output", output]
        path = os.pathsep.join([str(Path(sys.executable).parent), self.environment.get("PATH", "")])
        python = os.pathsep.join([str(PROJECT / "constructs"), str(PROJECT)])
        environment = {**self.environment, "PATH": path, "PYTHONPATH": python}
        started = time.monotonic()
        ended = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        if ended.returncode:
            raise AcceptanceError(f"cdk {words[0]} {words[1]} failed:\n{ended.stderr[-3000:]}")
        return time.monotonic() - started

"""A stack that is deployed through CloudFormation's API, without the CDK CLI."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vpn_lab.region import Region

DEADLINE_SECONDS = 60
FINAL = ("COMPLETE", "FAILED")


@dataclass
class Stack:
    """One stack, deployed from raw templates, and what CloudFormation says about it."""

    client: Any
    name: str
    template: dict[str, Any] = field(default_factory=dict)

    def create(self, resources: dict[str, Any], **sections: Any) -> str:
        """Create the stack, wait for its end and return its status."""
        self.client.create_stack(StackName=self.name, **self._request(resources, sections))
        return self.settled()

    def update(self, resources: dict[str, Any], **sections: Any) -> str:
        self.client.update_stack(StackName=self.name, **self._request(resources, sections))
        return self.settled()

    def _request(self, resources: dict[str, Any], sections: dict[str, Any]) -> dict[str, Any]:
        options: dict[str, Any] = {
            name: sections.pop(name) for name in ("Tags", "EnableTerminationProtection") if name in sections
        }
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in sections.pop("given", {}).items()]
        self.template = {"Resources": resources, **sections}
        return {
            "TemplateBody": json.dumps(self.template),
            "Parameters": given,
            "Capabilities": ["CAPABILITY_NAMED_IAM"],
            **options,
        }

    def delete(self, identifier: str | None = None) -> str:
        stack_id = self.described()["StackId"]
        self.client.delete_stack(StackName=identifier or self.name)
        return self.settled(stack_id)

    def settled(self, identifier: str | None = None) -> str:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < deadline:
            status = str(self.described(identifier)["StackStatus"])
            if status.endswith(FINAL) and "CLEANUP" not in status:
                return status
            time.sleep(0.03)
        raise TimeoutError(f"{self.name} is still {status} after {DEADLINE_SECONDS} s")

    def described(self, identifier: str | None = None) -> dict[str, Any]:
        return dict(self.client.describe_stacks(StackName=identifier or self.name)["Stacks"][0])

    @property
    def outputs(self) -> dict[str, str]:
        return {one["OutputKey"]: one["OutputValue"] for one in self.described().get("Outputs", [])}

    def physical_id(self, logical_id: str) -> str:
        found = self.client.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def events(self) -> list[dict[str, Any]]:
        """Oldest first."""
        pages = self.client.get_paginator("describe_stack_events").paginate(StackName=self.name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def history(self, logical_id: str) -> list[str]:
        return [one["ResourceStatus"] for one in self.events() if one["LogicalResourceId"] == logical_id]

    def reason(self, logical_id: str) -> str:
        """The reason why a resource failed, from its event."""
        failed = [
            one
            for one in self.events()
            if one["LogicalResourceId"] == logical_id and one["ResourceStatus"].endswith("FAILED")
        ]
        assert failed, f"no event says that {logical_id} failed: {self.history(logical_id)}"
        return str(failed[-1]["ResourceStatusReason"])


class SynthesizedStack(Stack):
    """A stack of the CDK in any Region of the account, with its assets: what ``cdk deploy`` does, without starting it.

    The template is read through S3, because it may be longer than a request. One synthesis serves many stacks.
    """

    def __init__(self, region: Region, name: str, assembly: Path, place: str | None = None) -> None:
        self.place = place or region.settings.region
        super().__init__(region.client("cloudformation", self.place), name)
        self._s3 = region.client("s3", self.place)
        self._bucket = f"cdk-hnb659fds-assets-{region.settings.account}-{self.place}"
        self._endpoint = region.endpoint
        self._bootstrap(region)
        self._upload(assembly)

    def deploy(self, template: Mapping[str, Any], **given: str) -> str:
        """Create or update the stack with a template; return its final status."""
        sections = {name: section for name, section in template.items() if name != "Resources"}
        act = self.update if self.template else self.create
        return act(template["Resources"], given=given, **sections)

    def _request(self, resources: dict[str, Any], sections: dict[str, Any]) -> dict[str, Any]:
        request = super()._request(resources, sections)
        body = request.pop("TemplateBody").encode()
        self._s3.put_object(Bucket=self._bucket, Key=f"{self.name}.json", Body=body)
        return {**request, "TemplateURL": f"{self._endpoint}/{self._bucket}/{self.name}.json"}

    def _bootstrap(self, region: Region) -> None:
        """Prepare the account: really in the region's own Region, because other tests bootstrap it with the CDK CLI."""
        if any(one["Name"] == self._bucket for one in self._s3.list_buckets()["Buckets"]):
            return
        if self.place == region.settings.region:
            region.bootstrap()
            return
        self._s3.create_bucket(Bucket=self._bucket, **self._location())
        ssm = region.client("ssm", self.place)
        ssm.put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String", Overwrite=True)

    def _location(self) -> dict[str, Any]:
        elsewhere = self.place != "us-east-1"
        return {"CreateBucketConfiguration": {"LocationConstraint": self.place}} if elsewhere else {}

    def _upload(self, assembly: Path) -> None:
        for folder in assembly.glob("asset.*"):
            name = folder.name.removeprefix("asset.")
            archive = assembly / f"{name}.zip"
            if folder.is_dir():
                shutil.make_archive(str(assembly / name), "zip", folder)
                self._s3.put_object(Bucket=self._bucket, Key=f"{name}.zip", Body=archive.read_bytes())

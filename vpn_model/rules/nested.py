"""Templates inside of templates: nested stacks and stack sets, as far as their templates are on this machine."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOCAL_MODULE = "LocalModule"
"""The type of a resource that the AWS CLI replaces by a module: a template beside this one."""
NESTED = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::CloudFormation::StackSet": "TemplateURL",
    "AWS::Serverless::Application": "Location",
}
"""The types, and the property that says where the template is."""
MODULE = "::MODULE"
HASH = re.compile(r"\b[0-9a-f]{64}\b")
"""The name of an asset of the CDK."""
PROCESSED = "review the processed template: aws cloudformation get-template --template-stage Processed"


@dataclass(frozen=True)
class Nested:
    """A template inside of a template: a file, or a text, or the reason why it cannot be reviewed."""

    file: Path | None = None
    text: str | None = field(default=None, repr=False)
    reason: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """The expressions that are passed to it."""


def nested_templates(entry: Mapping[str, Any], folder: Path | None) -> Iterator[Nested]:
    """Find the template of a resource that has one. ``folder`` is the folder of the template around it."""
    kind = entry.get("Type", "")
    if kind.endswith(MODULE):
        yield Nested(reason=f"a registered module makes resources here; {PROCESSED}")
    if kind == LOCAL_MODULE:
        yield local_module(entry, folder)
    if kind not in NESTED:
        return
    properties = entry.get("Properties")
    properties = properties if isinstance(properties, dict) else {}
    passed = properties.get("Parameters")
    parameters = dict(passed) if isinstance(passed, dict) else {}
    if isinstance(passed, list):  # of a stack set
        pairs = (one for one in passed if isinstance(one, dict))
        parameters = {one["ParameterKey"]: one.get("ParameterValue") for one in pairs if "ParameterKey" in one}
    body = properties.get("TemplateBody")
    if isinstance(body, str):
        yield Nested(text=body, parameters=parameters)
        return
    metadata = entry.get("Metadata")
    asset = metadata.get("aws:asset:path") if isinstance(metadata, dict) else None
    location = properties.get(NESTED[kind])
    for where in (asset, location, _asset_of_the_cdk(location, folder)):
        if folder and isinstance(where, str) and "://" not in where and (folder / where).is_file():
            yield Nested(file=folder / where, parameters=parameters)
            return
    yield Nested(reason="the template of this nested stack is not a file beside this one; review it as well")


def local_module(entry: Mapping[str, Any], folder: Path | None) -> Nested:
    """The template of a module that the AWS CLI puts in before the deployment."""
    source, passed = entry.get("Source"), entry.get("Properties")
    if folder and isinstance(source, str) and "://" not in source and (folder / source).is_file():
        return Nested(file=folder / source, parameters=dict(passed) if isinstance(passed, dict) else {})
    return Nested(reason="the template of this module is not a file beside this one; package it, and review the result")


def _asset_of_the_cdk(location: Any, folder: Path | None) -> str | None:
    """The file that the CDK will upload to a location: its manifests know it by the hash in the location."""
    found = HASH.search(json.dumps(location))
    for manifest in sorted(folder.glob("*.assets.json")) if folder and found else ():
        try:
            files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
            return str(files[found[0]]["source"]["path"])  # type: ignore[index]
        except (ValueError, LookupError, TypeError, OSError):
            continue  # a manifest of another stack, or not a manifest
    return None

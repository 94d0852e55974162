"""The templates to check: a file, a folder that ``cdk synth`` has written, or the name of a stack in ``cdk.out``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vpn_model.read_template.assembly import ASSEMBLY
from vpn_ops.errors import UsageError
from vpn_ops.paths import given_path

ANYWHERE = ("unknown-account", "unknown-region")


@dataclass(frozen=True)
class Source:
    """One template.

    Attributes:
        stack: Name of its stack.
        path: The file.
        region: The Region that the app has set; ``None`` if any will do.
        account: The account that the app has set; ``None`` if any will do.
    """

    stack: str
    path: Path
    region: str | None = None
    account: str | None = None


def find(given: str, assembly: Path = ASSEMBLY) -> list[Source]:
    """Return the templates that an argument means.

    Args:
        given: Path of a template, path of a folder with the output of ``cdk synth``, or a stack's name.
        assembly: The folder in which a stack's name is looked up.

    Raises:
        UsageError: There is no such template, or the folder has none.
    """
    path = given_path(Path(given))
    if path.is_file():
        return [Source(path.name.removesuffix(".template.json") if ".template." in path.name else path.stem, path)]
    folder = path if path.is_dir() else given_path(assembly)
    if not (folder / "manifest.json").is_file():
        if path.is_dir():
            raise UsageError(f"{path} has no manifest.json; name a folder that cdk synth has written, or a template")
        raise UsageError(f"there is no file {given}, and no folder {assembly} to find a stack in; run: npx cdk synth")
    stacks = list(_stacks(folder))
    if path.is_dir():
        if not stacks:
            raise UsageError(f"{path} has no stack; run: npx cdk synth")
        return stacks
    found = [one for one in stacks if one.stack == given]
    if not found:
        names = ", ".join(sorted(one.stack for one in stacks)) or "none"
        raise UsageError(f"{folder} has no stack {given!r}, only: {names}; run: npx cdk synth, or name a file")
    return found


def _stacks(folder: Path) -> Iterator[Source]:
    """The stacks of an assembly and of the assemblies in it, which are the app's stages."""
    try:
        artifacts = json.loads((folder / "manifest.json").read_text())["artifacts"]
        for key, one in artifacts.items():
            properties = one.get("properties", {})
            if one["type"] == "cdk:cloud-assembly":
                yield from _stacks(folder / properties["directoryName"])
            elif one["type"] == "aws:cloudformation:stack":
                account, _, region = str(one.get("environment", "")).removeprefix("aws://").partition("/")
                yield Source(
                    str(properties.get("stackName", key)),
                    folder / properties["templateFile"],
                    None if region in ("", *ANYWHERE) else region,
                    None if account in ("", *ANYWHERE) else account,
                )
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as problem:
        raise UsageError(f"{folder / 'manifest.json'} is no manifest of the CDK: {problem!r}; run: cdk synth") from None

"""The templates of a synthesized CDK app: ``cdk.out``."""

from __future__ import annotations

import json
from pathlib import Path

from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.template import Template, read_template

ASSEMBLY = Path("cdk.out")
"""Where ``cdk synth`` puts the templates."""


def template_paths(assembly: Path = ASSEMBLY) -> dict[str, Path]:
    """The templates of all stacks of an assembly by the stack's name, in the order in which the app made them.

    Other templates may lie beside them, left from an earlier synthesis.

    Raises:
        TemplateError: The folder is no assembly.
    """
    manifest = assembly / "manifest.json"
    if not manifest.is_file():
        raise TemplateError(f"{assembly} has no manifest.json; run: cdk synth")
    artifacts = json.loads(manifest.read_text())["artifacts"]
    return {
        str(artifact.get("properties", {}).get("stackName", key)): assembly / artifact["properties"]["templateFile"]
        for key, artifact in artifacts.items()
        if artifact["type"] == "aws:cloudformation:stack"
    }


def read_assembly(assembly: Path = ASSEMBLY) -> list[Template]:
    """Read the templates of all stacks of an assembly.

    Raises:
        TemplateError: The folder is no assembly, or a template is malformed.
    """
    return [read_template(path, Environment(stack_name=name)) for name, path in template_paths(assembly).items()]

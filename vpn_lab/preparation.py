"""What a person does before some stacks can be deployed: the commands that their templates require."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from vpn_lab.region import Region
from vpn_model.read_template.assembly import template_paths
from vpn_model.read_template.template import read_template

PROJECT = Path(__file__).resolve().parents[1]
CERTIFICATE = "ServerCertificateArn"


def synthesize(region: Region, stacks: Sequence[str]) -> Path:
    """Synthesize stacks of this project, once for all that follows; return the folder with their templates."""
    region.cdk("synth", *stacks, "--quiet", PYTHONPATH=os.pathsep.join([str(PROJECT / "constructs"), str(PROJECT)]))
    return region.assembly


def client_vpn_command(region: Region, keys: Path, *words: str) -> Any:
    """Run ``vpn-ops client-vpn`` against a region, with keys in a folder, and return its answer."""
    line = [sys.executable, "-m", "vpn_ops", "client-vpn", *words, "--json", "--folder", str(keys)]
    ended = subprocess.run(line, env=region.environment(), cwd=PROJECT, capture_output=True, text=True, check=True)
    return json.loads(ended.stdout)


def deploy_options(region: Region, assembly: Path, stacks: Sequence[str], keys: Path) -> list[str]:
    """Make what stacks need before their deployment, and return the options of ``cdk deploy`` that name it.

    A stack with the parameter ``ServerCertificateArn`` gets a certificate from our own operator command. Call this
    before you take an inventory of the account; otherwise the certificate counts as made by the stack.

    Args:
        region: Where the stacks will be deployed.
        assembly: The folder with their templates.
        stacks: Their names.
        keys: The folder for keys; it need not exist.
    """
    paths = template_paths(assembly)
    asking = [stack for stack in stacks if CERTIFICATE in read_template(paths[stack]).parameter_names]
    if not asking:
        return []
    arn = client_vpn_command(region, keys, "certificates")["server_certificate_arn"]
    return [word for stack in asking for word in ("--parameters", f"{stack}:{CERTIFICATE}={arn}")]

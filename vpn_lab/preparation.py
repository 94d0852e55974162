"""What a person does before some stacks can be deployed: the commands that their templates ask for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from vpn_lab.region import Region

PROJECT = Path(__file__).resolve().parents[1]
CERTIFICATE = "ServerCertificateArn"


def deploy_options(region: Region, stack: str, keys: Path | None = None) -> list[str]:
    """Return the options of ``cdk deploy`` that a stack needs, having made what they name.

    A stack with the parameter ``ServerCertificateArn`` gets a certificate by our own operator command. Call it before
    the account is looked at, so that the certificate is not taken for something that the stack made.

    Args:
        region: Where the stack will be deployed.
        stack: Its name.
        keys: The folder for keys. Default: that of the operator commands, outside the project.
    """
    template = json.loads(region.cdk("synth", stack, "--json").stdout)
    if CERTIFICATE not in template.get("Parameters", {}):
        return []
    folder = ["--folder", str(keys)] if keys else []
    command = [sys.executable, "-m", "vpn_ops", "client-vpn", "certificates", "--json", *folder]
    made = subprocess.run(command, env=region.environment(), cwd=PROJECT, capture_output=True, text=True, check=True)
    return ["--parameters", f"{stack}:{CERTIFICATE}={json.loads(made.stdout)['server_certificate_arn']}"]

"""The environment in which tools reach the region and nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from vpn_lab.region.settings import HOST, Settings


def region_variables(settings: Settings, port: int) -> dict[str, str]:
    """What a tool needs to find the region, and what keeps it from finding anything else.

    The credentials are no AWS credentials: a call that went astray would be refused. No profile, no shared
    credentials file, no metadata service and no proxy can supply others. The CDK CLI keeps the account id per
    access key, so it gets a cache of its own.
    """
    endpoint = f"http://{HOST}:{port}"
    nowhere = str(settings.state_dir / "no-such-file")
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_ACCOUNT_ID": settings.account,
        "AWS_CONFIG_FILE": nowhere,
        "AWS_SHARED_CREDENTIALS_FILE": nowhere,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "CDK_HOME": str(settings.state_dir / "cdk-home"),
        "CDK_DEFAULT_ACCOUNT": settings.account,
        "CDK_DEFAULT_REGION": settings.region,
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "NO_PROXY": f"{HOST},localhost",
        "no_proxy": f"{HOST},localhost",
    }


def isolated(variables: Mapping[str, str], base: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment for a child process: the base without any AWS or CDK setting, and the region's."""
    inherited = {
        name: value
        for name, value in (os.environ if base is None else base).items()
        if not name.startswith(("AWS_", "CDK_"))
    }
    return {**inherited, **variables}


def export_lines(variables: Mapping[str, str]) -> str:
    return "\n".join(f"export {name}='{value}'" for name, value in variables.items())


def node_tools(start: Path) -> Path | None:
    """The folder of the project's npm commands, found from a folder upwards."""
    for folder in (start, *start.parents):
        tools = folder / "node_modules" / ".bin"
        if (tools / "cdk").exists():
            return tools
    return None

"""The environment in which tools reach only the region."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from vpn_lab.region.guard.keys import Keys
from vpn_lab.region.settings import HOST, Settings

OTHER_KEYS = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN")
"""Variables that would add another account's keys to those of the region."""
TOKEN_VARIABLE = "REGION_TOKEN"  # noqa: S105 -- the name of a variable


def region_variables(settings: Settings, keys: Keys, port: int) -> dict[str, str]:
    """The variables that lead a tool to the region, and keep it from reaching anything else.

    The credentials are the region's own, so AWS would reject a misdirected call. No profile, shared credentials
    file, metadata service or proxy can supply others. The CDK CLI caches the account id per access key, so it gets its
    own cache.
    """
    endpoint = f"http://{HOST}:{port}"
    nowhere = str(settings.state_dir / "no-such-file")
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
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
        TOKEN_VARIABLE: keys.token,
        "NO_PROXY": f"{HOST},localhost",
        "no_proxy": f"{HOST},localhost",
    }


def isolated(variables: Mapping[str, str], base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a child process: the base environment without AWS and CDK settings, plus the region's."""
    inherited = {
        name: value
        for name, value in (os.environ if base is None else base).items()
        if not name.startswith(("AWS_", "CDK_"))
    }
    return {**inherited, **variables}


def export_lines(variables: Mapping[str, str]) -> str:
    """Return lines that a shell can evaluate, whatever the values contain, and that take away other keys."""
    exported = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    return "\n".join([f"unset {' '.join(OTHER_KEYS)}", *exported])


def node_tools(start: Path) -> Path | None:
    """The folder of the project's npm commands, searched upwards from a folder."""
    for folder in (start, *start.parents):
        tools = folder / "node_modules" / ".bin"
        if (tools / "cdk").exists():
            return tools
    return None

"""Builds the site from the Markdown of the repository, as it is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

from tools.site.pages import linked_files, markdown_files, navigation

SETTINGS = Path(__file__).with_name("settings.yml")
STYLE = Path(__file__).with_name("site.css")
CONFIGURATION = "mkdocs.yml"
"""The name by which the generator finds its settings."""
COLOUR = re.compile("\x1b\\[[0-9;]*m")


class SiteError(Exception):
    """The generator found something to say, such as a link that leads nowhere."""


def build_site(root: Path, folder: Path) -> Path:
    """Build the site of the repository in ``root`` into ``folder``, and return ``folder``.

    The pages are copied first, each to the place that it has in the repository: so the links between them hold in both.

    Raises:
        SiteError: The generator warns or fails; the message is what it printed.
    """
    work = folder.with_name(f"{folder.name}-work")
    shutil.rmtree(work, ignore_errors=True)
    pages = markdown_files(root)
    for name in {*pages, *(linked for page in pages for linked in linked_files(root, page))}:
        copy = work / "pages" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, copy)
    shutil.copyfile(STYLE, work / "pages" / STYLE.name)
    settings = yaml.safe_load(SETTINGS.read_text()) | {"nav": navigation(pages)}
    (work / CONFIGURATION).write_text(yaml.safe_dump(settings, sort_keys=False))
    _generate(work)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    (work / "site").rename(folder)
    return folder


def _generate(work: Path) -> None:
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--clean"]
    ended = subprocess.run(command, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if ended.returncode != 0:
        # the traceback after it says only that strict mode ended the build
        raise SiteError(COLOUR.sub("", ended.stdout).partition("Traceback")[0])

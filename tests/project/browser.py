"""A real browser, and a page in it that remembers what a reader would not see."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.project.conftest import REPOSITORY

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WIDTHS = {"desktop": 1280, "phone": 390}
HEIGHT = 900


@dataclass
class Observed:
    """A page, and what went wrong in it: errors, answers that are not a success, requests to other hosts."""

    page: Page
    site: str
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._note(message.type == "error", message.text))
        self.page.on("pageerror", lambda error: self._note(True, str(error)))
        self.page.on("request", lambda request: self._note(not self._is_own(request.url), f"asks {request.url}"))
        self.page.on("response", lambda answer: self._note(answer.status >= 400, f"{answer.status} for {answer.url}"))

    def _is_own(self, url: str) -> bool:
        return url.startswith((self.site, "data:", "blob:"))

    def _note(self, wrong: bool, text: str) -> None:
        if wrong:
            self.errors.append(text)

    def open(self, path: str) -> None:
        """Go to a page of the site, and wait until it and its pictures are there."""
        self.page.goto(self.site + path, wait_until="load")
        self.page.wait_for_function("[...document.images].every(image => image.complete)")


@contextmanager
def chromium(*more: str) -> Iterator[Browser]:
    """Start the browser that scripts/browser.sh finds or brings; without one, skip, or fail if ``CI`` is set.

    ``more`` are further arguments of the browser.
    """
    brought = subprocess.run([REPOSITORY / "scripts" / "browser.sh"], capture_output=True, text=True, check=False)
    if brought.returncode != 0:
        reason = brought.stderr.strip().splitlines()[-1]
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=brought.stdout.strip(), args=[*ARGUMENTS, *more])
        yield browser
        browser.close()


@contextmanager
def observed(browser: Browser, site: str, *, width: int, scheme: str) -> Iterator[Observed]:
    """Open a new profile with a screen of this width, and with ``light`` or ``dark`` colours."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    yield Observed(context.new_page(), site)
    context.close()

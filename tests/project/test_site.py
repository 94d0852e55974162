"""The documents as a site: nothing is left out, no link is broken, and readers see it as intended."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser

from tests.project.browser import WIDTHS, chromium, observed
from tests.project.conftest import REPOSITORY
from tools.site.build import SiteError, build_site
from tools.site.pages import listed_in, markdown_files, navigation

LOOKED_AT = ("", "docs/constructs/connection/", "docs/scenarios/dual-cgw-bgp/")
SCHEMES = ("light", "dark")


class Silent(SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Links(HTMLParser):
    """The links of a page, what it loads, and the places in it that a link can name."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(page.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name in ("id", "name"):
                self.anchors.add(value)
            elif value and name in ("href", "src"):
                self.links.add(value)
                if tag in ("script", "link", "img", "iframe"):
                    self.loaded.add(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_site(REPOSITORY, tmp_path_factory.mktemp("build") / "site")


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Links]:
    return {path.resolve(): Links(path) for path in site.rglob("*.html") if path.name != "404.html"}


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def test_every_document_is_in_the_navigation_once() -> None:
    documents = markdown_files(REPOSITORY)
    assert sorted(listed_in(navigation(documents))) == documents


def test_no_link_is_broken(pages: dict[Path, Links]) -> None:
    broken = []
    for page, found in pages.items():
        for link in found.links:
            url = urlsplit(link)
            if url.scheme or url.netloc:
                continue
            target = (page.parent / unquote(url.path)).resolve() if url.path else page
            target = target / "index.html" if target.is_dir() else target
            anchors = pages[target].anchors if target in pages else set()
            if not target.exists() or (url.fragment and unquote(url.fragment) not in anchors):
                broken.append(f"{page}: {link}")
    assert broken == []


def test_nothing_is_loaded_from_another_host(pages: dict[Path, Links]) -> None:
    assert {link for found in pages.values() for link in found.loaded if urlsplit(link).netloc} == set()


@pytest.mark.parametrize("link", ["missing.md", "README.md#missing"])
def test_a_broken_link_stops_the_build(link: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"# Start\n\nSee [this]({link}).\n")
    with pytest.raises(SiteError, match="missing"):
        build_site(tmp_path, tmp_path / "build" / "site")


@pytest.mark.parametrize("path", LOOKED_AT, ids=lambda path: path or "start")
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("screen", WIDTHS)
def test_a_page_looks_as_it_is_meant(browser: Browser, address: str, screen: str, scheme: str, path: str) -> None:
    with observed(browser, address, width=WIDTHS[screen], scheme=scheme) as seen:
        seen.open(path)
        page = seen.page
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        assert page.evaluate("[...document.images].every(one => one.naturalWidth > 0 && one.width > 0)")
        dark = page.evaluate("document.body.dataset.mdColorScheme") == "slate"
        assert dark == (scheme == "dark")
        assert seen.errors == []


@pytest.mark.parametrize("screen", WIDTHS)
def test_the_search_finds_a_construct(browser: Browser, address: str, screen: str) -> None:
    with observed(browser, address, width=WIDTHS[screen], scheme="light") as seen:
        seen.open("")
        # a field on a wide screen, a symbol on a narrow one
        seen.page.locator(".md-search__button:visible, label[for=__search]:visible").first.click()
        seen.page.get_by_role("combobox").fill("VpnConnection")
        seen.page.get_by_role("option", name="VpnConnection").first.click()
        seen.page.wait_for_url("**/docs/constructs/connection/**")
        assert seen.errors == []

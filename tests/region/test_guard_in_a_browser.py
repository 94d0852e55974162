"""A hostile page in a real browser: it can neither change the region nor read anything from it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from tests.project.browser import chromium
from vpn_lab.region import Region

REBOUND = "rebound.example"
"""A host name of the attacker, to which the DNS gives the address of this machine."""
ATTACK = """
async ([region, token]) => {
    const results = {};
    const attempt = async (name, path, options) => {
        try {
            const answer = await fetch(region + path, options);
            results[name] = answer.type === "opaque" ? "opaque" : await answer.text();
        } catch (problem) {
            results[name] = "blocked";
        }
    };
    const lambda = JSON.stringify({FunctionName: "evil", Runtime: "python3.13", Role: "r", Handler: "index.handler",
                                   Code: {ZipFile: ""}});
    await attempt("function", "/2015-03-31/functions", {method: "POST", body: lambda, mode: "no-cors"});
    await attempt("reset", "/_region/reset", {method: "POST", mode: "no-cors"});
    await attempt("other reset", "/_ministack/reset", {method: "POST", mode: "no-cors"});
    await attempt("status", "/_region/status", {});
    await attempt("status with the token", "/_region/status", {headers: {"x-region-token": token}});
    await attempt("health", "/_ministack/health", {});
    await attempt("secrets", "/?Action=ListUsers&Version=2010-05-08", {method: "POST", mode: "cors"});
    results.socket = await new Promise(resolve => {
        const socket = new WebSocket(region.replace("http", "ws"));
        socket.onopen = () => resolve("open");
        socket.onerror = () => resolve("blocked");
    });
    return results;
}
"""
FORM = "([region]) => { document.body.innerHTML = `<form method=post action='${region}/_region/reset'></form>`; \
document.forms[0].submit(); }"


class EvilPage(BaseHTTPRequestHandler):
    """An empty page, whose script the test brings."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>evil</title><body>")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium(f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1") as started:
        yield started


@pytest.fixture
def evil(browser: Browser) -> Iterator[Page]:
    """A page of another site on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), EvilPage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_context().new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    page.context.close()
    server.shutdown()


def test_a_page_of_another_site_can_do_nothing_and_read_nothing(region: Region, evil: Page) -> None:
    ec2 = region.client("ec2")
    marker = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    try:
        results = evil.evaluate(ATTACK, [region.endpoint, region.environment()["REGION_TOKEN"]])
        # what is sent without asking gets an answer, which the page cannot read; everything else is not even sent
        assert {name for name, result in results.items() if result == "opaque"} == {"function", "reset", "other reset"}
        assert set(results.values()) == {"opaque", "blocked"}
        with evil.expect_navigation():
            evil.evaluate(FORM, [region.endpoint])
        assert "the local region answers only programs" in evil.content()
        assert region.client("lambda").list_functions()["Functions"] == []
        assert marker in {one["VpcId"] for one in ec2.describe_vpcs()["Vpcs"]}
    finally:
        ec2.delete_vpc(VpcId=marker)


def test_a_page_whose_name_leads_to_this_machine_is_refused(region: Region, evil: Page) -> None:
    for path in ("/_region/status", "/?Action=ListUsers&Version=2010-05-08", "/_ministack/health"):
        answer = evil.goto(f"http://{REBOUND}:{region.port}{path}")
        assert answer is not None
        assert answer.status == 403, path

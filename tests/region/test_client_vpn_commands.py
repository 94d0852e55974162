"""``vpn-ops client-vpn`` against the local region, as a person runs it."""

from __future__ import annotations

import io
import json
import re
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from tests.region.client_vpn_site import ClientSite
from vpn_lab.region import Region
from vpn_ops import cli
from vpn_ops.client_vpn import revocation

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def command(region: Region, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    for name, value in region.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(revocation, "SETTLE_SECONDS", 0.01)

    def run(*words: str, keys: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
        options = ["--folder", str(tmp_path / "keys")] if keys else []
        line = ["vpn-ops", "client-vpn", *words, *options]
        out, err, code = io.StringIO(), io.StringIO(), 0
        with monkeypatch.context() as patched, redirect_stdout(out), redirect_stderr(err):
            patched.setattr(sys, "argv", line)
            for name, value in variables.items():
                patched.setenv(name, value)
            try:
                cli.main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        return subprocess.CompletedProcess(line, code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def site(region: Region, ec2: Any) -> Iterator[ClientSite]:
    made = ClientSite(ec2, region.client("acm"))
    yield made
    made.remove()


@pytest.fixture
def endpoint(command: Command, site: ClientSite) -> str:
    """An endpoint with the certificate that our command makes."""
    return site.endpoint(ServerCertificateArn=answer(command("certificates", "--json"))["server_certificate_arn"])


def answer(ended: subprocess.CompletedProcess[str]) -> Any:
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_certificates_are_imported_once_under_one_arn(command: Command, site: ClientSite) -> None:
    first, again = (answer(command("certificates", "--json")) for _ in range(2))
    assert first == again
    (found,) = site.acm.list_certificates()["CertificateSummaryList"]
    assert found["CertificateArn"] == first["server_certificate_arn"]
    shown = command("certificates")
    assert f"--parameters ServerCertificateArn={found['CertificateArn']}" in shown.stdout


def test_a_profile_is_complete_and_private(command: Command, endpoint: str) -> None:
    made = answer(command("profile", "alice", "--json"))
    path = Path(made["profile"])
    assert made["endpoint"] == endpoint
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    for part in ("<ca>", "</ca>", "<cert>", "</cert>", "<key>", "</key>"):
        assert f"\n{part}\n" in text
    assert text.startswith(f"client\ndev tun\nproto udp\nremote {endpoint}.prod.clientvpn.")


def test_no_command_shows_a_key(command: Command, endpoint: str, tmp_path: Path) -> None:
    said = [command("certificates"), command("profile", "alice"), command("revoke", "alice")]
    text = "".join(one.stdout + one.stderr for one in said)
    lines = {line for key in (tmp_path / "keys").rglob("*.key") for line in key.read_text().splitlines()}
    assert len(lines) > 50
    assert [line for line in lines if line in text] == []
    assert endpoint in text


def test_a_revoked_user_is_on_the_endpoints_list_with_all_his_certificates(
    command: Command, region: Region, endpoint: str, site: ClientSite
) -> None:
    answer(command("profile", "alice", "--json"))
    answer(command("profile", "alice", "--renew", "--json"))
    answer(command("profile", "bob", "--json"))
    region.report_clients(endpoint, [{"ConnectionId": "cvpn-connection-1", "CommonName": "alice"}])
    revoked = answer(command("revoke", "alice", "--json"))
    assert (revoked["revoked"], revoked["ended_connections"]) == (2, ["cvpn-connection-1"])
    assert revoked["endpoints"] == [endpoint]
    listed = site.ec2.export_client_vpn_client_certificate_revocation_list(ClientVpnEndpointId=endpoint)
    assert listed["Status"]["Code"] == "active"
    assert answer(command("revoke", "bob", "--json"))["revoked"] == 3
    refused = command("profile", "alice")
    assert (refused.returncode, "was revoked" in refused.stderr) == (1, True)
    assert answer(command("profile", "alice", "--renew", "--json"))["user"] == "alice"


def test_a_second_endpoint_never_admits_who_was_revoked(command: Command, endpoint: str, site: ClientSite) -> None:
    answer(command("profile", "mona", "--json"))
    answer(command("revoke", "mona", "--endpoint", endpoint, "--json"))
    arn = answer(command("certificates", "--json"))["server_certificate_arn"]
    new = site.endpoint(ServerCertificateArn=arn, ClientCidrBlock="10.71.0.0/22")
    stranger = site.endpoint(ClientCidrBlock="10.72.0.0/22")
    export = site.ec2.export_client_vpn_client_certificate_revocation_list
    assert "CertificateRevocationList" not in export(ClientVpnEndpointId=new)
    warned = command("connections", "--endpoint", new)
    assert (warned.returncode, f"error: {new} still admits 1 revoked certificates" in warned.stderr) == (1, True)
    answer(command("profile", "newuser", "--endpoint", new, "--json"))
    assert export(ClientVpnEndpointId=new)["CertificateRevocationList"].startswith("-----BEGIN X509 CRL")
    done = answer(command("sync", "--json"))
    assert (set(done["endpoints"]), done["imported"], done["other_ca"]) == ({endpoint, new}, [], [stranger])
    assert command("profile", "x", "--endpoint", stranger).stderr.startswith(f"error: {stranger} does not trust the CA")
    missing = command("revoke", "newuser", "--endpoint", stranger)
    assert (missing.returncode, f"{stranger} does not trust the CA" in missing.stderr) == (1, True)


def test_a_profile_replaces_only_an_earlier_one_of_the_user(command: Command, endpoint: str, tmp_path: Path) -> None:
    path = tmp_path / "out.ovpn"
    asking = ("--output", str(path), "--endpoint", endpoint)
    for user, code in (("alice", 0), ("alice", 0), ("bob", 2)):
        assert command("profile", user, *asking).returncode == code
    assert not list((tmp_path / "keys").rglob("bob.*"))
    assert command("profile", "bob", *asking, "--force").returncode == 0
    (tmp_path / ".git").mkdir()
    refused = command("profile", "bob", *asking)
    assert (refused.returncode, "is inside the repository" in refused.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (["profile", "alice", "--output", "{folder}"], {}),
        (["profile", "alice", "--output", "{folder}/file/alice.ovpn"], {}),
        (["profile", "alice", "--endpoint", "x[/z]\x1b[31m"], {}),
        (["connections"], {"AWS_ENDPOINT_URL": "junk"}),
        (["connections"], {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}),
        (["certificates", "--folder", "~nobody-of-that-name"], {}),
        (["certificates", "--folder", "{folder}/file"], {}),
        (["revoke", "[/x]"], {}),
    ],
)
def test_whatever_is_wrong_is_one_line(
    command: Command, endpoint: str, tmp_path: Path, words: list[str], variables: dict[str, str]
) -> None:
    (tmp_path / "file").write_text(endpoint)
    ended = command(
        *(word.format(folder=tmp_path) for word in words),
        keys="--folder" not in words,
        AWS_MAX_ATTEMPTS="1",
        **variables,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert re.fullmatch(r"error: [^\n\x1b]+\n", ended.stderr)


def test_who_is_connected(command: Command, region: Region, endpoint: str) -> None:
    region.report_clients(endpoint, [{"ConnectionId": "cvpn-connection-1", "CommonName": "carol", "ClientIp": "1"}])
    (row,) = answer(command("connections", "--json", keys=False))
    assert (row["CommonName"], row["ClientIp"]) == ("carol", "1")
    assert "carol" in command("connections", keys=False).stdout
    region.report_clients(endpoint, [])
    assert command("connections", keys=False).stdout == f"nobody is connected to {endpoint}\n"


def test_names_in_brackets_are_shown_as_they_are(
    command: Command, region: Region, endpoint: str, tmp_path: Path
) -> None:
    region.report_clients(endpoint, [{"ConnectionId": "cvpn-connection-1", "CommonName": "[red]eve[/red]"}])
    assert "[red]eve[/red]" in command("connections", keys=False).stdout
    folder = tmp_path / "[bold]"
    folder.mkdir()
    shown = command("profile", "alice", "--output", str(folder / "alice.ovpn")).stdout
    assert shown.splitlines()[-1] == f"sudo openvpn --config '{folder}/alice.ovpn'"


def test_a_folder_that_cannot_be_created_is_one_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file")
    refused = command("certificates")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert re.fullmatch(r"error: .*/keys/\d{12}-[a-z0-9-]+: Not a directory\n", refused.stderr)


def test_what_aws_refuses_is_one_line(command: Command, site: ClientSite) -> None:
    assert site.vpc
    refused = command("connections", "--endpoint", "cvpn-endpoint-0123456789abcdef0", keys=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    (line,) = refused.stderr.splitlines()
    assert line.startswith("error: An error occurred (InvalidClientVpnEndpointId.NotFound)")


def test_one_must_say_which_endpoint_when_there_are_two_or_none(command: Command, site: ClientSite) -> None:
    none = command("profile", "alice")
    assert (none.returncode, "has no Client VPN endpoint" in none.stderr) == (1, True)
    both = {site.endpoint(), site.endpoint(ClientCidrBlock="10.71.0.0/22")}
    two = command("profile", "alice")
    assert two.returncode == 2
    assert set(re.findall(r"cvpn-endpoint-\w+", two.stderr)) == both


@pytest.mark.parametrize("name", ["certificates", "profile", "revoke", "sync", "connections"])
def test_help_ends_with_an_example(command: Command, name: str) -> None:
    shown = command(name, "--help", keys=False)
    assert f"Example: vpn-ops client-vpn {name}" in shown.stdout

"""``python -m vpn_ops client-vpn``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from vpn_ops.client_vpn.endpoint import Account
from vpn_ops.client_vpn.keystore import Keystore, default_folder, write_private

app = typer.Typer(
    help="Certificates, profiles and revocation for a Client VPN endpoint with mutual TLS.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
console = Console(highlight=False)

Folder = Annotated[
    Path | None, typer.Option(help="Where keys lie. Default: ~/.local/share/cdk-aws-vpn/client-vpn, outside projects.")
]
Region = Annotated[str | None, typer.Option(help="The Region. Default: that of the AWS environment.")]
Endpoint = Annotated[str | None, typer.Option(help="The endpoint, cvpn-endpoint-… Default: the only one there is.")]
User = Annotated[str, typer.Argument(help="Name of the user: 1 to 64 of letters, digits, '.', '_', '@' and '-'.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON, for programs.")]


def _opened(folder: Path | None, region: str | None) -> tuple[Account, Keystore]:
    account = Account(region)
    return account, Keystore(folder or default_folder(), account.number, account.region)


def _answer(as_json: bool, answer: dict[str, Any], *lines: str) -> None:
    if as_json:
        sys.stdout.write(json.dumps(answer, indent=2) + "\n")
    else:
        console.print("\n".join(lines), soft_wrap=True)


@app.command(epilog="Example: python -m vpn_ops client-vpn certificates --region eu-central-1")
def certificates(folder: Folder = None, region: Region = None, as_json: AsJson = False) -> None:
    """Make an authority and the server's certificate, unless they are there, and import the latter into ACM.

    The authority signs the users' certificates too, so the endpoint needs this one ARN only. Keys stay in the folder,
    readable by you alone; ACM gets the server's key and no other. Running it again keeps the keys and the ARN.
    """
    account, keystore = _opened(folder, region)
    arn = account.import_server_certificate(keystore)
    _answer(
        as_json,
        {"server_certificate_arn": arn, "folder": str(keystore.folder)},
        f"server certificate  {arn}",
        f"keys                {keystore.folder}",
        f"Deploy with:  npx cdk deploy ScenarioClientVpn --parameters ServerCertificateArn={arn}",
    )


@app.command(epilog="Example: python -m vpn_ops client-vpn profile alice")
def profile(  # noqa: PLR0917 -- typer's options
    user: User,
    endpoint: Endpoint = None,
    output: Annotated[Path | None, typer.Option(help="The file. Default: users/USER/USER.ovpn in the folder.")] = None,
    renew: Annotated[bool, typer.Option("--renew", help="Issue a new certificate, also to a revoked user.")] = False,
    folder: Folder = None,
    region: Region = None,
    as_json: AsJson = False,
) -> None:
    """Write a complete profile for a user: what the endpoint exports, a certificate and its key.

    The file opens the network to whoever has it. Hand it over on a safe way.
    """
    account, keystore = _opened(folder, region)
    chosen = account.endpoint(endpoint)
    path = (output or keystore.profile_path(user)).expanduser().resolve()
    write_private(path, account.profile(chosen, keystore, user, renew=renew))
    expires = keystore.certificates_of(user)[0].not_valid_after_utc.date().isoformat()
    _answer(
        as_json,
        {"user": user, "endpoint": chosen, "profile": str(path), "expires": expires},
        f"profile  {path}",
        f"{user} connects to {chosen} until {expires}, with the AWS VPN Client or:  openvpn --config {path.name}",
    )


@app.command(epilog="Example: python -m vpn_ops client-vpn revoke alice")
def revoke(
    user: User,
    endpoint: Endpoint = None,
    folder: Folder = None,
    region: Region = None,
    as_json: AsJson = False,
) -> None:
    """Revoke every certificate of a user: the endpoint refuses them from now on, and ends the connections."""
    account, keystore = _opened(folder, region)
    chosen = account.endpoint(endpoint)
    ended = account.revoke(chosen, keystore, user)
    _answer(
        as_json,
        {"user": user, "endpoint": chosen, "ended_connections": ended, "revoked": len(keystore.revoked())},
        f"{chosen} refuses {user} from now on; connections ended: {len(ended)}",
    )


@app.command(epilog="Example: python -m vpn_ops client-vpn connections --json")
def connections(endpoint: Endpoint = None, region: Region = None, as_json: AsJson = False) -> None:
    """Show who is connected."""
    account = Account(region)
    chosen = account.endpoint(endpoint)
    names = ("CommonName", "ClientIp", "ConnectionEstablishedTime", "ConnectionId")
    rows = [{name: str(one.get(name, "")) for name in names} for one in account.connections(chosen)]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return
    table = Table("user", "address", "since", "connection", box=None)
    for row in rows:
        table.add_row(*row.values())
    console.print(table)

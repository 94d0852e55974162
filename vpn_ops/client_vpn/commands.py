"""``vpn-ops client-vpn``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from vpn_ops.account import Account
from vpn_ops.client_vpn.endpoint import Endpoint
from vpn_ops.client_vpn.keystore import Keystore, default_folder
from vpn_ops.client_vpn.private_files import write_private
from vpn_ops.client_vpn.server_certificate import import_server_certificate
from vpn_ops.errors import UsageError
from vpn_ops.output import show_json, show_lines, show_table

app = typer.Typer(
    help="Certificates, profiles and revocation for a Client VPN endpoint with mutual TLS.",
    epilog="Example: vpn-ops client-vpn profile alice",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Folder = Annotated[
    Path | None, typer.Option(help="Folder for the keys. Default: ~/.local/share/cdk-aws-vpn/client-vpn.")
]
Region = Annotated[str | None, typer.Option(help="Region. Default: the one of the AWS environment.")]
EndpointId = Annotated[
    str | None,
    typer.Option("--endpoint", help="Endpoint id, cvpn-endpoint-…. Default: the only endpoint of the Region."),
]
User = Annotated[str, typer.Argument(help="Name of the user: 1 to 64 letters, digits, '.', '_', '@' or '-'.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def _keystore(folder: Path | None, account: Account) -> Keystore:
    return Keystore(folder or default_folder(), account.number, account.region)


@app.command(epilog="Example: vpn-ops client-vpn certificates --region eu-central-1")
def certificates(folder: Folder = None, region: Region = None, as_json: AsJson = False) -> None:
    """Create a certificate authority (CA) and the server's certificate, and import that certificate into ACM.

    The CA also signs the users' certificates, so the endpoint needs only this one ARN. Keys stay in the folder, where
    only you can read them; only the server's key is sent to ACM. If you run the command again, existing keys and the
    ARN are kept.
    """
    account = Account(region)
    keystore = _keystore(folder, account)
    arn = import_server_certificate(account, keystore)
    if as_json:
        show_json({"server_certificate_arn": arn, "folder": str(keystore.folder)})
        return
    show_lines(
        f"server certificate  {arn}",
        f"keys                {keystore.folder}",
        f"Deploy with:  npx cdk deploy ScenarioClientVpn --parameters ServerCertificateArn={arn}",
    )


@app.command(epilog="Example: vpn-ops client-vpn profile alice")
def profile(  # noqa: PLR0917 -- typer's options
    user: User,
    endpoint_id: EndpointId = None,
    output: Annotated[
        Path | None, typer.Option(help="File to write. Default: users/USER/USER.ovpn in the folder.")
    ] = None,
    renew: Annotated[
        bool, typer.Option("--renew", help="Issue a new certificate, even if the user was revoked.")
    ] = False,
    folder: Folder = None,
    region: Region = None,
    as_json: AsJson = False,
) -> None:
    """Write a complete OpenVPN profile for a user: the endpoint's configuration, a certificate and its key.

    Anyone who has the file can connect. Send it to the user over a secure channel.
    """
    if output and not output.expanduser().resolve().parent.is_dir():
        raise UsageError(f"the folder of {output} does not exist; create it, or choose another file with --output")
    account = Account(region)
    endpoint, keystore = Endpoint.choose(account, endpoint_id), _keystore(folder, account)
    path = (output or keystore.profile_path(user)).expanduser().resolve()
    write_private(path, endpoint.profile(keystore, user, renew=renew))
    expires = keystore.certificates_of(user)[0].not_valid_after_utc.date().isoformat()
    if as_json:
        show_json({"user": user, "endpoint": endpoint.id, "profile": str(path), "expires": expires})
        return
    show_lines(
        f"profile  {path}",
        f"{user} can connect to {endpoint.id} until {expires}, with the AWS VPN Client or:",
        f"sudo openvpn --config {shlex.quote(str(path))}",
    )


@app.command(epilog="Example: vpn-ops client-vpn revoke alice")
def revoke(
    user: User,
    endpoint_id: EndpointId = None,
    folder: Folder = None,
    region: Region = None,
    as_json: AsJson = False,
) -> None:
    """Revoke every certificate of a user: the endpoint refuses them, and the user's connections are ended."""
    account = Account(region)
    endpoint, keystore = Endpoint.choose(account, endpoint_id), _keystore(folder, account)
    ended = endpoint.revoke(keystore, user)
    if as_json:
        answer = {"ended_connections": ended, "revoked": len(keystore.revoked())}
        show_json({"user": user, "endpoint": endpoint.id, **answer})
        return
    show_lines(f"{endpoint.id} now refuses {user}; connections ended: {len(ended)}")


@app.command(epilog="Example: vpn-ops client-vpn connections --json")
def connections(endpoint_id: EndpointId = None, region: Region = None, as_json: AsJson = False) -> None:
    """Show who is connected."""
    endpoint = Endpoint.choose(Account(region), endpoint_id)
    names = ("CommonName", "ClientIp", "ConnectionEstablishedTime", "ConnectionId")
    rows = [{name: str(one.get(name, "")) for name in names} for one in endpoint.connections()]
    if as_json:
        show_json(rows)
    elif rows:
        show_table(("user", "address", "since", "connection"), (row.values() for row in rows))
    else:
        show_lines(f"nobody is connected to {endpoint.id}")

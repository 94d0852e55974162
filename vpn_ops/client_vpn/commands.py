"""``vpn-ops client-vpn``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from vpn_ops.account import Account
from vpn_ops.client_vpn import revocation
from vpn_ops.client_vpn.authority import RENEW_DAYS, expires_within
from vpn_ops.client_vpn.endpoint import Endpoint
from vpn_ops.client_vpn.keystore import Keystore, checked_user, default_folder
from vpn_ops.client_vpn.private_files import given_path, private_folder, write_private
from vpn_ops.client_vpn.profile_file import check_folder, check_place
from vpn_ops.client_vpn.server_certificate import import_server_certificate
from vpn_ops.errors import OperatorError
from vpn_ops.output import show_json, show_lines, show_table, show_warning

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
    ARN are kept; a server's certificate that ends within 30 days is replaced by a new one.
    """
    account = Account(region)
    keystore = _keystore(folder, account)
    with keystore.lock():
        arn = import_server_certificate(account, keystore)
        if keystore.revoked():
            revocation.sync(account, keystore).check(f"the server's certificate is {arn}, but")
        _warn_of_the_end(keystore)
    if as_json:
        show_json({"server_certificate_arn": arn, "folder": str(keystore.folder)})
        return
    show_lines(
        f"server certificate  {arn}",
        f"keys                {keystore.folder}",
        f"Deploy with:  npx cdk deploy ScenarioClientVpn --parameters ServerCertificateArn={arn}",
    )


def _warn_of_the_end(keystore: Keystore) -> None:
    ca = keystore.authority().certificate
    if expires_within(ca, 2 * RENEW_DAYS):
        show_warning(
            f"the CA in {keystore.folder} ends on {ca.not_valid_after_utc.date()}, and everything that it signed with "
            "it; prepare a new CA in another folder, and an endpoint with it"
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
    force: Annotated[
        bool, typer.Option("--force", help="Let --output replace a file that is not an earlier profile of the user.")
    ] = False,
    folder: Folder = None,
    region: Region = None,
    as_json: AsJson = False,
) -> None:
    """Write a complete OpenVPN profile for a user: the endpoint's configuration, a certificate and its key.

    Anyone who has the file can connect. Send it to the user over a secure channel. An endpoint that lacks revoked
    certificates of the folder gets the list first.
    """
    checked_user(user)
    chosen = None if output is None else given_path(output)
    if chosen is not None:
        check_folder(chosen)
    account = Account(region)
    endpoint, keystore = Endpoint.choose(account, endpoint_id), _keystore(folder, account)
    with keystore.lock():
        ca = keystore.existing_authority()
        endpoint.check_trusts(ca)
        path = chosen or keystore.profile_path(user)
        if chosen is None:
            private_folder(path.parent)
        check_place(path, user, ca, force=force)
        imported = revocation.complete(keystore, endpoint)
        signed = keystore.user(user, renew=renew)
        write_private(path, endpoint.profile(signed))
        _warn_of_the_end(keystore)
    expires = signed.certificate.not_valid_after_utc.date().isoformat()
    if as_json:
        show_json({"user": user, "endpoint": endpoint.id, "profile": str(path), "expires": expires})
        return
    if imported:
        show_lines(f"{endpoint.id} lacked revoked certificates, and has the list now")
    show_lines(
        f"profile  {path}",
        f"{user} can connect to {endpoint.id} until {expires}, with the AWS VPN Client or:",
        f"sudo openvpn --config {shlex.quote(str(path))}",
    )


@app.command(epilog="Example: vpn-ops client-vpn revoke alice")
def revoke(
    user: User,
    endpoint_id: Annotated[
        str | None, typer.Option("--endpoint", help="Fail if this endpoint is not among those that trust the CA.")
    ] = None,
    folder: Folder = None,
    region: Region = None,
    as_json: AsJson = False,
) -> None:
    """Revoke every certificate of a user, on each endpoint of the Region that trusts the CA.

    The endpoints refuse the user from then on, and the user's connections are ended. AWS also ends the connections of
    all other users of an endpoint when it gets a new list; their clients connect again.
    """
    checked_user(user)
    account = Account(region)
    keystore = _keystore(folder, account)
    with keystore.lock():
        outcome = revocation.revoke(account, keystore, user)
    outcome.check(f"the revocation of {user} is not complete")
    if endpoint_id and endpoint_id not in outcome.listed:
        raise OperatorError(f"{endpoint_id} does not trust the CA in {keystore.folder}, or is not in {account.region}")
    if not outcome.listed:
        raise OperatorError(
            f"{user} is on the list in {keystore.folder}, but {account.region} has no Client VPN endpoint that trusts "
            "its CA; after you deploy one, run: vpn-ops client-vpn sync"
        )
    if as_json:
        answer = {"ended_connections": outcome.ended, "revoked": len(outcome.entries)}
        show_json({"user": user, "endpoints": outcome.listed, **answer})
        return
    show_lines(f"{', '.join(outcome.listed)} now refuses {user}; connections ended: {len(outcome.ended)}")


@app.command(epilog="Example: vpn-ops client-vpn sync")
def sync(folder: Folder = None, region: Region = None, as_json: AsJson = False) -> None:
    """Give each endpoint that trusts the CA the list of revoked certificates, if it lacks the list or an entry.

    Run it after you deploy or replace an endpoint: a new endpoint has no list, so it admits everyone who was revoked.
    AWS ends all connections of an endpoint that gets a list; the clients connect again.
    """
    account = Account(region)
    keystore = _keystore(folder, account)
    with keystore.lock():
        outcome = revocation.sync(account, keystore)
    outcome.check("not every endpoint has the list")
    if not outcome.listed:
        raise OperatorError(f"{account.region} has no Client VPN endpoint that trusts the CA in {keystore.folder}")
    if as_json:
        lists = {"endpoints": outcome.listed, "imported": outcome.imported, "other_ca": outcome.others}
        show_json({**lists, "revoked": len(outcome.entries)})
        return
    for one in outcome.listed:
        how = "got the list now" if one in outcome.imported else "had it before"
        show_lines(f"{one} refuses {len(outcome.entries)} revoked certificates; it {how}")
    for one in outcome.others:
        show_lines(f"{one} trusts another CA, and was left alone")


@app.command(epilog="Example: vpn-ops client-vpn connections --json")
def connections(
    endpoint_id: EndpointId = None, folder: Folder = None, region: Region = None, as_json: AsJson = False
) -> None:
    """Show who is connected.

    If the folder has revoked certificates that the endpoint still admits, the command says so and ends with exit
    code 1.
    """
    account = Account(region)
    endpoint = Endpoint.choose(account, endpoint_id)
    names = ("CommonName", "ClientIp", "ConnectionEstablishedTime", "ConnectionId")
    rows = [{name: str(one.get(name, "")) for name in names} for one in endpoint.connections()]
    if as_json:
        show_json(rows)
    elif rows:
        show_table(("user", "address", "since", "connection"), (row.values() for row in rows))
    else:
        show_lines(f"nobody is connected to {endpoint.id}")
    _check_list(Keystore.existing(folder or default_folder(), account.number, account.region), endpoint)


def _check_list(keystore: Keystore | None, endpoint: Endpoint) -> None:
    if keystore is None:
        return
    with keystore.lock():
        if not keystore.revoked() or not endpoint.trusts(keystore.existing_authority()):
            return
        number = revocation.lacking(keystore, endpoint)
    if number:
        raise OperatorError(
            f"{endpoint.id} still admits {number} revoked certificates of {keystore.folder}; run: vpn-ops client-vpn "
            "sync"
        )

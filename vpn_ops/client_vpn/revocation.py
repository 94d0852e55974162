"""Revocation: no entry is ever lost, and each endpoint that trusts the CA has all of them.

An endpoint has one list, and an import replaces it. So each list that we import has the entries of the folder and
those of the endpoint, and we read it back until every one is there. The folder's lock keeps other commands on this
computer away. A command on another computer may import at the same moment a list that it made before it saw ours:
``SETTLE_SECONDS`` later its import has arrived, and we see that ours is gone. The folder keeps every entry, so each
later command repairs an endpoint that lacks one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.serialization import Encoding

from vpn_ops.account import Account
from vpn_ops.client_vpn import authority
from vpn_ops.client_vpn.authority import Signed
from vpn_ops.client_vpn.endpoint import Endpoint
from vpn_ops.client_vpn.keystore import Keystore
from vpn_ops.errors import OperatorError

SETTLE_SECONDS = 2.0
"""Longer than another command takes from its reading of a list to the arrival of its import."""
DEADLINE_SECONDS = 60.0


@dataclass
class Outcome:
    """What has been done to the endpoints of a CA.

    Attributes:
        entries: All entries of the list.
        listed: Ids of the endpoints that have every entry.
        imported: Ids of those among them that got a new list.
        ended: Ids of the connections that were ended.
        others: Ids of endpoints that do not trust the CA.
        problems: What went wrong, in words.
    """

    entries: dict[int, datetime]
    listed: list[str] = field(default_factory=list)
    imported: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def check(self, subject: str) -> None:
        """Raise what went wrong.

        Raises:
            OperatorError: Something did.
        """
        if self.problems:
            raise OperatorError(f"{subject}: {'; '.join(self.problems)}; then run: vpn-ops client-vpn sync")


def revoke(account: Account, keystore: Keystore, user: str) -> Outcome:
    """Revoke every certificate of a user on each endpoint that trusts the CA, and end the user's connections.

    The caller holds the lock of the keystore.
    """
    now = datetime.now(UTC)
    newly = {one.serial_number: now for one in keystore.certificates_of(user)}
    outcome = _publish(account, keystore, newly, then=lambda endpoint: endpoint.end_connections(user))
    lost = keystore.lost_certificate(user)
    outcome.problems += [lost] if lost else []
    return outcome


def sync(account: Account, keystore: Keystore) -> Outcome:
    """Import the list into each endpoint that trusts the CA and lacks the list or an entry.

    The caller holds the lock of the keystore.
    """
    return _publish(account, keystore, {}, even_empty=True)


def complete(keystore: Keystore, endpoint: Endpoint) -> bool:
    """Import the list into one endpoint if it lacks an entry, and tell whether it did.

    The caller holds the lock of the keystore.

    Raises:
        OperatorError: The endpoint still lacks an entry after a minute.
    """
    entries = keystore.revoked()
    imported = _complete(endpoint, keystore.existing_authority(), entries, even_empty=False)
    _record(keystore, entries)
    return imported


def lacking(keystore: Keystore, endpoint: Endpoint) -> int:
    """How many revoked certificates of the folder the endpoint's list lacks; nothing is changed."""
    there, _ = endpoint.revoked(keystore.existing_authority())
    return len(keystore.revoked().keys() - (there or {}).keys())


def _publish(
    account: Account,
    keystore: Keystore,
    newly: Mapping[int, datetime],
    *,
    even_empty: bool = False,
    then: Callable[[Endpoint], Iterable[str]] = lambda _: (),
) -> Outcome:
    ca = keystore.existing_authority()
    outcome = Outcome({**newly, **keystore.revoked()})
    # First the folder: whatever fails later, the next command finds the entries there. A full disk must not keep a
    # user in, so its error is reported only after the endpoints are done.
    failed = _recording(keystore, outcome.entries)
    for endpoint in Endpoint.all(account):
        try:
            if not endpoint.trusts(ca):
                outcome.others.append(endpoint.id)
                continue
            try:
                if _complete(endpoint, ca, outcome.entries, even_empty=even_empty):
                    outcome.imported.append(endpoint.id)
                outcome.listed.append(endpoint.id)
            finally:
                outcome.ended.extend(then(endpoint))
        except (ClientError, BotoCoreError, OperatorError) as problem:
            outcome.problems.append(f"{endpoint.id}: {problem}")
    failed = _recording(keystore, outcome.entries) if outcome.listed or failed else None
    if failed:
        outcome.problems.append(f"{keystore.folder} could not record it: {failed.strerror or failed}")
    return outcome


def _complete(endpoint: Endpoint, ca: Signed, entries: dict[int, datetime], *, even_empty: bool) -> bool:
    """Bring every entry onto an endpoint's list, add the list's own entries to ``entries``; tell whether it imported.

    Raises:
        OperatorError: An entry is still missing after a minute.
    """
    imported = False
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        there, in_use = endpoint.revoked(ca)
        for serial, when in (there or {}).items():
            entries[serial] = min(when, entries.get(serial, when))
        missing = entries.keys() - (there or {}).keys()
        lacks = bool(missing) or (there is None and even_empty)
        if not lacks and in_use:
            return imported
        if time.monotonic() >= deadline:
            late = (
                f"{len(missing)} revoked certificates are not on its list yet" if missing else "its list is not in use"
            )
            raise OperatorError(f"after {DEADLINE_SECONDS:.0f} s, {late}")
        if lacks and in_use:
            endpoint.import_list(ca, entries)
            imported = True
        time.sleep(SETTLE_SECONDS)


def _recording(keystore: Keystore, entries: Mapping[int, datetime]) -> OSError | None:
    try:
        _record(keystore, entries)
    except OSError as problem:
        return problem
    return None


def _record(keystore: Keystore, entries: Mapping[int, datetime]) -> None:
    if entries.keys() - keystore.revoked().keys():
        pem = authority.revocation_list(keystore.authority(), entries).public_bytes(Encoding.PEM)
        keystore.keep_revocations(pem)

"""``python -m tools.acceptance``: what only a real account can settle."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console
from rich.table import Table

from tools.acceptance import report
from tools.acceptance.account import AcceptanceError, Account
from tools.acceptance.checks import CHECKS
from tools.acceptance.costs import cost_of
from tools.acceptance.report import Result
from tools.acceptance.run import run
from tools.acceptance.stages import Stage, stages_of
from vpn_lab.network.bring_up import one_machine
from vpn_lab.network.network import Network
from vpn_lab.region import Region
from vpn_lab.region.environment import isolated

BOOTSTRAP = "CDKToolkit"
NUMBERS = tuple(sorted(check.number for check in CHECKS))
console = Console(highlight=False, markup=False)


def main() -> int:
    """Run the command; return its exit code."""
    chosen = _arguments()
    numbers = set(chosen.only or NUMBERS)
    stages = stages_of(CHECKS, lambda check: check.number in numbers)
    results: list[Result] = []
    begun = datetime.now(UTC)
    where = ""
    try:
        with _account(local=chosen.local) as account:
            identity = account.client("sts").get_caller_identity()["Account"]
            where = f"{'the local region' if account.is_local else 'AWS'}, {account.region}"
            _tell(stages, account, identity)
            if not account.is_local and not _agreed(identity, chosen.account):
                console.print("nothing was deployed")
                return 2
            _check_bootstrap(account)
            run(stages, account, results)
    except (AcceptanceError, ClientError, BotoCoreError) as problem:
        console.print(f"error: {problem}")
        return 2
    finally:
        if results:
            for path in report.write(chosen.output, where, begun, results):
                console.print(f"written: {path}")
    return 1 if any(one.outcome.verdict == "not as assumed" for one in results) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.acceptance",
        description="Settles on a real account what documents cannot: deploys, measures, removes, writes a report.",
        epilog="Exit codes: 0 everything is as assumed or not shown, 1 something is not, 2 it could not be run.",
    )
    parser.add_argument("--local", action="store_true", help="run against the local region and network, at no cost")
    parser.add_argument("--only", type=int, nargs="+", choices=NUMBERS, metavar="N", help="only these checks")
    parser.add_argument("--account", metavar="ID", help="the account; answers the question about the costs with yes")
    parser.add_argument(
        "--output", type=Path, default=Path("acceptance-report"), help="folder of the report: %(default)s"
    )
    return parser.parse_args()


@contextlib.contextmanager
def _account(*, local: bool) -> Iterator[Account]:
    with tempfile.TemporaryDirectory(prefix="acceptance-") as name:
        folder = Path(name)
        if not local:
            yield _on_aws(folder)
            return
        with one_machine(), Region.start(state_dir=folder / "region", signals="device") as region:
            network = Network.start(region, folder / "machine", _note)
            try:
                region.bootstrap()
                environment = isolated(region.environment())
                yield Account(
                    region.client, region.settings.region, environment, folder / "cdk.out", is_local=True, note=_note
                )
            finally:
                network.stop()


def _on_aws(folder: Path) -> Account:
    session = boto3.session.Session()
    if session.region_name is None:
        raise AcceptanceError("no Region is chosen; set AWS_REGION, for example to eu-central-1")
    options = Config(retries={"mode": "adaptive", "total_max_attempts": 10})

    def client(service: str) -> object:
        return session.client(service, config=options)  # type: ignore[call-overload]

    environment = {**os.environ, "AWS_REGION": session.region_name, "AWS_DEFAULT_REGION": session.region_name}
    return Account(client, session.region_name, environment, folder / "cdk.out", is_local=False, note=_note)


def _tell(stages: Sequence[Stage], account: Account, identity: str) -> None:
    """Show what will be deployed, for how long, and what that costs."""
    table = Table("Stage", "Checks", "Minutes", "USD")
    costs = cost_of(stages, account)
    for stage in stages:
        numbers = ", ".join(str(check.number) for check in stage.checks)
        table.add_row(stage.name, numbers, str(stage.minutes), f"{costs[stage.name]:.2f}")
    console.print(f"account {identity}, {account.region}")
    console.print(table)
    minutes, price = sum(stage.minutes for stage in stages), sum(costs.values())
    console.print(
        f"about {minutes / 60:.1f} hours, one stage after the other, and {price:.2f} USD at the prices of us-east-1, "
        "without traffic and logs. Every stage is removed at its end, also after Ctrl-C."
    )


def _agreed(identity: str, given: str | None) -> bool:
    if given is not None:
        return given == identity
    return sys.stdin.isatty() and console.input("To go on, type the account's number: ").strip() == identity


def _check_bootstrap(account: Account) -> None:
    if not account.exists(BOOTSTRAP):
        raise AcceptanceError(f"{account.region} is not bootstrapped: run npx cdk bootstrap first")


def _note(text: str) -> None:
    console.print(f"{datetime.now(UTC):%H:%M:%S} {text}")


if __name__ == "__main__":
    sys.exit(main())

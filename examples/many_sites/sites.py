"""Reads the list of sites, which has one line per site."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from cdk_aws_vpn import Site

LIST = Path(__file__).with_name("sites.csv")


def read_sites(path: Path = LIST) -> dict[str, list[Site]]:
    """Return the sites of each Region, in the order of the list."""
    sites: dict[str, list[Site]] = defaultdict(list)
    with path.open(newline="") as lines:
        for row in csv.DictReader(lines):
            sites[row["region"]].append(
                Site(
                    number=int(row["number"]),
                    name=row["name"],
                    address=row["address"],
                    bgp_asn=int(row["asn"]),
                    prefixes=row["prefixes"].split(),
                    routing=row["routing"],
                )
            )
    return dict(sites)

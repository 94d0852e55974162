"""The tables of what a scenario needs of an account's quotas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from moto.ec2.models.instance_types import INSTANCE_TYPES

from vpn_model.needs.count import needs_of
from vpn_model.needs.quotas import QUOTAS, VCPUS
from vpn_model.read_template.devices import read_devices
from vpn_model.read_template.network import read_network
from vpn_model.read_template.template import Template

STANDARD, CONNECT = f"{VCPUS}_standard", "instance_connect_endpoints"
WITHOUT_HOSTS = "vcpus_without_hosts"
COLUMNS = {
    STANDARD: "vCPUs",
    WITHOUT_HOSTS: "vCPUs without hosts",
    "addresses": "Elastic IPs",
    "vpcs": "VPCs",
    "internet_gateways": "Internet gateways",
    CONNECT: "Connect Endpoints",
    "customer_gateways": "Customer gateways",
    "vpn_connections": "VPN connections",
    "vpn_gateways": "Virtual private gateways",
    "transit_gateways": "Transit gateways",
    "client_vpn_endpoints": "Client VPN endpoints",
}
"""What the table shows, by the key of the quota."""
HINT = "vpn-ops preflight"


class UncountedError(LookupError):
    """A template has something whose needs are not known."""


def counted(template: Template) -> dict[str, int]:
    """What a scenario needs, by the keys of ``COLUMNS``.

    Raises:
        UncountedError: Something could not be counted. A table that leaves it out would look just as exact.
    """
    needs = needs_of(template)
    if needs.not_counted:
        raise UncountedError(f"{template.name}: not counted: {'; '.join(needs.not_counted)}")
    network = read_network(template)
    devices = {one for found in read_devices(template, network).tunnels.values() for one in found}
    vcpus = {one.logical_id: _vcpus(one.instance_type) for one in needs.found if one.instance_type}
    totals = {key: needs.total(key) for key in COLUMNS if key != WITHOUT_HOSTS}
    return {
        **totals,
        STANDARD: sum(vcpus.values()),
        WITHOUT_HOSTS: sum(number for name, number in vcpus.items() if name in devices),
    }


def _vcpus(instance_type: str) -> int:
    """The vCPUs of a type, as moto ships the answers of ``DescribeInstanceTypes``."""
    return int(INSTANCE_TYPES[instance_type]["VCpuInfo"]["DefaultVCpus"])


def needs_table(templates: Iterable[Template]) -> str:
    """The README's table: a line per scenario, and AWS's defaults below."""
    found = {template.name: counted(template) for template in templates}
    rows = [_row(["Scenario", *COLUMNS.values()]), "|---|" + "---:|" * len(COLUMNS)]
    rows += [_row([f"`{name}`", *(str(one[key] or "") for key in COLUMNS)]) for name, one in found.items()]
    total = {key: sum(one[key] for one in found.values()) for key in COLUMNS}
    rows.append(_row(["all of them", *(str(total[key]) for key in COLUMNS)]))
    rows.append(_row(["**AWS's default quota**", *(f"**{_default(key)}**" for key in COLUMNS)]))
    return "\n".join(rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _default(key: str) -> str:
    if key in (STANDARD, WITHOUT_HOSTS):
        return "5 or more"
    return str(QUOTAS[key].default)


def needs_line(template: Template) -> str:
    """The sentence on a scenario's page."""
    found = counted(template)
    return (
        f"Of the account's quotas: {found[STANDARD]} vCPUs ({found[WITHOUT_HOSTS]} with `-c hosts=false`), "
        f"{_listed(found)}.\n`{HINT} {template.name}` says before a deployment whether they fit."
    )


def _listed(found: Mapping[str, int]) -> str:
    shown = [(found[key], _noun(QUOTAS[key].title, found[key])) for key in COLUMNS if key in QUOTAS and key != STANDARD]
    return ", ".join(f"{number} {title}" for number, title in shown if number)


def _noun(title: str, number: int) -> str:
    if number != 1:
        return title
    return title.removesuffix("es") if title.endswith("addresses") else title.removesuffix("s")

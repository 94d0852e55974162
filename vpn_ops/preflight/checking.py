"""Checks templates against an account: what would not fit, and what could not be checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vpn_model.needs.count import Need, needs_of
from vpn_model.needs.quotas import QUOTAS, VCPUS, Quota
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.template import Template, read_template
from vpn_model.unknown import is_unknown_id
from vpn_ops.account import Account
from vpn_ops.preflight import surroundings
from vpn_ops.preflight.asking import Unread
from vpn_ops.preflight.deployed import Deployed, read_deployed
from vpn_ops.preflight.source import Source
from vpn_ops.preflight.surroundings import Misfit
from vpn_ops.preflight.usage import Usage, increase, quota_value


@dataclass(frozen=True)
class Verdict:
    """One quota: what the stacks need in addition, what the account uses, and what it may use.

    Attributes:
        quota: The quota.
        needed: What is new.
        used: What is used now.
        value: The quota's value.
        parent: Id of the gateway whose own quota it is.
        region: Name of the Region.
    """

    quota: Quota
    needed: int
    used: int
    value: int
    region: str
    parent: str | None = None

    @property
    def fits(self) -> bool:
        return self.needed + self.used <= self.value

    @property
    def remedy(self) -> str:
        """How to raise the quota; empty if it is high enough."""
        return "" if self.fits else increase(self.quota, self.needed + self.used, self.region)


@dataclass
class Checked:
    """What would not fit, and what could not be checked.

    Attributes:
        stacks: Names of the stacks that were checked.
        verdicts: One for each quota of which something is needed.
        misfits: What else would keep a stack from being deployed.
        unread: What could not be checked, in words.
    """

    stacks: list[str] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    misfits: list[Misfit] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        return not self.misfits and all(one.fits for one in self.verdicts)


def check(account: Account, sources: Iterable[Source], parameters: Mapping[str, str]) -> Checked:
    """Check templates for an account and Region.

    Raises:
        TemplateError: A template is malformed.
        ClientError: The credentials are not valid.
    """
    number, region = account.number, account.region
    ec2, cloudformation = account.client("ec2"), account.client("cloudformation")
    unread, result = Unread(), Checked()
    zones = unread.ask("the Availability Zones", lambda: surroundings.zones_of(ec2)) or ()
    pairs: list[tuple[Template, Deployed]] = []
    for source in sources:
        if source.region not in (None, region) or source.account not in (None, number):
            place = f"{source.account or number}, {source.region or region}"
            unread.notes.append(f"{source.stack}: it is for {place}, not for {number}, {region}")
            continue
        read = read_template(source.path)
        given = {name: value for name, value in parameters.items() if name in read.parameter_names}
        template = read_template(source.path, Environment(source.stack, region, number, zones, given))
        deployed = unread.ask(
            f"what of {source.stack} is deployed (counted as nothing)",
            lambda: read_deployed(cloudformation, source.stack),  # noqa: B023 -- asked at once
        )
        pairs.append((template, deployed or Deployed()))
    result.stacks = [template.name for template, _ in pairs]
    templates = [template for template, _ in pairs]
    for template, deployed in pairs:
        result.misfits += surroundings.stack_state(template.name, deployed.status)
        with unread.noting(f"the bootstrap version for {template.name}"):
            result.misfits += surroundings.bootstrap(account.client("ssm"), template, number, region)
    with unread.noting("whether the Region is enabled"):
        result.misfits += surroundings.region_state(ec2, region)
    with unread.noting("which types of resources the Region has"):
        result.misfits += surroundings.missing_types(cloudformation, templates, region)
    with unread.noting("which zones offer the instance types"):
        result.misfits += surroundings.types_in_zones(ec2, templates, region)
    result.verdicts = _verdicts(account, pairs, unread)
    result.misfits = list(dict.fromkeys(result.misfits))
    result.unread = unread.notes
    return result


def _verdicts(account: Account, pairs: Iterable[tuple[Template, Deployed]], unread: Unread) -> list[Verdict]:
    usage = Usage(account.client("ec2"), account.number)
    amounts: dict[tuple[str, str | None], int] = {}
    new_parents: set[str | None] = set()
    for template, deployed in pairs:
        needs = needs_of(template)
        unread.notes += [f"{template.name}: {one}" for one in needs.not_counted]
        for need in needs.found:
            with unread.noting(f"{template.name}: {need.logical_id}: {QUOTAS[need.quota].title}"):
                parent, is_new = _parent(template, deployed, need)
                amount = _amount(usage, template, deployed, need)
                amounts[need.quota, parent] = amounts.get((need.quota, parent), 0) + amount
                new_parents |= {parent} if is_new else set()
    services = account.client("service-quotas")
    found = []
    for key, quota in QUOTAS.items():
        for (asked, parent), needed in amounts.items():
            if asked != key or not needed:
                continue
            title = quota.title if parent is None else f"{quota.title}, {parent}"
            if parent is not None and is_unknown_id(parent):
                unread.notes.append(f"{title}: the template does not say which one it is")
                continue
            value = unread.ask(f"{title}: the quota", lambda: quota_value(services, quota))  # noqa: B023
            used = 0 if parent in new_parents else unread.ask(title, lambda: usage.used(key, parent))  # noqa: B023
            if value is not None and used is not None:
                found.append(Verdict(quota, needed, used, value, account.region, parent))
    return found


def _amount(usage: Usage, template: Template, deployed: Deployed, need: Need) -> int:
    """What is new of a need: an instance of another type needs only what the new one has more."""
    resource = template.get(need.logical_id)
    there = resource is not None and deployed.has(need.logical_id, resource.type)
    if not need.quota.startswith(VCPUS):
        return 0 if there else need.amount
    wanted = usage.vcpus(need.instance_type or "")
    running = usage.instances.get(deployed.physical_id(need.logical_id) or "") if there else None
    if there and running is None:
        return 0  # it is stopped: the update does not start it
    return max(0, wanted - (usage.vcpus_of(running) if running else 0))


def _parent(template: Template, deployed: Deployed, need: Need) -> tuple[str | None, bool]:
    """The id of the gateway whose own quota counts, and whether the stack creates it."""
    if need.parent is None or template.get(need.parent) is None:
        return need.parent, False
    physical = deployed.physical_id(need.parent)
    return physical or f"{template.name}/{need.parent}", physical is None

"""What must be true of an account and Region before a stack can be deployed, apart from quotas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from vpn_model.read_template.network import read_network
from vpn_model.read_template.template import Template
from vpn_model.unknown import Unknown
from vpn_ops.preflight.asking import code_of, every

VERSION_PARAMETER = "BootstrapVersion"
BUSY = "_IN_PROGRESS"
STUCK = ("UPDATE_ROLLBACK_FAILED", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED")
CHECKED_TYPES = ("AWS::EC2::", "AWS::NetworkManager::", "AWS::DirectConnect::")


@dataclass(frozen=True)
class Misfit:
    """Something that would keep a stack from being deployed, apart from quotas.

    Attributes:
        subject: ``stack``, ``bootstrap``, ``region``, ``type`` or ``zone``.
        problem: What is wrong.
        remedy: What to do.
    """

    subject: str
    problem: str
    remedy: str


def stack_state(stack: str, status: str) -> Iterator[Misfit]:
    """Whether the stack's state allows a deployment."""
    if status.endswith(BUSY) and status != "REVIEW_IN_PROGRESS":
        yield Misfit("stack", f"{stack} is {status}", "wait until that has ended")
    if status in STUCK:
        yield Misfit("stack", f"{stack} is {status}", "repair or delete the stack first")


def bootstrap(ssm: Any, template: Template, account: str, region: str) -> Iterator[Misfit]:
    """Whether the account and Region are bootstrapped as the template asks; nothing if it does not ask.

    Raises:
        ClientError: The account does not allow the question.
    """
    parameter = template.parameters.get(VERSION_PARAMETER)
    if parameter is None:
        return
    name = str(parameter.get("Default", ""))
    qualifier = name.removeprefix("/cdk-bootstrap/").partition("/")[0]
    own = "" if qualifier == "hnb659fds" else f" --qualifier {qualifier}"
    command = f"npx cdk bootstrap aws://{account}/{region}{own}"
    try:
        found = str(ssm.get_parameter(Name=name)["Parameter"]["Value"])
    except ClientError as problem:
        if code_of(problem) != "ParameterNotFound":
            raise
        yield Misfit("bootstrap", f"{region} is not bootstrapped: there is no parameter {name}", f"run: {command}")
        return
    if found in _refused_versions(template):
        yield Misfit("bootstrap", f"the bootstrap stack has version {found}, which is too old", f"run: {command}")


def _refused_versions(template: Template) -> set[str]:
    """The bootstrap versions that the CDK's own rule refuses: it lists every version before the first good one."""
    try:
        (one,) = template.rules["CheckBootstrapVersion"]["Assertions"]
        refused, _ = one["Assert"]["Fn::Not"][0]["Fn::Contains"]
        return {str(version) for version in refused}
    except (KeyError, IndexError, TypeError, ValueError):
        return set()


def region_state(ec2: Any, region: str) -> Iterator[Misfit]:
    """Whether the account may use the Region.

    Raises:
        ClientError: The account does not allow the question.
    """
    found = ec2.describe_regions(RegionNames=[region], AllRegions=True)["Regions"]
    if any(one.get("OptInStatus") == "not-opted-in" for one in found):
        remedy = f"run: aws account enable-region --region-name {region}"
        yield Misfit("region", f"the account has not enabled {region}", remedy)


def missing_types(cloudformation: Any, templates: Iterable[Template], region: str) -> Iterator[Misfit]:
    """The types of the network's resources that CloudFormation does not have in the Region.

    Raises:
        ClientError: The account does not allow the question.
    """
    for kind in sorted({one.type for template in templates for one in template if one.type.startswith(CHECKED_TYPES)}):
        try:
            cloudformation.describe_type(Type="RESOURCE", TypeName=kind)
        except ClientError as problem:
            if code_of(problem) not in ("TypeNotFoundException", "CFNRegistryException"):
                raise
            remedy = "choose another Region, or leave the resource out"
            yield Misfit("type", f"CloudFormation has no {kind} in {region}", remedy)


def zones_of(ec2: Any) -> tuple[str, ...]:
    """The Availability Zones of the Region in the order of ``Fn::GetAZs``.

    Raises:
        ClientError: The account does not allow the question.
    """
    found = every(ec2, "describe_availability_zones", "AvailabilityZones")
    usual = (one for one in found if one.get("ZoneType", "availability-zone") == "availability-zone")
    return tuple(sorted(one["ZoneName"] for one in usual if one.get("State", "available") == "available"))


def types_in_zones(ec2: Any, templates: Iterable[Template], region: str) -> Iterator[Misfit]:
    """The instances whose type is not offered in their zone; for an unknown zone, in no zone.

    Raises:
        ClientError: The account does not allow the question.
        TemplateError: A property is malformed.
    """
    offered: dict[str, set[str]] = {}
    for template in templates:
        for instance in read_network(template).instances.values():
            kind, zone = instance.instance_type, instance.zone
            if isinstance(kind, Unknown):
                continue
            if kind not in offered:
                offered[kind] = _offering(ec2, kind)
            where = region if isinstance(zone, Unknown) else zone
            if not offered[kind] or (where == zone and zone not in offered[kind]):
                others = ", ".join(sorted(offered[kind])) or "no zone of this Region"
                yield Misfit(
                    "zone",
                    f"{instance.id} of {template.name}: {where} does not offer {kind}",
                    f"choose another type, or zones that offer it: {others}",
                )


def _offering(ec2: Any, instance_type: str) -> set[str]:
    asked: Mapping[str, Any] = {
        "LocationType": "availability-zone",
        "Filters": [{"Name": "instance-type", "Values": [instance_type]}],
    }
    found = every(ec2, "describe_instance_type_offerings", "InstanceTypeOfferings", **asked)
    return {one["Location"] for one in found if one["InstanceType"] == instance_type}

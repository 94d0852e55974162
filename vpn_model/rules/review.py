"""Reviews a template: every resource in every branch that its conditions can take, and the templates nested in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from vpn_model.read_template.branches import Branches, condition_names
from vpn_model.read_template.document import parse_document, read_document
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.loops import expand_loops
from vpn_model.read_template.network import read_network
from vpn_model.read_template.references import Reference
from vpn_model.read_template.resolver import Resolver
from vpn_model.read_template.sections import CheckedBody, section
from vpn_model.read_template.template import Template, kind_of_unexpanded
from vpn_model.rules import addresses, exposure, keys, negotiation, operation, overall
from vpn_model.rules.collected import Collected
from vpn_model.rules.findings import NotReviewed, Review, Rule, Violation
from vpn_model.rules.key_trace import Scope
from vpn_model.rules.nested import PROCESSED, Nested, local_module, nested_templates
from vpn_model.rules.passed import Passed, defaults_from, known_here
from vpn_model.rules.subject import Network, Subject, network, unknown_paths
from vpn_model.rules.unknown import matters

CONNECTION = "AWS::EC2::VPNConnection"
INGRESS = "AWS::EC2::SecurityGroupIngress"
AUTHORIZATION = "AWS::EC2::ClientVpnAuthorizationRule"
PREFIX_LIST = "AWS::EC2::PrefixList"
Check: TypeAlias = Callable[[Subject], Iterator[Violation]]
CHECKS: Mapping[str, Sequence[Check]] = {
    CONNECTION: (negotiation.negotiation, operation.operation, addresses.addresses),
    "AWS::EC2::SecurityGroup": (exposure.security_group,),
    INGRESS: (exposure.separate_rule,),
    "AWS::EC2::ClientVpnEndpoint": (exposure.client_endpoint,),
    AUTHORIZATION: (exposure.authorization,),
}
AS_WRITTEN = {CONNECTION: keys.pre_shared_keys, "AWS::SecretsManager::Secret": keys.secret}
"""Checks of what is written, in all branches at once: a key in a branch that is never taken is readable, too."""
TOGETHER = {CONNECTION: overall.redundancy, INGRESS: overall.separate_rules, AUTHORIZATION: overall.authorizations}
RULES: tuple[Rule, ...] = (
    *negotiation.RULES,
    *operation.RULES,
    *addresses.RULES,
    *keys.RULES,
    *exposure.RULES,
    *overall.RULES,
)
"""All rules."""
MOST_TEMPLATES = 500
"""The most templates that may be nested in one."""


def review_file(path: Path, environment: Environment | None = None) -> Review:
    """Review a template file, and the local templates that are nested in it.

    Args:
        path: The file, JSON or YAML.
        environment: What is known of the deployment: values of parameters, the Region.

    Raises:
        TemplateError: The file is not a template, or a function or a property is malformed. The message names the file
            and the resource, and never shows a value.
        OSError: The file cannot be read.
    """
    collected = Collected()
    body = read_document(path)
    try:
        reviewer = _Reviewer(body, str(path), path.parent, environment or Environment(), collected)
        reviewer.review((path.resolve(),))
    except TemplateError as problem:
        raise TemplateError(f"{path.name}: {problem}") from None
    except RecursionError:
        raise TemplateError(f"{path.name}: values refer to each other too many times to follow them") from None
    return replace(collected.review(path), parameters=frozenset(section(body, "Parameters")))


def review_body(body: Mapping[str, Any], name: str, environment: Environment | None = None) -> Review:
    """Review a parsed template.

    Raises:
        TemplateError: A function or a property is malformed.
    """
    collected = Collected()
    _Reviewer(body, name, None, environment or Environment(), collected).review(())
    return collected.review(Path(name))


class _Reviewer:
    """Reviews one template, and makes others for those that are nested in it."""

    def __init__(
        self,
        body: Mapping[str, Any],
        name: str,
        folder: Path | None,
        environment: Environment,
        collected: Collected,
        *,
        passed: Mapping[str, Passed] | None = None,
    ) -> None:
        self._name, self._folder, self._collected = name, folder, collected
        self._add = partial(collected.add, Path(name))
        self._passed = dict(passed or {})
        declared = section(body, "Parameters")
        environment = self._environment = known_here(environment, declared, self._passed)
        body = {**body, "Parameters": {**declared, **defaults_from(declared, self._passed)}}
        self._body = CheckedBody.of(expand_loops(body, environment, guess=True))
        self._resolver = Resolver(self._body, environment)
        self._branches = Branches(self._body, environment)
        as_written = {**self._body, "Parameters": declared}
        self._scope = Scope(as_written, self._resolver, environment.parameters, self._passed)
        self._lists: dict[str, list[Network]] = {}

    def review(self, above: tuple[Path, ...]) -> None:
        resources = section(self._body, "Resources")
        self._lists = {name: self._ranges(entry) for name, entry in resources.items() if _type(entry) == PREFIX_LIST}
        for logical_id, entry in resources.items():
            try:
                self._resource(logical_id, entry)
            except TemplateError as problem:
                raise TemplateError(f"{logical_id}: {problem}") from None
        self._whole(resources)
        for logical_id, entry in resources.items():
            if isinstance(entry, dict):
                for nested in nested_templates(entry, self._folder):
                    self._nested(logical_id, nested, above)
        for name, entry in section(self._body, "Modules").items():
            self._nested(name, local_module(entry, self._folder), above)

    def _resource(self, logical_id: str, entry: Any) -> None:
        macro = kind_of_unexpanded(logical_id, entry)
        if macro:
            self._missed(logical_id, "", f"a macro makes resources here; {PROCESSED}")
            return
        kind = _type(entry)
        if not kind:
            raise TemplateError("a resource must be a mapping with a text 'Type' in it")
        if "${" in logical_id:
            self._missed(logical_id, "", "a loop over values that are not known; give them with --parameter")
        properties = entry.get("Properties") or {}
        if not isinstance(properties, dict):
            raise TemplateError("'Properties' must be a mapping")
        if kind in AS_WRITTEN:
            for violation in AS_WRITTEN[kind](properties, self._scope):
                self._add(logical_id, kind, violation)
        if kind in CHECKS:
            self._in_all_branches(logical_id, entry, properties)

    def _in_all_branches(self, logical_id: str, entry: Mapping[str, Any], properties: Mapping[str, Any]) -> None:
        condition = entry.get("Condition")
        if condition is not None and not isinstance(condition, str):
            raise TemplateError("the name of a condition must be a text")
        names = frozenset(condition_names(properties)) | ({condition} if condition else set())
        possible = [one for one in self._branches.truths(names) if not condition or one[condition]]
        for truths in possible:
            resolver = Resolver(self._body, self._environment, truths) if truths else self._resolver
            resolved = resolver.resolve(properties)
            if not isinstance(resolved, dict):
                self._missed(logical_id, "Properties", f"a macro makes the properties; {PROCESSED}")
                return
            subject = Subject(logical_id, entry["Type"], resolved, self._lists, self._uses_certificate(resolved))
            for check in CHECKS[subject.type]:
                for violation in check(subject):
                    self._add(logical_id, subject.type, violation, truths=truths, possible=possible)
            for path, reason in unknown_paths(subject.properties):
                if matters(subject.type, path, reason):
                    self._missed(logical_id, path, reason)

    def _uses_certificate(self, properties: Mapping[str, Any]) -> bool:
        gateway = properties.get("CustomerGatewayId")
        entry = self._body["Resources"].get(gateway.logical_id) if isinstance(gateway, Reference) else None
        return "CertificateArn" in (entry.get("Properties") or {} if entry else {})

    def _whole(self, resources: Mapping[str, Any]) -> None:
        """Run the rules for several resources together. A value that depends on a condition is not known to them."""
        for kind, check in TOGETHER.items():
            subjects = [
                Subject(name, kind, properties, self._lists)
                for name, entry in resources.items()
                if _type(entry) == kind
                if isinstance(properties := self._resolver.resolve(entry.get("Properties") or {}), dict)
            ]
            for violation in check(subjects):
                self._add(violation.resource or "", kind, violation)
        if sum(_type(entry) == CONNECTION for entry in resources.values()) > 1:
            try:
                planned = read_network(Template(self._body, self._environment))
            except TemplateError:  # in a resource that no rule is about
                return
            for violation in overall.zones(planned):
                self._add(violation.resource or "", CONNECTION, violation)

    def _nested(self, logical_id: str, nested: Nested, above: tuple[Path, ...]) -> None:
        if nested.reason:
            self._missed(logical_id, "", nested.reason)
            return
        file = nested.file.resolve() if nested.file else None
        if file in above or len(above) > MOST_TEMPLATES or self._collected.templates >= MOST_TEMPLATES:
            self._missed(logical_id, "", "the nested templates contain each other, or are too many")
            return
        self._collected.templates += 1
        body = read_document(nested.file) if nested.file else parse_document(nested.text or "")
        declared = section(body, "Parameters")
        passed = {name: (self._scope, value) for name, value in nested.parameters.items() if name in declared}
        name = str(nested.file) if nested.file else f"{self._name}#{logical_id}"
        folder = nested.file.parent if nested.file else self._folder
        around = Environment(region=self._environment.region, account=self._environment.account)
        child = _Reviewer(body, name, folder, around, self._collected, passed=passed)
        child.review((*above, file) if file else (*above, Path(name)))

    def _missed(self, resource: str, path: str, reason: str) -> None:
        found = NotReviewed(template=Path(self._name), resource=resource, path=path, reason=reason)
        self._collected.missed[found] = None

    def _ranges(self, entry: Mapping[str, Any]) -> list[Network]:
        properties = self._resolver.resolve(entry.get("Properties") or {})
        entries = properties.get("Entries") if isinstance(properties, dict) else None
        members = entries if isinstance(entries, list) else []
        found = (network(one.get("Cidr")) for one in members if isinstance(one, dict))
        return [one for one in found if one is not None]


def _type(entry: Any) -> str:
    kind = entry.get("Type") if isinstance(entry, dict) else None
    return kind if isinstance(kind, str) else ""

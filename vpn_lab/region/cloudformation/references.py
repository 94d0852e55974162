"""A template must contain what it refers to: CloudFormation rejects it before creating anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from vpn_lab.region import ministack

ENGINE = "services.cloudformation.engine"


def install() -> None:
    check: Callable[..., None] = ministack.module(ENGINE).validate_template_support

    def check_references_too(template: dict[str, Any], conditions: dict[str, bool], *more: Any, **options: Any) -> None:
        check(template, conditions, *more, **options)
        if template.get("Transform"):
            return
        for section in ("Resources", "Outputs"):
            missing = sorted(set(unresolved(template, template.get(section) or {})))
            if missing:
                raise ValueError(
                    f"Template format error: Unresolved resource dependencies [{', '.join(missing)}] "
                    f"in the {section} block of the template"
                )
        ministack.module(ENGINE)._topological_sort(template.get("Resources") or {}, conditions)

    for module in ("services.cloudformation.handlers", "services.cloudformation.changesets"):
        ministack.replace(module, "validate_template_support", check_references_too)


def unresolved(template: Mapping[str, Any], section: Mapping[str, Any]) -> Iterator[str]:
    """The names that a section refers to and that are neither resources nor parameters nor pseudo parameters."""
    known = {*(template.get("Resources") or {}), *(template.get("Parameters") or {})}
    references: Callable[[Any], Iterator[tuple[str, str | None]]] = ministack.module(ENGINE)._intrinsic_references
    for definition in section.values():
        for part in ("Properties", "Value"):
            for name, _ in references(definition.get(part)):
                if name not in known and not name.startswith("AWS::"):
                    yield name
        depends = definition.get("DependsOn") or []
        yield from ({depends} if isinstance(depends, str) else set(depends)) - known

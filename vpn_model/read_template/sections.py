"""The sections of a template, such as ``Parameters`` and ``Mappings``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vpn_model.read_template.errors import TemplateError

SECTIONS = ("Parameters", "Mappings", "Conditions", "Resources")
OF_MAPPINGS = ("Parameters", "Mappings", "Modules")
"""Sections whose members have to be mappings, too."""


class CheckedBody(dict[str, Any]):
    """A template whose sections have been checked, so that many resolvers can be made of it quickly."""

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> CheckedBody:
        """Check a template.

        Raises:
            TemplateError: A section is malformed.
        """
        return cls({**body, **{name: section(body, name) for name in SECTIONS}})


def section(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a section of a template; empty if it is not there.

    Raises:
        TemplateError: It is not a mapping, or has a member that has to be a mapping and is not.
    """
    found = body.get(name)
    if found is None:
        return {}
    if isinstance(body, CheckedBody) and name in SECTIONS:
        return found  # type: ignore[no-any-return]
    if not isinstance(found, dict):
        raise TemplateError(f"{name} must be a mapping")
    for key, value in found.items():
        if name in OF_MAPPINGS and not isinstance(value, dict):
            raise TemplateError(f"{name}: {key} must be a mapping")
    return found

"""Validates the resources of a template with the registry's schemas, as cfn-lint ships them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cfnlint.jsonschema import StandardValidator  # type: ignore[import-untyped]
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError  # type: ignore[import-untyped]

Properties = Mapping[str, Any]
Schema = dict[str, Any]

REGION = "us-east-1"


class InvalidPropertiesError(ValueError):
    """The reason in the CREATE_FAILED or UPDATE_FAILED event of a resource that violates its schema."""

    def __init__(self, logical_id: str, problems: list[str]) -> None:
        listed = "\n".join(problems)
        super().__init__(f"Properties validation failed for resource {logical_id} with message:\n{listed}")


@cache
def schema_of(resource_type: str) -> Schema | None:
    """The schema of a type, or None for types that have none: custom resources and CDK's metadata."""
    if resource_type.startswith(("Custom::", "AWS::CDK::")) or resource_type == "AWS::CloudFormation::CustomResource":
        return None
    try:
        schema: Schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, resource_type).schema
    except ResourceNotFoundError:
        return None
    return schema


def coerce(resource_type: str, properties: Properties) -> dict[str, Any]:
    """Convert properties to the schema's types: a template may contain "true" and "30" for true and 30."""
    schema = schema_of(resource_type)
    return dict(properties) if schema is None else dict(_coerced(schema, schema, properties))


def _coerced(root: Schema, schema: Schema, value: Any) -> Any:
    while "$ref" in schema:
        schema = _referenced(root, schema["$ref"])
    if isinstance(value, Mapping):
        members = schema.get("properties", {})
        return {name: _coerced(root, members.get(name, {}), member) for name, member in value.items()}
    if isinstance(value, list):
        return [_coerced(root, schema.get("items", {}), member) for member in value]
    wanted = schema.get("type")
    return _converted(value, wanted) if isinstance(wanted, str) else value


def _converted(value: Any, wanted: str) -> Any:
    if isinstance(value, str):
        if wanted == "boolean" and value.lower() in ("true", "false"):
            return value.lower() == "true"
        if wanted in ("integer", "number") and re.fullmatch(r"-?\d+(\.\d+)?", value):
            return float(value) if "." in value else int(value)
    elif wanted == "string" and isinstance(value, bool):
        return str(value).lower()
    elif wanted == "string" and isinstance(value, (int, float)):
        return str(value)
    return value


def _referenced(root: Schema, reference: str) -> Schema:
    found: Schema = root
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def validate(resource_type: str, logical_id: str, properties: Properties) -> None:
    """Raise ``InvalidPropertiesError`` if the properties violate the schema of the type."""
    schema = schema_of(resource_type)
    if schema is None:
        return
    typed = coerce(resource_type, properties)
    problems = [_described(schema, problem) for problem in StandardValidator(schema).iter_errors(typed)]
    problems += [f"#: extraneous key [{name}] is not permitted" for name in _read_only(schema) if name in typed]
    if problems:
        raise InvalidPropertiesError(logical_id, sorted(set(problems)))


def _described(schema: Schema, problem: Any) -> str:
    """Describe one problem without a value that may hold a secret: a write-only property, or what contains one."""
    path = "/".join(str(part) for part in problem.path)
    quoted = re.search(r"'([^']*)'", problem.message)
    if problem.validator == "required" and quoted:
        return f"#{'/' if path else ''}{path}: required key [{quoted[1]}] not found"
    if problem.validator == "additionalProperties":
        return f"#: extraneous key [{path}] is not permitted"
    secret = re.sub(r"/\d+", "/*", f"/properties/{path}") in schema.get("writeOnlyProperties", ())
    if secret or isinstance(problem.instance, dict | list):
        return f"#/{path}: the value breaks the rule '{problem.validator}' of the schema"
    return f"#/{path}: {problem.message}"


def _read_only(schema: Schema) -> Iterator[str]:
    for pointer in schema.get("readOnlyProperties", ()):
        name = pointer.removeprefix("/properties/")
        if "/" not in name and pointer not in schema.get("createOnlyProperties", ()):
            yield name


@cache
def create_only(resource_type: str) -> tuple[tuple[str, ...], ...]:
    """The paths of the properties whose change replaces the resource."""
    return _paths(resource_type, "createOnlyProperties")


@cache
def conditionally_create_only(resource_type: str) -> tuple[tuple[str, ...], ...]:
    return _paths(resource_type, "conditionalCreateOnlyProperties")


def _paths(resource_type: str, member: str) -> tuple[tuple[str, ...], ...]:
    schema = schema_of(resource_type) or {}
    return tuple(tuple(pointer.removeprefix("/properties/").split("/")) for pointer in schema.get(member, ()))


def replacing_changes(resource_type: str, old: Properties, new: Properties) -> list[str]:
    """The create-only properties in which two versions of a resource differ."""
    return [
        path[0]
        for path in create_only(resource_type)
        if _at(coerce_one(resource_type, old, path), path) != _at(coerce_one(resource_type, new, path), path)
    ]


def coerce_one(resource_type: str, properties: Properties, path: tuple[str, ...]) -> dict[str, Any]:
    name = path[0]
    return coerce(resource_type, {name: properties[name]}) if name in properties else {}


def _at(value: Any, path: tuple[str, ...]) -> Any:
    if not path:
        return value
    if path[0] == "*" and isinstance(value, list):
        return [_at(member, path[1:]) for member in value]
    return _at(value.get(path[0]), path[1:]) if isinstance(value, Mapping) else None


def deletes_before_it_creates(resource_type: str) -> bool:
    """Whether a replacement deletes the old resource first; by default, CloudFormation deletes it last."""
    schema = schema_of(resource_type) or {}
    return bool(schema.get("replacementStrategy") == "delete_then_create")


def tag_property(resource_type: str) -> str | None:
    """The property that takes the stack's tags, if it is a plain list of tags."""
    schema = schema_of(resource_type) or {}
    pointer = str(schema.get("tagging", {}).get("tagProperty", "")) if schema.get("tagging", {}).get("taggable") else ""
    name = pointer.removeprefix("/properties/")
    return name if name == "Tags" and schema.get("properties", {}).get(name, {}).get("type") == "array" else None

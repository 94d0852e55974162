"""YAML as CloudFormation reads it: version 1.1 with its own short tags, without aliases, merges and dates."""

from __future__ import annotations

from typing import Any

import yaml

from vpn_model.read_template.errors import TemplateError

SHORT_TAGS = (
    *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAZs", "GetAtt", "If", "ImportValue", "Join", "Length"),
    *("Not", "Or", "Select", "Split", "Sub", "ToJsonString", "Transform"),
)
WITHOUT_PREFIX = ("Ref", "Condition")
# what looks like a date (Version: 2012-10-17), a merge key or YAML 1.1's "=" stays text
PLAIN_TEXT = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:value")


class CloudFormationLoader(yaml.SafeLoader):
    """A safe loader: it makes mappings, lists, texts, numbers and booleans, and nothing else."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
            raise TemplateError(f"line {line}: CloudFormation allows no YAML aliases; write the value out")
        return super().compose_node(parent, index)


def _mapping(loader: CloudFormationLoader, node: yaml.MappingNode) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise TemplateError(f"line {key_node.start_mark.line + 1}: a key must be a text, not a list or a mapping")
        # a key stays text, even if it looks like a number or a boolean: an account id, or "Yes"
        key = str(key_node.value)
        if key in found:
            line = key_node.start_mark.line + 1
            raise TemplateError(f"line {line}: the key {key!r} appears twice in one mapping; remove one")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _plain(loader: CloudFormationLoader, node: yaml.Node) -> Any:
    """What a node is without its tag."""
    if isinstance(node, yaml.MappingNode):
        return _mapping(loader, node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


def _function(loader: CloudFormationLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if suffix in WITHOUT_PREFIX:
        return {suffix: _plain(loader, node)}
    if suffix not in SHORT_TAGS:
        allowed = ", ".join(f"!{tag}" for tag in (*WITHOUT_PREFIX, *SHORT_TAGS))
        raise TemplateError(f"line {node.start_mark.line + 1}: the tag !{suffix} is unknown; use one of {allowed}")
    value = _plain(loader, node)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


CloudFormationLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
CloudFormationLoader.add_multi_constructor("!", _function)
for _tag in PLAIN_TEXT:
    CloudFormationLoader.add_constructor(_tag, _plain)

"""CloudFormation's intrinsic functions on resolved arguments.

An argument that is not known makes the result unknown, but for a text, which keeps what is known around it.
"""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from vpn_model.read_template.errors import TemplateError
from vpn_model.read_template.references import Reference, name_within, text_of
from vpn_model.unknown import Unknown

LONGEST_TEXT = 1_000_000
"""The most characters that a resolved text may have: no template is longer, so no text in it can be."""

MOST_BLOCKS = 256
"""The most blocks that ``Fn::Cidr`` makes."""


def is_unknown(value: Any) -> bool:
    """Whether a resolved value is not known, itself or in one of its members."""
    if isinstance(value, dict):
        return any(is_unknown(inner) for inner in value.values())
    if isinstance(value, list):
        return any(is_unknown(inner) for inner in value)
    return isinstance(value, Unknown | Reference)


def joined(parts: Sequence[Any], separator: str = "") -> Any:
    """Texts put together. A single part stays what it is, such as a reference."""
    if len(parts) == 1:
        return parts[0]
    text = separator.join(text_of(part) for part in parts)
    if len(text) > LONGEST_TEXT:
        raise TemplateError(
            f"a resolved text has more than {LONGEST_TEXT} characters; CloudFormation refuses that, too"
        )
    return Unknown(text, _reason(parts)) if is_unknown(list(parts)) else text


def join(arguments: Any) -> Any:
    separator, parts = _arguments("Fn::Join", arguments, 2)
    if not isinstance(parts, list):
        return Unknown(text_of(parts), "joined members of a list that is not known")
    return joined(parts, text_of(separator))


def select(arguments: Any) -> Any:
    index, members = _arguments("Fn::Select", arguments, 2)
    if is_unknown(index):
        return Unknown("${Select}", "the index is not known")
    number = _number("Fn::Select", "index", index)
    if not isinstance(members, list):
        whole = members.unknown if isinstance(members, Reference) else members
        name = name_within(whole) if isinstance(whole, Unknown) else "Select"
        return Unknown(f"${{{name}.{number}}}", f"member {number} of a list that is not known")
    if not 0 <= number < len(members):
        raise TemplateError(f"Fn::Select: the index is {number}, and the list has {len(members)} members")
    return members[number]


def split(arguments: Any) -> Any:
    separator, text = _arguments("Fn::Split", arguments, 2)
    if is_unknown(separator) or is_unknown(text):
        return text.unknown if isinstance(text, Reference) else text
    return text_of(text).split(text_of(separator))


def cidr(arguments: Any) -> Any:
    if not isinstance(arguments, list) or not 2 <= len(arguments) <= 3:
        raise TemplateError("Fn::Cidr takes ipBlock, count and cidrBits")
    if is_unknown(arguments) or len(arguments) == 2:
        return Unknown(f"${{Cidr:{text_of(arguments[0]).strip('${}')}}}", "parts of a block that is not known")
    count, bits = (
        _number("Fn::Cidr", name, value) for name, value in zip(("count", "cidrBits"), arguments[1:], strict=True)
    )
    if not 1 <= count <= MOST_BLOCKS:
        raise TemplateError(f"Fn::Cidr: count must be 1 to {MOST_BLOCKS}")
    try:
        block = ipaddress.ip_network(text_of(arguments[0]))
        found = [str(one) for one in islice(block.subnets(new_prefix=block.max_prefixlen - bits), count)]
    except ValueError:
        raise TemplateError(f"Fn::Cidr: a block of this size cannot be split into parts of {bits} bits") from None
    if len(found) < count:
        raise TemplateError(f"Fn::Cidr: {count} parts of {bits} bits do not fit into the block")
    return found


def encode(argument: Any) -> Any:
    if is_unknown(argument):
        return Unknown("${Base64}", "base64 of a text that is not known")
    return base64.b64encode(text_of(argument).encode()).decode()


def length(argument: Any) -> Any:
    return len(argument) if isinstance(argument, list) else Unknown("${Length}", "length of a list that is not known")


def to_json(argument: Any) -> Any:
    if is_unknown(argument):
        return Unknown("${ToJsonString}", "JSON with values that are not known")
    return json.dumps(argument, separators=(",", ":"))


def transform(argument: Any) -> Any:
    name = argument.get("Name", "?") if isinstance(argument, dict) else "?"
    return Unknown(f"${{Transform:{text_of(name)}}}", "result of a macro")


FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "Fn::Join": join,
    "Fn::Select": select,
    "Fn::Split": split,
    "Fn::Cidr": cidr,
    "Fn::Base64": encode,
    "Fn::Length": length,
    "Fn::ToJsonString": to_json,
    "Fn::Transform": transform,
}
"""The functions whose result depends on their arguments alone."""


def _arguments(function: str, arguments: Any, count: int) -> Sequence[Any]:
    if not isinstance(arguments, list) or len(arguments) != count:
        raise TemplateError(f"{function} takes a list of {count} arguments")
    return arguments


def _number(function: str, name: str, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise TemplateError(f"{function}: {name} must be a whole number") from None


def _reason(parts: Sequence[Any]) -> str:
    unknown = (one.unknown if isinstance(one, Reference) else one for one in parts)
    return next((one.reason for one in unknown if isinstance(one, Unknown)), "")

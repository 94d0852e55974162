"""Short ways from the text of a template to what is made of it."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

from vpn_model.network import Network
from vpn_model.read_template.document import parse_document
from vpn_model.read_template.environment import Environment
from vpn_model.read_template.network import read_network
from vpn_model.read_template.template import Template


def template(text: str, **known: Any) -> Template:
    """A template of YAML; ``known`` are members of ``Environment``."""
    return Template(parse_document(dedent(text)), Environment(**known))


def network(*resources: str, **known: Any) -> Network:
    """The network of a template whose resources are given, in YAML."""
    lines = [line for text in resources for line in dedent(text).splitlines()]
    body = "".join(f"  {line}\n" for line in lines)
    return read_network(template(f"Resources:\n{body}", **known))

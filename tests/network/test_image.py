"""The image is built again when the code that builds it has changed."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from vpn_lab.network.machine import image

PACKAGE = "vpn_lab.network.machine"


def imported(module: str) -> set[str]:
    """Return the module and all modules of its package that it needs."""
    source = Path(str(sys.modules[module].__file__)).read_text()
    imports = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    found = {f"{PACKAGE}.{name.name}" for node in imports if node.module == PACKAGE for name in node.names}
    found |= {node.module for node in imports if node.module and node.module.startswith(f"{PACKAGE}.")}
    return {module}.union(*(imported(one) for one in found))


def test_every_module_that_builds_the_image_is_part_of_its_recipe() -> None:
    assert {module.__name__ for module in image.RECIPE} == imported(image.__name__)

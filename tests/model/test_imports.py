"""The model stands alone: it imports Python's own modules, YAML's reader, and itself."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import vpn_model

PACKAGE = Path(vpn_model.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
ALLOWED = {*sys.stdlib_module_names, "yaml", "vpn_model"}


def imported(path: Path) -> set[str]:
    """The top names of everything that a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_nothing_else(path: Path) -> None:
    assert imported(path) <= ALLOWED


def test_reading_needs_neither_the_cdk_nor_boto3() -> None:
    code = (
        "import sys, vpn_model.read_api.network, vpn_model.read_template.network, vpn_model.compare.differences;"
        "print(sorted({'aws_cdk', 'jsii', 'boto3', 'botocore'} & {*sys.modules}))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"

"""What a user of the library may import, and how its folder lives beside the PyPI package of the same name."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import constructs
import pytest

import cdk_aws_vpn
from cdk_aws_vpn import SecurityProfile

ROOT = Path(__file__).parents[2]
SOURCES = [
    file
    for folder in ("constructs", "stacks", "vpn_lab", "vpn_ops", "tests", "tools")
    for file in (ROOT / folder).rglob("*.py")
]
MODULES = [module.name for module in pkgutil.iter_modules(cdk_aws_vpn.__path__)]


def imports(file: Path) -> set[str]:
    """Every module that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_all_is_exactly_what_the_package_imports() -> None:
    tree = ast.parse(Path(cdk_aws_vpn.__file__).read_text(encoding="utf-8"))
    imported = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert set(cdk_aws_vpn.__all__) == imported
    assert len(cdk_aws_vpn.__all__) == len(imported)


@pytest.mark.parametrize("name", cdk_aws_vpn.__all__)
def test_every_public_name_is_documented(name: str) -> None:
    value = getattr(cdk_aws_vpn, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert (value.__doc__ or "").strip()
        assert value.__module__.startswith("cdk_aws_vpn.")
    else:
        assert isinstance(value, (SecurityProfile, dict)) or name == "Routing"


@pytest.mark.parametrize("name", MODULES)
def test_every_module_says_what_it_offers(name: str) -> None:
    module = importlib.import_module(f"cdk_aws_vpn.{name}")
    assert module.__doc__
    if name != "__main__":
        assert all(hasattr(module, public) for public in module.__all__)


def test_the_package_tells_type_checkers_that_it_is_typed() -> None:
    assert (ROOT / "constructs" / "cdk_aws_vpn" / "py.typed").is_file()


def test_the_folder_never_shadows_the_pypi_package() -> None:
    assert not (ROOT / "constructs" / "__init__.py").exists()
    assert "site-packages" in str(constructs.__file__)


@pytest.mark.parametrize("path", ["constructs:.", ".:constructs", "."])
def test_the_pypi_package_wins_whatever_the_order_of_the_path(path: str) -> None:
    code = "import constructs; print(constructs.__file__, constructs.Construct)"
    result = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": path}, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "site-packages" in result.stdout


def test_nobody_imports_the_library_by_its_second_name() -> None:
    assert len(SOURCES) > 100
    assert [file for file in SOURCES if any(name.startswith("constructs.cdk_aws_vpn") for name in imports(file))] == []


@pytest.mark.parametrize(
    ("folder", "forbidden"),
    [
        ("vpn_lab", ("stacks", "cdk_aws_vpn", "aws_cdk", "constructs")),
        ("constructs/cdk_aws_vpn", ("stacks", "vpn_lab", "vpn_ops", "boto3")),
        ("stacks", ("vpn_lab", "vpn_ops", "boto3")),
        ("vpn_ops", ("stacks", "cdk_aws_vpn", "aws_cdk", "constructs", "vpn_lab")),
        ("assets", ("stacks", "vpn_lab", "cdk_aws_vpn", "aws_cdk")),
    ],
)
def test_dependencies_point_one_way(folder: str, forbidden: tuple[str, ...]) -> None:
    files = list((ROOT / folder).rglob("*.py"))
    assert files
    found = {(file.name, name) for file in files for name in imports(file) if name.split(".")[0] in forbidden}
    assert found == set()

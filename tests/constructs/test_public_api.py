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
    for folder in ("constructs", "stacks", "vpn_model", "vpn_lab", "vpn_ops", "tests", "tools", "examples", "assets")
    for file in (ROOT / folder).rglob("*.py")
]
MODULES = [module.name for module in pkgutil.walk_packages(cdk_aws_vpn.__path__, "cdk_aws_vpn.")]


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
def test_every_module_says_what_it_is_about(name: str) -> None:
    assert (importlib.import_module(name).__doc__ or "").strip()


def names_in_all(tree: ast.Module) -> list[str]:
    """The names that ``__all__`` of a file lists."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return []


def names_of(tree: ast.Module) -> set[str]:
    """The names that a file imports, defines or assigns at its top level."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            found |= {ast.unparse(target) for target in getattr(node, "targets", [getattr(node, "target", None)])}
    return found


def test_faces_alone_list_their_names_and_all_of_these_exist() -> None:
    lists = {file: names_in_all(ast.parse(file.read_text(encoding="utf-8"))) for file in SOURCES}
    assert [str(file) for file, names in lists.items() if names and file.name != "__init__.py"] == []
    faces = {file: names for file, names in lists.items() if names}
    assert len(faces) > 3
    for file, names in faces.items():
        assert set(names) <= names_of(ast.parse(file.read_text(encoding="utf-8"))), file
        assert len(set(names)) == len(names), file


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

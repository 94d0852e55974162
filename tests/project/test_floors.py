"""The layers of the project, and the floors of the library: which folder may import which."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.project.import_graph import Graph, find_circle, find_modules, read_imports

REPOSITORY = Path(__file__).parents[2]
LIBRARY = "cdk_aws_vpn"
ROOTS = {
    LIBRARY: REPOSITORY / "constructs" / LIBRARY,
    **{name: REPOSITORY / name for name in ("stacks", "vpn_model", "vpn_lab", "vpn_ops", "tools")},
    "cgw_device": REPOSITORY / "assets" / "cgw" / "device" / "cgw_device",
    "": REPOSITORY / "assets" / "handlers",
}
EXAMPLES = [REPOSITORY / "examples" / name for name in ("platform_app", "many_sites")]
MODULES = find_modules(ROOTS)
IMPORTS = read_imports(MODULES)
HANDLERS = {name for name, file in MODULES.items() if file.is_relative_to(ROOTS[""])}

# What each room may import of ours besides itself. `tools` may import everything.
ALLOWED = {
    LIBRARY: {"vpn_model"},
    "stacks": {LIBRARY},
    "vpn_model": set[str](),
    "vpn_lab": {"vpn_model"},
    "vpn_ops": {"vpn_model"},
    "cgw_device": set[str](),
}
CDK = {"aws_cdk", "constructs", "jsii", "cdk_nag"}
AWS = {"boto3", "botocore"}
# Packages of others that a room must not need. The model takes clients that were made by its caller.
FORBIDDEN = {
    LIBRARY: AWS,
    "stacks": AWS,
    "vpn_model": CDK | AWS,
    "vpn_lab": CDK,
    "vpn_ops": CDK,
    "cgw_device": CDK | AWS,
}
# A folder of the library imports folders of lower floors only.
FLOORS = [
    {"errors"},
    {"checks"},
    {"foundation"},
    {"network", "gateways", "client_vpn", "policy"},
    {"connection"},
    {"transit", "sites", "device"},
    {"monitoring"},
]
FLOOR = {folder: number for number, folders in enumerate(FLOORS, start=1) for folder in folders}
FACES_INSIDE = {"device/configuration/__init__.py", "policy/__init__.py"}


def top(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def folder(module: str) -> str:
    """The folder of a module of the library, or its file when it stands in none."""
    return module.split(".")[1] if "." in module else ""


def floor_violations(graph: Graph) -> set[tuple[str, str]]:
    """Imports of the library that lead to the same floor or up, or to the face."""
    return {
        (module, imported)
        for module, found in graph.items()
        for imported in found
        if top(module) == top(imported) == LIBRARY
        and module != LIBRARY
        and folder(module) != folder(imported)
        and FLOOR.get(folder(imported), len(FLOORS) + 1) >= FLOOR[folder(module)]
    }


def room_violations(graph: Graph) -> set[tuple[str, str]]:
    """Imports of a room that it may not have, of ours and of others."""
    ours = {*ROOTS, *HANDLERS}
    return {
        (module, imported)
        for module, found in graph.items()
        if top(module) in ALLOWED
        for imported in found
        if top(imported) in FORBIDDEN[top(module)] or (top(imported) in ours - ALLOWED[top(module)] - {top(module)})
    }


def test_no_modules_import_each_other() -> None:
    assert find_circle(IMPORTS) == []


def test_a_circle_would_be_found() -> None:
    assert set(find_circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}


def test_an_import_for_the_type_checker_alone_is_an_import(tmp_path: Path) -> None:
    source = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from . import b\ndef f():\n    import boto3\n"
    (tmp_path / "__init__.py").touch()
    (tmp_path / "a.py").write_text(source)
    (tmp_path / "b.py").write_text("import p.a\n")
    graph = read_imports(find_modules({"p": tmp_path}))
    assert graph["p.a"] == {"typing", "p.b", "boto3"}
    assert set(find_circle(graph)) == {"p.a", "p.b"}


def test_a_floor_imports_lower_floors_only() -> None:
    assert {folder(module) for module in MODULES if top(module) == LIBRARY} - {""} == set(FLOOR)
    assert floor_violations(IMPORTS) == set()


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        (f"{LIBRARY}.foundation.requirement", f"{LIBRARY}.device.cgw_instance"),
        (f"{LIBRARY}.checks.arguments", f"{LIBRARY}.foundation.names"),
        (f"{LIBRARY}.transit.route_table", LIBRARY),
        (f"{LIBRARY}.connection.routing", f"{LIBRARY}.stranger"),
    ],
)
def test_an_import_of_a_floor_that_is_not_lower_would_be_found(module: str, imported: str) -> None:
    assert floor_violations({module: {imported}}) == {(module, imported)}


def test_a_room_imports_what_its_arrow_leads_to() -> None:
    assert {top(module) for module in MODULES} == {*ROOTS} - {""} | HANDLERS
    assert room_violations(IMPORTS) == set()


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("vpn_lab.region.handle", "stacks.scenario"),
        ("vpn_ops.cli", "vpn_lab.region"),
        ("vpn_model.vpc", "boto3.session"),
        ("stacks.settings", "tools.pages"),
        (f"{LIBRARY}.errors", "vpn_ops.errors"),
    ],
)
def test_an_import_against_an_arrow_would_be_found(module: str, imported: str) -> None:
    assert room_violations({module: {imported}}) == {(module, imported)}


def test_the_policy_alone_takes_the_model_into_the_library() -> None:
    users = {
        folder(module) for module, found in IMPORTS.items() if top(module) == LIBRARY and "vpn_model" in map(top, found)
    }
    assert users <= {"policy"}


def test_what_runs_on_aws_imports_nothing_of_ours_but_its_neighbours() -> None:
    found = {(name, imported) for name in HANDLERS for imported in IMPORTS[name] if top(imported) in {*ROOTS, *CDK}}
    assert HANDLERS
    assert found == set()


def test_the_scenarios_and_the_examples_import_the_face_of_the_library() -> None:
    examples = read_imports({str(file): file for folder in EXAMPLES for file in folder.rglob("*.py")})
    scenarios = {name: found for name, found in IMPORTS.items() if top(name) == "stacks"}
    inner = {
        (name, imported)
        for name, found in (examples | scenarios).items()
        for imported in found
        if top(imported) == LIBRARY and imported != LIBRARY
    }
    assert inner == set()
    assert sum(LIBRARY in found for found in examples.values()) >= len(EXAMPLES)


@pytest.mark.parametrize("file", sorted((ROOTS[LIBRARY]).glob("*/**/__init__.py")), ids=lambda file: file.parent.name)
def test_a_folder_of_the_library_has_no_face_of_its_own(file: Path) -> None:
    body = ast.parse(file.read_text(encoding="utf-8")).body
    if file.relative_to(ROOTS[LIBRARY]).as_posix() not in FACES_INSIDE:
        assert [type(node) for node in body] == [ast.Expr], "write a docstring, and import from the modules"

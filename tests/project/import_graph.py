"""Who imports whom, read from the source: imports inside functions and for type checkers count as well."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

Graph = dict[str, set[str]]


def find_modules(roots: Mapping[str, Path]) -> dict[str, Path]:
    """Return the file of each module below the folders ``roots``, which are given by the name of their package."""
    found = {}
    for package, folder in roots.items():
        for file in folder.rglob("*.py"):
            parts = [*package.split("."), *file.relative_to(folder).with_suffix("").parts]
            found[".".join(part for part in parts if part and part != "__init__")] = file
    return found


def read_imports(modules: Mapping[str, Path]) -> Graph:
    """Return what each module imports: the names of our modules as such, and of other packages the whole name."""
    return {name: set(_imports(name, file, modules)) for name, file in modules.items()}


def _imports(name: str, file: Path, modules: Mapping[str, Path]) -> Iterator[str]:
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{source}.{alias.name}"
                yield inner if inner in modules else source


def find_circle(graph: Graph) -> list[str]:
    """Return the modules of one import circle, the first one again at its end; nothing when there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []

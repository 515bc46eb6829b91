"""The house's walls: import directions, sizes, and where frameworks may be known."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("geo", "layers", "service")
#: Each room imports only from those named with it.
MAY_IMPORT = {
    "geo": {"geo"},
    "layers": {"geo", "layers"},
    "service": {"geo", "layers", "service"},
}
#: Only service knows these.
SERVICE_ONLY = {
    "fastapi", "httptools", "psycopg", "psycopg_pool", "pydantic",
    "pydantic_settings", "pyogrio", "sqlite3", "starlette", "typer", "typst",
    "uvicorn",
}  # fmt: skip
#: geo neither reads files nor asks for the time or the environment.
NOT_IN_GEO = {"datetime", "io", "logging", "os", "pathlib", "random", "time"}
MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 400
FILES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed once for all that is asked of it."""
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, by its absolute name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: import absolutely"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_only_rooms_to_the_left(path: Path) -> None:
    found = {module.partition(".")[0] for module in imports(path)}
    assert found & set(ROOMS) <= MAY_IMPORT[room_of(path)]


def test_no_file_of_the_house_imports_in_a_circle() -> None:
    """Nor for its types alone, nor late within a function."""
    modules = {name(p)[:-3].replace("/", "."): p for p in FILES}
    arrows = {
        module: {
            target
            for found in imports(path)
            for target in (found, found.rpartition(".")[0])
            if target in modules and target != module
        }
        for module, path in modules.items()
    }
    assert len(list(TopologicalSorter(arrows).static_order())) >= len(FILES) > 300


@pytest.mark.parametrize("path", FILES, ids=name)
def test_only_service_knows_frameworks_and_drivers(path: Path) -> None:
    found = {module.partition(".")[0] for module in imports(path)}
    allowed = room_of(path) == "service" or path.parts[-2] == "build"
    assert allowed or not found & SERVICE_ONLY


@pytest.mark.parametrize(
    "path", [path for path in FILES if room_of(path) == "geo"], ids=name
)
def test_geo_has_no_files_and_no_clock(path: Path) -> None:
    found = set(imports(path)) - {"os.cpu_count"}
    assert not {module.partition(".")[0] for module in found} & NOT_IN_GEO


@pytest.mark.parametrize("path", FILES, ids=name)
def test_no_file_is_longer_than_its_noun(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", FILES, ids=name)
def test_functions_are_short(path: Path) -> None:
    long = [
        f"{node.name} ({lines(node)} lines)"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and lines(node) > MAX_FUNCTION_LINES
    ]
    assert long == []


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


@pytest.mark.parametrize("path", FILES, ids=name)
def test_broad_handlers_stand_at_the_outermost_layer_only(path: Path) -> None:
    broad = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or getattr(node.type, "id", "") in BROAD)
        and not is_undoing(node)
    ]
    assert name(path) in OUTERMOST or broad == []


#: The edge of a request, of a background thread that nobody waits for, of a worker.
OUTERMOST = ("service/edge.py", "service/tiles.py", "service/serving.py")
BROAD = ("Exception", "BaseException")


def is_undoing(handler: ast.ExceptHandler) -> bool:
    """Whether it only tidies up and lets the error pass."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}


@pytest.mark.parametrize("path", FILES, ids=name)
def test_files_are_called_by_their_noun(path: Path) -> None:
    assert path.stem not in FORBIDDEN_NAMES

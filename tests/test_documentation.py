"""What is written about the project is true of it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import typer
import yaml
from starlette.testclient import TestClient

from service.app import Application
from service.settings import PROJECT_DIR, Settings

README = (PROJECT_DIR / "README.md").read_text(encoding="utf-8")
PAGES = [
    PROJECT_DIR / name
    for name in ("README.md", "CHANGELOG.md", "bench/README.md")
    if (PROJECT_DIR / name).exists()
]
PAGES += sorted((PROJECT_DIR / "docs").rglob("*.md"))


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the README."""
    section = README.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [line.strip("|").split(" | ") for line in lines[2:]]


def addresses() -> set[str]:
    """The API's addresses in the README, with … filled in from the one before."""
    found: list[str] = []
    for cells in rows("HTTP API"):
        base = ""
        for path in re.findall(r"`(?:[A-Z]+ )?([/…][^`]*)`", cells[0]):
            if path.startswith("…"):
                path = _continued(base, path)
            else:
                base = path
            found.append(path)
    return set(found)


def _continued(base: str, rest: str) -> str:
    """``…/b`` stands below the address before it, or beside it."""
    first = rest.split("/")[1]
    stem = base.split(f"/{first}")[0] if f"/{first}" in base else base
    beside = base.rsplit("/", 1)[0]
    return (beside if stem == base and not base.endswith("}") else stem) + rest[1:]


def test_every_setting_is_in_the_table_with_its_default() -> None:
    table = {cells[0].strip("` "): cells[1].strip() for cells in rows("Settings")}
    assert set(table) == {f"ATLAS_{name.upper()}" for name in Settings.defaults()}
    for name, default in Settings.defaults().items():
        if isinstance(default, int | str) and default != "":
            shown = table[f"ATLAS_{name.upper()}"].strip("`")
            assert shown == str(default).replace("True", "true"), name


def test_every_address_of_the_api_is_in_the_table_and_no_other(
    app: Application, client: TestClient
) -> None:
    described = client.get("/api/openapi.json").json()["paths"]
    ids = {
        layer["id"] for layer in client.get("/api/collections").json()["collections"]
    }
    generic = {
        "/api" + path.removesuffix("/")
        for path in described
        if not set(path.split("/")) & ids
    }
    assert addresses() == generic


def test_every_command_is_in_the_table() -> None:
    from service.commands import command

    known = set(typer.main.get_command(command).commands)  # type: ignore[attr-defined]
    cells = " ".join(row[0] for row in rows("Commands"))
    told = set(re.findall(r"`atlas ([a-z]+)", cells))
    assert told == known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text)
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    makefile = (PROJECT_DIR / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    named = re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)
    assert set(named) <= targets


def test_every_decision_is_on_the_list() -> None:
    folder = PROJECT_DIR / "docs" / "decisions"
    listed = set(
        re.findall(r"\]\(([^)]+\.md)\)", (folder / "README.md").read_text("utf-8"))
    )
    assert listed == {page.name for page in folder.glob("[0-9]*.md")}


def test_the_compose_file_sets_only_what_can_be_set() -> None:
    text = (PROJECT_DIR / "docker-compose.yml").read_text(encoding="utf-8")
    environment = yaml.safe_load(text)["services"]["atlas"]["environment"]
    known = {f"ATLAS_{name.upper()}" for name in Settings.defaults()}
    assert set(environment) <= known


def test_pins_name_no_host_and_carry_hashes() -> None:
    text = (PROJECT_DIR / "constraints.txt").read_text(encoding="utf-8")
    assert "://" not in text and "--index-url" not in text
    pinned = re.findall(r"^[a-z0-9].*==", text, flags=re.MULTILINE)
    assert text.count("--hash=sha256:") >= len(pinned)


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text("utf-8"))
    wanted = project["project"]["dependencies"]
    wanted = wanted + [
        name for group in project["dependency-groups"].values() for name in group
    ]
    names = {re.split(r"[\[<>=;]", line)[0].strip().lower() for line in wanted}
    text = (PROJECT_DIR / "constraints.txt").read_text(encoding="utf-8")
    assert names <= set(re.findall(r"^([a-z0-9._-]+)(?:\[.*\])?==", text, re.MULTILINE))


def test_web_packages_have_hashes_but_no_addresses() -> None:
    lock = json.loads((PROJECT_DIR / "static/package-lock.json").read_text("utf-8"))
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert all("integrity" in entry for entry in packages)
    assert not any("resolved" in entry for entry in packages)


def test_every_web_package_that_is_brought_is_used() -> None:
    manifest = json.loads((PROJECT_DIR / "static/package.json").read_text("utf-8"))
    folders = ("static/js", "static/css", "tests/browser")
    readers = [p for f in folders for p in (PROJECT_DIR / f).rglob("*.[jcp][sy]*")]
    readers.append(PROJECT_DIR / "static/index.html")
    text = "".join(path.read_text(encoding="utf-8") for path in readers)
    assert [name for name in manifest["vendor"] if name not in text] == []

"""The ``atlas`` command, as it is typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from service.commands import command

Run = Callable[..., Result]
SQUARE = """{"type":"FeatureCollection","features":[{"type":"Feature","id":"p1",
"properties":{"name_zh":"试点地块"},"geometry":{"type":"Polygon","coordinates":[[
[113.23,23.08],[113.231,23.08],[113.231,23.081],[113.23,23.081],[113.23,23.08]]]}}]}"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command over a store of its own."""
    monkeypatch.setenv("ATLAS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ATLAS_STORE", "")
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words: CliRunner().invoke(command, list(words))


def test_help_names_every_command(run: Run) -> None:
    told = run("--help").output
    for name in ("serve", "load", "import", "export", "stats", "users", "backup",
                 "restore", "migrate", "audit"):  # fmt: skip
        assert f" {name} " in told


def test_a_new_user_gets_a_token_once(run: Run) -> None:
    made = run("users", "add", "张三", "--role", "editor", "--layers", "parcels").output
    id, token = made.split()[-2:]
    listed = run("users", "list").output
    assert token.startswith("atlas_")
    assert id in listed and token not in listed


def test_a_removed_user_is_gone(run: Run) -> None:
    id = run("users", "add", "李四", "--role", "viewer").output.split()[-2]
    assert run("users", "remove", id).exit_code == 0
    assert id not in run("users", "list").output


def test_an_unknown_layer_is_told_in_a_sentence(run: Run) -> None:
    result = run("import", __file__, "--layer", "nothing")
    assert result.exit_code == 1
    assert "no layer 'nothing'" in result.output
    assert "Traceback" not in result.output


def test_an_import_waits_for_review(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.geojson").write_text(SQUARE, "utf-8")
    told = run("import", str(tmp_path / "p.geojson"), "--layer", "parcels").output
    assert "submitted" in told
    assert "adds 1" in told


def test_an_import_can_be_published_by_a_second_person(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "p.geojson").write_text(SQUARE, "utf-8")
    words = ["import", str(tmp_path / "p.geojson"), "--layer", "parcels"]
    alone = run(*words, "--author", "张三", "--approver", "张三")
    together = run(*words, "--author", "张三", "--approver", "李四")
    assert alone.exit_code == 1
    assert "parcels version 2 published" in together.output


def test_a_big_import_prepares_the_map_from_afar(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.generalised.BIG", 1)
    (tmp_path / "p.geojson").write_text(SQUARE, "utf-8")
    words = ["import", str(tmp_path / "p.geojson"), "--layer", "parcels"]
    told = run(*words, "--author", "张三", "--approver", "李四").output
    assert "概览图" in told
    assert len(list((tmp_path / "tiles").iterdir())) >= 5


def test_features_are_exported_by_suffix(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    assert (
        run("export", "features", str(path), "--layer", "old-villages").exit_code == 0
    )
    assert len(path.read_text("utf-8-sig").splitlines()) == 21

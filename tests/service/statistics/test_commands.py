import json

import pytest
from typer.testing import CliRunner

from service.commands import command
from service.statistics import commands

runner = CliRunner()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stats")
    return {
        "ATLAS_DATA_DIR": str(folder),
        "ATLAS_STORE": f"gpkg:{folder}/atlas.gpkg",
        "ATLAS_ADMIN_TOKEN": "known",
    }


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    """A terminal in which no cell is folded, whoever made the console first."""
    monkeypatch.setattr(commands.console, "width", 200)


def _stats(store, *words: str):
    return runner.invoke(command, ["stats", *words], env=store)


def test_a_table_is_shown_with_its_notes(store) -> None:
    shown = _stats(store, "area", "layer=functional-groups", "by=subarea")
    assert shown.exit_code == 0, shown.output
    assert "核心区" in shown.output
    assert "functional-groups v1" in shown.output


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json"])
def test_an_answer_is_written_to_a_file(store, tmp_path, suffix) -> None:
    path = tmp_path / f"out.{suffix}"
    words = ("proximity", "layer=district", "to=metro-stations", "distance=800")
    assert _stats(store, *words, "-o", str(path)).exit_code == 0
    assert path.stat().st_size > 100


def test_the_figures_are_those_of_the_api(store, tmp_path) -> None:
    path = tmp_path / "out.json"
    _stats(store, "overlap", "layer=strategic-zones", "with=district", "-o", str(path))
    closure = json.loads(path.read_bytes())["total"]["closure"]
    assert abs(closure["residual_m2"]) < 1e-4


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("area", "layer=nowhere"), "没有图层"),
        (("area", "layer=district", "basis=mercator"), "ellipsoidal"),
        (("area", "district"), "name=value"),
        (("balance", "layer=parcels", "-o", "x.pdf"), ".csv"),
    ],
)
def test_a_bad_question_is_refused_with_its_reason(store, words, says) -> None:
    shown = _stats(store, *words)
    assert shown.exit_code != 0
    assert says in shown.output


def test_a_shape_in_a_file_is_asked_of_layers(store, tmp_path) -> None:
    shape, out = tmp_path / "shape.geojson", tmp_path / "out.json"
    corners = [[113.22, 23.09], [113.24, 23.09], [113.24, 23.11], [113.22, 23.09]]
    shape.write_text(json.dumps({"type": "Polygon", "coordinates": [corners]}))
    layers = "layers=functional-groups,metro-lines"
    told = _stats(store, "shape", str(shape), layers, "-o", str(out))
    assert told.exit_code == 0, told.output
    answer = json.loads(out.read_bytes())
    assert list(answer["layers"]) == ["functional-groups", "metro-lines"]
    assert abs(answer["layers"]["functional-groups"]["residual_m2"]) < 1e-4


def test_a_file_that_is_no_shape_is_refused(store, tmp_path) -> None:
    path = tmp_path / "shape.geojson"
    assert "No such file" in _stats(store, "shape", str(path)).output
    path.write_text("{")
    assert "not GeoJSON" in _stats(store, "shape", str(path)).output


def test_an_answer_is_told_in_the_language_asked_for(store) -> None:
    shown = _stats(store, "area", "layer=district", "lang=en")
    assert "weakest evidence" in shown.output


def test_rules_are_run_on_what_is_published(store, tmp_path) -> None:
    path = tmp_path / "out.json"
    shown = _stats(store, "check", "layer=old-villages", "version=1")
    assert shown.exit_code == 0, shown.output
    _stats(store, "check", "layer=old-villages", "-o", str(path))
    (check,) = json.loads(path.read_bytes())["checks"]
    assert check["findings_total"] > 0
    assert "old-villages v1" in shown.output
    assert "结论" in shown.output


def test_rules_are_run_on_a_file(store, tmp_path) -> None:
    shape = tmp_path / "shape.geojson"
    corners = [[113.22, 23.09], [113.24, 23.09], [113.24, 23.11], [113.22, 23.09]]
    shape.write_text(json.dumps({"type": "Polygon", "coordinates": [corners]}))
    words = ("check", "layer=parcels", "--file", str(shape), "--format")
    told = json.loads(_stats(store, *words, "json").output.splitlines()[-1])
    sheet = _stats(store, *words, "csv").output
    (found,) = {c["rule"]["id"]: c for c in told["checks"]}["parcels-in-district"][
        "findings"
    ] or [None]
    assert "parcels-in-district" in sheet
    assert found is None or str(found["area_mu"]) in sheet


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--format", "xlsx"), "--output"),
        (("--format", "pdf"), "table, json, csv, xlsx"),
        (("rule=nope",), "没有规则"),
        (("upload=nope",), "nope"),
    ],
)
def test_a_bad_check_is_refused_with_its_reason(store, words, says) -> None:
    shown = _stats(store, "check", *words)
    assert shown.exit_code != 0
    assert says in shown.output

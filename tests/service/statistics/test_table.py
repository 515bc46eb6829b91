import csv
import io

import openpyxl
import pytest

from service.statistics.area import area_statistics
from service.statistics.drawn import drawn_statistics
from service.statistics.proximity import proximity_statistics
from service.statistics.table import csv_bytes, xlsx_bytes
from tests.geo.shapes import on_plane, square
from tests.service.statistics.readings import reading, text

import shapely  # isort: skip


@pytest.fixture
def answer():
    groups = reading(
        "functional-groups",
        square(100),
        square(200, 300, 0),
        subarea=text("=1+1", "北"),
        evidence=text("indicative", "official"),
    )
    return area_statistics(groups, basis="plane", by="subarea")


def _rows(content: bytes):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_begins_with_the_mark_that_excel_needs(answer) -> None:
    assert csv_bytes(answer, "zh").startswith(b"\xef\xbb\xbf")


def test_csv_has_the_figures_unrounded(answer) -> None:
    rows = _rows(csv_bytes(answer, "en"))
    assert [float(r["area (m²)"]) for r in rows] == [
        *(g["area_m2"] for g in answer["groups"]),
        answer["total"]["area_m2"],
    ]


def test_every_line_says_basis_evidence_and_version(answer) -> None:
    for row in _rows(csv_bytes(answer, "zh")):
        assert row["依据"] == "示意（indicative）"
        assert row["面积口径"] == "高斯平面面积（plane）"
        assert row["数据版本"] == "functional-groups=1"


def test_text_that_a_spreadsheet_would_run_is_defused(answer) -> None:
    assert "'=1+1" in {row["key"] for row in _rows(csv_bytes(answer, "en"))}


def test_a_workbook_has_numbers_and_its_notes(answer) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(answer, "zh")))
    sheet, notes = book["统计"], book["说明"]
    titles = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, titles.index("面积（㎡）") + 1).value == pytest.approx(
        answer["groups"][0]["area_m2"]
    )
    assert any("示意" in str(row[1].value) for row in notes)


def test_rings_become_columns() -> None:
    rings = proximity_statistics(
        reading("functional-groups", square(4000, -2000, -2000)),
        reading("metro-stations", shapely.Point(0, 0)),
        distances=[0, 500, 800],
    )
    first = _rows(csv_bytes(rings, "en"))[0]
    assert float(first["ring 0-500 m area (m²)"]) > 0
    assert first["nearest distance (m)"] == "0.0"


def _drawn_answer():
    villages = reading("old-villages", square(100), evidence=text("indicative"))
    groups = reading(
        "functional-groups", square(100), square(50, 100, 0), square(10, 200, 0)
    )
    return drawn_statistics(
        on_plane(square(300))[0], [villages, groups], basis="plane", limit=2
    )


def test_a_feature_keeps_its_own_evidence_in_the_sheet() -> None:
    answer = _drawn_answer()
    rows = _rows(csv_bytes(answer, "en"))
    told = {(r["layer"], r["row"], r["evidence"]) for r in rows}
    assert ("old-villages", "feature", "indicative") in told
    assert ("functional-groups", "feature", "surveyed") in told
    assert ("", "shape", "indicative") in told


def test_the_sheet_of_a_drawn_shape_has_what_each_layer_covers() -> None:
    answer = _drawn_answer()
    rows = _rows(csv_bytes(answer, "zh"))
    (groups,) = [
        r for r in rows if (r["图层"], r["行"]) == ("functional-groups", "图层合计")
    ]
    part = answer["layers"]["functional-groups"]
    assert float(groups["已覆盖（㎡）"]) == part["covered_m2"]
    assert float(groups["面积（㎡）"]) == part["total"]["area_m2"]
    assert groups["要素数"] == "3"


def test_every_line_says_what_was_left_out() -> None:
    for row in _rows(csv_bytes(_drawn_answer(), "en")):
        assert row["left out"].startswith("functional-groups 1 (")


def test_a_chinese_sheet_is_in_chinese() -> None:
    """Headers, kinds of rows, yes and no, what was left out, notes."""
    rings = proximity_statistics(
        reading("metro-lines", shapely.LineString([(0, 0), (900, 0)])),
        reading("metro-stations", shapely.Point(0, 0), shapely.Point(9_000, 0)),
        distances=[0, 500, 800],
        by="name_zh",
    )
    (line, total) = _rows(csv_bytes(rings, "zh"))
    assert (line["行"], total["行"]) == ("要素", "合计")
    assert float(line["0-500 米环带 长度（m）"]) == pytest.approx(500, abs=1)
    assert "0-500 米环带 面积（㎡）" in line
    assert float(line["要素0 长度（m）"]) == pytest.approx(800, abs=1)
    drawn = _rows(csv_bytes(_drawn_answer(), "zh"))
    assert drawn[0]["未计入"] == (
        "functional-groups 1 (超过 limit=2 的较小重叠未列出，合计已计入)"
    )
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(_drawn_answer(), "zh")))
    notes = {row[0].value: row[1].value for row in book["说明"]}
    assert notes["最弱依据"] == "示意（indicative）"


def test_yes_and_no_are_words() -> None:
    from service.statistics.titles import told

    assert [told("sliver", v, "zh") for v in (True, False)] == ["是", "否"]
    assert [told("sliver", v, "en") for v in (True, False)] == ["yes", "no"]

"""First rows of tables, and what separates their cells."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from service.errors import Unprocessable
from service.uploads.staging import Folder
from tests.service.uploads.bench_folder import ANY, about, codes, diagnosed, written

ROW = ["1", 113.24, 23.12]


def workbook(*rows: list[object], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def names(folder: Path, content: bytes | str, name: str = "a.xlsx") -> list[str]:
    upload = diagnosed(folder, [written(folder, name, content)], ANY)
    assert about(upload)["located_count"] == about(upload)["feature_count"] == 1
    return sorted(codes(upload) - {"crs_inferred"})


def test_a_title_above_the_table_is_told(tmp_path: Path) -> None:
    content = workbook(
        ["清单", None, None], ["编号", "经度", "纬度"], ROW, merged="A1:C1"
    )
    assert names(tmp_path, content) == ["heading_found"]


def test_names_in_two_rows_are_put_together(tmp_path: Path) -> None:
    content = workbook(
        ["编号", "坐标", None], [None, "经度", "纬度"], ROW, merged="B1:C1"
    )
    assert names(tmp_path, content) == ["heading_found"]


def test_empty_rows_are_passed_over(tmp_path: Path) -> None:
    assert names(tmp_path, workbook([], ["编号", "经度", "纬度"], [], ROW)) == []


def test_a_table_without_names_keeps_its_first_row(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "1,113.24,23.12\n2,113.25,23.13\n")
    upload = diagnosed(tmp_path, [path], ANY)
    assert about(upload)["feature_count"] == 2
    assert "no_heading" in codes(upload)


def test_cells_beyond_the_names_are_told(tmp_path: Path) -> None:
    content = "id,lon,lat\n1,113.24,23.12,left,over\n"
    assert names(tmp_path, content, "a.csv") == ["cells_beyond_heading"]


def test_formulas_that_were_never_calculated_are_told(tmp_path: Path) -> None:
    content = workbook(["编号", "经度", "纬度", "面积"], [*ROW, "=1+1"])
    assert names(tmp_path, content) == ["formulas_without_values"]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "，"])
def test_any_sign_separates_cells(tmp_path: Path, sign: str) -> None:
    content = "id,lon,lat,名称\n1,113.24,23.12,甲\n".replace(",", sign)
    assert names(tmp_path, content, "a.csv") == []


def test_a_first_line_may_name_the_sign(tmp_path: Path) -> None:
    content = "sep=;\nid;lon;lat\n1;113,24;23,12\n"
    assert names(tmp_path, content, "a.csv") == []


@pytest.mark.parametrize(
    "cell",
    ["SRID=4490;POINT(113.24 23.12)", "01010000008FC2F5285C4F5C401F85EB51B81E3740"],
)
def test_shapes_as_databases_write_them_are_read(tmp_path: Path, cell: str) -> None:
    assert names(tmp_path, f'id,geom\n1,"{cell}"\n', "a.csv") == []


def test_a_column_of_shapes_is_known_by_its_content(tmp_path: Path) -> None:
    assert names(tmp_path, 'id,空间坐标\n1,"POINT(113.24 23.12)"\n', "a.csv") == []


def test_a_shape_may_be_longer_than_a_cell_of_a_sheet(tmp_path: Path) -> None:
    points = ",".join(f"113.{240_000 + n} 23.12" for n in range(9_000))
    assert names(tmp_path, f'id,wkt\n1,"LINESTRING({points})"\n', "a.csv") == []


@pytest.mark.parametrize("content", [b"<html><table></table></html>", b"id,lon,lat\n"])
def test_text_called_a_workbook_is_explained(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Exception, match="no workbook"):
        names(tmp_path, content, "a.xls")


def test_names_under_notes_of_two_cells_are_found(tmp_path: Path) -> None:
    content = workbook(
        ["一览表"],
        ["单位：测绘院", None, "日期：今"],
        ["编号", "经度", "纬度", "备注"],
        [*ROW, "x"],
        merged="A1:C1",
    )
    assert names(tmp_path, content) == ["heading_found"]
    found = about(Folder(tmp_path / "upload"))
    assert found["heading_row"] == 3
    assert found["first_rows"][2] == {"row": 3, "text": "编号 | 经度 | 纬度 | 备注"}


def test_another_row_can_be_named(tmp_path: Path) -> None:
    content = workbook(["a", "b", "c"], ["编号", "经度", "纬度"], ROW)
    path = written(tmp_path, "a.xlsx", content)
    upload = diagnosed(tmp_path, [path], ANY, heading_row=2)
    assert about(upload)["located_count"] == about(upload)["feature_count"] == 1
    assert "heading_found" not in codes(upload)


def test_a_row_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "a.xlsx", workbook(["编号", "经度", "纬度"], ROW))
    with pytest.raises(Unprocessable, match="Row 9"):
        diagnosed(tmp_path, [path], ANY, heading_row=9)


def test_units_sums_and_notes_are_left_out_and_told(tmp_path: Path) -> None:
    content = workbook(
        ["编号", "经度", "纬度", "面积"],
        [None, "度", "度", "㎡"],
        [*ROW, 5],
        ["合计", None, None, 5],
        ["注：面积为图上量算。"],
    )
    assert names(tmp_path, content) == ["rows_left_out"]
    found = diagnosed(tmp_path / "b", [tmp_path / "a.xlsx"], ANY)
    (told,) = found.read_json("problems.json")
    assert "第 2、4、5 行" in told["message_zh"]


def test_merged_cells_hold_for_all_their_rows(tmp_path: Path) -> None:
    content = workbook(
        ["片区", "经度", "纬度"],
        ["东", 113.24, 23.12],
        [None, 113.24, 23.121],
        merged="A2:A3",
    )
    upload = diagnosed(tmp_path, [written(tmp_path, "a.xlsx", content)], ANY)
    assert upload.read_frame().columns["片区"].tolist() == ["东", "东"]

"""Lines of boundary point files: none is lost, whatever its signs are."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.uploads.boundary_lines import parse
from tests.service.uploads.bench_folder import CATALOGUE, codes, diagnosed, written
from tests.service.uploads.test_boundary_points import (
    HEADER,
    OUTER,
    PARCEL,
    STANDARD,
    closed,
    lines,
    read,
)

POINT = "J3,1,2558877.548,38422780.592"


def fields(line: str) -> list[str]:
    return parse([line]).parcels[0].values


@pytest.mark.parametrize("sign", ["，", "\t", ";", "；", "、"])
def test_fields_are_separated_by_any_sign(tmp_path: Path, sign: str) -> None:
    body = STANDARD[len(HEADER) :].replace(",", sign)
    table = read(tmp_path, HEADER + body)
    assert table.geometry[0].equals(read(tmp_path, STANDARD).geometry[0])
    assert table.columns["地块名称"][0] == "示例产业园区"


def test_signs_of_both_widths_in_one_line_lose_no_point(tmp_path: Path) -> None:
    mixed = STANDARD.replace(",1,", ",1，")
    expected = read(tmp_path, STANDARD).geometry[0]
    assert read(tmp_path, mixed).geometry[0].equals(expected)


@pytest.mark.parametrize(
    "slip",
    [
        "J3,1,25588x7.548,38422780.592",
        "J3,1,2558877.548,",
        "J3,1,2558877.548,3842278O.592",
        'J3,1,"2,558,877.548",38422780.592',
        "J3,1,nan,38422780.592",
        "J3,1,1e999,38422780.592",
    ],
)
def test_a_point_that_cannot_be_read_stands_in_the_way(
    tmp_path: Path, slip: str
) -> None:
    path = written(tmp_path, "a.txt", STANDARD.replace(POINT, slip))
    upload = diagnosed(tmp_path, [path], CATALOGUE.get("parcels"))
    found = [p for p in upload.read_json("problems.json") if p["code"] == "unread_line"]
    assert [(p["severity"], slip in p["message"]) for p in found] == [("error", True)]
    assert f"第 {HEADER.count(chr(10)) + 4} 行" in found[0]["message_zh"]


def test_comments_are_no_findings(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", STANDARD + "// 注释\n文件结束\n")
    assert "unread_line" not in codes(diagnosed(tmp_path, [path]))


def test_a_height_or_a_missing_ring_is_no_coordinate() -> None:
    for line in ("J1,1,2558680.9,38422583.9,12.5", "J1,2558680.9,38422583.9,12.5"):
        assert parse([line]).parcels[0].rings == [("1", [(2558680.9, 38422583.9)])]


def test_a_name_with_a_comma_is_put_together_and_told(tmp_path: Path) -> None:
    text = STANDARD.replace("示例产业园区", "示例,产业园区")
    path = written(tmp_path, "a.txt", text)
    upload = diagnosed(tmp_path, [path], CATALOGUE.get("parcels"))
    assert upload.read_frame().columns["name_zh"][0] == "示例，产业园区"
    assert "parcel_line_shifted" in codes(upload)


def test_a_field_left_out_does_not_move_the_others() -> None:
    assert fields("4,3.8,LW-1,面,,工业用地,1001,@")[2:5] == ["LW-1", "", "面"]


@pytest.mark.parametrize(
    "line", ["4,3.8,LW-1,甲,面,,,@", "@4,3.8,LW-1,甲,面", "4,3.8,LW-1,甲,面,,, @ ,"]
)
def test_a_parcel_line_is_known_wherever_its_mark_stands(line: str) -> None:
    assert fields(line)[:4] == ["4", "3.8", "LW-1", "甲"]


def test_a_parcel_line_without_a_mark_is_known_by_its_fields() -> None:
    assert fields("4,3.8,LW-1,甲,面,,,1001")[3] == "甲"


def test_wide_signs_within_a_name_stay_as_they_are() -> None:
    assert fields("4,3.8,LW－1,【甲】地块,面,,,@")[2:4] == ["LW－1", "【甲】地块"]


def test_points_alone_are_a_boundary(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", lines(closed(OUTER), 1))
    upload = diagnosed(tmp_path, [path], CATALOGUE.get("parcels"))
    assert upload.read_frame().geometry[0].geom_type == "Polygon"


@pytest.mark.parametrize(
    ("kind", "shape"), [("点", "MultiPoint"), ("线", "LineString")]
)
def test_lines_and_points_are_no_areas(tmp_path: Path, kind: str, shape: str) -> None:
    text = HEADER + PARCEL.replace("面", kind) + lines(OUTER, 1)
    assert read(tmp_path, text).geometry[0].geom_type == shape


def test_a_parcel_without_points_is_told(tmp_path: Path) -> None:
    text = HEADER + PARCEL + PARCEL.replace("001", "002") + lines(closed(OUTER), 1)
    path = written(tmp_path, "a.txt", text)
    found = codes(diagnosed(tmp_path, [path], CATALOGUE.get("parcels")))
    assert {"null_geometry", "point_count_differs"} <= found


@pytest.mark.parametrize("sign", [";", "\t"])
def test_a_decimal_comma_between_other_signs_is_one(tmp_path: Path, sign: str) -> None:
    body = STANDARD[len(HEADER) :].replace(",", sign).replace(".", ",")
    table = read(tmp_path, HEADER + body)
    assert table.geometry[0].equals(read(tmp_path, STANDARD).geometry[0])
    assert table.columns["地块面积"][0] == pytest.approx(37466)


def test_a_point_without_any_figure_is_not_passed_over() -> None:
    document = parse([*STANDARD.splitlines(), "J?,,", "以下空白", ",,,"])
    assert [line.text for line in document.unread] == ["J?,,"]


def test_codes_in_wide_signs_are_codes() -> None:
    assert fields("４,1.0,LW-１,甲１,面,,工业,１００１,@")[7] == "1001"


def test_a_spreadsheet_may_have_saved_the_file_as_csv(tmp_path: Path) -> None:
    rows = [line + "," * (8 - line.count(",")) for line in STANDARD.splitlines()]
    path = written(tmp_path, "a.csv", "\r\n".join(rows).encode("gb18030"))
    frame = diagnosed(tmp_path, [path], CATALOGUE.get("parcels")).read_frame()
    assert len(frame) == 1 and len(frame.geometry[0].interiors) == 1


def test_a_note_beside_boundary_files_is_no_layer(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", STANDARD)
    note = written(tmp_path, "说明.txt", "本次提交一个文件")
    assert "several_layers" not in codes(diagnosed(tmp_path, [path, note]))

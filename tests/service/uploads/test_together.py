"""Several files of one kind read as one layer, when somebody says so."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from service.errors import Unprocessable
from service.uploads.archive import Member
from service.uploads.formats import find_sources
from service.uploads.staging import Folder
from tests.service.uploads.bench_folder import about, codes, diagnosed, written
from tests.service.uploads.files import feature, geojson, square, zipped

TXT = (
    "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n{}[地块坐标]\n"
    "4,1.0,{},甲,面,,,,@\nJ1,1,2558680,38422583\nJ2,1,2558680,38422683\n"
    "J3,1,2558580,38422683\nJ4,1,2558580,38422583\n"
)


def archive(folder: Path, *more: str) -> Path:
    members = {f"{n}.txt": TXT.format("", f"DK{n}").encode() for n in (1, 2, 3)}
    members |= {f"x{n}.txt": text.encode() for n, text in enumerate(more)}
    return written(folder, "a.zip", zipped(members))


def columns(upload: Folder) -> dict[str, list[object]]:
    return {name: v.tolist() for name, v in upload.read_frame().columns.items()}


def test_files_of_a_kind_are_offered_together(tmp_path: Path) -> None:
    upload = diagnosed(tmp_path, [archive(tmp_path)])
    kind = {"value": "*boundary-points", "format": "boundary-points", "count": 3}
    assert about(upload)["together"] == [kind]
    assert codes(upload) == {"several_layers"}


@pytest.mark.parametrize("wanted", ["*boundary-points", "*"])
def test_together_each_feature_says_its_file(tmp_path: Path, wanted: str) -> None:
    upload = diagnosed(tmp_path, [archive(tmp_path)], source_layer=wanted)
    assert columns(upload)["来源文件"] == ["1", "2", "3"]
    assert columns(upload)["parcel_code"] == ["DK1", "DK2", "DK3"]
    assert about(upload)["source_layer"] == "*boundary-points"
    assert "read_together" in codes(upload)


def test_findings_keep_their_feature(tmp_path: Path) -> None:
    broken = TXT.format("", "DK9").replace("J2,1,2558680,38422683", "J2,1,2558680,x1")
    upload = diagnosed(tmp_path, [archive(tmp_path, broken)], source_layer="*")
    (told,) = [
        one for one in upload.read_json("problems.json") if one["code"] == "unread_line"
    ]
    assert told["index"] == 3


def test_files_of_two_coordinate_systems_are_refused(tmp_path: Path) -> None:
    other = TXT.format("带号=39\n", "DK9").replace("384", "394")
    with pytest.raises(Unprocessable, match="different coordinate systems"):
        diagnosed(tmp_path, [archive(tmp_path, other)], source_layer="*")


def test_sheets_of_a_workbook_are_read_together(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("甲", "乙"):
        sheet = book.create_sheet(name)
        sheet.append(["点号", "X", "Y"])
        for n, (x, y) in enumerate(((0, 0), (0, 90), (90, 90)), start=1):
            sheet.append([f"J{n}", 2558680 + x, 38422583 + y])
    book.save(tmp_path / "a.xlsx")
    upload = diagnosed(tmp_path, [tmp_path / "a.xlsx"], source_layer="*xlsx")
    assert columns(upload)["来源图层"] == ["甲", "乙"]
    found = upload.read_json("problems.json")
    (told,) = [one["message"] for one in found if one["code"] == "points_joined"]
    assert "6 points were joined to 2 parcels" in told


def test_an_unknown_kind_asks_again(tmp_path: Path) -> None:
    upload = diagnosed(tmp_path, [archive(tmp_path)], source_layer="*dxf")
    assert codes(upload) == {"several_layers"}


def test_files_of_one_name_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    """甲/地块.geojson and 乙/地块.geojson: either can be asked for."""
    archive = tmp_path / "a.zip"
    one = geojson(feature(square(113.235, 23.09)))
    archive.write_bytes(zipped({"甲/地块.geojson": one, "乙/地块.geojson": one}))
    (tmp_path / "out").mkdir()
    sources, _ = find_sources([Member(archive, "a.zip")], tmp_path / "out")
    assert [source.name for source in sources] == ["甲/地块.geojson", "乙/地块.geojson"]
    assert len({source.path for source in sources}) == 2

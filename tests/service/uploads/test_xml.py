"""KML as programs write it: other encodings, folders within folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.service.uploads.bench_folder import about, diagnosed, written

RING = "113.235,23.09 113.236,23.09 113.236,23.091 113.235,23.09"
PLACE = (
    "<Placemark><name>{}</name><Polygon><outerBoundaryIs><LinearRing><coordinates>"
    f"{RING}</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>"
)


def kml(*folders: str, encoding: str = "") -> str:
    said = f' encoding="{encoding}"' if encoding else ""
    inner = "".join(
        f"<Folder><name>{name}</name>{PLACE.format('西关')}</Folder>"
        for name in folders
    )
    head = f'<?xml version="1.0"{said}?><kml xmlns="http://www.opengis.net/kml/2.2">'
    return f"{head}<Document>{inner}</Document></kml>"


@pytest.mark.parametrize(
    ("said", "codec"),
    [("UTF-16", "utf-16"), ("", "utf-16"), ("UTF-16", "utf-16-le"), ("GBK", "gbk"),
     ("gb2312", "gbk"), ("UTF-8", "gbk"), ("", "gbk"), ("utf-8", "utf-8-sig")],
)  # fmt: skip
def test_a_kml_may_be_in_any_usual_encoding(
    tmp_path: Path, said: str, codec: str
) -> None:
    path = written(tmp_path, "a.kml", kml("现状", encoding=said).encode(codec))
    upload = diagnosed(tmp_path, [path])
    assert upload.read_frame().columns["name_zh"].tolist() == ["西关"]


def test_what_holds_folders_only_is_no_layer(tmp_path: Path) -> None:
    upload = diagnosed(tmp_path, [written(tmp_path, "地块.kml", kml("现状", "规划"))])
    assert about(upload)["layers"] == ["现状", "规划"]


def test_places_beside_folders_are_called_by_the_file(tmp_path: Path) -> None:
    text = kml("现状").replace("</Document>", PLACE.format("乙") + "</Document>")
    upload = diagnosed(tmp_path, [written(tmp_path, "地块.kml", text)])
    assert set(about(upload)["layers"]) == {"地块", "现状"}


def test_pictures_laid_over_the_ground_are_told_by_name(tmp_path: Path) -> None:
    overlay = "<GroundOverlay><name>影像</name><Icon><href>a.png</href></Icon>"
    content = f"<kml><Document>{overlay}</GroundOverlay></Document></kml>"
    path = written(tmp_path, "a.kml", content)
    told = diagnosed(tmp_path, [path]).read_json("problems.json")
    messages = {one["code"]: one["message_zh"] for one in told}
    assert "影像" in messages["overlaid_pictures"]

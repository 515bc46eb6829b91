"""Parts of a shapefile that do not belong together, or are not whole."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import shapely

from service.errors import Unprocessable
from service.uploads.drivers import pyogrio
from tests.service.uploads.bench_folder import ANY, about, codes, diagnosed, written
from tests.service.uploads.files import zipped

SUFFIXES = (".shp", ".shx", ".dbf")


@pytest.fixture
def parts(tmp_path: Path) -> dict[str, bytes]:
    """Five squares side by side."""
    lons = 113.24 + np.arange(5) / 1000
    shapes = shapely.to_wkb(shapely.box(lons, 23.12, lons + 0.001, 23.121))
    names = np.array([f"地块{n}" for n in range(5)], dtype=object)
    path = tmp_path / "made.shp"
    pyogrio.raw.write(
        path, shapes, [names], ["name"], geometry_type="Polygon", crs="EPSG:4490",
        driver="ESRI Shapefile", encoding="UTF-8",
    )  # fmt: skip
    return {suffix: path.with_suffix(suffix).read_bytes() for suffix in SUFFIXES}


def read(folder: Path, parts: dict[str, bytes]) -> tuple[int, set[str]]:
    paths = [written(folder, f"a{suffix}", raw) for suffix, raw in parts.items()]
    upload = diagnosed(folder, paths, ANY)
    return about(upload)["feature_count"], codes(upload) - {"crs_inferred"}


def patched(raw: bytes, at: int, form: str, value: int) -> bytes:
    changed = bytearray(raw)
    struct.pack_into(form, changed, at, value)
    return bytes(changed)


def test_shapes_without_a_row_of_attributes_are_told(
    tmp_path: Path, parts: dict[str, bytes]
) -> None:
    fewer = {**parts, ".dbf": patched(parts[".dbf"], 4, "<I", 3)}
    assert "attribute_count_differs" in read(tmp_path, fewer)[1]


@pytest.mark.parametrize("table", [b"", b"\x03" * 8])
def test_an_empty_attribute_table_is_told(
    tmp_path: Path, parts: dict[str, bytes], table: bytes
) -> None:
    count, found = read(tmp_path, {**parts, ".dbf": table})
    assert (count, "broken_attributes" in found) == (5, True)


def test_a_cut_off_attribute_table_is_told(
    tmp_path: Path, parts: dict[str, bytes]
) -> None:
    with pytest.raises(Unprocessable, match="cut off"):
        read(tmp_path, {**parts, ".dbf": parts[".dbf"][:-120]})


def test_an_index_that_falls_short_loses_no_shape(
    tmp_path: Path, parts: dict[str, bytes]
) -> None:
    count, found = read(tmp_path, {**parts, ".shx": parts[".shx"][:-16]})
    assert (count, "index_rebuilt" in found) == (5, True)


def test_parts_belong_together_whatever_their_letters(
    tmp_path: Path, parts: dict[str, bytes]
) -> None:
    names = {"地块A.SHP": ".shp", "地块a.Shx": ".shx", "地块A.dbf": ".dbf"}
    packed = zipped({name: parts[suffix] for name, suffix in names.items()})
    upload = diagnosed(tmp_path, [written(tmp_path, "a.zip", packed)], ANY)
    assert about(upload)["feature_count"] == 5
    assert not codes(upload) & {"missing_attributes", "ignored_members"}

"""Curves become lines of a stated closeness; what a shape loses on the way is told."""

from __future__ import annotations

import io
import math
import sqlite3
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import pytest
import shapely

from geo.area import plane_area_m2
from service.uploads.drivers import pyogrio
from service.uploads.geopackage import is_curved
from tests.service.uploads.bench_folder import CATALOGUE, codes, diagnosed, written

EAST, NORTH, RADIUS = 419_000.0, 2_553_000.0, 50.0
CIRCLE = [(0, 0), (50, 50), (100, 0), (50, -50), (0, 0)]


def run(kind: int, points: Sequence[Sequence[float]]) -> bytes:
    flat = [value for x, y, *m in points for value in (EAST + x, NORTH + y, *m)]
    return struct.pack(f"<BII{len(flat)}d", 1, kind, len(points), *flat)


def geopackage(folder: Path, wkb: bytes, kind: str) -> Path:
    path = folder / "a.gpkg"
    shapes = np.array([wkb], dtype=object)
    names = [np.array(["甲"], dtype=object)]
    pyogrio.raw.write(path, shapes, names, ["name"], geometry_type=kind,
                      crs="EPSG:4547", driver="GPKG", layer="地块")  # fmt: skip
    return path


def area(upload: Any) -> float:
    return float(plane_area_m2(upload.read_frame().geometry).sum())


def test_a_circle_of_a_geopackage_keeps_its_area(tmp_path: Path) -> None:
    wkb = struct.pack("<BII", 1, 10, 1) + run(8, CIRCLE)
    path = geopackage(tmp_path, wkb, "Unknown")
    upload = diagnosed(tmp_path, [path])
    assert codes(upload) == {"curves_densified"}
    assert area(upload) == pytest.approx(math.pi * RADIUS**2, rel=3e-5)


def test_a_straight_shape_is_no_curve() -> None:
    assert not is_curved(
        b"GP\x00\x01" + b"\0" * 4 + shapely.to_wkb(shapely.box(0, 0, 1, 1))
    )
    assert not is_curved(b"GP\x00\x01") and not is_curved(None)


def test_a_view_beside_a_table_is_named(tmp_path: Path) -> None:
    square = struct.pack("<BII", 1, 3, 1)
    square += run(3, [(0, 0), (9, 0), (9, 9), (0, 0)])[5:]
    path = geopackage(tmp_path, square, "Polygon")
    with sqlite3.connect(path) as base:
        base.execute('CREATE VIEW 现状 AS SELECT fid, geom FROM "地块"')
        base.execute(
            "INSERT INTO gpkg_contents(table_name, identifier, data_type, srs_id)"
            " VALUES('现状', '现状', 'features', 4547)"
        )
        base.execute(
            "INSERT INTO gpkg_geometry_columns VALUES('现状','geom','POLYGON',4547,0,0)"
        )
    base.close()
    found = diagnosed(tmp_path, [path]).read_json("problems.json")
    (problem,) = [p for p in found if p["code"] == "ignored_views"]
    assert "现状" in problem["message_zh"]


def drawn(folder: Path, *draw: tuple[str, tuple[Any, ...], dict[str, Any]]) -> Any:
    drawing = ezdxf.new("R2010")  # type: ignore[attr-defined]
    for method, given, named in draw:
        getattr(drawing.modelspace(), method)(*given, **named)
    text = io.StringIO()
    drawing.write(text)
    path = written(folder, "a.dxf", text.getvalue())
    return diagnosed(folder, [path], CATALOGUE.get("parcels"))


def test_arcs_of_a_drawing_keep_their_areas(tmp_path: Path) -> None:
    bulged = [(EAST, NORTH, 0, 0, 1), (EAST + 100, NORTH, 0, 0, 1)]
    upload = drawn(
        tmp_path,
        ("add_lwpolyline", (bulged,), {"close": True}),
        ("add_circle", ((EAST + 300, NORTH), RADIUS), {}),
    )
    (told,) = [
        p for p in upload.read_json("problems.json") if p["code"] == "curves_densified"
    ]
    assert told["message"].startswith("2 arcs")
    assert area(upload) == pytest.approx(2 * math.pi * RADIUS**2, rel=3e-5)


def test_splines_are_told_to_be_approximate(tmp_path: Path) -> None:
    corners = [(EAST, NORTH, 0), (EAST + 90, NORTH, 0), (EAST + 50, NORTH + 90, 0)]
    around = [*corners, corners[0]]
    upload = drawn(tmp_path, ("add_open_spline", (around,), {}))
    assert "splines_approximated" in codes(upload)


def test_a_spline_drawn_to_the_origin_is_left_out(tmp_path: Path) -> None:
    """A closed one without clamped knots, which the reader begins at 0, 0."""
    corners = [(EAST, NORTH, 0), (EAST + 90, NORTH, 0), (EAST + 50, NORTH + 90, 0)]
    square = [(EAST, NORTH), (EAST + 9, NORTH), (EAST + 9, NORTH + 9)]
    drawing = ezdxf.new("R2010")  # type: ignore[attr-defined]
    drawing.modelspace().add_spline().set_closed(corners)
    drawing.modelspace().add_lwpolyline(square, close=True)
    text = io.StringIO()
    drawing.write(text)
    path = written(tmp_path, "a.dxf", text.getvalue())
    upload = diagnosed(tmp_path, [path], CATALOGUE.get("parcels"))
    assert len(upload.read_frame()) == 1 and "ignored_entities" in codes(upload)


def test_measures_left_out_are_told(tmp_path: Path) -> None:
    """A shapefile of PolygonM, written by hand: no writer of ours makes one."""
    points = [(0, 0), (0, 9), (9, 9), (0, 0)]
    xy = [value for x, y in points for value in (EAST + x, NORTH + y)]
    box = (min(xy[::2]), min(xy[1::2]), max(xy[::2]), max(xy[1::2]))
    body = struct.pack("<i4d3i", 25, *box, 1, 4, 0) + struct.pack("<8d", *xy)
    body += struct.pack("<6d", 0, 3, 0, 1, 2, 3)
    words = (100 + 8 + len(body)) // 2
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words)
    head += struct.pack("<2i8d", 1000, 25, *box, 0, 0, 0, 3)
    record = struct.pack(">2i", 1, len(body) // 2)
    path = tmp_path / "a.shp"
    path.write_bytes(head + record + body)
    assert "dropped_measures" in codes(diagnosed(tmp_path, [path]))

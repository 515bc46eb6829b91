"""What the page computes by itself, held against what the service computes."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from playwright.sync_api import Browser

from geo.area import area_m2, plane_area_m2
from geo.crs import project_xy
from service.stores.collation import pinyin_order

from .visitors import visitor

pytestmark = pytest.mark.browser
Compute = Callable[..., Any]
STATIC = Path(__file__).resolve().parents[2] / "static"
RING = [[113.23, 23.09], [113.25, 23.09], [113.25, 23.11], [113.23, 23.11]]
SHAPE = {"type": "Polygon", "coordinates": [[*RING, RING[0]]]}


@pytest.fixture(scope="module")
def compute(browser: Browser, live_url: str) -> Iterator[Compute]:
    """Call a function of one of the page's modules; none of them keeps anything."""
    page = visitor(browser).new_page()
    page.goto(live_url)

    def call(module: str, expression: str, value: Any = None) -> Any:
        source = f"async x => {{ const m = await import('{module}'); {expression} }}"
        return page.evaluate(source, value)

    yield call
    page.context.close()


def test_live_areas_equal_the_service_to_a_square_centimetre(compute) -> None:
    found = compute(
        "/static/js/lib/geodesy.js",
        "return [m.ellipsoidArea(x), m.planeArea(x)]",
        SHAPE,
    )
    polygon = [shapely.Polygon(RING)]
    # Edges are geodesics there and great circles here: 1e-10 of a polygon of 4.5 km².
    assert found[0] == pytest.approx(area_m2(polygon)[0], abs=0.01)
    assert found[1] == pytest.approx(plane_area_m2(polygon)[0], abs=0.01)


def test_plane_coordinates_equal_the_service_to_a_millimetre(compute) -> None:
    lon, lat = 113.2442, 23.1259
    east, north = compute(
        "/static/js/lib/geodesy.js", "return m.toPlane(x)", [lon, lat]
    )
    point = project_xy([shapely.Point(lon, lat)])[0]
    assert math.hypot(east - point.x, north - point.y) < 0.001


def test_plane_coordinates_come_back(compute) -> None:
    back = compute(
        "/static/js/lib/geodesy.js", "return m.fromPlane(m.toPlane(x))", RING[0]
    )
    assert back == pytest.approx(RING[0], abs=1e-7)


def test_rounded_parts_sum_to_the_rounded_whole(compute) -> None:
    parts = compute(
        "/static/js/lib/format.js",
        "return m.roundTogether(x, 1)",
        [33.33, 33.33, 33.34],
    )
    assert round(sum(parts), 6) == 100.0


def test_fifty_eight_mu_are_3_8667_ha(compute) -> None:
    assert compute(
        "/static/js/lib/format.js", "return m.area(x * m.M2_PER_MU, 'ha')", 58
    ) == ("3.8667")


def test_an_address_survives_a_round_trip(compute) -> None:
    text = compute(
        "/static/js/lib/permalink.js",
        "return m.formatPath(m.parsePath(x))",
        "/f/metro-stations/stn-a%2Fb",
    )
    assert text == "/f/metro-stations/stn-a%2Fb"


@pytest.mark.parametrize(
    ("read", "text", "found"),
    [
        ("parsePath", "/f/%E4/x", {"layer": "%E4", "id": "x"}),
        ("parseFilters", "null", {}),
        ("parseFilters", '{"a":null,"b":5,"c":{"field":"x"}}', {"c": {"field": "x"}}),
        ("parseGeometry", '{"type":"Polygon"}', None),
        ("parseGeometry", '{"type":"toString","coordinates":[]}', None),
        ("parseGeometry", '{"type":"LineString","coordinates":[[1]]}', None),
        ("parseDay", "2010-02-31", None),
        ("parseDay", "2010-06-01", "2010-06-01"),
        ("parseMoment", "yesterday", None),
        ("parseMoment", "2026-11-20T08:00:00Z", "2026-11-20T08:00:00Z"),
        ("parsePair", "/,a/,a/b", [{"layer": "a", "id": "b"}]),
    ],
)
def test_what_a_link_lost_on_its_way_is_passed_over(
    compute, read: str, text: str, found: object
) -> None:
    told = compute(
        "/static/js/lib/permalink.js",
        "const found = m[x[0]](x[1]); return found?.selection ?? found",
        [read, text],
    )
    assert told == found


@pytest.mark.parametrize(
    "shape",
    [
        SHAPE,
        {"type": "Point", "coordinates": RING[0]},
        {"type": "MultiPoint", "coordinates": RING},
        {"type": "MultiLineString", "coordinates": [RING[:2], RING[1:]]},
    ],
    ids=lambda shape: shape["type"],
)
def test_a_shape_in_a_link_is_read_as_it_stands(compute, shape: object) -> None:
    module = "/static/js/lib/permalink.js"
    assert compute(module, "return m.parseGeometry(JSON.stringify(x))", shape) == shape


def imports_of(module: Path) -> set[Path]:
    """What a module needs before it runs, and what those need."""
    found: set[Path] = set()
    waiting = [module]
    while waiting:
        here = waiting.pop()
        text = here.read_text(encoding="utf-8")
        for name in re.findall(r'^(?:import|export)[^;]*? from "([^"]+)"', text, re.M):
            there = (here.parent / name).resolve()
            if there not in found:
                found.add(there)
                waiting.append(there)
    return found


def test_the_page_asks_at_once_for_every_module_it_starts_with() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    asked = set(re.findall(r'modulepreload" href="/static/([^"]+)"', page))
    needed = imports_of(STATIC / "js" / "main.js")
    assert asked == {path.relative_to(STATIC).as_posix() for path in needed}


def test_only_the_map_folder_knows_leaflet() -> None:
    others = [p for p in (STATIC / "js").rglob("*.js") if p.parent.name != "map"]
    assert [p.name for p in others if "leaflet.js" in p.read_text()] == []


def test_map_and_panels_do_not_know_each_other() -> None:
    for folder, other in (("map", "ui"), ("ui", "map")):
        for path in (STATIC / "js" / folder).glob("*.js"):
            assert f"../{other}/" not in path.read_text(encoding="utf-8"), path.name


def test_only_one_module_fetches() -> None:
    fetching = [
        p.name
        for p in (STATIC / "js").rglob("*.js")
        if "fetch(address" in p.read_text()
    ]
    assert fetching == ["api.js"]


def test_a_shifted_position_comes_back_to_a_centimetre(compute) -> None:
    script = "return m.fromGcj02(m.toGcj02(x))"
    back = compute("/static/js/lib/gcj02.js", script, RING[0])
    assert back == pytest.approx(RING[0], abs=1e-7)


@pytest.mark.parametrize(
    ("given", "partner"),
    [
        ({"asked": "https://report.example/page"}, "https://report.example"),
        ({"asked": "*", "referrer": "https://a.example/"}, None),
        ({"asked": "", "ancestors": ["https://a.example"]}, None),
        ({"ancestors": ["null"], "referrer": "https://a.example/"}, None),
        ({"referrer": "http://10.0.0.5:8080/x?y"}, "http://10.0.0.5:8080"),
        ({}, None),
    ],
)
def test_an_embedded_map_talks_to_one_origin_or_to_nobody(
    compute, given: dict[str, object], partner: str | None
) -> None:
    found = compute("/static/js/lib/embed-messages.js", "return m.partnerOf(x)", given)
    assert found == partner


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ({"type": "atlas:open", "layer": "a", "id": "1"},
         {"open": {"layer": "a", "id": "1"}}),
        ({"type": "atlas:open", "layer": "b", "id": "1"}, {"refused": "layer"}),
        ({"type": "atlas:open", "layer": "a", "id": ["1"]}, {"refused": "id"}),
        ({"type": "atlas:open", "layer": "a", "id": "1" * 201}, {"refused": "id"}),
        ({"type": "atlas:fit", "bbox": [113, 23, 114, 24]},
         {"fit": [113, 23, 114, 24]}),
        ({"type": "atlas:fit", "bbox": [114, 23, 113, 24]}, {"refused": "bbox"}),
        ({"type": "atlas:fit", "bbox": "113,23,114,24"}, {"refused": "bbox"}),
        ({"type": "atlas:constructor"}, {"refused": "type"}),
        ({"type": "webpackOk"}, None),
        ("atlas:open", None),
        (None, None),
    ],
)  # fmt: skip
def test_what_comes_into_an_embedded_map_is_checked(
    compute, message: object, read: object
) -> None:
    script = "return m.readMessage(x, (id) => id === 'a')"
    assert compute("/static/js/lib/embed-messages.js", script, message) == read


PAINTED = """
  const c = new m.Coverage(4);
  for (const [colour, opacity, ring] of x) {
    c.with(m.rgbOf(colour), opacity);
    c.ring(ring, 0, ring.length, 1);
  }
  return [...c.pixels()];
"""


def test_a_pixel_has_the_colour_of_what_covers_it_by_how_much(compute) -> None:
    half = [1, 1, 1.5, 1, 1.5, 2, 1, 2]  # the left half of a pixel, and the right
    rest = [1.5, 1, 2, 1, 2, 2, 1.5, 2]
    shapes = [
        ["#ff0000", 1, half],
        ["#0000ff", 1, rest],
        ["#0f0", 0.5, [3, 3, 4, 3, 4, 4, 3, 4]],
    ]
    pixels = compute("/static/js/lib/coverage.js", PAINTED, shapes)
    assert pixels[4 * 5 : 4 * 6] == pytest.approx([127, 0, 127, 255], abs=1)
    assert pixels[4 * 15 :] == pytest.approx([0, 255, 0, 127], abs=1)
    assert sum(pixels) == pytest.approx(127 + 127 + 255 + 255 + 127, abs=4)


def test_a_shape_that_reaches_beyond_the_picture_fills_it_around_its_hole(
    compute,
) -> None:
    large = [-90, -90, 900, -90, 900, 900, -90, 900]
    hole = [1, 1, 1, 3, 3, 3, 3, 1]  # wound the other way
    shapes = [["#ffffff", 1, large], ["#ffffff", 1, hole]]
    pixels = compute("/static/js/lib/coverage.js", PAINTED, shapes)
    inside = {5, 6, 9, 10}
    assert [n for n, a in enumerate(pixels[3::4]) if a < 250] == sorted(inside)
    assert all(pixels[4 * n + 3] < 3 for n in inside)


def test_slanting_edges_cover_what_they_enclose(compute) -> None:
    ring = [0.3, 0.2, 3.7, 1.1, 1.2, 3.9]
    pixels = compute("/static/js/lib/coverage.js", PAINTED, [["#fff", 1, ring]])
    area = shapely.Polygon(list(zip(ring[::2], ring[1::2], strict=True))).area
    assert sum(pixels[3::4]) / 255 == pytest.approx(area, abs=0.05)


def test_a_table_in_the_page_has_the_order_of_the_service(compute) -> None:
    words = [
        "滘口",
        "漖表",
        "芳村",
        "荔湾",
        "塱",
        "白鹤洞",
        "鹤洞",
        "（花地）",
        "花地",
        "广州",
        "光州",
        "中山八",
        "apple",
        "Zoo",
    ]
    words += ["2号", "10号", "A-01", "a-02", "重庆", "重", "崇", "沈阳", "沈"]
    script = "return m.sorted(x, (word) => word, false)"
    found = compute("/static/js/lib/table-question.js", script, words)
    assert found == sorted(words, key=pinyin_order)


INNER = [[113.235, 23.095], [113.24, 23.095], [113.24, 23.1], [113.235, 23.095]]
FAR = [[-180, -90], [180, 90], [179.9999999, -90], [-180, -90]]


@pytest.mark.parametrize(
    "shape",
    [
        SHAPE,
        {"type": "Polygon", "coordinates": [[*RING, RING[0]], INNER]},
        {"type": "MultiPolygon", "coordinates": [[[*RING, RING[0]], INNER], [FAR]]},
        {"type": "LineString", "coordinates": RING[:2]},
        {"type": "MultiLineString", "coordinates": [RING[:2], RING[1:]]},
        {"type": "Point", "coordinates": RING[0]},
        {"type": "MultiPoint", "coordinates": RING},
    ],
)
def test_a_shape_comes_back_from_its_text_as_it_was(
    compute, shape: dict[str, Any]
) -> None:
    script = "return m.shapeOfText(m.textOfShape(x))"
    assert compute("/static/js/lib/shape-text.js", script, shape) == shape


LINE = [[113.2, 23.1], [113.3, 23.2]]


@pytest.mark.parametrize(
    ("text", "kind", "coordinates"),
    [
        ("LINESTRING Z (113.2 23.1 5, 113.3 23.2 5)", "LineString", LINE),
        ("point(113.2 23.1)", "Point", LINE[0]),
        ("MULTIPOINT((113.2 23.1), (113.3 23.2))", "MultiPoint", LINE),
        ("POINT(113.2 23.1)\nPOINT(113.3 23.2)", "MultiPoint", LINE),
        (
            "GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(113.2 23.1, 113.3 23.2))",
            "LineString",
            LINE,
        ),
        ("113.2,23.1", "Point", LINE[0]),
        ("113.2,23.1\n113.3,23.2", "LineString", LINE),
        ('{"type":"MultiPoint","coordinates":[[113.2,23.1]]}', "Point", LINE[0]),
    ],
)
def test_a_line_or_a_place_is_read_from_its_text(
    compute, text: str, kind: str, coordinates: list[Any]
) -> None:
    found = compute("/static/js/lib/pasted.js", "return m.readPasted(x).geometry", text)
    assert found == {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize(
    "text", ["POLYGON EMPTY", "POLYGON((1 2, 3", "LINESTRING(1 2)", "POINT(1 b)"]
)
def test_text_that_breaks_off_is_no_shape(compute, text: str) -> None:
    script = "return m.readPasted(x)"
    assert compute("/static/js/lib/pasted.js", script, text) == {"bad": 1}


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("点号,X,Y\nJ1,2555000,38420000", "csv"),
        ("name\tlon\tlat\na\t113.2\t23.1", "csv"),
        ("<?xml version='1.0'?>\n<kml xmlns=''/>", "kml"),
        ("[属性描述]\n带号=38", "txt"),
        ("J1,2555000,420000\nJ2,2555100,420000", None),
        ("hello world, this is text\nwith 5 in it", None),
    ],
)
def test_the_text_of_a_whole_file_is_known_by_how_it_starts(
    compute, text: str, ending: str | None
) -> None:
    script = "return m.fileEnding(x)"
    assert compute("/static/js/lib/pasted.js", script, text) == ending


def test_a_folder_becomes_an_archive_that_others_open(compute) -> None:
    script = """const parts = m.zipped(x.map(([name, text]) =>
          ({ name, bytes: new TextEncoder().encode(text) })));
        return parts.flatMap((part) => [...part])"""
    files = [["界址.gdb/a.gdbtable", "甲"], ["界址.gdb/empty", ""]]
    found = bytes(compute("/static/js/lib/zip.js", script, files))
    with zipfile.ZipFile(io.BytesIO(found)) as archive:
        assert archive.testzip() is None
        assert [[n, archive.read(n).decode()] for n in archive.namelist()] == files


def test_two_thousand_surveyed_corners_fit_in_an_address(compute) -> None:
    corners = [
        [round(113.2 + i * 5e-5, 7), round(23.1 + 2e-4 * ((i * 7919) % 97) / 97, 7)]
        for i in range(2000)
    ]
    shape = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    script = "const text = m.textOfShape(x); return [text.length, m.shapeOfText(text)]"
    length, back = compute("/static/js/lib/shape-text.js", script, shape)
    assert length < 7500
    assert back == shape


def test_a_text_that_was_cut_is_no_shape(compute) -> None:
    script = """const text = m.textOfShape(x);
        return [...text].map((_, i) => m.shapeOfText(text.slice(0, i)))"""
    found = compute("/static/js/lib/shape-text.js", script, SHAPE)
    assert set(found) == {None}


def test_the_ring_of_an_earlier_link_is_read(compute) -> None:
    script = "return m.ringOfText(x)"
    text = "guj2vjCgygt4Ng0mMAAg0mM_zmMA"
    assert compute("/static/js/lib/outline.js", script, text) == RING


def test_what_a_tile_leaves_out_leaves_neither_colour_nor_line(compute) -> None:
    left, right = (
        [[x, 8], [x + 40, 8], [x + 40, 56], [x, 56]] for x in (8, 72)
    )  # two shapes of a tile of 128 units
    found = compute(
        "/static/js/lib/tile-picture.js",
        """const layer = { extent: 128, xy: x.flat(2), start: [0, 8, 16],
             features: [0, 1].map((n) => ({ id: `p${n}`, type: 3, properties: {},
               first: n, last: n + 1 })) };
           const look = { layer: "parcels", classes: null, fill: "#ff0000",
             stroke: "#000000", filter: null, day: null, ratio: 1,
             highlight: null, without: new Set(["p0"]) };
           const ctx = new OffscreenCanvas(128, 128).getContext("2d");
           m.paintTile(ctx, [layer], look, 128);
           const seen = (from) => ctx.getImageData(from, 0, 64, 128).data
             .some((n) => n);
           return [seen(0), seen(64)];""",
        [left, right],
    )
    assert found == [False, True]

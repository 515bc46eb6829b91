"""CQL2 in: bounded, known properties only, geometries in CRS84."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import parse_crs
from geo.errors import BilingualError
from layers.catalogue import Catalogue
from service.filters import both, parse_filter, properties_of

LAYER = Catalogue.load().get("metro-stations")


def parsed(text: str, **options: Any) -> Any:
    return parse_filter(text, LAYER, **options)


def test_json_is_recognised_by_its_brace() -> None:
    text = '{"op":"=","args":[{"property":"id"},"a"]}'
    assert parsed(text) == parsed("id = 'a'")


def test_a_geometry_is_moved_to_crs84() -> None:
    crs = parse_crs("EPSG:4326")
    node = parsed("S_INTERSECTS(geometry, POINT(23.1 113.2))", crs=crs)
    assert node["args"][1]["coordinates"] == pytest.approx([113.2, 23.1])


def test_a_box_becomes_a_polygon() -> None:
    node = parsed("S_WITHIN(geometry, BBOX(113, 23, 114, 24))")
    assert node["args"][1]["type"] == "Polygon"


def test_a_date_that_gdal_wrote_is_a_date() -> None:
    assert parsed("opened >= '2015-01-01T'")["args"][1] == "2015-01-01"


def test_brackets_in_a_text_are_no_nesting() -> None:
    assert parsed("name_zh = '{}'".format("(" * 500))


def test_both_joins_what_is_there() -> None:
    assert both(None, None) is None
    assert both(None, True) is True
    assert both(True, False) == {"op": "and", "args": [True, False]}


def test_properties_are_found_at_any_depth() -> None:
    node = parsed("NOT (name_zh = 'a' OR CASEI(name_en) LIKE 'b')")
    assert properties_of(node) == {"name_zh", "name_en"}


@given(st.text(max_size=80))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        parsed(text)
    except BilingualError as refusal:
        assert refusal.extra["parameter"] == "filter"


def test_a_quote_may_be_escaped_in_either_way() -> None:
    layer = Catalogue.load().get("parcels")
    one, other = (parse_filter(f"name_en = 'it{q}s'", layer) for q in ("''", "\\'"))
    assert one == other == {"op": "=", "args": [{"property": "name_en"}, "it's"]}


def test_a_collection_of_areas_is_one_area() -> None:
    layer = Catalogue.load().get("parcels")
    halves = "POLYGON((0 0,1 0,1 1,0 0)),POLYGON((0 0,1 1,0 1,0 0))"
    text = f"S_WITHIN(geometry, GEOMETRYCOLLECTION({halves}))"
    assert parse_filter(text, layer)["args"][1]["type"] == "Polygon"

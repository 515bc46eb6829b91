"""A map's parameters: defaults, bounds, and refusals that name the parameter."""

from __future__ import annotations

import pytest

from geo.errors import BilingualError
from service.maps.query import parse_map

LAYERS = {"collections": "district"}


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"width": "0"}, "width"),
        ({"height": "50000"}, "height"),
        ({"width": "-5"}, "width"),
        ({"width": "1e3"}, "width"),
        ({"scale": "1"}, "scale"),
        ({"scale": "99"}, "scale"),
        ({"scale": "2000000"}, "scale"),
        ({"scale": "nan"}, "scale"),
        ({"scale": "10000", "crs": "EPSG:3857"}, "scale"),
        ({"paper": "A9"}, "paper"),
        ({"paper": "A4-upside"}, "paper"),
        ({"paper": "A4", "width": "100"}, "width"),
        ({"paper": "A0", "dpi": "600"}, "dpi"),
        ({"dpi": "5"}, "dpi"),
        ({"f": "gif"}, "f"),
        ({"lang": "fr"}, "lang"),
        ({"legend": "maybe"}, "legend"),
        ({"bbox": "113.3,23.0,113.2,23.1"}, "bbox"),
        ({"bbox": "113.2,23.2,113.3,23.1"}, "bbox"),
        ({"bbox": "113.2,23.1,113.2,23.1"}, "bbox"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"bbox": "nan,23,114,24"}, "bbox"),
        ({"bbox-crs": "EPSG:4547"}, "bbox-crs"),
        ({"crs": "EPSG:4326"}, "crs"),
        ({"fit": "district"}, "fit"),
        ({"fit": "district/1", "bbox": "113,23,114,24"}, "fit"),
        ({"title": "荔" * 10_000}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"subtitle": "bell\x07"}, "subtitle"),
        ({"collections": ""}, "collections"),
        ({"collections": "a,,b"}, "collections"),
        ({"collections": ",".join(f"l{n}" for n in range(99))}, "collections"),
    ],
)
def test_bad_input_names_its_parameter_in_both_languages(
    given: dict[str, str], parameter: str
) -> None:
    with pytest.raises(BilingualError) as refused:
        parse_map(LAYERS | given)
    assert refused.value.extra["parameter"] == parameter
    assert refused.value.detail and refused.value.detail_zh


def test_a_map_is_on_the_plane_unless_asked_otherwise() -> None:
    assert parse_map(LAYERS).crs.epsg == 4547


def test_pixels_asked_are_pixels_given() -> None:
    query = parse_map(LAYERS | {"width": "1201", "height": "803", "dpi": "144"})
    assert query.page.pixels == (1201, 803)


def test_paper_has_its_size_in_millimetres() -> None:
    page = parse_map(LAYERS | {"paper": "a3-portrait"}).page
    assert (page.width, page.height) == (297.0, 420.0)


def test_vector_paper_has_no_pixel_limit() -> None:
    given = {"paper": "A0", "dpi": "600", "f": "pdf"}
    assert parse_map(LAYERS | given).page.paper == "A0"


def test_repeated_layers_are_drawn_once() -> None:
    assert parse_map({"collections": "a,b,a"}).layers == ("a", "b")


def test_a_scale_may_be_written_as_printed() -> None:
    assert parse_map(LAYERS | {"scale": "1:10,000"}).scale == 10_000

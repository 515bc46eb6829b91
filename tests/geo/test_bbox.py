import pytest

from geo.bbox import Bbox, parse_bbox
from geo.errors import InvalidBbox


def test_four_numbers_are_west_south_east_north() -> None:
    assert parse_bbox("113.1, 23,113.3,23.2") == Bbox(113.1, 23, 113.3, 23.2)


def test_heights_of_six_numbers_are_ignored() -> None:
    assert parse_bbox("113,23,-5,114,24,500") == Bbox(113, 23, 114, 24)


def test_a_point_is_a_box_too() -> None:
    assert parse_bbox("113,23,113,23").polygon().bounds == (113, 23, 113, 23)


def test_latitude_stands_first_where_the_crs_says_so() -> None:
    assert parse_bbox("23,113,24,114", "EPSG:4490") == Bbox(113, 23, 114, 24)


def test_a_plane_box_covers_its_bent_edges() -> None:
    box = parse_bbox("2558680,422583,2559680,423583", "EPSG:4547")
    assert box == pytest.approx((113.24419, 23.12589, 113.25402, 23.13497), abs=1e-4)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a list of numbers"),
        ("a,b,c,d", "not a list of numbers"),
        ("1_1,2,30,4", "not a list of numbers"),
        ("１１,2,30,4", "not a list of numbers"),
        ("1,2,3", "has 3 numbers"),
        ("1,2,3,4,5", "has 5 numbers"),
        ("nan,2,3,4", "not finite"),
        ("1,2,inf,4", "not finite"),
        ("113,24,114,23", "upside down"),
        ("114,23,113,24", "antimeridian"),
        ("23,113,24,114", "swapped"),
        ("-181,0,0,1", "out of range"),
    ],
)
def test_a_bad_box_is_refused_with_its_reason(text: str, says: str) -> None:
    with pytest.raises(InvalidBbox, match=says) as caught:
        parse_bbox(text)
    assert caught.value.extra == {"parameter": "bbox"}


def test_a_box_outside_its_plane_is_refused() -> None:
    with pytest.raises(InvalidBbox):
        parse_bbox("1e12,1e12,1e13,1e13", "EPSG:4547")


@pytest.mark.parametrize("text", ["-1e264,6e-5,5e16,1e308", "0,0,1e308,1"])
def test_a_box_beyond_the_earth_is_refused(text: str) -> None:
    with pytest.raises(InvalidBbox, match="out of range"):
        parse_bbox(text, "EPSG:3857")


@pytest.mark.parametrize(
    ("text", "kind"), [("1,2,1,2", "Point"), ("1,2,1,3", "LineString"),
                       ("1,2,3,2", "LineString"), ("1,2,3,4", "Polygon")],
)  # fmt: skip
def test_a_box_has_the_shape_of_what_it_covers(text: str, kind: str) -> None:
    assert parse_bbox(text).shape().geom_type == kind

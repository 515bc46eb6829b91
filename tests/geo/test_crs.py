import numpy as np
import pytest
import shapely

from geo.crs import (
    READABLE,
    SUPPORTED,
    from_crs84,
    parse_crs,
    project_xy,
    to_crs84,
    unproject_xy,
)
from geo.errors import InvalidGeometry, UnknownCrs

#: FACTS 4.4, checked against EPSG: E 422583.954, N 2558680.910 in EPSG:4547.
PLACE = np.array([shapely.Point(113.2442, 23.1259)], dtype=object)


@pytest.mark.parametrize(
    "name",
    [
        "4547",
        "EPSG:4547",
        "epsg:4547",
        "[EPSG:4547]",
        "http://www.opengis.net/def/crs/EPSG/0/4547",
        "http://www.opengis.net/def/crs/EPSG/9.9.1/4547",
        "urn:ogc:def:crs:EPSG::4547",
    ],
)
def test_a_crs_goes_by_many_names(name: str) -> None:
    assert parse_crs(name).epsg == 4547


@pytest.mark.parametrize("name", [SUPPORTED[0].uri, "CRS84", "OGC:CRS84"])
def test_crs84_is_longitude_first(name: str) -> None:
    crs = parse_crs(name)
    assert crs.is_crs84 and not crs.north_first


def test_epsg_4326_is_not_crs84() -> None:
    assert parse_crs("EPSG:4326").north_first


@pytest.mark.parametrize("name", ["", "EPSG:2435", "4547;drop", "WGS84", "EPSG:nan"])
def test_an_unknown_crs_is_refused_with_the_list(name: str) -> None:
    with pytest.raises(UnknownCrs, match="EPSG:4547"):
        parse_crs(name)


def test_files_may_come_in_every_cgcs2000_plane() -> None:
    assert parse_crs("EPSG:4546", among=READABLE).projected


def test_registered_axes_of_the_plane_are_north_then_east() -> None:
    moved = from_crs84(PLACE, parse_crs("4547"))
    assert shapely.get_coordinates(moved)[0] == pytest.approx([2558680.910, 422583.954])


def test_the_zone_prefix_stands_in_the_easting() -> None:
    moved = from_crs84(PLACE, parse_crs("4526"), axis="xy")
    assert shapely.get_x(moved)[0] == pytest.approx(38422583.954, abs=1e-3)


def test_the_project_plane_is_easting_then_northing() -> None:
    xy = shapely.get_coordinates(project_xy(PLACE))[0]
    assert xy == pytest.approx([422583.954, 2558680.910], abs=1e-3)


@pytest.mark.parametrize("crs", SUPPORTED, ids=lambda c: c.uri.rsplit("/", 1)[-1])
@pytest.mark.parametrize("axis", ["registered", "xy"])
def test_there_and_back_is_the_same_place(crs, axis) -> None:
    there = from_crs84(PLACE, crs, axis=axis)
    back = to_crs84(there, crs, axis=axis)
    assert shapely.get_coordinates(back) == pytest.approx(
        shapely.get_coordinates(PLACE), abs=1e-10
    )


def test_missing_and_empty_stay_as_they_are() -> None:
    geoms = np.array([None, shapely.Polygon()], dtype=object)
    moved = unproject_xy(project_xy(geoms))
    assert moved[0] is None and moved[1].is_empty


def test_heights_are_dropped() -> None:
    geoms = np.array([shapely.Point(113, 23, 9)], dtype=object)
    assert not shapely.has_z(to_crs84(geoms, SUPPORTED[0]))[0]


def test_a_position_outside_the_plane_is_named() -> None:
    geoms = np.array([shapely.Point(1e12, 1e12)], dtype=object)
    with pytest.raises(InvalidGeometry) as caught:
        to_crs84(geoms, parse_crs("4547"), axis="xy")
    assert caught.value.extra["place"] == [1e12, 1e12]


@pytest.mark.parametrize("code", [4547, 4526, 3857])
def test_a_plane_position_beyond_the_earth_is_none(code: int) -> None:
    far = np.array([shapely.Point(1e300, 2_500_000)], dtype=object)
    with pytest.raises(InvalidGeometry, match="1e\\+300"):
        to_crs84(far, parse_crs(f"EPSG:{code}"))

"""The first layers hold every fact that is known, within its tolerance.

Facts and relations, never coordinates: better positions must not break a test.
"""

from collections.abc import Callable

import pytest
import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from geo.frame import Frame
from layers.catalogue import Catalogue

Frames = Callable[[str], Frame]
Shapes = Callable[[str, str], BaseGeometry]
GRS80 = Geod(ellps="GRS80")
KM2 = 1e6
HA = 1e4


def area(shape: BaseGeometry) -> float:
    return float(abs(GRS80.geometry_area_perimeter(shape)[0]))


def length(shape: BaseGeometry) -> float:
    return float(GRS80.geometry_length(shape))


def test_the_district_is_the_public_boundary(shape_of: Shapes) -> None:
    assert area(shape_of("district", "dist-liwan")) == pytest.approx(
        62.81 * KM2, rel=1e-3
    )


@pytest.mark.parametrize(
    "id,km2,share",
    [("zone-belt-baietan", 36, 0.02), ("zone-hailong", 17, 0.05)],
)
def test_a_zone_has_its_published_area(
    shape_of: Shapes, id: str, km2: float, share: float
) -> None:
    assert area(shape_of("strategic-zones", id)) == pytest.approx(km2 * KM2, rel=share)


def test_the_zones_cover_the_district_and_nothing_else(
    frame: Frames, shape_of: Shapes
) -> None:
    whole = shapely.union_all(frame("strategic-zones").geometry)
    district = shape_of("district", "dist-liwan")
    assert area(whole.symmetric_difference(district)) < 1.0


def test_belt_and_lingnan_share_exactly_one_group(shape_of: Shapes) -> None:
    belt = shape_of("strategic-zones", "zone-belt-baietan")
    core = shape_of("strategic-zones", "zone-lingnan-core")
    group = shape_of("functional-groups", "grp-ruyifang-shamian")
    assert area(shapely.intersection(belt, core).symmetric_difference(group)) < 1.0


@pytest.mark.parametrize("other", ["zone-belt-baietan", "zone-lingnan-core"])
def test_hailong_shares_no_ground_with_the_other_zones(
    shape_of: Shapes, other: str
) -> None:
    hailong = shape_of("strategic-zones", "zone-hailong")
    assert area(hailong.intersection(shape_of("strategic-zones", other))) < 1.0


def test_twelve_groups_tile_the_belt_with_shared_edges(
    frame: Frames, shape_of: Shapes
) -> None:
    groups = frame("functional-groups").geometry
    belt = shape_of("strategic-zones", "zone-belt-baietan")
    assert len(groups) == 12
    assert shapely.coverage_is_valid(groups)
    assert shapely.coverage_union_all(groups).equals(belt)


@pytest.mark.parametrize(
    "id", ["grp-core", "grp-ruyifang-shamian", "grp-datansha", "grp-guangfo-trade"]
)
def test_groups_north_of_hualei_road_lie_north_of_the_southern_ones(
    shape_of: Shapes, id: str
) -> None:
    north = shape_of("functional-groups", id)
    julong = shape_of("functional-groups", "grp-julong")
    assert north.representative_point().y > julong.representative_point().y


def test_seven_groups_lie_wholly_south_of_hualei_road(
    frame: Frames, shape_of: Shapes
) -> None:
    road = shape_of("functional-groups", "grp-julong").bounds[3]
    tops = shapely.bounds(frame("functional-groups").geometry)[:, 3]
    assert int((tops <= road + 1e-9).sum()) == 7


def test_julongwan_has_about_its_area(shape_of: Shapes) -> None:
    made = area(shape_of("functional-groups", "grp-julong"))
    assert 1.6 * KM2 * 0.95 < made < 1.73 * KM2 * 1.05


def test_the_park_has_58_mu_within_a_square_metre(shape_of: Shapes) -> None:
    park = shape_of("industrial-parks", "park-58mu")
    assert area(park) == pytest.approx(58 * 2000 / 3, abs=1.0)


def test_the_park_lies_in_hailong(shape_of: Shapes) -> None:
    park = shape_of("industrial-parks", "park-58mu")
    assert shape_of("strategic-zones", "zone-hailong").contains(park)


@pytest.mark.parametrize(
    "id,hectares",
    [("vil-04-chajiao", 58), ("vil-06-hedong", 22.02), ("vil-17-shancun", 106.99)],
)
def test_a_village_has_its_published_area(
    shape_of: Shapes, id: str, hectares: float
) -> None:
    assert area(shape_of("old-villages", id)) == pytest.approx(hectares * HA, rel=1e-4)


def test_the_three_island_villages_have_their_area_together(
    shape_of: Shapes,
) -> None:
    ids = ("vil-01-xijiao", "vil-02-hesha", "vil-03-tanwei")
    villages = [shape_of("old-villages", id) for id in ids]
    island = shape_of("functional-groups", "grp-datansha")
    assert sum(map(area, villages)) == pytest.approx(239.31 * HA, rel=1e-4)
    assert all(island.covers(village) for village in villages)


def test_twenty_villages_lie_in_the_district_apart_from_each_other(
    frame: Frames, shape_of: Shapes
) -> None:
    villages = frame("old-villages").geometry
    assert len(villages) == 20
    assert (
        shape_of("district", "dist-liwan")
        .buffer(1e-9)
        .covers(shapely.union_all(villages))
    )
    assert area(shapely.union_all(villages)) == pytest.approx(
        sum(map(area, villages)), abs=5.0
    )


@pytest.mark.parametrize(
    "line,stations",
    [
        ("met-1", ["西塱", "坑口", "花地湾", "芳村", "黄沙", "长寿路", "陈家祠"]),
        ("met-6", ["河沙", "坦尾", "如意坊", "黄沙", "文化公园"]),
        (
            "met-11",
            ["中山八", "如意坊", "石围塘", "芳村", "大冲口", "沙涌", "鹤洞东"],
        ),
        ("met-10", ["西塱", "花围", "东沙"]),
        ("met-gf", ["龙溪", "菊树", "西塱"]),
    ],
)
def test_a_line_runs_through_its_stations_in_order(
    frame: Frames, shape_of: Shapes, line: str, stations: list[str]
) -> None:
    route, stops = shape_of("metro-lines", line), frame("metro-stations")
    names = stops.columns["name_zh"].tolist()
    points = [stops.geometry[names.index(f"{name}站")] for name in stations]
    along = [route.project(point) for point in points]
    assert max(route.distance(point) for point in points) < 1e-7
    assert along == sorted(along) or along == sorted(along, reverse=True)


def test_line_13_in_the_west_is_not_called_open(frame: Frames) -> None:
    lines = frame("metro-lines")
    status = dict(zip(lines.ids, lines.columns["status"], strict=True))
    assert status["met-13"] == "under_construction"


@pytest.mark.parametrize(
    "layer", ["strategic-zones", "functional-groups", "old-villages"]
)
def test_no_built_outline_claims_more_than_to_be_indicative(
    frame: Frames, layer: str
) -> None:
    assert set(frame(layer).columns["evidence"]) == {"indicative"}


def test_what_a_document_files_under_a_group_lies_in_that_group(
    catalogue: Catalogue, frame: Frames, shape_of: Shapes
) -> None:
    for layer in catalogue:
        features = frame(layer.id)
        parents = features.columns.get("parent", ())
        for shape, parent in zip(features.geometry, parents, strict=False):
            if shape is not None and (parent or "").startswith("grp-"):
                group = shape_of("functional-groups", parent)
                assert group.buffer(1e-6).covers(shape), parent


def test_hailong_and_belt_meet_along_the_huadi_river(shape_of: Shapes) -> None:
    hailong = shape_of("strategic-zones", "zone-hailong")
    belt = shape_of("strategic-zones", "zone-belt-baietan")
    river = shape_of("rivers", "water-huadi")
    shared = shapely.intersection(hailong, belt)
    assert length(shapely.intersection(shared, river.buffer(1e-6))) > 5_000

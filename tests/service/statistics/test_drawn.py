import numpy as np
import pytest
import shapely

from geo.errors import InvalidGeometry
from service.errors import TooLarge
from service.statistics import drawn
from service.statistics.drawn import drawn_statistics, shape_of
from tests.geo.shapes import on_plane, square
from tests.service.statistics.readings import reading

SQUARE = [[113, 23], [113.01, 23], [113.01, 23.01], [113, 23.01], [113, 23]]


def _polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


POINT = {"type": "Point", "coordinates": [113, 23]}


def _collection(*parts):
    return {"type": "GeometryCollection", "geometries": list(parts)}


def test_a_collection_of_one_kind_is_the_multiple_shape_it_means() -> None:
    shape = shape_of(_collection(_collection(_polygon(SQUARE)), _collection()))
    assert shape.geom_type == "MultiPolygon"
    features = [{"type": "Feature", "properties": {}, "geometry": POINT}]
    collection = {"type": "FeatureCollection", "features": features}
    assert shape_of(collection).geom_type == "MultiPoint"


def test_the_name_of_degrees_is_no_other_system() -> None:
    name = "urn:ogc:def:crs:OGC:1.3:CRS84"
    crs = {"type": "name", "properties": {"name": name}}
    assert shape_of({**POINT, "crs": crs}).geom_type == "Point"


def test_a_feature_is_read_as_its_geometry() -> None:
    feature = {"type": "Feature", "geometry": _polygon(SQUARE), "properties": {}}
    assert shape_of(feature).equals(shape_of(_polygon(SQUARE)))


def test_heights_are_dropped() -> None:
    shape = shape_of({"type": "Point", "coordinates": [113, 23, 12]})
    assert not shape.has_z


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (None, "needs 'geometry'"),
        ([], "needs 'geometry'"),
        ({"type": "Circle"}, "cannot|can be read"),
        (_polygon([[1, 2], [3, 4]]), "can be read"),
        (_polygon(), "empty"),
        ({"type": "Point", "coordinates": [1e400, 2]}, "can be read"),
        (_polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]), "self-intersection at"),
        (_polygon([p[::-1] for p in SQUARE]), "wrong order"),
        ({"type": "Point", "coordinates": [422583, 2558680]}, "plane coordinates"),
        ({"type": "LineString", "coordinates": [[80, 20], [120, 40]]}, "40 by 20"),
        (_polygon([[113, 23]] * 4), "too few different points"),
        (_polygon([[113, 23], [113.1, 23], [113.2, 23], [113, 23]]), "no area"),
        ({"type": "LineString", "coordinates": [[113, 23]] * 2}, "too few different"),
        ({**_polygon(SQUARE), "crs": {"properties": {"name": "EPSG:4547"}}}, "system"),
        (_collection(_polygon(SQUARE), POINT), "mixes"),
        (_collection(_polygon(SQUARE), _polygon(SQUARE)), "not valid"),
    ],
)
def test_a_bad_shape_is_refused_with_its_reason(given, says: str) -> None:
    with pytest.raises(InvalidGeometry, match=says) as caught:
        shape_of(given)
    assert caught.value.extra["parameter"] == "geometry"


def test_the_place_of_a_crossing_is_given() -> None:
    with pytest.raises(InvalidGeometry) as caught:
        shape_of(_polygon([[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]))
    assert caught.value.extra["place"] == [0.5, 0.5]


def test_a_shape_of_a_million_vertices_is_too_large() -> None:
    ring = np.c_[np.cos(np.linspace(0, 6.28, 1_000_002)), np.zeros(1_000_002)]
    with pytest.raises(TooLarge, match="Simplify"):
        shape_of({"type": "LineString", "coordinates": ring.tolist()})


def test_vertices_are_counted_before_a_shape_is_made(monkeypatch) -> None:
    monkeypatch.setattr(drawn, "_parsed", lambda given: pytest.fail("made"))
    monkeypatch.setattr(drawn, "MAX_VERTICES", 8)
    with pytest.raises(TooLarge, match="10 vertices"):
        shape_of({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]})


def _drawn(shape, *layers):
    return drawn_statistics(on_plane(shape)[0], layers, basis="plane")


def test_a_shape_is_told_what_it_covers_of_each_layer() -> None:
    groups = reading("functional-groups", square(100), square(100, 100, 0))
    answer = _drawn(square(100, 50, 0), groups)["layers"]["functional-groups"]
    assert [f["id"] for f in answer["features"]] == ["a", "b"]
    assert [f["share_of_feature"] for f in answer["features"]] == pytest.approx(
        [0.5, 0.5]
    )
    assert answer["covered_m2"] == pytest.approx(10_000, abs=1e-4)
    assert abs(answer["residual_m2"]) < 1e-4


def test_a_drawn_line_has_lengths() -> None:
    line = shapely.LineString([(0, 50), (300, 50)])
    answer = _drawn(line, reading("functional-groups", square(100)))
    (feature,) = answer["layers"]["functional-groups"]["features"]
    assert feature["length_m"] == pytest.approx(100, abs=1e-6)
    assert feature["share_of_geometry"] == pytest.approx(1 / 3)
    assert answer["layers"]["functional-groups"]["covered_m2"] is None


def test_a_shape_has_its_area_in_both_bases() -> None:
    geometry = _drawn(square(1000))["geometry"]
    assert geometry["area_m2"] == geometry["area_plane_m2"]
    assert geometry["area_ellipsoidal_m2"] < geometry["area_plane_m2"]


def test_a_layer_that_is_not_met_answers_empty() -> None:
    far = reading("functional-groups", square(100, 90_000, 0))
    answer = _drawn(square(100), far)["layers"]["functional-groups"]
    assert (answer["features"], answer["covered_m2"]) == ([], 0)
    assert answer["uncovered_m2"] == pytest.approx(10_000, abs=1e-4)

"""A plate answers as the version itself does."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from service import mapped
from service.statistics.drawn import drawn_statistics
from service.statistics.plate import Plate, laid_out
from tests.geo.shapes import on_plane, square
from tests.service.statistics.readings import reading, text


def plate_of(one, basis="ellipsoidal"):
    """The plate of a reading's version."""
    return Plate(one.layer, *laid_out(one.layer, one.snapshot, basis))


def _layers(rng):
    """Tiles, tiles that overlap, lines, points, and features without a geometry."""
    spots = rng.integers(-8, 8, (25, 2)) * 20.0
    tiles = [square(20, 20 * x, 20 * y) for x in range(-5, 0) for y in range(-5, 0)]
    overlapping = [square(30, x, y) for x, y in spots]
    lines = [shapely.LineString(rng.uniform(-150, 150, (3, 2))) for _ in range(8)]
    points = [shapely.Point(*spot) for spot in spots[:9]]
    marks = text(*rng.choice(["official", "indicative", None], 25))
    return [
        reading("functional-groups", *tiles, evidence=marks),
        reading("old-villages", *overlapping),
        reading("metro-lines", *lines),
        reading("metro-stations", *points),
        reading("platforms", located=np.array([None, None], dtype=object)),
        reading("industrial-parks", square(10, 90_000, 0)),
    ]


def _shape(rng):
    kind, corners = rng.integers(0, 4), rng.integers(-9, 9, (4, 2)) * 17.0
    if kind == 0:
        return shapely.LineString(corners)
    if kind == 1:
        return shapely.Point(*corners[0])
    return shapely.convex_hull(shapely.MultiPoint(corners)).buffer(float(kind - 1))


def _same(one, other, path=""):
    """Equal but for rounding, and slivers of a common border (1 cm² at most each)."""
    if isinstance(one, dict):
        assert list(one) == list(other), path
        for name in one:
            _same(one[name], other[name], f"{path}.{name}")
    elif isinstance(one, list):
        assert len(one) == len(other), path
        for n, (a, b) in enumerate(zip(one, other, strict=True)):
            _same(a, b, f"{path}.{n}")
    elif isinstance(one, float):
        assert one == pytest.approx(other, abs=2e-4, rel=1e-9), path
    else:
        assert one == other, path


@given(st.integers(0, 100_000), st.sampled_from(["ellipsoidal", "plane"]))
@settings(max_examples=40, deadline=None)
def test_a_plate_answers_as_the_version_itself_does(seed: int, basis) -> None:
    rng = np.random.default_rng(seed)
    layers, shape = _layers(rng), on_plane(_shape(rng))[0]
    plain = drawn_statistics(shape, layers, basis=basis)
    plated = [plate_of(one, basis) for one in layers]
    answer = drawn_statistics(shape, plated, basis=basis)
    for part in answer["layers"].values():
        assert abs(part["residual_m2"] or 0) < 1e-4
    for each in (plain, answer):
        for part in each["layers"].values():
            part.pop("touching")  # of what is not near, another number is touched
        each["left_out"] = []  # a plate counts only what is met
    _same(plain, answer)


def test_a_plate_comes_back_from_its_file(tmp_path) -> None:
    one = reading("old-villages", square(100), square(100, 50, 0))
    mapped.write(tmp_path / "a", *laid_out(one.layer, one.snapshot, "plane"))
    plate = Plate(one.layer, *mapped.read(tmp_path / "a"))
    shape = on_plane(square(80, 40, 0))[0]
    assert drawn_statistics(shape, [plate], basis="plane") == drawn_statistics(
        shape, [plate_of(one, "plane")], basis="plane"
    )


def test_features_on_two_continents_have_no_common_plate() -> None:
    far = np.array([shapely.Point(113, 23), shapely.Point(-67, -23)], dtype=object)
    assert plate_of(reading("metro-stations", located=far)).lost > 0


def test_the_largest_shares_are_listed_and_the_total_counts_all() -> None:
    sizes = (5, 50, 1, 20)
    squares = [square(s, 60 * n, 0) for n, s in enumerate(sizes)]
    one = reading("old-villages", *squares)
    shape = on_plane(square(1000))[0]
    for layer in (one, plate_of(one, "plane")):
        answer = drawn_statistics(shape, [layer], basis="plane", limit=2)
        part = answer["layers"]["old-villages"]
        assert [f["id"] for f in part["features"]] == ["b", "d"]
        assert part["total"]["features"] == 4
        assert part["total"]["area_m2"] == pytest.approx(25 + 2500 + 1 + 400, abs=1e-4)
        (left_out,) = answer["left_out"]
        assert left_out["count"] == 2
        assert "limit=2" in left_out["reason"]


def test_what_was_repaired_is_told() -> None:
    bowtie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    one = reading("old-villages", bowtie)
    shape = on_plane(square(1000, -500, -500))[0]
    for layer in (one, plate_of(one, "plane")):
        answer = drawn_statistics(shape, [layer], basis="plane")
        assert [note["code"] for note in answer["notes"]] == ["repaired"]


def test_a_parcel_without_a_name_goes_by_its_code_and_land_use() -> None:
    nameless = {"name_zh": text(None, None), "landuse_code": text("0701", None)}
    parcels = reading("parcels", square(10), square(10, 20, 0), **nameless)
    for one in (parcels, plate_of(parcels)):
        found = drawn_statistics(on_plane(square(50))[0], [one], basis="ellipsoidal")
        first, second = found["layers"]["parcels"]["features"]
        assert first["landuse_code"] == "0701" and "parcel_code" not in first
        assert "landuse_code" not in second

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import drawn
from geo import outline as outlines
from geo import patches as laid_side_by_side
from geo.drawn import Drawn
from geo.overlap import TOUCH, lay, measure
from geo.patches import Patches, along_curve, shared
from geo.surface import surface
from tests.geo.shapes import geoms, on_plane, square

PLANE = surface("plane", (113, 23))


def _star(rng, corners: int, x: float = 0, y: float = 0, size: float = 100):
    """A jagged ring with a hole around x, y."""
    t = np.sort(rng.uniform(0, 2 * np.pi, corners))
    along = np.column_stack([np.cos(t), np.sin(t)])
    shell = shapely.Polygon(along * size * rng.uniform(0.5, 1, (corners, 1)))
    inner = shapely.Polygon(along * size * rng.uniform(0.1, 0.4, (corners, 1)))
    found = shapely.make_valid(shell).difference(shapely.make_valid(inner))
    return shapely.transform(found, lambda xy: np.add(xy, (x, y)))


def _shape(rng):
    kind = rng.integers(0, 6)
    x, y = rng.integers(-3, 4, 2) * 10.0
    if kind == 0:  # along the edges of the tiles
        return shapely.box(x, y, x + 50, y + 40)
    if kind == 1:
        return shapely.LineString(rng.integers(-5, 6, (4, 2)) * 20.0)
    if kind == 2:
        return _spots(rng)
    if kind == 3:
        two = [_star(rng, 9, -120, 0), _star(rng, 40, 120, 0)]
        return shapely.MultiPolygon([p for s in two for p in _polygons(s)])
    return shapely.MultiPolygon(_polygons(_star(rng, int(rng.integers(4, 60)))))


def _spots(rng):
    """Points on the corners of the tiles, each once."""
    return shapely.MultiPoint(np.unique(rng.integers(-9, 9, (6, 2)), axis=0) * 10.0)


def _polygons(shape):
    return [p for p in shapely.get_parts(shape) if p.geom_type == "Polygon"]


def _features(rng):
    tiles = [square(10, 10 * x, 10 * y) for x in range(-9, 9) for y in range(-9, 9)]
    more = [
        _star(rng, 20, *rng.uniform(-80, 80, 2), size=40),
        shapely.box(-300, -300, 300, 300),
        shapely.LineString(rng.uniform(-100, 100, (3, 2))),
        _spots(rng),
        None,
    ]
    return [*tiles, *more]


@given(st.integers(0, 100_000), st.sampled_from(["plane", "ellipsoidal"]))
@settings(max_examples=60, deadline=None)
def test_patches_share_what_cutting_each_of_them_gives(seed: int, basis) -> None:
    rng = np.random.default_rng(seed)
    on = surface(basis, (113, 23))
    laid = lay(on, on_plane(*_features(rng)))
    laid = laid.take(along_curve(shapely.bounds(laid.geoms).T))
    shape = Drawn(on, on_plane(_shape(rng))[0])
    patches = Patches.of(laid)
    ((rows, amount),) = shared(shape, [patches])
    found = np.zeros(len(laid.geoms))
    found[rows] = amount
    lower = np.minimum(laid.dimension, shape.dimension)
    pieces = shapely.intersection(shape.flat, laid.geoms)
    assert found == pytest.approx(measure(on, pieces, lower), abs=1e-6)
    real = np.flatnonzero(found > TOUCH[lower])
    met = np.flatnonzero(shapely.intersects(shape.flat, laid.geoms))
    assert set(real) <= set(rows) <= set(met) | set(real)
    assert len(rows) == len(set(rows.tolist()))


@given(st.integers(0, 100_000))
@settings(max_examples=25, deadline=None)
def test_a_long_outline_is_cut_piece_by_piece_with_the_same_result(seed: int) -> None:
    rng = np.random.default_rng(seed)
    laid = lay(PLANE, on_plane(*_features(rng)))
    patches = Patches.of(laid)
    outline = shapely.segmentize(_star(rng, 50), 1.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawn, "MAX_VERTICES", 30)
        patch.setattr(drawn, "_STRIP_EDGES", 30)
        patch.setattr(drawn, "_PIECE", 30)
        for name, few in (("_RUNS", 6), ("_SPAN", 4), ("_MANY", seed % 9 + 2)):
            patch.setattr(outlines, name, few)
        shape = Drawn(PLANE, on_plane(outline)[0])
        ((rows, amount),) = shared(shape, [patches])
    found = np.zeros(len(laid.geoms))
    found[rows] = amount
    truth = measure(PLANE, shapely.intersection(shape.flat, laid.geoms), laid.dimension)
    assert found == pytest.approx(truth, abs=1e-6)


def test_many_rows_are_found_as_few_are() -> None:
    """More rows than the coarsest box holds, not a multiple of any level."""
    spots = np.random.default_rng(4).uniform(0, 1000, (5_003, 2))
    laid = lay(PLANE, on_plane(*(square(2, x, y) for x, y in spots)))
    laid = laid.take(along_curve(shapely.bounds(laid.geoms).T))
    shape = Drawn(PLANE, on_plane(shapely.Point(400, 500).buffer(300))[0])
    patches = Patches.of(laid)
    ((_, amount),) = shared(shape, [patches])
    truth = shapely.area(shapely.intersection(shape.flat, laid.geoms))
    assert amount.sum() == pytest.approx(truth.sum(), abs=1e-5)


def test_an_outline_of_many_edges_is_asked_in_runs() -> None:
    laid = lay(PLANE, on_plane(*(square(50, 50 * n, 0) for n in range(40))))
    patches = Patches.of(laid)
    shape = Drawn(PLANE, on_plane(shapely.Point(900, 0).buffer(700, 5_000))[0])
    assert shape.outline.runs < len(shape.outline.after)
    ((_, amount),) = shared(shape, [patches])
    truth = shapely.area(shapely.intersection(shape.flat, laid.geoms))
    assert amount.sum() == pytest.approx(truth.sum(), abs=1e-6)


@given(st.integers(0, 100_000))
@settings(max_examples=20, deadline=None)
def test_boxes_are_found_one_by_one_and_through_coarser_ones_alike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    laid = lay(PLANE, on_plane(*_features(rng)))
    laid = laid.take(along_curve(shapely.bounds(laid.geoms).T))
    drawn_shape, found = on_plane(_shape(rng))[0], []
    for way in ({}, {"_AT_ONCE": 1}, {"_SMALL": 0}):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in way.items():
                patch.setattr(laid_side_by_side, name, value)
            shape = Drawn(PLANE, drawn_shape)
            ((rows, amount),) = shared(shape, [Patches.of(laid)])
        order = np.argsort(rows)
        found.append((rows[order].tolist(), amount[order].tolist()))
    assert found[0] == found[1] == found[2]


def test_what_has_no_place_is_met_by_nothing() -> None:
    """Missing ones stand in boxes of others that lie wholly inside."""
    shapes = [square(1, x % 40, x // 40) for x in range(900)]
    laid = lay(PLANE, on_plane(*shapes[:450], *[None] * 62, *shapes[450:]))
    shape = Drawn(PLANE, on_plane(square(500, -100, -100))[0])
    for small in (0, 4096):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(laid_side_by_side, "_SMALL", small)
            patch.setattr(laid_side_by_side, "_AT_ONCE", 5)
            ((rows, _),) = shared(shape, [Patches.of(laid)])
        assert len(rows) == 900


def test_nothing_meets_nothing() -> None:
    shape = Drawn(PLANE, on_plane(square(10))[0])
    for none in (geoms(), geoms(None)):
        patches = Patches.of(lay(PLANE, none))
        ((rows, _),) = shared(shape, [patches])
        assert len(rows) == 0
    assert shared(shape, []) == []

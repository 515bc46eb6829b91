"""Cutting rings and lines along a square, held against GEOS."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.clip import clip_lines, clip_rings
from geo.paths import areas
from geo.ragged import offsets_of

LOW, HIGH = 0.0, 10.0
SQUARE = shapely.box(LOW, LOW, HIGH, HIGH)

coordinate = st.floats(-8, 18, allow_nan=False).map(lambda v: round(v, 3))
stars = st.tuples(
    coordinate,
    coordinate,
    st.lists(st.floats(0.5, 12), min_size=3, max_size=12),
)
routes = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=8)


def star(x: float, y: float, radii: list[float]) -> np.ndarray:
    """A ring around a point, seldom convex."""
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    return np.array([x, y])[:, None] + np.array([np.cos(turn), np.sin(turn)]) * radii


def flat(paths: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.array([path.shape[1] for path in paths], dtype=np.int64)
    return np.concatenate(paths, axis=1), offsets_of(lengths)


@given(st.lists(stars, min_size=1, max_size=5))
def test_the_cut_rings_have_the_area_that_geos_finds(shapes: list) -> None:
    rings = [star(*shape) for shape in shapes]
    xy, start = clip_rings(*flat(rings), LOW, HIGH)
    for n, ring in enumerate(rings):
        expected = shapely.Polygon(ring.T).intersection(SQUARE).area
        part = xy[:, start[n] : start[n + 1]]
        area = areas(part, np.array([0, part.shape[1]]))[0] / 2 if part.size else 0
        assert area == pytest.approx(expected, abs=1e-6)


@given(st.lists(stars, min_size=1, max_size=5))
def test_no_point_of_a_cut_ring_is_outside(shapes: list) -> None:
    xy, _ = clip_rings(*flat([star(*shape) for shape in shapes]), LOW, HIGH)
    assert ((xy > LOW - 1e-9) & (xy < HIGH + 1e-9)).all()


@given(st.lists(routes, min_size=1, max_size=4))
def test_the_cut_lines_have_the_length_that_geos_finds(shapes: list) -> None:
    lines = [np.array(shape).T for shape in shapes]
    xy, start, line = clip_lines(*flat(lines), LOW, HIGH)
    lengths = np.zeros(len(lines))
    for n, of in enumerate(line):
        part = xy[:, start[n] : start[n + 1]]
        lengths[of] += np.hypot(*np.diff(part, axis=1)).sum()
    for n, path in enumerate(lines):
        # Segment by segment, because GEOS counts a stretch gone over twice once.
        legs = zip(path.T[:-1], path.T[1:], strict=True)
        expected = sum(
            shapely.LineString(leg).intersection(SQUARE).length for leg in legs
        )
        assert lengths[n] == pytest.approx(expected, abs=1e-6)


def test_a_line_that_leaves_and_comes_back_falls_into_two_pieces() -> None:
    path = np.array([[1.0, 12.0, 12.0, 1.0], [1.0, 1.0, 9.0, 9.0]])
    _, start, line = clip_lines(*flat([path]), LOW, HIGH)
    assert line.tolist() == [0, 0]
    assert np.diff(start).tolist() == [2, 2]


def test_a_line_wholly_inside_stays_one_piece_with_its_points() -> None:
    path = np.array([[1.0, 2.0, 3.0], [1.0, 5.0, 9.0]])
    xy, start, _ = clip_lines(*flat([path]), LOW, HIGH)
    assert xy.tolist() == path.tolist()
    assert start.tolist() == [0, 3]


def test_rings_outside_come_back_empty_and_in_their_places() -> None:
    rings = [star(x, 5.0, [1.0, 1.0, 1.0, 1.0]) for x in (-5.0, 5.0, 15.0)]
    _, start = clip_rings(*flat(rings), LOW, HIGH)
    assert np.diff(start).tolist() == [0, 4, 0]


def test_nothing_cut_is_nothing() -> None:
    empty = np.empty((2, 0)), np.array([0])
    assert clip_rings(*empty, LOW, HIGH)[0].shape == (2, 0)
    assert clip_lines(*empty, LOW, HIGH)[0].shape == (2, 0)

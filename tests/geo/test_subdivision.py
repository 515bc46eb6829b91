import numpy as np
import pytest
import shapely
import shapely.errors
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import subdivision
from geo.subdivision import subdivided
from tests.geo.shapes import geoms, square


def _star(seed: int, corners: int = 300, *, hole: bool = True):
    """A jagged ring around 0, 0 with a jagged hole."""
    rng = np.random.default_rng(seed)
    t = np.sort(rng.uniform(0, 2 * np.pi, corners))
    along = np.column_stack([np.cos(t), np.sin(t)])
    shell = shapely.Polygon(along * rng.uniform(60, 100, (corners, 1)))
    inner = shapely.Polygon(along * rng.uniform(20, 50, (corners, 1)))
    return shapely.make_valid(shell.difference(inner.buffer(0)) if hole else shell)


@given(st.integers(0, 10_000), st.sampled_from([8, 32, 100]))
@settings(max_examples=30, deadline=None)
def test_pieces_are_disjoint_and_together_the_whole(seed: int, most: int) -> None:
    star = _star(seed)
    pieces, rows = subdivided(geoms(star), max_vertices=most)
    assert shapely.area(pieces).sum() == pytest.approx(star.area, rel=1e-9)
    assert shapely.union_all(pieces).area == pytest.approx(star.area, rel=1e-9)
    assert shapely.is_valid(pieces).all()
    assert (shapely.get_num_coordinates(pieces) <= most).all()
    assert not rows.any()


def test_every_piece_knows_its_row() -> None:
    two = geoms(_star(1), None, square(10, 500, 500), shapely.Point(0, 0))
    pieces, rows = subdivided(two, max_vertices=50)
    assert sorted(set(rows.tolist())) == [0, 2]
    assert (np.diff(rows) >= 0).all()
    assert pieces[rows == 2].tolist() == [two[2]]


def test_nothing_gives_no_pieces() -> None:
    pieces, rows = subdivided(geoms())
    assert (len(pieces), len(rows)) == (0, 0)


def test_a_cut_that_goes_wrong_is_made_the_slow_way(monkeypatch) -> None:
    def refuse(*_):
        raise shapely.errors.GEOSException("no")

    monkeypatch.setattr(subdivision.shapely, "clip_by_rect", refuse)
    star = _star(3)
    pieces, _ = subdivided(geoms(star), max_vertices=60)
    assert shapely.area(pieces).sum() == pytest.approx(star.area, rel=1e-9)
    assert len(pieces) > 5

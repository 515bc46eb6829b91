from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely

from geo.overlap import lay
from geo.surface import surface
from tests.geo.shapes import square
from tests.service.statistics.readings import reading

ON = surface("ellipsoidal", (113, 23))


def row_of_squares(count=6):
    """Squares 300 m apart, each a little larger than the one before."""
    return reading("parcels", *(square(50 + n, 300 * n) for n in range(count)))


def test_rows_laid_piece_by_piece_are_as_if_laid_together() -> None:
    given = row_of_squares()
    given.narrowed([1, 4]).laid(ON)
    laid, whole = given.laid(ON), lay(ON, given.geometry)
    assert laid.amount.tolist() == whole.amount.tolist()
    assert laid.dimension.tolist() == whole.dimension.tolist()
    assert shapely.equals_exact(laid.geoms, whole.geoms).all()


def test_a_row_laid_once_stays_the_same_geometry() -> None:
    given = row_of_squares()
    first = given.narrowed([2]).laid(ON).geoms[0]
    assert given.laid(ON).geoms[2] is first
    assert given.narrowed([2, 3]).laid(ON).geoms[0] is first


def test_a_row_without_a_geometry_stays_without() -> None:
    given = reading("parcels", located=np.array([None], dtype=object))
    assert given.laid(ON).dimension.tolist() == [-1]


def test_several_may_lay_at_once() -> None:
    given = row_of_squares()
    parts = [given.narrowed([n, n + 1]) for n in range(5)] * 20
    with ThreadPoolExecutor(4) as pool:
        laid = list(pool.map(lambda part: part.laid(ON), parts))
    whole = given.laid(ON)
    assert all(each.geoms[0] is whole.geoms[n % 5] for n, each in enumerate(laid))


def test_near_keeps_to_the_rows_read() -> None:
    given = row_of_squares()
    assert given.near(given.narrowed([0]).extent).rows.tolist() == [0]
    assert given.narrowed([1, 5]).near(given.narrowed([1, 2]).extent).rows.tolist() == [
        1
    ]

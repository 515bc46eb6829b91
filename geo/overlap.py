"""Which features meet, what they share, and what is left over.

Everything here works on laid geometries (see ``geo.surface``): pieces are cut and
measured on the surface where the edges of the basis are straight, so that the parts of
a whole sum to the whole. What two features share has the lower of their dimensions:
m² for areas, metres where a line takes part, a count where points do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray
from geo.parts import Rows, points_of, sum_by_row
from geo.surface import Surface
from geo.threads import THREADS, threaded
from geo.union import union as union_of

BoolArray = NDArray[np.bool_]
Dimensions = NDArray[np.signedinteger[Any]]

AREA, LENGTH, COUNT = 2, 1, 0
#: A square centimetre, a tenth of a millimetre: shared amounts up to this are what
#: rounding makes of a common border. By dimension: count, length, area.
TOUCH = np.array([0.0, 1e-4, 1e-4])
#: Fewer geometries are laid before threads have begun.
_MANY = 5_000


@dataclass(frozen=True, slots=True)
class Laid:
    """Geometries on a surface, valid. ``dimension`` is AREA, LENGTH or COUNT (-1 where
    missing), ``amount`` the measure of each in its own dimension (m², m, number of
    points; 0 where missing); ``repaired`` rows were invalid as given."""

    surface: Surface
    geoms: ObjectArray
    dimension: Dimensions
    amount: FloatArray
    repaired: BoolArray

    def take(self, rows: NDArray[Any]) -> Laid:
        """Chosen rows."""
        return Laid(
            self.surface,
            self.geoms[rows],
            self.dimension[rows],
            self.amount[rows],
            self.repaired[rows],
        )


@dataclass(frozen=True, slots=True)
class Pairs:
    """What rows of A and rows of B share, pair by pair, ordered by A then B.

    dimension: AREA, LENGTH or COUNT. amount: m², m or a number of points.
    piece: the shared geometry on the surface. touching: pairs that share no more than
    ``TOUCH``, which are not listed; touching_m2 is what they share together.
    """

    a: Rows
    b: Rows
    dimension: Dimensions
    amount: FloatArray
    piece: ObjectArray
    touching: int
    touching_m2: float

    def __len__(self) -> int:
        return len(self.a)

    def take(self, keep: NDArray[Any]) -> Pairs:
        """Chosen pairs."""
        return Pairs(
            self.a[keep],
            self.b[keep],
            self.dimension[keep],
            self.amount[keep],
            self.piece[keep],
            self.touching,
            self.touching_m2,
        )


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the pieces cover each row of A, in the measure of A's own dimension.

    whole = covered + uncovered + residual, where all three are measured on their own:
    the residual proves the sum. covered = (sum of the pieces) - double.
    """

    whole: FloatArray
    covered: FloatArray
    uncovered: FloatArray
    double: FloatArray
    left: ObjectArray

    @property
    def residual(self) -> FloatArray:
        """What the parts miss of the whole; rounding only."""
        return self.whole - self.covered - self.uncovered


def lay(surface: Surface, geoms: ObjectArray, *, threads: int = THREADS) -> Laid:
    """CRS84 geometries on a surface, made valid there (structure kept, nothing
    collapsed). Missing and out-of-reach geometries are None."""

    def some(rows: Rows) -> Laid:
        return _lay(surface, geoms[rows])

    many = threads if len(geoms) > _MANY else 1
    parts: list[Laid] = list(threaded(some, np.arange(len(geoms)), many))
    if len(parts) == 1:
        return parts[0]
    return Laid(
        surface,
        np.concatenate([part.geoms for part in parts]),
        np.concatenate([part.dimension for part in parts]),
        np.concatenate([part.amount for part in parts]),
        np.concatenate([part.repaired for part in parts]),
    )


def _lay(surface: Surface, geoms: ObjectArray) -> Laid:
    flat = surface.lay(geoms)
    broken = ~(shapely.is_valid(flat) | shapely.is_missing(flat))
    if broken.any():
        flat = flat.copy()
        flat[broken] = shapely.make_valid(
            flat[broken], method="structure", keep_collapsed=False
        )
    dimension = shapely.get_dimensions(flat)
    amount = measure(surface, flat, dimension)
    return Laid(surface, flat, dimension, amount, broken)


def areas(surface: Surface, flat: ObjectArray) -> Laid:
    """Valid polygons that lie on the surface already."""
    dimension = np.full(len(flat), AREA)
    broken = np.zeros(len(flat), dtype=bool)
    return Laid(surface, flat, dimension, surface.area(flat), broken)


def measure(surface: Surface, flat: ObjectArray, dimension: Dimensions) -> FloatArray:
    """m², m or number of points of laid geometries, by the dimension given; 0 where
    missing."""
    amount = np.zeros(len(flat))
    for kind, of in (
        (AREA, surface.area),
        (LENGTH, surface.length),
        (COUNT, _point_count),
    ):
        rows = dimension == kind
        if rows.any():
            amount[rows] = np.nan_to_num(of(flat[rows]))
    return amount


def overlaps(a: Laid, b: Laid, *, threads: int = THREADS) -> Pairs:
    """Every pair of A and B that shares something, and what.

    The side with fewer features is prepared: what it wholly covers is not cut, and the
    rest is cut in threads (shapely releases the GIL).
    """
    if len(b.geoms) <= len(a.geoms):
        rows_b, rows_a, piece, cut = _pieces(b.geoms, a.geoms, threads)
        amount = a.amount[rows_a]
    else:
        rows_a, rows_b, piece, cut = _pieces(a.geoms, b.geoms, threads)
        amount = b.amount[rows_b]
    dimension = np.minimum(a.dimension[rows_a], b.dimension[rows_b])
    amount[cut] = measured(a.surface, piece[cut], dimension[cut], threads)
    return paired(rows_a, rows_b, dimension, amount, piece)


def paired(
    rows_a: Rows,
    rows_b: Rows,
    dimension: Dimensions,
    amount: FloatArray,
    piece: ObjectArray,
) -> Pairs:
    """In order, without those that only touch."""
    real = amount > TOUCH[dimension]
    order = np.flatnonzero(real)[np.lexsort((rows_b[real], rows_a[real]))]
    return Pairs(
        rows_a[order],
        rows_b[order],
        dimension[order],
        amount[order],
        piece[order],
        touching=int(len(real) - real.sum()),
        touching_m2=float(amount[~real & (dimension == AREA)].sum()),
    )


def coverage(
    a: Laid, pairs: Pairs, b: Laid | None = None, *, threads: int = THREADS
) -> Coverage:
    """How the pieces of pairs cover A. Pieces of a lower dimension than their row of A
    (a line in an area) cover nothing of it. ``b``: the other side, if A has lines."""
    dimension = a.dimension
    same = pairs.dimension == dimension[pairs.a]
    rows, pieces, amounts = pairs.a[same], pairs.piece[same], pairs.amount[same]
    union = unions(a, rows, pieces, amounts, threads)
    covered = measure(a.surface, union, dimension)
    left = _difference(a.geoms, union, threads)
    if b is not None:
        covered = _cover_lines(a, b, pairs.take(same), covered, left)
    uncovered = measure(a.surface, left, dimension)
    double = np.maximum(sum_by_row(rows, amounts, len(a.geoms)) - covered, 0)
    return Coverage(a.amount, covered, uncovered, double, left)


def _cover_lines(
    a: Laid, b: Laid, pairs: Pairs, covered: FloatArray, left: ObjectArray
) -> FloatArray:
    """The lines of A anew, by what meets each of them together. Pieces of a line end
    beside it, by a rounding: two of them on one stretch would not be told to be one,
    and would not be taken off the line."""
    lines = np.unique(pairs.a[a.dimension[pairs.a] == LENGTH])
    ends = np.searchsorted(pairs.a, [lines, lines + 1]).T.tolist()
    covered = covered.copy()
    for row, (first, end) in zip(lines.tolist(), ends, strict=True):
        met = shapely.union_all(b.geoms[pairs.b[first:end]])
        both = shapely.intersection(a.geoms[row], met)
        left[row] = shapely.difference(a.geoms[row], met)
        covered[row] = a.surface.length(np.array([both], dtype=object))[0]
    return covered


def mean_width(surface: Surface, flat: ObjectArray) -> FloatArray:
    """Mean widths in metres of laid polygons: twice the area over the perimeter, which
    is the width itself of a long thin strip. NaN where there is no area."""
    perimeter = shapely.length(flat)
    with np.errstate(invalid="ignore", divide="ignore"):
        width: FloatArray = 2 * surface.area(flat) / perimeter
    return width


def _point_count(flat: ObjectArray) -> FloatArray:
    points, rows = points_of(flat)
    return sum_by_row(rows, 1.0 - shapely.is_empty(points), len(flat))


def _pieces(
    few: ObjectArray, many: ObjectArray, threads: int
) -> tuple[Rows, Rows, ObjectArray, Rows]:
    """Rows of ``few`` and ``many`` that meet, what they share, and which of these had
    to be cut (the others are whole geometries of ``many``)."""
    tree = shapely.STRtree(many)
    # Prepared geometries are not safe between threads nor requests: own copies, and
    # each in one chunk only.
    own = shapely.force_2d(few)
    shapely.prepare(own)

    def meet(rows: Rows) -> tuple[Rows, Rows, BoolArray]:
        index, other = tree.query(own[rows])
        mine = rows[index]
        within = shapely.contains_properly(own[mine], many[other])
        kept = within.copy()
        kept[~within] = shapely.intersects(own[mine[~within]], many[other[~within]])
        return mine[kept], other[kept], within[kept]

    found = list(threaded(meet, np.arange(len(few)), threads))
    rows_few = np.concatenate([f[0] for f in found])
    rows_many = np.concatenate([f[1] for f in found])
    within = np.concatenate([f[2] for f in found])
    piece = many[rows_many]
    cut = np.flatnonzero(~within)

    def shared(rows: Rows) -> ObjectArray:
        both: ObjectArray = shapely.intersection(
            few[rows_few[rows]], many[rows_many[rows]]
        )
        return both

    if len(cut):
        piece[cut] = np.concatenate(list(threaded(shared, cut, threads)))
    return rows_few, rows_many, piece, cut


def measured(
    surface: Surface, piece: ObjectArray, dimension: Dimensions, threads: int
) -> FloatArray:
    """As ``measure``, in threads."""

    def one(rows: Rows) -> FloatArray:
        return measure(surface, piece[rows], dimension[rows])

    parts = list(threaded(one, np.arange(len(piece)), threads))
    return np.concatenate(parts)


def unions(
    a: Laid, rows: Rows, pieces: ObjectArray, amounts: FloatArray, threads: int
) -> ObjectArray:
    """Per row of A the union of its pieces, whose amounts are known; None where there
    are none. ``rows`` is ascending."""
    union = np.full(len(a.geoms), None, dtype=object)
    present, first, size = np.unique(rows, return_index=True, return_counts=True)
    union[present] = pieces[first]
    several = np.flatnonzero(size > 1)

    def dissolve(these: Rows) -> None:
        for i in these:
            part = slice(first[i], first[i] + size[i])
            total = float(amounts[part].sum())
            union[present[i]] = union_of(a.surface, pieces[part], total)

    list(threaded(dissolve, several, threads))
    return union


def _difference(geoms: ObjectArray, union: ObjectArray, threads: int) -> ObjectArray:
    """What the unions leave of the geometries: nothing where a piece is the whole."""
    left = np.array(geoms, dtype=object)
    whole = np.array([u is g for u, g in zip(union, geoms, strict=True)], dtype=bool)
    left[whole & ~shapely.is_missing(union)] = shapely.Polygon()
    met = np.flatnonzero(~shapely.is_missing(union) & ~whole)

    def subtract(rows: Rows) -> None:
        left[rows] = shapely.difference(geoms[rows], union[rows])

    list(threaded(subtract, met, threads))
    return left

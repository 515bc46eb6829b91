"""Geometries to SVG path data: whole groups at once, integers, relative steps."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray
from service.maps.view import View

#: Path integers are hundredths of a millimetre on paper.
UNITS_PER_MM = 100
_POLYGONS, _LINES = (3, 6), (1, 2, 5)


def area_path(geoms: ObjectArray, view: View) -> str:
    """One path of every polygon, shells and holes turning opposite ways, so that the
    non-zero rule fills overlapping neighbours and leaves holes open."""
    parts = _parts(geoms, _POLYGONS)
    rings = shapely.get_rings(shapely.orient_polygons(parts))
    return _path(rings, view, closed=True)


def line_path(geoms: ObjectArray, view: View) -> str:
    """One path of every line, and of the outlines of polygons."""
    outlines = shapely.get_rings(_parts(geoms, _POLYGONS))
    lines = _parts(geoms, _LINES)
    return _path(np.concatenate([lines, outlines]), view, closed=False)


def disc_path(centres: NDArray[np.float64], radius: float) -> str:
    """Circles at page positions in millimetres, as one path."""
    r = round(radius * UNITS_PER_MM)
    half = f"a{r} {r} 0 1 0"
    cells = np.rint(centres * UNITS_PER_MM).astype(int).tolist()
    return "".join(f"M{x - r} {y}{half} {2 * r} 0{half} {-2 * r} 0" for x, y in cells)


def _parts(geoms: ObjectArray, types: tuple[int, ...]) -> ObjectArray:
    """Single parts of these geometry types, also out of collections."""
    parts = shapely.get_parts(shapely.get_parts(geoms))
    kinds = shapely.get_type_id(parts)
    chosen: ObjectArray = parts[np.isin(kinds, types) & ~shapely.is_empty(parts)]
    return chosen


def _path(lines: ObjectArray, view: View, *, closed: bool) -> str:
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    if len(xy) == 0:
        return ""
    cells = np.rint(view.to_page(xy) * UNITS_PER_MM).astype(np.int64)
    moved = np.ones(len(cells), dtype=bool)  # steps of nothing draw nothing
    moved[1:] = (np.diff(cells, axis=0) != 0).any(axis=1)
    starts = np.ones(len(cells), dtype=bool)
    starts[1:] = np.diff(owner) != 0
    kept = moved | starts
    return _join(cells[kept], np.flatnonzero(starts[kept]), closed)


def _join(cells: NDArray[np.int64], starts: NDArray[np.intp], closed: bool) -> str:
    steps = np.diff(cells, axis=0, prepend=0)
    steps[starts] = cells[starts]
    words = _words(steps.ravel())
    first = starts * 2
    alone = np.diff(starts, append=len(cells)) < 2
    follows = first[~alone] + 2
    words[first] = ("zM" if closed else "M") + words[first]
    words[follows] = "l" + words[follows]
    words[first[alone] + 1] += "h1"  # smaller than a hair, but still a dot
    text = " ".join(words.tolist())
    return text[1:] + "z" if closed else text


_SMALL = 4096
_TEXTS = np.array([str(n) for n in range(-_SMALL, _SMALL)], dtype=object)


def _words(numbers: NDArray[np.int64]) -> ObjectArray:
    """Numbers as text: most steps are small, and looked up instead of written."""
    small = (numbers >= -_SMALL) & (numbers < _SMALL)
    words: ObjectArray = _TEXTS[np.where(small, numbers + _SMALL, 0)]
    words[~small] = list(map(str, numbers[~small].tolist()))
    return words

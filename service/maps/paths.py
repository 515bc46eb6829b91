"""Geometries to outlines on the page, whole groups at once; outlines to SVG text."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray
from service.maps.marks import MAP_UNITS, Cells, Outline
from service.maps.rings import Places, rings_of
from service.maps.view import View

_POLYGONS, _LINES = (3, 6), (1, 2, 5)


def area_outline(geoms: ObjectArray, view: View) -> Outline:
    """Every polygon, shells and holes turning opposite ways, so that the non-zero rule
    fills overlapping neighbours and leaves holes open."""
    rings = rings_of(geoms)
    return ring_outline(rings.xy, rings.starts[:-1], view)


def ring_outline(xy: FloatArray, starts: Places, view: View) -> Outline:
    """Rings on the ground, turned as they should be."""
    return _outline(xy, starts, view, closed=True)


def line_outline(geoms: ObjectArray, view: View) -> Outline:
    """Every line, and the outlines of polygons."""
    outlines = shapely.get_rings(_parts(geoms, _POLYGONS))
    lines = np.concatenate([_parts(geoms, _LINES), outlines])
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    return _outline(xy, starts, view, closed=False)


def joined(outlines: list[Outline]) -> Outline:
    """Outlines of one kind as one."""
    if len(outlines) == 1:
        return outlines[0]
    before = np.cumsum([0, *(len(o.cells) for o in outlines)])
    starts = [o.starts + n for o, n in zip(outlines, before, strict=False)]
    cells = np.concatenate([o.cells for o in outlines])
    return Outline(cells, np.concatenate(starts), outlines[0].closed)


def _parts(geoms: ObjectArray, types: tuple[int, ...]) -> ObjectArray:
    """Single parts of these geometry types, also out of collections."""
    parts = shapely.get_parts(shapely.get_parts(geoms))
    kinds = shapely.get_type_id(parts)
    chosen: ObjectArray = parts[np.isin(kinds, types) & ~shapely.is_empty(parts)]
    return chosen


def _outline(xy: FloatArray, starts: Places, view: View, *, closed: bool) -> Outline:
    cells = np.rint(view.to_page(xy) * MAP_UNITS).astype(np.int64)
    begins = np.zeros(len(cells), dtype=bool)
    begins[starts] = True
    moved = np.ones(len(cells), dtype=bool)  # steps of nothing draw nothing
    x, y = cells[:, 0], cells[:, 1]
    moved[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    kept = moved | begins
    if not kept.all():
        cells, begins = cells[kept], begins[kept]
    return _dotted(cells, np.flatnonzero(begins), closed)


def _dotted(cells: Cells, starts: Places, closed: bool) -> Outline:
    """Lines smaller than a hair are drawn a hair long: still a dot."""
    lengths = np.diff(starts, append=len(cells))
    alone = starts[lengths < 2]
    if len(alone) == 0:
        return Outline(cells, starts, closed)
    hairs = cells[alone] + (1, 0)
    if closed:  # there and back
        hairs = np.stack([hairs, cells[alone]], axis=1).reshape(-1, 2)
    more = 1 + int(closed)
    grown = np.insert(cells, np.repeat(alone + 1, more), hairs, axis=0)
    lengths = np.where(lengths < 2, lengths + more, lengths)
    return Outline(grown, np.cumsum(lengths) - lengths, closed)


def path_text(outline: Outline) -> str:
    """SVG path data in the outline's own units: whole numbers, relative steps."""
    cells, starts, closed = outline.cells, outline.starts, outline.closed
    if len(cells) == 0:
        return ""
    if closed:  # the last step back is what "z" says
        ends = np.append(starts[1:], len(cells)) - 1
        kept = np.ones(len(cells), dtype=bool)
        kept[ends] = False
        cells, starts = cells[kept], starts - np.arange(len(starts))
    steps = np.diff(cells, axis=0, prepend=0)
    steps[starts] = cells[starts]
    words = _words(steps.ravel())
    first = starts * 2
    words[first] = ("zM" if closed else "M") + words[first]
    words[first + 2] = "l" + words[first + 2]
    text = " ".join(words.tolist())
    return text[1:] + "z" if closed else text


def disc_text(centres: NDArray[np.float64], radius: float) -> str:
    """Circles at page positions in millimetres, as SVG path data in map units."""
    r = round(radius * MAP_UNITS)
    half = f"a{r} {r} 0 1 0"
    cells = np.rint(centres * MAP_UNITS).astype(int).tolist()
    return "".join(f"M{x - r} {y}{half} {2 * r} 0{half} {-2 * r} 0" for x, y in cells)


_SMALL = 4096
_TEXTS = np.array([str(n) for n in range(-_SMALL, _SMALL)], dtype=object)


def _words(numbers: NDArray[np.int64]) -> ObjectArray:
    """Numbers as text: most steps are small, and looked up instead of written."""
    small = (numbers >= -_SMALL) & (numbers < _SMALL)
    words: ObjectArray = _TEXTS[np.where(small, numbers + _SMALL, 0)]
    words[~small] = list(map(str, numbers[~small].tolist()))
    return words

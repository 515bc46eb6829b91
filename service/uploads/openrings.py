"""Areas whose rings were left open, or that have too few points to be a ring at all."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geo.frame import FloatArray

_POLYGON, _MULTIPOLYGON = 3, 6
#: What a ring needs: three corners and the first one again.
_FEWEST = 4
_RING = re.compile(r"\(([^()]+)\)")


@dataclass(frozen=True, slots=True)
class Mended:
    """The area with its rings closed, and the numbers of those that were open."""

    geometry: shapely.Geometry
    opened: tuple[int, ...]


def mended(wkb: bytes) -> Mended | None:
    """A polygon or multipolygon that GEOS would not take; None if it is neither. A ring
    of fewer than three points stays without area, so that the checks find its place."""
    try:
        rings = [list(part) for part in _parts(_Reader(wkb))]
    except (struct.error, ValueError):
        return None
    flat = [ring for part in rings for ring in part]
    opened = [n for n, ring in enumerate(flat, start=1) if _is_open(ring)]
    if not all(np.isfinite(ring).all() for ring in flat):
        return None  # what begins at no number closes nowhere
    parts = [
        shapely.Polygon(shell, holes)
        for shell, *holes in ([closed(ring) for ring in part] for part in rings)
    ]
    if not parts:
        return None
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return Mended(whole, tuple(opened))


def mended_wkt(text: str) -> Mended | None:
    """The same for text."""
    try:
        geometry = shapely.from_wkt(text, on_invalid="fix")
    except (shapely.errors.ShapelyError, NotImplementedError):
        return None
    rings = [ring.split(",") for ring in _RING.findall(text)]
    opened = [
        n
        for n, (first, *rest) in enumerate(rings, start=1)
        if first.split() != (rest or [first])[-1].split()
    ]
    return None if geometry is None else Mended(geometry, tuple(opened))


class _Reader:
    """Numbers of a WKB, one after the other."""

    def __init__(self, wkb: bytes) -> None:
        self._wkb = wkb
        self._at = 0
        self._order = "<"

    def head(self) -> tuple[int, int]:
        """(kind, dimensions) of the geometry that begins here."""
        self._order = "<" if self._wkb[self._at] else ">"
        self._at += 1
        code = self.count()
        iso, base = divmod(code & 0xFFFF, 1000)
        extra = {1: 1, 2: 1, 3: 2}.get(iso, 0)
        extra += bool(code & 0x80000000) + bool(code & 0x40000000)
        if code & 0x20000000:
            self._at += 4  # an SRID
        return base, 2 + extra

    def count(self) -> int:
        (value,) = struct.unpack_from(f"{self._order}I", self._wkb, self._at)
        self._at += 4
        return int(value)

    def points(self, dimensions: int) -> FloatArray:
        count = self.count()
        flat = np.frombuffer(
            self._wkb, f"{self._order}f8", count * dimensions, self._at
        )
        self._at += count * dimensions * 8
        return flat.reshape(-1, dimensions)[:, :2].astype(np.float64)


def _parts(reader: _Reader) -> Iterator[list[FloatArray]]:
    kind, dimensions = reader.head()
    if kind == _MULTIPOLYGON:
        for _ in range(reader.count()):
            yield from _parts(reader)
        return
    if kind != _POLYGON:
        raise ValueError(kind)
    rings = [reader.points(dimensions) for _ in range(reader.count())]
    rings = [ring for ring in rings if len(ring)]
    if rings:
        yield rings


def _is_open(ring: FloatArray) -> bool:
    return bool((ring[0] != ring[-1]).any())


def closed(ring: FloatArray) -> FloatArray:
    """Closed at its first point, which stands in for points that are missing."""
    missing = max(int(_is_open(ring)), _FEWEST - len(ring))
    return np.vstack([ring, np.repeat(ring[:1], missing, axis=0)])

"""Laid geometries in their bytes: made into objects only where they must be.

Most of what lies along an outline is a plain polygon, of which only the corners are
wanted: those are read from the bytes, all at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from geo.corner import Rings, rings_of
from geo.frame import FloatArray, ObjectArray
from geo.parts import Rows
from geo.ragged import offsets_of

#: How a polygon of one ring begins, before the number of its points.
_ONE_RING = b"\x01\x03\x00\x00\x00\x01\x00\x00\x00"
_HEAD, _POINT = len(_ONE_RING) + 4, 16


class Wkb:
    """``n`` geometries, little-endian and flat; no bytes where one is missing."""

    def __init__(self, parts: Sequence[bytes]) -> None:
        self._parts = parts
        self._made = np.full(len(parts), None, dtype=object)

    def __len__(self) -> int:
        return len(self._parts)

    def geometry(self, rows: Rows) -> ObjectArray:
        """Objects; each is made once."""
        new = rows[shapely.is_missing(self._made[rows])].tolist()
        wkb = np.array([self._parts[row] or None for row in new], dtype=object)
        self._made[new] = shapely.from_wkb(wkb)
        made: ObjectArray = self._made[rows]
        return made

    def rings(self, rows: Rows) -> Rings:
        """The rings of chosen polygons."""
        parts = [self._parts[row] for row in rows.tolist()]
        plain = np.array([part.startswith(_ONE_RING) for part in parts], dtype=bool)
        one = np.flatnonzero(plain)
        corners = [parts[n][_HEAD:-_POINT] for n in one.tolist()]
        xy: FloatArray = np.frombuffer(b"".join(corners), "<f8").reshape(-1, 2).T
        start = offsets_of(np.array(list(map(len, corners)), dtype=np.int64) // _POINT)
        simple = Rings(np.ascontiguousarray(xy), start, one, np.ones(len(one)))
        if plain.all():
            return simple
        other = np.flatnonzero(~plain)
        return simple.with_others(rings_of(self.geometry(rows[other])), other)

"""GeoPackage geometry blobs: WKB behind a header with the exact envelope."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray

#: "GP", version 0, little-endian with an xy envelope, EPSG:4326 as srs_id.
HEAD = b"GP\x00\x03" + struct.pack("<i", 4326)
#: Head and four doubles: where the WKB begins.
WKB_AT = len(HEAD) + 32


#: WKB of a polygon of one ring, up to the number of its points.
ONE_RING = b"\x01\x03\x00\x00\x00\x01\x00\x00\x00"


def to_blobs(geometries: ObjectArray) -> ObjectArray:
    """(n,) geometries to (n,) bytes; ``None`` where missing or empty."""
    blobs = np.full(len(geometries), None, dtype=object)
    located = ~shapely.is_missing(geometries) & ~shapely.is_empty(geometries)
    rings = located & (shapely.get_type_id(geometries) == shapely.GeometryType.POLYGON)
    rings &= shapely.get_num_interior_rings(geometries) == 0
    rings &= ~shapely.has_z(geometries)
    for rows, bodies in ((rings, _ring_bodies), (located & ~rings, _bodies)):
        chosen = geometries[rows]
        pairs = zip(_envelopes(chosen), bodies(chosen), strict=True)
        blobs[rows] = [HEAD + envelope + body for envelope, body in pairs]
    return blobs


def _envelopes(geometries: ObjectArray) -> list[bytes]:
    return _cut(shapely.bounds(geometries)[:, [0, 2, 1, 3]].astype("<f8"))


def _bodies(geometries: ObjectArray) -> list[bytes]:
    wkb: list[bytes] = shapely.to_wkb(geometries, byte_order=1, flavor="iso").tolist()
    return wkb


def _ring_bodies(geometries: ObjectArray) -> list[bytes]:
    """The same for polygons of one ring, several times quicker."""
    counts = shapely.get_num_coordinates(geometries)
    points = shapely.get_coordinates(geometries).astype("<f8").tobytes()
    ends = np.cumsum(counts) * 16
    spans = zip((ends - counts * 16).tolist(), ends.tolist(), strict=True)
    heads = zip(_cut(counts.astype("<u4")), spans, strict=True)
    return [ONE_RING + count + points[start:end] for count, (start, end) in heads]


def _cut(rows: NDArray[Any]) -> list[bytes]:
    """Each row's bytes."""
    whole, size = rows.tobytes(), rows[:1].nbytes
    return [whole[at : at + size] for at in range(0, len(whole), size or 1)]


def from_blobs(blobs: list[bytes | None]) -> ObjectArray:
    """The geometries of blobs that ``to_blobs`` made; ``None`` stays ``None``."""
    wkb = np.array([b and b[WKB_AT:] for b in blobs], dtype=object)
    geometries: ObjectArray = shapely.from_wkb(wkb)
    return geometries


def bounds_of(envelopes: list[bytes]) -> FloatArray:
    """(n, 4) west, south, east, north out of the envelopes of n blobs."""
    wesn: NDArray[np.float64] = np.frombuffer(b"".join(envelopes), "<f8")
    return wesn.reshape(-1, 4)[:, [0, 2, 1, 3]]

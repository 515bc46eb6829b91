"""GeoPackage geometry blobs: WKB behind a header with the exact envelope."""

from __future__ import annotations

import struct

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray

#: "GP", version 0, little-endian with an xy envelope, EPSG:4326 as srs_id.
HEAD = b"GP\x00\x03" + struct.pack("<i", 4326)
#: Head and four doubles: where the WKB begins.
WKB_AT = len(HEAD) + 32


def to_blobs(geometries: ObjectArray) -> ObjectArray:
    """(n,) geometries to (n,) bytes; ``None`` where missing or empty."""
    blobs = np.full(len(geometries), None, dtype=object)
    located = np.flatnonzero(~shapely.is_missing(geometries))
    located = located[~shapely.is_empty(geometries[located])]
    wkb = shapely.to_wkb(geometries[located], byte_order=1, flavor="iso")
    envelopes = shapely.bounds(geometries[located])[:, [0, 2, 1, 3]]
    heads = np.ascontiguousarray(envelopes, dtype="<f8").tobytes()
    for at, row, body in zip(range(0, len(heads), 32), located, wkb, strict=True):
        blobs[row] = HEAD + heads[at : at + 32] + body
    return blobs


def from_blobs(blobs: list[bytes | None]) -> ObjectArray:
    """The geometries of blobs that ``to_blobs`` made; ``None`` stays ``None``."""
    wkb = np.array([b and b[WKB_AT:] for b in blobs], dtype=object)
    geometries: ObjectArray = shapely.from_wkb(wkb)
    return geometries


def bounds_of(envelopes: list[bytes]) -> FloatArray:
    """(n, 4) west, south, east, north out of the envelopes of n blobs."""
    wesn: NDArray[np.float64] = np.frombuffer(b"".join(envelopes), "<f8")
    return wesn.reshape(-1, 4)[:, [0, 2, 1, 3]]
